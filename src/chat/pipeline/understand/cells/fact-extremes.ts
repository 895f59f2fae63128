import type { ColumnProfile } from '../../../../datasets/profile.js';
import { type Expression, type Order, ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import { SUPERLATIVES } from '../english.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { type Draft, type Form, conditionsOf, directionFor, fitOf, list, missingNot, mode } from './fact-draft.js';
import { FIRSTS, LASTS, RANK_NAMES } from './fact-english.js';
import { filtersOf } from './fact-filters.js';
import { allOf, type FactAsk, type Part, isDated, measureOf, namedBy, use, withoutTotals } from './fact-parts.js';
import { targetOf } from './fact-target.js';
import { timeColumn } from './fact-times.js';
import { isNumeric } from './grid.js';

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
      // "Which year had the most titles": years are no amounts.
      const by = /^(most|least|fewest)$/.test(word) && part.column.role === 'temporal' ? null : measureOf(part.column);
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
  // "The highest average price": of groups, not of rows.
  const between = found.part ? ask.words.slice(found.at + 1, found.part.from).join(' ') : '';
  const aggregate = /\b(average|mean)\b/.test(between) ? 'avg' : /\b(total|combined)\b/.test(between) ? 'sum' : null;
  if (aggregate && column !== found.column && column.distinct < 0.9 * (ask.profile.rowCount - column.nulls)) {
    const where = allOf([...conditions, { missing: false, left: { column: column.name } }, ...withoutTotals(ask)]);
    return {
      form: 'superlative',
      kind: 'rank',
      query: {
        datasetId: ask.profile.id,
        select: [{ value: { column: column.name } }, { value: { aggregate, of: found.by } }],
        ...(where ? { where } : {}),
        groupBy: [{ column: column.name }],
        orderBy: [{ by: { aggregate, of: found.by }, direction: found.direction }],
        limit,
      },
      expects: limit > 1 ? 'values' : 'value',
      fit: Math.min(found.fit, fitOf(target, filters)),
    };
  }
  return {
    form: 'superlative',
    kind: 'rank',
    query: list(
      ask,
      column,
      [...conditions, ...(found.column ? missingNot(found.by) : []), ...withoutTotals(ask)],
      [order],
      limit,
      limit === 1 && found.column !== null && !isPlace(ask, found.at),
    ),
    expects: limit > 1 ? 'values' : 'value',
    fit: Math.min(found.fit, fitOf(target, filters)),
  };
};

/** "First", "last": one row, whatever else is of the same day. */
const isPlace = (ask: FactAsk, at: number): boolean =>
  FIRSTS.has(ask.words[at] ?? '') || LASTS.has(ask.words[at] ?? '');

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
