import { type Expression, ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import { type Draft, type Form, fitOf, list, measureNamed, conditionsOf } from './fact-draft.js';
import type { Filter } from './fact-filter.js';
import { filtersOf } from './fact-filters.js';
import { type FactAsk, allOf, isClock, measureOf, use, withoutTotals } from './fact-parts.js';
import { type Target, targetOf } from './fact-target.js';

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
  const step = stepLeft(ask);
  if (step !== null) return nextTo(ask, target, all, step);
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

/** "The next", "the previous" that nothing has accounted for: the row beside the one that is described. */
function stepLeft(ask: FactAsk): 1 | -1 | null {
  for (const [at, word] of ask.words.entries()) {
    if (ask.used.has(at) || (word === 'next' && ask.words[at + 1] === 'to')) continue;
    if (/^(next|following|after)$/.test(word)) {
      use(ask, at, at + 1);
      return 1;
    }
    if (/^(previous|prior|preceding|before)$/.test(word)) {
      use(ask, at, at + 1);
      return -1;
    }
  }
  return null;
}

function nextTo(ask: FactAsk, target: Target, filters: readonly Filter[], step: 1 | -1): Draft {
  const where = allOf(conditionsOf(filters));
  const row: Expression = {
    op: step > 0 ? '+' : '-',
    left: { scalar: { aggregate: step > 0 ? 'max' : 'min', of: { column: ROW_NUMBER }, where } },
    right: { literal: 1 },
  };
  return {
    form: 'neighbour',
    kind: 'lookup',
    query: list(ask, target.column, [{ compare: '=', left: { column: ROW_NUMBER }, right: row }]),
    expects: 'value',
    fit: fitOf(target, filters) * 0.9,
  };
}
