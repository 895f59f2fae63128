import type { ColumnProfile } from '../../../../datasets/profile.js';
import {
  type AnalyticalQuery,
  type Condition,
  type Expression,
  ROW_NUMBER,
} from '../../../../datasets/query/analytical-query.js';
import { type Form, conditionsOf, counted, fitOf, list } from './fact-draft.js';
import { ORDINAL_NAMES, RANK_NAMES } from './fact-english.js';
import { type Filter, holderFor } from './fact-filter.js';
import { filtersOf } from './fact-filters.js';
import { direction } from './fact-neighbour.js';
import { totalOf } from './fact-numbers.js';
import {
  type FactAsk,
  allOf,
  holds,
  isClock,
  isOrdinal,
  isQuantity,
  measureOf,
  namedBy,
  use,
  withoutTotals,
} from './fact-parts.js';

const COUNT = /\bhow many\b|\b(total )?(number|count|amount|total) of\b/;

/** Questions that begin so ask for something else, even if they speak of a number. */
const NOT_A_COUNT =
  /^(which|who|whom|whose|when|where|in which|in what|on what|at what|what \w+ (has|had|have|won|did|was|is|were)\b)/;

/** "How many games were played in May?", "the number of wins" */
export const count: Form = (ask) => {
  const match = COUNT.exec(ask.text);
  if (
    !match ||
    /\b(average|mean)\b/.test(ask.text) ||
    (NOT_A_COUNT.test(ask.text) && !ask.text.startsWith('in how many'))
  )
    return null;
  if (/\b(most|least|highest|lowest|largest|fewest|greatest)\b/.test(ask.text.slice(0, match.index))) return null;

  const words = match[0].split(' ').length;
  const at = match.index === 0 ? 0 : ask.text.slice(0, match.index).trimEnd().split(' ').length;
  // "The enrolment number of X": a column's own name.
  if (ask.columns.some((part) => part.to === at || (part.from < at && part.to > at))) return null;
  use(ask, at, at + words);
  const noun = ask.columns.find(
    (part) => part.from >= at + words && part.from <= at + words + 2 && !valueBetween(ask, at + words, part.from),
  );
  const subject = ask.values.find(
    (part) => part.from >= at + words && part.from <= at + words + 1 && part.to === part.from + 1 && part.score < 0.7,
  );
  if (subject) use(ask, subject.from, subject.to);
  const beyond = direction(ask);
  const filters = filtersOf(
    ask,
    [subject, beyond?.anchor].flatMap((part) => (part ? [part] : [])),
  );
  const conditions = [...conditionsOf(filters), ...(beyond ? rowsBeyond(ask, beyond) : [])];
  const column = noun?.column ?? null;
  if (noun) use(ask, noun.from, noun.to);
  const own = filters.some((filter) => filter.column === column);
  const different = /\b(different|unique|distinct|various)\b/.test(ask.text);
  if (column && !own && !different) {
    const each = /\beach\b/.test(ask.text) && filters.some((filter) => filter.joined === true);
    if (each && isQuantity(column))
      return {
        form: 'count',
        kind: 'lookup',
        query: list(ask, column, conditions),
        expects: 'values',
        fit: fitOf(null, filters) * 0.9,
      };
    const summed = quantityOf(ask, column, conditions);
    const written = summed ? null : numberIn(ask, column, filters);
    if (written)
      return { form: 'count', kind: 'lookup', query: written, expects: 'value', fit: fitOf(null, filters) * 0.85 };
    if (summed)
      return {
        form: 'count',
        kind: 'aggregate',
        query: summed,
        expects: 'value',
        fit: fitOf(null, filters) * 0.95,
        open: conditions.length === 0,
      };
  }
  const total = column === null && !different ? totalColumn(ask, filters) : null;
  if (total)
    return { form: 'count', kind: 'aggregate', query: total, expects: 'value', fit: fitOf(null, filters) * 0.8 };
  const repeats = column !== null && !own && column.distinct < ask.profile.rowCount - column.nulls;
  const distinct = column && !own && (different || (repeats && filters.length === 0)) ? column : null;
  const totals = distinct ? [] : withoutTotals(ask);
  // One row is there once: what was to be counted is none of the columns.
  const alone = pinned(ask, filters) && !beyond && filters.every((filter) => !filter.joined);
  return {
    form: 'count',
    kind: 'count',
    query: counted(ask, [...conditions, ...totals], distinct),
    expects: 'value',
    fit: fitOf(null, filters) * (filters.length === 0 ? (distinct ? 0.9 : 0.85) : 0.95) * (alone ? 0.5 : 1),
    open: conditions.length === 0,
    everything: conditions.length === 0,
  };
};

/** A row's own name was said: counting the one row it names was hardly meant. */
const pinned = (ask: FactAsk, filters: readonly Filter[]): boolean =>
  filters.some(
    (filter) =>
      filter.values?.length === 1 &&
      filter.column.distinct >= 0.95 * (ask.profile.rowCount - filter.column.nulls) &&
      !('not' in filter.condition),
  );

const valueBetween = (ask: FactAsk, from: number, to: number): boolean =>
  ask.values.some((part) => part.from >= from && part.to <= to);

/** "How many years did X play", with cells like "3 (2005–2007)": the number written in the one row that is meant. */
function numberIn(ask: FactAsk, column: ColumnProfile, filters: readonly Filter[]): AnalyticalQuery | null {
  const values = column.values ?? [];
  const numbered = values.filter((value) => /^[^\p{L}]{0,2}\d/u.test(value)).length >= 0.6 * values.length;
  if (column.type !== 'text' || !numbered || !pinned(ask, filters)) return null;
  const where = allOf(conditionsOf(filters));
  return {
    datasetId: ask.profile.id,
    select: [{ value: { read: 'number', from: { column: column.name } }, as: 'number' }],
    ...(where ? { where } : {}),
  };
}

/** "How many medals did X win":where the things counted are no column, the column of totals has them. */
function totalColumn(ask: FactAsk, filters: readonly Filter[]): AnalyticalQuery | null {
  const column = totalOf(ask);
  const pinned = filters.length > 0 && filters.every((filter) => filter.column === ask.label);
  return column && pinned ? quantityOf(ask, column, conditionsOf(filters)) : null;
}

/** "Before X", "after X" in a count: the rows on that side. */
function rowsBeyond(ask: FactAsk, beyond: NonNullable<ReturnType<typeof direction>>): readonly Condition[] {
  const holder = holderFor(ask, beyond.anchor);
  if (!holder) return [];
  use(ask, beyond.at, beyond.at + 1);
  use(ask, beyond.anchor.from, beyond.anchor.to);
  const row: Expression = {
    scalar: { aggregate: beyond.step > 0 ? 'max' : 'min', of: { column: ROW_NUMBER }, where: holds(holder) },
  };
  return [{ compare: beyond.step > 0 ? '>' : '<', left: { column: ROW_NUMBER }, right: row }];
}

/** "How many goals did X score": the column holds the number itself; over several rows their sum. */
function quantityOf(ask: FactAsk, column: ColumnProfile, conditions: readonly Condition[]): AnalyticalQuery | null {
  const of = measureOf(column);
  if (
    !of ||
    !isQuantity(column) ||
    isOrdinal(column, ORDINAL_NAMES) ||
    column.role === 'temporal' ||
    isClock(column) ||
    namedBy(column, RANK_NAMES)
  )
    return null;
  if (column.role === 'identifier') return null;
  const where = allOf([...conditions, ...(conditions.length === 0 ? withoutTotals(ask) : [])]);
  return {
    datasetId: ask.profile.id,
    select: [{ value: { aggregate: 'sum', of }, as: 'total' }],
    ...(where ? { where } : {}),
  };
}
