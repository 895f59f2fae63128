import type { ColumnProfile } from '../../../../datasets/profile.js';
import {
  type Condition,
  type Expression,
  type Order,
  ROW_NUMBER,
} from '../../../../datasets/query/analytical-query.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import {
  type Form,
  conditionsOf,
  counted,
  directionFor,
  fitOf,
  list,
  measureNamed,
  mode,
  one,
  missingNot,
} from './fact-draft.js';
import { COMPARATIVES } from './fact-english.js';
import { holderFor } from './fact-filter.js';
import { filtersOf } from './fact-filters.js';
import { isDenied, totalOf } from './fact-numbers.js';
import { type FactAsk, type Part, allOf, holds, measureOf, use, withoutTotals } from './fact-parts.js';
import { targetOf } from './fact-target.js';
import { timeColumn } from './fact-times.js';

const numberAt = (column: ColumnProfile, condition: Condition): Expression | null => {
  const of = measureOf(column);
  return of ? { scalar: { aggregate: 'max', of, where: condition } } : null;
};

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
  const compared: Condition = {
    compare: less ? '<' : '>',
    left,
    right: { scalar: { aggregate: 'max', of: left, where: own } },
  };
  const conditions: Condition[] = [
    ...(match[2] === undefined && isDenied(ask, at) ? [{ not: compared }, { not: own }] : [compared]),
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
