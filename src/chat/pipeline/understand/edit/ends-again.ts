import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { changeIn } from '../../words/derived.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';

/** "No, I meant 2021", "and since 2018?" after a change between two years: the end that was said last is another one. */
export function endsAgain(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const change = query.select.flatMap(({ value }) => changeIn(value) ?? [])[0];
  const [filter, ...more] = slots.filters;
  if (!change || filter?.column.name !== change.column || more.length > 0) return null;
  if (slots.columns.length + slots.groups.length + slots.measures.length > 0 || slots.superlative !== null) return null;
  const years = yearsIn(filter.condition);
  const [first, last] = [Number(change.from), Number(change.to)];
  const [year] = years;
  if (year === undefined || years.length > 2) return null;
  const ends = years.length === 2 ? [Math.min(...years), Math.max(...years)] : oneEnd(context, year, [first, last]);
  const [from = 0, to = 0] = ends;
  if (!(from < to)) return null;
  const changed = JSON.parse(JSON.stringify(query), (key, value: unknown) => {
    const other = (year: unknown): unknown => (year === first ? from : year === last ? to : year);
    if (key === 'as' && (value === String(first) || value === String(last))) return String(other(Number(value)));
    if (!isAboutTime(value, change.column)) return value;
    if (Array.isArray(value['in'])) return { ...value, in: value['in'].map(other) };
    const right = value['right'] as { literal?: unknown } | undefined;
    return right?.literal === undefined ? value : { ...value, right: { literal: other(right.literal) } };
  }) as AnalyticalQuery;
  const { chart = null, expects = 'table' } = context.previous?.understanding ?? {};
  slots.unknown = [];
  slots.used = new Set(slots.units);
  const told = `change from ${String(from)} to ${String(to)}`;
  return { query: changed, chart, expects, reading: null, edits: [told], references: [] };
}

const isAboutTime = (value: unknown, column: string): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && (value as { left?: { column?: unknown } }).left?.column === column;

const yearsIn = (condition: unknown): readonly number[] =>
  (JSON.stringify(condition).match(/\b(?:19|20)\d\d\b/g) ?? []).map(Number);

/** The end that the question before did not say was the first or last year there is, and stays. */
function oneEnd({ previous }: Context, year: number, [first, last]: readonly [number, number]): readonly number[] {
  const asked = previous?.question ?? '';
  const isSince = asked.includes(String(first)) && !asked.includes(String(last));
  if (isSince || year <= first) return [year, last];
  return [first, year];
}
