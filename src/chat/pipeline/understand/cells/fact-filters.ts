import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import { COMPARISONS, COMPARISONS_AFTER, MONTHS, NEGATIONS } from '../english.js';
import type { Quantity } from '../numbers.js';
import type { TimeSpan } from '../times.js';
import { OUTCOMES, OUTCOME_CELL, RANK_NAMES } from './fact-english.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { holds, isDated, isQuantity, namedBy, measureOf, use, type FactAsk, type Part } from './fact-parts.js';
import { isNumeric } from './grid.js';

export interface Filter {
  readonly condition: Condition;
  readonly column: ColumnProfile;
  readonly part: { readonly from: number; readonly to: number };
  /** 0–1 */
  readonly score: number;
  /** Cells that hold the value. */
  readonly values?: readonly string[] | undefined;
  /** Joined by "and", "or" or a comma to the one before. */
  readonly joined?: boolean | undefined;
}

/** Longest comparison that ends right before a token. */
function comparisonBefore(
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

function comparisonAfter(ask: FactAsk, at: number): { compare: '>=' | '<='; to: number } | null {
  for (let size = 2; size >= 1; size -= 1) {
    const compare = COMPARISONS_AFTER.get(ask.words.slice(at, at + size).join(' '));
    if (compare) return { compare, to: at + size };
  }
  return null;
}

/** Conditions that the question's numbers, times and values put on the rows; marks their words as used. */
export function filtersOf(ask: FactAsk, except: readonly Part[] = []): readonly Filter[] {
  const filters: Filter[] = [];
  const taken = new Set<number>();
  const take = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) taken.add(at);
    use(ask, from, to);
  };
  for (const part of except) for (let at = part.from; at < part.to; at += 1) taken.add(at);
  const free = (from: number, to: number): boolean => {
    for (let at = from; at < to; at += 1) if (taken.has(at)) return false;
    return true;
  };
  for (const span of ask.context.times) {
    const size = valueOver(ask, span);
    if (!free(span.from, span.to) || size > span.to - span.from) continue;
    const filter = timeFilter(ask, span);
    if (!filter) continue;
    filters.push(filter);
    take(span.from, span.to);
  }
  for (const quantity of ask.context.numbers) {
    if (!free(quantity.from, quantity.to)) continue;
    if (quantity.ordinal && ask.used.has(quantity.from)) continue;
    const place = placeFilter(ask, quantity);
    if (place) {
      filters.push(place);
      take(place.part.from, place.part.to);
    }
    if (place || quantity.ordinal) continue;
    const compared = comparisonBefore(ask, quantity.from) !== null || comparisonAfter(ask, quantity.to) !== null;
    if (!compared && valueOver(ask, quantity) > quantity.to - quantity.from) continue;
    const filter = numberFilter(ask, quantity);
    if (!filter) continue;
    filters.push(filter);
    take(filter.part.from, filter.part.to);
  }
  const named = ask.values.filter((part) => !except.includes(part) && free(part.from, part.to));
  for (const part of named) {
    const filter = valueFilter(ask, part);
    if (!filter) continue;
    filters.push(filter);
    take(part.from, part.to);
  }
  const outcome = outcomeFilter(ask, filters);
  if (outcome) {
    filters.push(outcome);
    take(outcome.part.from, outcome.part.to);
  }
  for (const [at, word] of ask.words.entries()) {
    const month = MONTHS.get(word);
    const dated = ask.profile.columns.find(isDated);
    if (
      month === undefined ||
      !dated ||
      taken.has(at) ||
      ask.context.times.some((span) => span.from <= at && at < span.to)
    )
      continue;
    filters.push({
      condition: {
        compare: '=',
        left: { column: dated.name, grain: 'month_of_year' },
        right: { literal: MONTH_NAMES[month] ?? '' },
      },
      column: dated,
      part: { from: at, to: at + 1 },
      score: 1,
    });
    take(at, at + 1);
  }
  return filters;
}

/** "How many games were won": cells that start with W, in a column whose cells say how contests ended. */
function outcomeFilter(ask: FactAsk, filters: readonly Filter[]): Filter | null {
  const column = ask.profile.columns.find((candidate) => {
    const values = candidate.values ?? [];
    return (
      candidate.type === 'text' &&
      values.length > 0 &&
      values.filter((value) => OUTCOME_CELL.test(value)).length >= 0.8 * values.length
    );
  });
  if (!column || filters.some((filter) => filter.column === column)) return null;
  for (const [at, word] of ask.words.entries()) {
    const pattern = OUTCOMES.get(word);
    const values = pattern ? (column.values ?? []).filter((value) => pattern.test(value)) : [];
    if (values.length > 0)
      return {
        condition: { in: values.slice(0, 500), left: { column: column.name } },
        column,
        part: { from: at, to: at + 1 },
        score: 0.95,
      };
  }
  return null;
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Words of the longest value phrase over a stretch: "2008 Summer Olympics" is a name, not a year. */
function valueOver(ask: FactAsk, span: { readonly from: number; readonly to: number }): number {
  return Math.max(
    0,
    ...ask.values.filter((part) => part.from < span.to && part.to > span.from).map((part) => part.to - part.from),
  );
}

/** The column of times, or the text column most of whose cells hold a year. */
export function timeColumn(ask: FactAsk): ColumnProfile | null {
  const temporal = ask.profile.columns.filter((column) => column.role === 'temporal');
  if (temporal[0]) return temporal[0];
  const holding = ask.profile.columns.filter((column) => {
    const values = column.values ?? [];
    return (
      column.type === 'text' &&
      values.length > 0 &&
      values.filter((value) => /(?<!\d)(1[5-9]|20)\d\d(?!\d)/.test(value)).length > 0.6 * values.length
    );
  });
  return holding.sort((left, right) => average(left) - average(right))[0] ?? null;
}

const average = (column: ColumnProfile): number => {
  const values = column.values ?? [];
  return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
};

/** "After the year 2000": the words between keep the span from being read as open. */
function openedBy(ask: FactAsk, span: TimeSpan): TimeSpan | null {
  const before = /\b(after|since|before|until|prior to) (?:the )?(?:year |season )?$/.exec(
    `${ask.words.slice(Math.max(0, span.from - 4), span.from).join(' ')} `,
  );
  if (
    !before ||
    span.years ||
    span.start === null ||
    span.end === null ||
    span.start.slice(0, 4) !== span.end.slice(0, 4)
  )
    return null;
  const year = Number(span.start.slice(0, 4));
  const from = span.from - before[0].trim().split(' ').length;
  switch (before[1]) {
    case 'after':
      return { ...span, from, start: `${String(year + 1)}-01-01`, end: null };
    case 'since':
      return { ...span, from, end: null };
    case 'until':
      return { ...span, from, start: null };
    default:
      return { ...span, from, start: null, end: `${String(year - 1)}-12-31` };
  }
}

function timeFilter(ask: FactAsk, span: TimeSpan): Filter | null {
  const inside = ask.values.find((part) => part.from >= span.from && part.to <= span.to);
  const column = timeColumn(ask);
  const part = { from: span.from, to: span.to };
  const opened = openedBy(ask, span);
  if (opened) span = opened;
  const years = [span.start, span.end].map((iso) => (iso === null ? null : Number(iso.slice(0, 4))));
  const [first = null, last = null] = years;
  if (!column) {
    const holder = inside?.holders[0];
    return holder && inside && first === last
      ? { condition: holds(holder), column: holder.column, part, score: 0.8 }
      : null;
  }
  const between = (left: Expression, start: string | number | null, end: string | number | null): Condition | null => {
    if (start !== null && end !== null)
      return start === end ? { compare: '=', left, right: { literal: start } } : { between: [start, end], left };
    if (start !== null) return { compare: '>=', left, right: { literal: start } };
    return end === null ? null : { compare: '<=', left, right: { literal: end } };
  };
  let condition: Condition | null;
  if (isDated(column)) {
    condition = span.years
      ? { in: [...span.years], left: { column: column.name, grain: 'year' } }
      : span.unit === 'year' && first === last
        ? { compare: '=', left: { column: column.name, grain: 'year' }, right: { literal: first } }
        : between({ column: column.name }, span.start, span.end);
  } else if (span.unit !== 'year') {
    const holder = inside?.holders[0];
    return holder ? { condition: holds(holder), column: holder.column, part, score: 0.8 } : null;
  } else {
    const left: Expression = isNumeric(column)
      ? { column: column.name }
      : { read: 'year', from: { column: column.name } };
    condition = span.years ? { in: [...span.years], left } : between(left, first, last);
  }
  return condition ? { condition, column, part, score: 1 } : null;
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

function numberFilter(ask: FactAsk, quantity: Quantity): Filter | null {
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
  return {
    condition: { compare, left, right: { literal: quantity.value } },
    column,
    part: { from, to: end },
    score: (part ?? own) ? 1 : 0.7,
  };
}

/** The column of totals, which stands for things that have no column of their own ("medals"). */
export const totalOf = (ask: FactAsk): ColumnProfile | null =>
  ask.profile.columns.find((column) => /^total:?$/i.test(column.name.trim()) && isQuantity(column)) ?? null;

/** "In first place", "finished 3rd": a rank. */
function placeFilter(ask: FactAsk, quantity: Quantity): Filter | null {
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

function valueFilter(ask: FactAsk, part: Part): Filter | null {
  const holder = holderFor(ask, part);
  if (!holder) return null;
  const negated = ask.words
    .slice(Math.max(0, part.from - 5), part.from)
    .some(
      (word, index, before) =>
        NEGATIONS.has(word) || (word === 'than' && before[index - 1] === 'other') || word === 'besides',
    );
  const condition = holds(holder);
  return {
    condition: negated ? { not: condition } : condition,
    column: holder.column,
    part: { from: part.from, to: part.to },
    values: holder.values,
    score: part.score,
    joined:
      /^(and|or)$/.test(ask.words[part.from - 1] ?? '') ||
      /,/.test(ask.context.tokens[part.from]?.before ?? '') ||
      /^(and|or) (the|in|at|from|a)$/.test(ask.words.slice(part.from - 2, part.from).join(' ')),
  };
}

/** The column a value is meant in: the one named right before or after it, else the most telling. */
export function holderFor(ask: FactAsk, part: Part): Part['holders'][number] | null {
  const near = ask.columns.filter(
    (column) =>
      (column.to <= part.from && part.from - column.to <= 2) || (column.from >= part.to && column.from - part.to <= 1),
  );
  const named = part.holders.find((holder) => near.some((column) => column.column === holder.column));
  return named ?? part.holders[0] ?? null;
}
