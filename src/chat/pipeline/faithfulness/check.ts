import { numbersIn, type WrittenNumber } from '../words/numbers.js';

/** How far the numbers of a text are borne out by the evidence. */
export interface Faithfulness {
  /** How many numbers the text writes. */
  readonly numbers: number;
  readonly supported: number;
  /** The others, as written. */
  readonly unsupported: readonly string[];
}

/**
 * What a number may be taken from: a value; a text whose numbers may be repeated (the question, a name, a label); or a
 * number as it was told, which besides says whether it is a percentage.
 */
export type Known = number | string | WrittenNumber;

/**
 * Compares every number of a text with the evidence, which is read only until all are found. A number is supported by a
 * value that rounds to it with the digits written, whatever the signs, since "fell by 3" is the change -3; a percentage
 * not by a number that was told as something else. Words for numbers ("twice", "a third") are not judged.
 */
export function checkFaithfulness(text: string, ...evidence: readonly Iterable<Known>[]): Faithfulness {
  const written = numbersIn(text);
  let open = written;
  for (const known of evidence) {
    if (open.length === 0) break;
    for (const each of known) {
      const supports = supporting(each);
      open = open.filter((number) => !supports(number));
      if (open.length === 0) break;
    }
  }
  return {
    numbers: written.length,
    supported: written.length - open.length,
    unsupported: open.map((number) => number.text),
  };
}

/** `grounded: 12 of 12` */
export const groundedWords = ({ numbers, supported }: Faithfulness): string => `grounded: ${supported} of ${numbers}`;

/** Read once, however many numbers are compared with it. */
function supporting(known: Known): (written: WrittenNumber) => boolean {
  if (typeof known === 'number') return (written) => rounds(known, written);
  if (typeof known !== 'string')
    return (written) => (known.percent || !written.percent) && rounds(known.value, written);
  const values = /\d/.test(known) ? numbersIn(known).map(({ value }) => value) : [];
  return (written) => values.some((value) => rounds(value, written));
}

const rounds = (known: number, { value, tolerance }: WrittenNumber): boolean => {
  const size = Math.abs(known);
  return Math.abs(size - Math.abs(value)) <= tolerance + 1e-9 * size;
};
