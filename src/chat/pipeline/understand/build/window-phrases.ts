import type { Grain } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';

const NUMBERS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  ten: 10,
  twelve: 12,
  thirty: 30,
  ninety: 90,
};
const COUNT = `(?<count>\\d{1,3}|${Object.keys(NUMBERS).join('|')})`;
const UNIT = '(?<unit>hour|day|week|month|quarter|year)s?';
const MOVING = '(?:moving|rolling|trailing|running)';
const AVERAGE = '(?:average|averages|mean|avg)';
const SPAN = `(?: (?:over|of|across) (?:the )?(?:last |past |previous )?${COUNT} ${UNIT})`;

const EARLIER = '(?:last|previous|prior|preceding) year';
const STEPS = '(?<unit>year|quarter|month|week|day)';

/** What a phrase about windows says, and where it stands: character offsets in the question. */
export interface WindowPhrase {
  readonly kind: 'moving' | 'year' | 'step' | 'running';
  readonly count: number | null;
  readonly unit: Grain | null;
  readonly start: number;
  readonly end: number;
}

/** The first that fits counts. */
const PHRASES: readonly (readonly [WindowPhrase['kind'], RegExp])[] = [
  ['moving', new RegExp(`\\b${COUNT}[ -]${UNIT}[ -]${MOVING} ${AVERAGE}\\b`, 'iu')],
  ['moving', new RegExp(`\\b${MOVING} ${COUNT}[ -]${UNIT} ${AVERAGE}\\b`, 'iu')],
  ['moving', new RegExp(`\\b${MOVING} ${AVERAGE}\\b.*?\\b${SPAN.trim()}`, 'iu')],
  ['moving', new RegExp(`\\b${MOVING} ${AVERAGE}\\b`, 'iu')],
  [
    'year',
    new RegExp(
      `\\b(?:(?:compared|relative) (?:to|with) |against |versus |vs\\.? |over |than |from |to |with |on )?(?:in )?the (?:same|corresponding) ${STEPS} (?:of |in )?(?:the |a )?(?:${EARLIER}|year before|year earlier)\\b`,
      'iu',
    ),
  ],
  ['year', new RegExp('\\b(?:year[ -](?:over|on|to)[ -]year|yoy|y/y|y-o-y)\\b', 'iu')],
  [
    'year',
    new RegExp(
      `\\b(?:compared (?:to|with)|against|versus|vs\\.?|relative to|over) (?:the )?(?:year before|year earlier)\\b`,
      'iu',
    ),
  ],
  ['step', /\b(?<unit>month|quarter|week|day)[ -](?:over|on|to)[ -]\1\b/iu],
  ['step', /\b(?<short>mom|qoq|wow)\b/iu],
  ['running', /\b(?:running|cumulative) (?:totals?|sums?|counts?)\b|\bcumulative(?:ly)?\b/iu],
];
const SHORT: Readonly<Record<string, Grain>> = { mom: 'month', qoq: 'quarter', wow: 'week' };

/** "3-month moving average", "year over year", "than the same quarter last year"; null where nothing of the kind is said. */
export function windowPhrase(question: string): WindowPhrase | null {
  for (const [kind, pattern] of PHRASES) {
    const found = pattern.exec(question);
    if (found === null) continue;
    const { count, unit, short } = found.groups ?? {};
    const said = unit?.toLowerCase() ?? SHORT[short?.toLowerCase() ?? ''] ?? null;
    return {
      kind,
      count: count === undefined ? null : (NUMBERS[count.toLowerCase()] ?? Number(count)),
      unit: said as Grain | null,
      start: found.index,
      end: found.index + found[0].length,
    };
  }
  return null;
}

/** Whether the word at a place of the question is one of the phrase. */
export function isInside({ tokens }: Context, { start, end }: WindowPhrase, at: number): boolean {
  const token = tokens[at];
  return token !== undefined && token.start >= start && token.end <= end;
}

/** Takes a phrase out of what was read: its words are explained, and nothing that was made of them is asked for. */
export function withoutPhrase(context: Context, slots: Slots, phrase: WindowPhrase): Slots {
  const outside = ({ from }: { readonly from: number }): boolean => !isInside(context, phrase, from);
  const own = slots.units.filter((unit) => !outside(unit));
  slots.used = new Set([...slots.used, ...own]);
  slots.unknown = slots.unknown.filter((unit) => !own.includes(unit));
  slots.filters = slots.filters.filter(outside);
  slots.groups = slots.groups.filter(outside);
  slots.columns = slots.columns.filter(outside);
  if (slots.superlative && !outside(slots.superlative)) slots.superlative = null;
  return slots;
}
