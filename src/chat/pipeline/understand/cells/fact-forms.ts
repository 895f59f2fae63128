import type { AnalyticalQuery, Condition, Expression, Order } from '../../../../datasets/query/analytical-query.js';
import { ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { IntentKind } from '../../turn.js';
import { AFTER_WORDS, BEFORE_WORDS, COMPARATIVES, RANK_NAMES } from './fact-english.js';
import { filtersOf, holderFor, timeColumn, totalOf, type Filter } from './fact-filters.js';
import {
  allOf,
  holds,
  isDated,
  labelOf,
  measureOf,
  namedBy,
  withoutTotals,
  use,
  type FactAsk,
  type Part,
} from './fact-parts.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { targetOf, type Target } from './fact-target.js';

/** A question of one form, and how far it fits. */
export interface Draft {
  readonly form: string;
  readonly kind: IntentKind;
  readonly query: AnalyticalQuery;
  readonly expects: 'value' | 'values';
  /** 0–1: how sure the reading is, the words left aside. */
  readonly fit: number;
  /** Nothing narrows the rows down: words that are not accounted for may well have been meant to. */
  readonly open?: boolean | undefined;
}

export type Form = (ask: FactAsk) => Draft | null;

export const fitOf = (target: Target | null, filters: readonly Filter[]): number =>
  Math.min(target?.score ?? 1, ...filters.map((filter) => 0.4 + 0.6 * filter.score));

export const conditionsOf = (filters: readonly Filter[]): Condition[] => merged(filters);

/** Two values of one column cannot both hold: either does. */
function merged(filters: readonly Filter[]): Condition[] {
  const conditions: Condition[] = [];
  const done = new Set<Filter>();
  for (const filter of filters) {
    if (done.has(filter)) continue;
    const isValue = (other: Filter): boolean =>
      'compare' in other.condition ? other.condition.compare === '=' : 'in' in other.condition;
    const same = filters.filter((other) => other.column === filter.column && isValue(other) && isValue(filter));
    for (const other of same) done.add(other);
    const joined = same.every((other, index) => index === 0 || other.joined === true);
    if (same.length > 1 && joined) conditions.push({ or: same.map((other) => other.condition) });
    else if (same.length > 1) conditions.push(...compatible(same).map((other) => other.condition));
    else conditions.push(filter.condition);
  }
  return conditions;
}

/** No cell is two values at once: of readings that exclude each other the surest stays. */
function compatible(filters: readonly Filter[]): readonly Filter[] {
  const sorted = filters.toSorted(
    (left, right) => right.score - left.score || right.part.to - right.part.from - (left.part.to - left.part.from),
  );
  const kept: Filter[] = [];
  for (const filter of sorted) {
    const excluded = kept.some(
      (other) => other.values && filter.values && !other.values.some((value) => filter.values?.includes(value)),
    );
    if (!excluded) kept.push(filter);
  }
  return kept;
}

export function list(
  ask: FactAsk,
  column: ColumnProfile,
  conditions: readonly Condition[],
  order: readonly Order[] = [],
  limit?: number,
): AnalyticalQuery {
  const where = allOf(conditions);
  return {
    datasetId: ask.profile.id,
    select: [{ value: { column: column.name } }],
    ...(where ? { where } : {}),
    ...(order.length > 0 ? { orderBy: [...order] } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

export const one = (ask: FactAsk, value: Expression, as: string): AnalyticalQuery => ({
  datasetId: ask.profile.id,
  select: [{ value, as }],
  limit: 1,
});

const numberAt = (column: ColumnProfile, condition: Condition): Expression | null => {
  const of = measureOf(column);
  return of ? { scalar: { aggregate: 'max', of, where: condition } } : null;
};

/** The measure that the question names, not counting columns that answer it or filter. */
export function measureNamed(ask: FactAsk, except: readonly (ColumnProfile | null)[] = []): Part | null {
  return (
    ask.columns.find(
      (part) =>
        part.column !== null &&
        !except.includes(part.column) &&
        measureOf(part.column) !== null &&
        !isDated(part.column),
    ) ?? null
  );
}

/** "Which nation won the same number of medals as Kenya?" */
export const sameAs: Form = (ask) => {
  const at = ask.words.indexOf('same');
  const as = ask.words.indexOf('as', at + 1);
  const anchor = ask.values.find((part) => at >= 0 && part.from > at);
  if (at < 0 || !anchor || (as < 0 && anchor === undefined)) return null;
  const holder = holderFor(ask, anchor);
  const shared = ask.columns.find((part) => part.from > at && part.to <= anchor.from && part.column !== holder?.column);
  if (!holder || !shared?.column) return null;
  const target = targetOf(ask);
  use(ask, at, as >= 0 && as < anchor.from ? as + 1 : at + 1);
  use(ask, shared.from, shared.to);
  use(ask, anchor.from, anchor.to);
  const own = holds(holder);
  const column = target && target.column !== shared.column ? target.column : holder.column;
  const left: Expression = { column: shared.column.name };
  const conditions: Condition[] = [
    { compare: '=', left, right: { scalar: { aggregate: 'max', of: left, where: own } } },
    { not: own },
  ];
  if (/^how many\b/.test(ask.text)) {
    return { form: 'same', kind: 'count', query: counted(ask, conditions), expects: 'value', fit: 0.9 };
  }
  return { form: 'same', kind: 'lookup', query: list(ask, column, conditions), expects: 'values', fit: 0.9 };
};

export function counted(
  ask: FactAsk,
  conditions: readonly Condition[],
  distinct: ColumnProfile | null = null,
): AnalyticalQuery {
  const where = allOf(conditions);
  return {
    datasetId: ask.profile.id,
    select: [
      {
        value: distinct
          ? { aggregate: 'count_distinct', of: { column: distinct.name } }
          : { aggregate: 'count', of: null },
        as: 'count',
      },
    ],
    ...(where ? { where } : {}),
  };
}

const THAN =
  /\b(more|greater|larger|bigger|higher|longer|taller|older|later|better|less|fewer|lower|smaller|shorter|younger|earlier|worse)\b(?: \w+){0,4}? than\b|\b(not )?as (long|high|large|big|tall|many|much|old)(?: \w+){0,3}? as\b/;

/** "How many cities have a larger population than X?", "which had more goals than X?" */
export const relative: Form = (ask) => {
  const match = THAN.exec(ask.text);
  if (!match) return null;
  const at = match.index === 0 ? 0 : ask.text.slice(0, match.index).trim().split(' ').length;
  const than = at + match[0].split(' ').length;
  const anchor = ask.values.find((part) => part.from >= than && part.from <= than + 2);
  const holder = anchor ? holderFor(ask, anchor) : null;
  if (
    !anchor ||
    !holder ||
    holder.values.length > 2 ||
    ask.context.numbers.some((number) => number.from >= than && number.to <= anchor.to && number.digits)
  )
    return null;
  const word = match[1] ?? match[3] ?? '';
  const quality = qualityOf(word);
  const named = ask.columns.find(
    (part) =>
      part.column !== holder.column &&
      part.column !== null &&
      measureOf(part.column) !== null &&
      (part.from > at - 5 || part.from < than),
  );
  const column =
    named?.column ?? (quality ? columnOfQuality(quality, ask.context.lexicon)?.column : undefined) ?? totalOf(ask);
  const left = column ? measureOf(column) : null;
  if (!column || !left) return null;
  const target =
    /^how many\b/.test(ask.text) || /\bnumber of\b/.test(ask.text.slice(0, match.index)) ? null : targetOf(ask);
  if (named) use(ask, named.from, named.to);
  use(ask, at, than);
  use(ask, anchor.from, anchor.to);
  const own = holds(holder);
  const less = /^(less|fewer|lower|smaller|shorter|younger|earlier|worse)$/.test(word) || match[2] !== undefined;
  const conditions: Condition[] = [
    { compare: less ? '<' : '>', left, right: { scalar: { aggregate: 'max', of: left, where: own } } },
    ...withoutTotals(ask),
  ];
  const others = filtersOf(ask, [anchor]).filter(
    (filter) => filter.column !== holder.column && filter.column !== column,
  );
  conditions.push(...conditionsOf(others));
  if (!target) return { form: 'relative', kind: 'count', query: counted(ask, conditions), expects: 'value', fit: 0.85 };
  const shown = target.column === column ? holder.column : target.column;
  return { form: 'relative', kind: 'compare', query: list(ask, shown, conditions), expects: 'values', fit: 0.85 };
};

/** Two values of one column that the question sets side by side. */
function pairOf(ask: FactAsk): readonly [Part, Part, ColumnProfile] | null {
  for (const [index, left] of ask.values.entries()) {
    for (const right of ask.values.slice(index + 1)) {
      for (const holder of left.holders) {
        const other = right.holders.find((candidate) => candidate.column === holder.column);
        if (other && other.values.join('\u0001') !== holder.values.join('\u0001')) return [left, right, holder.column];
      }
    }
  }
  return null;
}

const conditionIn = (part: Part, column: ColumnProfile): Condition | null => {
  const holder = part.holders.find((candidate) => candidate.column === column);
  return holder ? holds(holder) : null;
};

const DIFFERENCE =
  /\b(difference|how many more|how many fewer|how many less|how much (more|less|higher|lower|larger|smaller|farther|further|longer|taller)|how many \w+ more)\b/;

/** "How many more gold medals did A win than B?", "the difference in X between A and B" */
export const difference: Form = (ask) => {
  if (!DIFFERENCE.test(ask.text)) return null;
  const pair = pairOf(ask);
  if (!pair) return null;
  const [left, right, column] = pair;
  const [first, second] = [conditionIn(left, column), conditionIn(right, column)];
  const measure = measureNamed(ask, [column]);
  if (!first || !second) return null;
  for (const word of ['difference', 'more', 'fewer', 'less', 'higher', 'much', 'lower', 'larger', 'between']) {
    const at = ask.words.indexOf(word);
    if (at >= 0) use(ask, at, at + 1);
  }
  use(ask, left.from, left.to);
  use(ask, right.from, right.to);
  const others = filtersOf(ask, [left, right]).filter(
    (filter) => filter.column !== column && filter.column !== measure?.column,
  );
  const extra = conditionsOf(others);
  const scope = (condition: Condition): Condition => allOf([condition, ...extra]) ?? condition;
  if (measure?.column) {
    use(ask, measure.from, measure.to);
    const [a, b] = [numberAt(measure.column, scope(first)), numberAt(measure.column, scope(second))];
    if (!a || !b) return null;
    return {
      form: 'difference',
      kind: 'compare',
      query: one(ask, { op: 'abs_difference', left: a, right: b }, 'difference'),
      expects: 'value',
      fit: 0.95,
    };
  }
  const total = totalOf(ask);

  const [a, b] = total ? [numberAt(total, scope(first)), numberAt(total, scope(second))] : [null, null];
  if (a && b) {
    return {
      form: 'difference',
      kind: 'compare',
      query: one(ask, { op: 'abs_difference', left: a, right: b }, 'difference'),
      expects: 'value',
      fit: 0.75,
    };
  }
  if (column.distinct > 0.8 * ask.profile.rowCount) return null;
  const count = (where: Condition): Expression => ({ scalar: { aggregate: 'count', of: null, where } });
  return {
    form: 'difference',
    kind: 'compare',
    query: one(ask, { op: 'abs_difference', left: count(scope(first)), right: count(scope(second)) }, 'difference'),
    expects: 'value',
    fit: 0.7,
  };
};

/** "Which is higher, A or B?", "did A or B win more medals?" */
export const choice: Form = (ask) => {
  const or = ask.words.indexOf('or');
  if (or < 0) return null;
  const pair = pairOf(ask);
  if (!pair) return null;
  const [left, right, column] = pair;
  if (!(left.to <= or && right.from > or)) return null;
  const [first, second] = [conditionIn(left, column), conditionIn(right, column)];
  if (!first || !second) return null;
  const either: Condition = { or: [first, second] };
  use(ask, left.from, left.to);
  use(ask, right.from, right.to);
  use(ask, or, or + 1);
  const compared = ask.words.findIndex((word) => COMPARATIVES.has(word));
  const word = ask.words[compared] ?? '';
  if (compared >= 0) {
    use(ask, compared, compared + 1);
    const measure = measureNamed(ask, [column]) ?? orderPart(ask, word, column);
    const by = measure?.column ? measureOf(measure.column) : null;
    if (measure?.column && by) {
      use(ask, measure.from, measure.to);
      const order: Order = { by, direction: directionFor(measure.column, word) };
      return {
        form: 'choice',
        kind: 'compare',
        query: list(ask, column, [either, ...missingNot(by)], [order], 1),
        expects: 'value',
        fit: 0.95,
      };
    }
    const more = COMPARATIVES.get(word) ?? 'desc';
    if (/^(more|most|less|fewer|least|fewest)$/.test(word)) {
      const others = filtersOf(ask, [left, right]).filter((filter) => filter.column !== column);
      return {
        form: 'choice',
        kind: 'compare',
        query: mode(ask, column, [either, ...conditionsOf(others)], more),
        expects: 'value',
        fit: 0.65,
      };
    }
    return null;
  }
  if (/\bfirst\b|\bbefore\b/.test(ask.text)) {
    return {
      form: 'choice',
      kind: 'compare',
      query: list(ask, column, [either], [{ by: { column: ROW_NUMBER }, direction: 'asc' }], 1),
      expects: 'value',
      fit: 0.6,
    };
  }
  const filters = filtersOf(ask, [left, right]).filter((filter) => filter.column !== column);
  if (filters.length === 0) return null;
  return {
    form: 'choice',
    kind: 'lookup',
    query: { ...list(ask, column, [either, ...conditionsOf(filters)]), distinct: true },
    expects: 'values',
    fit: fitOf(null, filters),
  };
};

function orderPart(ask: FactAsk, word: string, except: ColumnProfile): Part | null {
  const column = /^(later|earlier|first|last|older|younger)$/.test(word) ? timeColumn(ask) : null;
  return column && column !== except ? { from: 0, to: 0, column, holders: [], score: 0.8 } : null;
}

export const missingNot = (by: Expression): readonly Condition[] => [{ missing: false, left: by }];

/** Ranks count down: the highest rank is 1. */
export function directionFor(column: ColumnProfile, word: string): 'asc' | 'desc' {
  const given =
    COMPARATIVES.get(word) ??
    (/^(top|best|highest|most|greatest|largest|biggest|maximum|max)$/.test(word)
      ? 'desc'
      : /^(lowest|least|fewest|smallest|worst|bottom|minimum|min)$/.test(word)
        ? 'asc'
        : 'desc');
  if (!namedBy(column, RANK_NAMES) || !/^(top|best|better|highest|higher|lowest|lower|worst)$/.test(word)) return given;
  return given === 'asc' ? 'desc' : 'asc';
}

/** The value that occurs most (or least) often. */
export function mode(
  ask: FactAsk,
  column: ColumnProfile,
  conditions: readonly Condition[],
  direction: 'asc' | 'desc',
): AnalyticalQuery {
  const where = allOf([...conditions, { missing: false, left: { column: column.name } }]);
  return {
    datasetId: ask.profile.id,
    select: [{ value: { column: column.name } }],
    ...(where ? { where } : {}),
    groupBy: [{ column: column.name }],
    orderBy: [{ by: { aggregate: 'count', of: null }, direction }],
    limit: 1,
  };
}

/** "Who comes after X?", "what is previous to X?", "the one listed above X" */
export const neighbour: Form = (ask) => {
  if (/^(how many|how much|what is the (total )?number of|(total )?number of)\b/.test(ask.text)) return null;
  const found = direction(ask);
  if (!found) return null;
  const { anchor, step, at } = found;
  const holder = holderFor(ask, anchor);
  if (!holder) return null;
  const target = targetOf(ask);
  use(ask, at, at + 1);
  use(ask, anchor.from, anchor.to);
  for (const word of [
    'next',
    'immediately',
    'directly',
    'right',
    'just',
    'listed',
    'comes',
    'to',
    'prior',
    'previous',
  ]) {
    const place = ask.words.indexOf(word);
    if (place >= 0) use(ask, place, place + 1);
  }
  const own = holds(holder);
  const row: Expression = {
    op: step > 0 ? '+' : '-',
    left: { scalar: { aggregate: step > 0 ? 'max' : 'min', of: { column: ROW_NUMBER }, where: own } },
    right: { literal: 1 },
  };
  const column = target && target.score >= 0.8 && !sameKind(ask, target, holder.column) ? target.column : holder.column;
  const sure = anchor.score >= 0.85 ? 0.9 : 0.7;
  return {
    form: 'neighbour',
    kind: 'lookup',
    query: list(ask, column, [{ compare: '=', left: { column: ROW_NUMBER }, right: row }]),
    expects: 'value',
    fit: holder.values.length > 2 ? sure - 0.25 : sure,
  };
};

/** "Who came after Smith?" is answered in the column that Smith stands in. */
function sameKind(ask: FactAsk, target: Target, column: ColumnProfile): boolean {
  return (
    target.part === null &&
    target.column !== column &&
    (target.column === labelOf(ask.profile) || target.score < 0.9) &&
    column.distinct >= 0.5 * ask.profile.rowCount
  );
}

export function direction(ask: FactAsk): { readonly anchor: Part; readonly step: 1 | -1; readonly at: number } | null {
  for (const [at, word] of ask.words.entries()) {
    const step = AFTER_WORDS.has(word) ? 1 : BEFORE_WORDS.has(word) ? -1 : null;
    if (step === null) continue;
    const anchor = ask.values.find(
      (part) => part.from > at && part.from <= at + 6 && !/^\d/.test(ask.words[part.from] ?? ''),
    );
    if (anchor && !ask.words.slice(at + 1, anchor.from).some((other) => /^(in|was|is|did|than)$/.test(other))) {
      // "Next after", "previous before": the word nearest the anchor decides.
      const inner = ask.words
        .slice(at + 1, anchor.from)
        .findIndex((other) => AFTER_WORDS.has(other) || BEFORE_WORDS.has(other));
      if (inner >= 0 && word !== 'next' && word !== 'previous' && word !== 'prior') continue;
      return { anchor, step, at };
    }
    // "X came before which city?", "A is followed by which?"
    const earlier = ask.values.find((part) => part.to <= at && part.to >= at - 3);
    if (earlier && /^(which|what|who|whom)$/.test(ask.words[at + 1] ?? ''))
      return { anchor: earlier, step: step === 1 ? -1 : 1, at };
  }
  return null;
}
