import { type Grammar, keyOf } from './grammar.js';

/** A word, number or quotation of a question as its language writes it. */
export interface Written {
  readonly kind: 'word' | 'number' | 'quoted';
  readonly text: string;
  readonly key: string;
  /** Numbers as English writes them; words as they are. */
  readonly english: string;
  /** Offsets in the question, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** What stands between the one before and this. */
  readonly before: string;
}

const QUOTED = /"[^"]+"|“[^”]+”|„[^“”"]+[“”"]|«[^»]+»|»[^«]+«|(?<=^|[\s(=,])'[^']+'(?=[\s,.?!;:)]|$)/u;
const DATE = /\d{4}-\d\d-\d\d|\d{1,2}([./])\d{1,2}\1\d{4}/u;
const WORD = /[\p{L}\p{M}\p{N}_]+(?:['’]\p{L}+)?/u;
const NUMBERS = {
  ',': /\d{1,3}(?:[.\u00A0\u202F']\d{3})+(?:,\d+)?(?![\p{L}\p{N}])|\d+,\d+(?![\p{L}\p{N}])|\d+\.\d+(?![\p{L}\p{N}])/u,
  '.': /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\p{L}\p{N}])|\d+\.\d+(?![\p{L}\p{N}])/u,
} as const;
const ORDINAL = { point: /\d{1,2}\.(?=\s+\p{L})/u, sign: /\d{1,2}\.?[ºª]|\d{1,2}(?:er|do|ro|to)\b/u } as const;

const patterns = new WeakMap<Grammar, RegExp>();

function patternOf(grammar: Grammar): RegExp {
  let pattern = patterns.get(grammar);
  if (pattern === undefined) {
    const { decimal, ordinalPoint } = grammar.data;
    const ordinal = ordinalPoint ? ORDINAL.point : ORDINAL.sign;
    const alone = (source: RegExp): string => `(?<![\\p{L}\\p{N}.,])(?:${source.source})`;
    pattern = new RegExp(
      [
        `(?<quoted>${QUOTED.source})`,
        `(?<date>${alone(DATE).replace('\\1', '[./]').replace('([./])', '[./]')})`,
        `(?<number>${alone(NUMBERS[decimal])})`,
        `(?<ordinal>${alone(ordinal)})`,
        WORD.source,
      ].join('|'),
      'gu',
    );
    patterns.set(grammar, pattern);
  }
  return pattern;
}

/** The words of a question in order. */
export function writtenIn(question: string, grammar: Grammar): readonly Written[] {
  let last = 0;
  return [...question.matchAll(patternOf(grammar))].map((found) => {
    const [text] = found;
    const { index } = found;
    const before = question.slice(last, index);
    last = index + text.length;
    return { ...readOne(text, found.groups ?? {}, grammar), text, start: index, end: last, before };
  });
}

type Groups = Readonly<Record<string, string | undefined>>;

function readOne(text: string, groups: Groups, grammar: Grammar): Pick<Written, 'kind' | 'key' | 'english'> {
  const key = keyOf(text);
  if (groups['quoted'] !== undefined) return { kind: 'quoted', key, english: `"${text.slice(1, -1)}"` };
  if (groups['date'] !== undefined) return { kind: 'number', key, english: isoOf(text) };
  if (groups['number'] !== undefined) return { kind: 'number', key, english: plainNumber(text, grammar.data.decimal) };
  if (groups['ordinal'] !== undefined) return { kind: 'number', key, english: ordinal(Number.parseInt(text, 10)) };
  const number = grammar.numbers.get(key);
  if (number !== undefined) return { kind: 'number', key, english: number };
  return { kind: /^\d+$/.test(text) ? 'number' : 'word', key, english: text };
}

/** `3.5.2021` → `2021-05-03`: the day first, as in all of Europe and Latin America. */
function isoOf(text: string): string {
  const [day = '', month = '', year = ''] = text.split(/[./]/);
  return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** `1.234,5` → `1234.5`; `3.5`, which is no thousands, stays. */
function plainNumber(text: string, decimal: ',' | '.'): string {
  if (decimal === '.') return text.replaceAll(',', '');
  return text.includes(',') || /^[1-9]\d{0,2}(?:[.\u00A0\u202F']\d{3})+$/.test(text)
    ? text.replaceAll(/[.\u00A0\u202F']/g, '').replace(',', '.')
    : text;
}

const ordinal = (number: number): string => {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${String(number)}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
};
