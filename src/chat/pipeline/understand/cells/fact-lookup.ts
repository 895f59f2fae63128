import { type Form, fitOf, list, measureNamed, conditionsOf } from './fact-draft.js';
import { filtersOf } from './fact-filters.js';
import { allOf, isClock, measureOf, use, withoutTotals } from './fact-parts.js';
import { targetOf } from './fact-target.js';

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
