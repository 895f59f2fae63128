import type { AnalyticalQuery, Condition, Expression, Order } from '../../../../datasets/query/analytical-query.js';
import { ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import { SUPERLATIVES } from '../english.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { FIRSTS, LASTS, ORDINAL_NAMES, RANK_NAMES } from './fact-english.js';
import { filtersOf, holderFor, totalOf, timeColumn, type Filter } from './fact-filters.js';
import {
  conditionsOf,
  counted,
  direction,
  directionFor,
  fitOf,
  list,
  measureNamed,
  missingNot,
  mode,
  type Draft,
  type Form,
} from './fact-forms.js';
import {
  isOrdinal,
  isQuantity,
  holds,
  allOf,
  isClock,
  isDated,
  measureOf,
  namedBy,
  use,
  withoutTotals,
  type FactAsk,
  type Part,
} from './fact-parts.js';
import { isNumeric } from './grid.js';
import { targetOf } from './fact-target.js';

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
    const summed = quantityOf(ask, column, conditions);
    const written = summed ? null : numberIn(ask, column, filters);
    if (written)
      return { form: 'count', kind: 'lookup', query: written, expects: 'value', fit: fitOf(null, filters) * 0.85 };
    if (summed)
      return { form: 'count', kind: 'aggregate', query: summed, expects: 'value', fit: fitOf(null, filters) * 0.95 };
  }
  const total = column === null && !different ? totalColumn(ask, filters) : null;
  if (total)
    return { form: 'count', kind: 'aggregate', query: total, expects: 'value', fit: fitOf(null, filters) * 0.8 };
  const repeats = column !== null && !own && column.distinct < ask.profile.rowCount - column.nulls;
  const distinct = column && !own && (different || (repeats && filters.length === 0)) ? column : null;
  const totals = distinct ? [] : withoutTotals(ask);
  return {
    form: 'count',
    kind: 'count',
    query: counted(ask, [...conditions, ...totals], distinct),
    expects: 'value',
    fit: fitOf(null, filters) * (filters.length === 0 ? (distinct ? 0.9 : 0.85) : 0.95),
    open: conditions.length === 0 || pinned(ask, filters),
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

interface Superlative {
  readonly at: number;
  readonly to: number;
  readonly by: Expression;
  readonly column: ColumnProfile | null;
  readonly part: Part | null;
  readonly direction: 'asc' | 'desc';
  readonly fit: number;
}

/** Words after a superlative that still belong to it: "most number of", "highest total". */
const LINKS = /^(number|amount|total|of|the|in|overall|combined|recorded|average|a|for|by)$/;

function superlativeIn(ask: FactAsk): Superlative | { readonly at: number; readonly mode: 'asc' | 'desc' } | null {
  for (const [at, word] of ask.words.entries()) {
    if (FIRSTS.has(word) || LASTS.has(word)) {
      if (
        ask.words[at + 1] === 'name' ||
        ask.words[at + 1] === 'place' ||
        ask.columns.some((part) => part.from <= at && part.to > at + 1)
      )
        continue;
      const direction = FIRSTS.has(word) ? 'asc' : 'desc';
      const placed = /\b(finish\w*|ranked|placed|came|came in|comes|comes in)$/.test(ask.words.slice(0, at).join(' '));
      const rank = placed
        ? ask.profile.columns.find((column) => namedBy(column, RANK_NAMES) && measureOf(column))
        : undefined;
      const place = rank ? measureOf(rank) : null;
      if (rank && place) return { at, to: at + 1, by: place, column: rank, part: null, direction, fit: 0.8 };
      const listed = /\b(listed|list|table|chart|row)\b/.test(ask.text);
      const time = listed ? null : timeColumn(ask);
      const by = time ? moment(time) : null;
      return {
        at,
        to: at + 1,
        by: by ?? { column: ROW_NUMBER },
        column: by ? time : null,
        part: null,
        direction,
        fit: by || listed ? 0.9 : 0.75,
      };
    }
    const quality = qualityOf(word);
    const plain = SUPERLATIVES.get(word);
    if (plain === undefined && quality?.degree !== 'superlative') continue;
    if (ask.words[at - 1] === 'at') continue;
    if (
      plain !== undefined &&
      /^(most|least)$/.test(word) &&
      /\b(appear\w*|listed|occur\w*|featured|common|mentioned|frequent\w*|often|used)\b/.test(ask.text)
    )
      return { at, mode: plain };
    const part = partBeside(ask, at);
    if (part?.column) {
      const by = measureOf(part.column);
      if (by) {
        const direction =
          plain !== undefined
            ? directionFor(part.column, word)
            : quality
              ? qualityDirection(quality.more, part.column, word)
              : 'desc';
        return { at, to: at + 1, by, column: part.column, part, direction, fit: 0.95 };
      }
    }
    if (quality) {
      const found = columnOfQuality(quality, ask.context.lexicon);
      const by = found ? measureOf(found.column) : null;
      if (found && by)
        return { at, to: at + 1, by, column: found.column, part: null, direction: found.more, fit: 0.85 };
      const text = ask.profile.columns.find(
        (column) =>
          quality.concepts.some((concept) => column.name.toLowerCase().includes(concept)) && measureOf(column),
      );
      const read = text ? measureOf(text) : null;
      if (text && read)
        return { at, to: at + 1, by: read, column: text, part: null, direction: quality.more, fit: 0.8 };
    }
    if (plain !== undefined && /^(most|least|fewest)$/.test(word)) return { at, mode: plain };
    if (plain !== undefined || quality) {
      if (/^(top|best)$/.test(word)) {
        const rank = ask.profile.columns.find((column) => namedBy(column, RANK_NAMES) && measureOf(column));
        const by = rank ? measureOf(rank) : null;
        return rank && by
          ? { at, to: at + 1, by, column: rank, part: null, direction: 'asc', fit: 0.8 }
          : { at, to: at + 1, by: { column: ROW_NUMBER }, column: null, part: null, direction: 'asc', fit: 0.65 };
      }
      const measures = ask.profile.columns.filter((column) => column.role === 'measure' && measureOf(column));
      const [only] = measures;
      const by = only && measures.length === 1 ? measureOf(only) : null;
      if (only && by)
        return { at, to: at + 1, by, column: only, part: null, direction: plain ?? quality?.more ?? 'desc', fit: 0.75 };
    }
  }
  return null;
}

function moment(column: ColumnProfile): Expression | null {
  if (column.role === 'temporal' || isNumeric(column)) return { column: column.name };
  const values = column.values ?? [];
  // Texts with a month hold more than their year: their order in the table is the safer one.
  return values.some((value) => /[a-z]{3}/i.test(value)) ? null : { read: 'year', from: { column: column.name } };
}

const qualityDirection = (more: 'asc' | 'desc', column: ColumnProfile, word: string): 'asc' | 'desc' =>
  /^(high|low|larg|small|long|short|big|great|tall|wide|deep|heav)/.test(word)
    ? /^(low|small|short)/.test(word)
      ? 'asc'
      : 'desc'
    : isDated(column)
      ? more
      : more;

/** The column right after a superlative, or the one it follows: "the lowest attendance", "attendance was lowest". */
function partBeside(ask: FactAsk, at: number): Part | null {
  for (const part of ask.columns) {
    if (part.from <= at || part.from > at + 5 || !part.column || !measureOf(part.column)) continue;
    const between = ask.words.slice(at + 1, part.from);
    if (between.every((word) => LINKS.test(word)) || part.from === at + 2) return part;
  }
  const before = ask.columns
    .filter(
      (part) =>
        part.to <= at &&
        part.column &&
        measureOf(part.column) &&
        part.to >= at - 3 &&
        !/^(which|what)$/.test(ask.words[part.from - 1] ?? ''),
    )
    .at(-1);
  if (before && /\b(was|is|were|are|the|at)\b/.test(ask.words.slice(before.to, at).join(' '))) return before;
  return null;
}

/** "Which country won the most medals?", "the last game", "the highest attendance" */
export const superlative: Form = (ask) => {
  const found = superlativeIn(ask);
  if (!found) return null;
  use(ask, found.at, found.at + 1);
  const target = targetOf(ask);
  if (!target) return null;
  if ('mode' in found) return modal(ask, found.at, found.mode, target.column, target.part);
  if (found.part) use(ask, found.part.from, found.part.to);
  const filters = filtersOf(ask).filter(
    (filter) =>
      !(
        filter.column === found.column &&
        'compare' in filter.condition &&
        filter.condition.compare === '=' &&
        found.column === target.column
      ),
  );
  const conditions = conditionsOf(filters);
  const top = /\b(?:top|first|last|bottom) (\d+|two|three|four|five)\b/.exec(ask.text);
  const several = /\bwhich (two|three|four|five|\d+)\b/.test(ask.text);
  const limit =
    (top ?? several)
      ? (ask.context.numbers.find((quantity) => quantity.value >= 2 && quantity.value <= 20)?.value ?? 1)
      : 1;
  const order: Order = { by: found.by, direction: found.direction };
  const own = found.column !== null && target.column === found.column;
  const column = own && target.part === null && target.score < 0.9 ? ask.label : target.column;
  return {
    form: 'superlative',
    kind: 'rank',
    query: list(
      ask,
      column,
      [...conditions, ...(found.column ? missingNot(found.by) : []), ...withoutTotals(ask)],
      [order],
      limit,
    ),
    expects: limit > 1 ? 'values' : 'value',
    fit: Math.min(found.fit, fitOf(target, filters)),
  };
};

/** "Which team won the most games": the value that stands in most rows. */
function modal(
  ask: FactAsk,
  at: number,
  direction: 'asc' | 'desc',
  column: ColumnProfile,
  part: Part | null,
): Draft | null {
  const noun = ask.columns.find((other) => other.from > at && other.from <= at + 2 && other !== part);
  if (noun) use(ask, noun.from, noun.to);
  const filters = filtersOf(ask).filter((filter) => filter.column !== column);
  const repeats = column.distinct < 0.95 * (ask.profile.rowCount - column.nulls);
  if (!repeats) return null;
  return {
    form: 'mode',
    kind: 'rank',
    query: mode(ask, column, conditionsOf(filters), direction),
    expects: 'value',
    fit: Math.min(0.8, fitOf({ column, score: part ? 0.9 : 0.6, part }, filters)) - (direction === 'asc' ? 0.15 : 0),
  };
}

/** "The total attendance of both games", "the average age" */
export const aggregated: Form = (ask) => {
  const mean = /\b(average|mean)\b/.exec(ask.text);
  const total = /\b(total|combined|sum|altogether)\b/.exec(ask.text);
  const found = mean ?? total;
  if (!found || /^(who|which|where|when|how many)\b/.test(ask.text)) return null;

  const at = ask.text.slice(0, found.index).trim() === '' ? 0 : ask.text.slice(0, found.index).trim().split(' ').length;
  if (ask.columns.some((part) => part.from <= at && part.to > at && part.to - part.from > 1)) return null;
  use(ask, at, at + 1);
  const measure = measureNamed(ask);
  if (!measure?.column || measure.column.role === 'temporal') return null;
  const of = measureOf(measure.column);
  if (!of || isClock(measure.column)) return null;
  use(ask, measure.from, measure.to);
  const filters = filtersOf(ask).filter((filter) => filter.column !== measure.column);
  const where = allOf([...conditionsOf(filters), ...withoutTotals(ask)]);
  return {
    form: 'aggregate',
    kind: 'aggregate',
    query: {
      datasetId: ask.profile.id,
      select: [{ value: { aggregate: mean ? 'avg' : 'sum', of }, as: mean ? 'average' : 'total' }],
      ...(where ? { where } : {}),
    },
    expects: 'value',
    fit: fitOf(null, filters) * 0.9,
  };
};

/** "Which country did X win in?", "what was the score on May 3?" */
export const lookup: Form = (ask) => {
  const target = targetOf(ask);
  if (!target) return null;
  const all = filtersOf(ask);
  const others = all.filter((filter) => filter.column !== target.column || 'not' in filter.condition);
  // "Which other team": not the one that is named.
  const excluded = /\b(other|else|besides)\b/.test(ask.text) ? all.filter((filter) => !others.includes(filter)) : [];
  const filters = [...others, ...excluded.map((filter) => ({ ...filter, condition: { not: filter.condition } }))];
  if (others.length === 0) return null;
  const query = list(ask, target.column, [
    ...withoutTotals(ask),
    ...conditionsOf(filters),
    { missing: false, left: { column: target.column.name } },
  ]);
  return {
    form: 'lookup',
    kind: 'lookup',
    query: { ...query, distinct: true },
    expects: 'values',
    fit: fitOf(target, filters),
  };
};
