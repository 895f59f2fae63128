import type { Scalar } from '../../../common/scalar.js';
import type { PastTurn } from '../turn.js';

/** Which values were given a colour in a conversation, in the order they were: by data set and column. */
export type Colors = Readonly<Record<string, readonly Scalar[]>>;

/** More values than anybody remembers the colours of. */
const MOST_KEPT = 60;

/** What the conversation has coloured so far: each picture carries on what the one before it had. */
export const colorsSoFar = (history: readonly PastTurn[]): Colors =>
  history.findLast(({ colors }) => colors !== undefined)?.colors ?? {};

/** Those of the conversation and then the new ones of a column. */
export function withValues(colors: Colors, column: string, values: readonly Scalar[]): Colors {
  const before = colors[column] ?? [];
  return { ...colors, [column]: [...new Set([...before, ...values])].slice(0, MOST_KEPT) };
}

/**
 * The same value of the same column keeps its colour from turn to turn: the palette in the order in which the conversation
 * came to the values. Where that gives two values of one picture the same colour, the later takes the first free one.
 */
export function colorsOf(
  values: readonly Scalar[],
  known: readonly Scalar[],
  palette: readonly string[],
): ReadonlyMap<Scalar, string> {
  const taken = new Set<number>();
  const slots = new Map<Scalar, number>();
  const place = (value: Scalar): number => {
    const at = known.indexOf(value);
    return at === -1 ? known.length + values.indexOf(value) : at;
  };
  for (const value of values.toSorted((a, b) => place(a) - place(b))) {
    const wanted = place(value) % palette.length;
    const free = palette.findIndex((_, slot) => !taken.has(slot));
    const slot = !taken.has(wanted) || free === -1 ? wanted : free;
    taken.add(slot);
    slots.set(value, slot);
  }
  return new Map([...slots].map(([value, slot]) => [value, palette[slot] ?? palette[0] ?? '']));
}
