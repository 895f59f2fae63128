import type { AnalyticalQuery, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import { output } from '../build/build-parts.js';
import { outputName } from '../expressions.js';
import type { FollowUp } from './edit-base.js';

const APART = /\b(differences?|differ|gap|apart|how much (more|less|higher|lower|larger|smaller|bigger))\b/;
const TIMES = /\b(ratio|times (as|more|larger|higher|bigger|greater))\b/;
const TOGETHER = /\b(together|combined|sum of (them|both|the two|these|those)|in total|add (them|both|those) up)\b/;
const PERCENT = /\b(percentage|percent|per cent|pct)\b|%/;

/** "What is the difference between them?", "and as a percentage?": arithmetic over the numbers of the last two answers. */
export function apart(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const shares = sharesOf(context, slots, query);
  if (shares) return shares;
  const named = slots.filters.length + slots.columns.length + slots.groups.length + slots.having.length;
  const own = slots.measures.filter((measure) => measure.column !== null || measure.aggregate !== 'sum');
  if (named + own.length > 0 || slots.superlative !== null || slots.counted !== null || slots.chart !== null)
    return null;
  const text = context.asked.question.toLowerCase();
  const op = TIMES.test(text) ? '/' : APART.test(text) ? 'abs_difference' : TOGETHER.test(text) ? '+' : null;
  const percent = PERCENT.test(text) && (op === null || op === 'abs_difference');
  if (op === null && !percent) return null;
  const pair = op === null ? sidesOf(query) : (lastTwo(context, query) ?? sidesOf(query));
  if (!pair) return null;
  const [first, second] = pair;
  const value: Expression = percent
    ? { op: 'percent_change', left: second, right: first }
    : { op: op ?? 'abs_difference', left: second, right: first };
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return {
    query: {
      datasetId: query.datasetId,
      // Beside what they make, the two numbers themselves.
      select: [
        { value, as: NAMES[percent ? 'percent' : (op ?? 'abs_difference')] },
        ...(op === '+' ? [] : [output(second), output(first)]),
      ],
      limit: 1,
    },
    chart: null,
    expects: 'value',
    reading: null,
    edits: [percent ? 'in percent' : NAMES[op ?? 'abs_difference']],
    references: [],
  };
}

/** "And as a percentage?" after numbers by groups: the share of each. Only of what adds up. */
function sharesOf(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const { select, groupBy = [], limit, having, qualify } = query;
  const values = select.map(({ value }) => value).filter((value) => !('column' in value));
  const [of, ...more] = values;
  const named = slots.filters.length + slots.columns.length + slots.groups.length + slots.having.length;
  const text = context.asked.question.toLowerCase();
  if (!PERCENT.test(text) && !/\b(shares?|proportions?)\b/.test(text)) return null;
  if (named > 0 || slots.superlative !== null || groupBy.length === 0 || limit !== undefined || having || qualify)
    return null;
  if (!of || more.length > 0 || !('aggregate' in of) || !/^(count|sum|count_distinct)$/.test(of.aggregate)) return null;
  const share: Expression = { window: 'share', of };
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return {
    query: { ...query, select: [...groupBy, share, of].map(output), orderBy: [{ by: share, direction: 'desc' }] },
    chart: { x: groupBy[0] && outputName(groupBy[0]), y: outputName(share) },
    expects: 'table',
    reading: of.aggregate === 'count_distinct' ? 'Each is counted in every group that it is in.' : null,
    edits: ['in percent of the total'],
    references: [],
  };
}

const NAMES = { percent: 'percent', abs_difference: 'difference', '/': 'ratio', '+': 'sum' } as const;

/** The numbers of the question before and of the one before that, earlier one first. */
function lastTwo(context: Context, query: AnalyticalQuery): readonly [Expression, Expression] | null {
  const queries = context.asked.history.flatMap(({ understanding }) => understanding?.query ?? []);
  const earlier = queries.at(-2);
  const [first, second] = [earlier && numberOf(earlier), numberOf(query)];
  return earlier?.datasetId === query.datasetId && first && second ? [first, second] : null;
}

/** The one number of a query by itself, with the rows it is of; null where a query gives anything else. */
function numberOf({ select, where, groupBy, having }: AnalyticalQuery): Expression | null {
  const [only] = select;
  if (!only || select.length > 1 || groupBy || having || !('aggregate' in only.value)) return null;
  const { aggregate, of, where: own } = only.value;
  if (aggregate === 'correlation') return null;
  const both = where && own ? { and: [where, own] } : (where ?? own);
  return { scalar: { aggregate, of, ...(both && { where: both }) } };
}

/** The two sides of a difference that was the answer before: what is subtracted first. */
function sidesOf({ select, where, groupBy }: AnalyticalQuery): readonly [Expression, Expression] | null {
  const value = select[0]?.value;
  if (groupBy || !value || !('op' in value) || !['-', 'abs_difference', 'percent_change', '/', '+'].includes(value.op))
    return null;
  const alone = (side: Expression): Expression | null => {
    if ('scalar' in side) return side;
    return numberOf({ datasetId: '', select: [{ value: side }], ...(where && { where }) });
  };
  const [left, right] = [alone(value.left), alone(value.right)];
  return left && right ? [right, left] : null;
}
