import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import { COMPARISONS, COMPARISONS_AFTER } from '../english.js';
import type { Quantity } from '../numbers.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { RANK_NAMES } from './fact-english.js';
import { type Filter, holderFor } from './fact-filter.js';
import { type FactAsk, type Part, isDated, isQuantity, measureOf, namedBy, use } from './fact-parts.js';
import { isNumeric } from './grid.js';

/** Longest comparison that ends right before a token. */
export function comparisonBefore(
  ask: FactAsk,
  at: number,
): { compare: '=' | '!=' | '<' | '<=' | '>' | '>='; from: number } | null {
  // "Under the age of 30", "a population of more than": the column may stand between.
  const of =
    ask.words[at - 1] === 'of' || ask.words[at - 1] === 'the'
      ? ask.columns.findLast((part) => part.to === at - 1)
      : undefined;
  if (of) {
    const start = ask.words[of.from - 1] === 'the' || ask.words[of.from - 1] === 'a' ? of.from - 1 : of.from;
    const compare = COMPARISONS.get(ask.words[start - 1] ?? '');
    if (compare) return { compare, from: start - 1 };
  }
  for (let size = 5; size >= 1; size -= 1) {
    const from = at - size;
    // "Distance at maximum of 80": the word is part of a column's name.
    if (
      from < 0 ||
      (size > 1 && ask.columns.some((part) => part.from < from + 1 && part.to > from && part.to - part.from > 1))
    )
      continue;
    const compare = COMPARISONS.get(ask.words.slice(from, at).join(' '));
    if (compare) return { compare, from };
  }
  return null;
}

export function comparisonAfter(ask: FactAsk, at: number): { compare: '>=' | '<='; to: number } | null {
  for (let size = 2; size >= 1; size -= 1) {
    const compare = COMPARISONS_AFTER.get(ask.words.slice(at, at + size).join(' '));
    if (compare) return { compare, to: at + size };
  }
  return null;
}

/** The column that a number belongs to: named right after it, or before it, or the only one there is. */
function columnForNumber(ask: FactAsk, from: number, to: number): Part | null {
  const fitting = ask.columns.filter((part) => part.column !== null && measureOf(part.column) !== null);
  const after = fitting.find((part) => part.from >= to && part.from <= to + 3 && plainBetween(ask, to, part.from));
  if (after) return after;
  const before = fitting.filter((part) => part.to <= from).at(-1);
  if (before) return before;
  return fitting.find((part) => part.from >= to) ?? null;
}

const plainBetween = (ask: FactAsk, from: number, to: number): boolean =>
  ask.words.slice(from, to).every((word) => /^(or|more|less|fewer|total|the|of|different|points?|in)$/.test(word));

export function numberFilter(ask: FactAsk, quantity: Quantity): Filter | null {
  const before = comparisonBefore(ask, quantity.from);
  const after = comparisonAfter(ask, quantity.to);
  const from = before?.from ?? quantity.from;
  const to = after?.to ?? quantity.to;
  const part = columnForNumber(ask, from, to);
  const only = comparedQuality(ask, from) ?? totalOf(ask) ?? soleMeasure(ask);
  const over = ask.values.find((value) => value.from <= quantity.from && value.to >= quantity.to);
  const held = over && (before || after) ? holderFor(ask, over)?.column : undefined;
  const own = held && measureOf(held) && over && over.to - over.from > 1 ? held : null;
  const column = own ?? part?.column ?? (before || after ? only : null);
  const left = column ? measureOf(column) : null;
  if (!column || !left || isDated(column)) return null;
  // "The top 4", "two players": how many answers are wanted, not a value.
  if (!before && !after && !quantity.digits && !(part && part.from === quantity.to)) return null;
  if (!before && !after && /^(top|first|last|bottom)$/.test(ask.words[quantity.from - 1] ?? '')) return null;
  const compare = before?.compare ?? after?.compare ?? '=';
  if (!plausible(column, quantity.value, compare === '=')) return null;

  if (part) use(ask, part.from, part.to);
  const end = own && over ? Math.max(to, over.to) : to;
  const compared: Condition = { compare, left, right: { literal: quantity.value } };
  return {
    condition: (before || after) && isDenied(ask, from) ? { not: compared } : compared,
    column,
    part: { from, to: end },
    score: (part ?? own) ? 1 : 0.7,
  };
}

/** "Did not score less than": what is compared from here on is denied. */
export const isDenied = (ask: FactAsk, from: number): boolean =>
  ask.words.slice(Math.max(0, from - 3), from).some((word) => /^(not|never|didnt|dont|doesnt|isnt|wasnt)$/.test(word));

/** The column of totals, which stands for things that have no column of their own ("medals"). */
export const totalOf = (ask: FactAsk): ColumnProfile | null =>
  ask.profile.columns.find((column) => /^total:?$/i.test(column.name.trim()) && isQuantity(column)) ?? null;

/** "In first place", "finished 3rd": a rank. */
export function placeFilter(ask: FactAsk, quantity: Quantity): Filter | null {
  const next = ask.words[quantity.to] ?? '';
  const before = ask.words.slice(Math.max(0, quantity.from - 2), quantity.from).join(' ');
  if (
    !quantity.ordinal ||
    !(
      /^(place|position|rank|overall)$/.test(next) ||
      /\b(finish\w*|place\w?|ranked|came|came in|finished in|number|position|rank)$/.test(before)
    )
  )
    return null;
  const column = ask.profile.columns.find((candidate) => namedBy(candidate, RANK_NAMES) && measureOf(candidate));
  const left = column ? measureOf(column) : null;
  if (!column || !left) return null;
  const to = /^(place|position|rank)$/.test(next) ? quantity.to + 1 : quantity.to;
  return {
    condition: { compare: '=', left, right: { literal: quantity.value } },
    column,
    part: { from: quantity.from, to },
    score: 0.9,
  };
}

/** "Longer than", "older than":the column that holds the quality. */
function comparedQuality(ask: FactAsk, at: number): ColumnProfile | null {
  for (const word of ask.words.slice(Math.max(0, at - 1), at + 2)) {
    const quality = qualityOf(word);
    if (quality?.degree !== 'comparative') continue;
    const found = columnOfQuality(quality, ask.context.lexicon)?.column;
    const named =
      found ??
      ask.profile.columns.find(
        (column) =>
          isQuantity(column) && quality.concepts.some((concept) => column.name.toLowerCase().includes(concept)),
      );
    if (named) return named;
  }
  return null;
}

/** Could the column hold this number? Years are compared with years, and nothing equals what lies outside the range. */
function plausible(column: ColumnProfile, value: number, equal: boolean): boolean {
  const [low, high] = isNumeric(column) ? [Number(column.min), Number(column.max)] : rangeOf(column);
  if (column.role === 'temporal' && (value < low - 100 || value > high + 100)) return false;
  return !equal || (value >= low && value <= high);
}

function rangeOf(column: ColumnProfile): readonly [number, number] {
  const numbers = (column.values ?? []).flatMap((value) => {
    const match = /\d[\d,]*(?:\.\d+)?/.exec(value);
    return match ? [Number(match[0].replaceAll(',', ''))] : [];
  });
  return numbers.length === 0 ? [-Infinity, Infinity] : [Math.min(...numbers), Math.max(...numbers)];
}

function soleMeasure(ask: FactAsk): ColumnProfile | null {
  const measures = ask.profile.columns.filter((column) => column.role === 'measure');
  return measures.length === 1 ? (measures[0] ?? null) : null;
}
