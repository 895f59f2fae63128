import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import { allOf, sameExpression } from '../expressions.js';
import { bestOf } from './best-of.js';
import { type Draft, output } from './build-parts.js';

/** "The highest and lowest", "the hottest and the coldest": two superlatives side by side that point opposite ways. */
export function namesBothEnds(slots: Slots): boolean {
  const { superlative } = slots;
  const first = slots.units.findIndex((unit) => unit.from === superlative?.from);
  const between = slots.units.slice(first + 1, first + 5);
  const at = between.findIndex((unit) => unit.kind === 'superlative');
  const second = between[at];
  const joined = between.slice(0, Math.max(0, at)).some((unit) => unit.kind === 'and' || unit.word === 'or');
  if (first === -1 || second?.kind !== 'superlative' || !joined) return false;
  const one = slots.units[first];
  if (one?.kind !== 'superlative' || one.direction === second.direction) return false;
  slots.unknown = slots.unknown.filter((unit) => unit !== second);
  return true;
}

/** More groups than this are not given whole. */
const MOST_GROUPS = 500;

/** The best answer as both ends of the ranking, where both are asked for. */
export function bothEnds({ profile, lexicon }: Context, slots: Slots, draft: Draft): Draft {
  const { query } = draft;
  const [only] = query.select;
  if (!only || !namesBothEnds(slots)) return draft;
  if (query.select.length === 1 && 'aggregate' in only.value && !query.orderBy) {
    const { value } = only;
    if (value.aggregate !== 'max' && value.aggregate !== 'min') return draft;
    const select = (['max', 'min'] as const).map((aggregate) => output({ ...value, aggregate }));
    return { ...draft, query: { ...query, select }, expects: 'table' };
  }
  const value = query.select.at(-1)?.value;
  if (query.groupBy && !query.orderBy && value && 'aggregate' in value && /^(max|min)$/.test(value.aggregate)) {
    const ends = (['max', 'min'] as const).map((aggregate) => output({ ...value, aggregate }));
    return { ...draft, query: { ...query, select: [...query.select.slice(0, -1), ...ends] }, chart: null };
  }
  const ranked = query.orderBy?.[0]?.by;
  if (!ranked || query.limit !== 1) return draft;
  const [key] = query.groupBy ?? [];
  const named = key && 'column' in key && key.grain === undefined ? lexicon.columns.get(key.column) : undefined;
  // Days that are one row each are rows; of other groups, the first and the last of their ranking are kept.
  const single = named?.distinct === profile.rowCount && 'aggregate' in ranked && ranked.aggregate !== 'count';
  const by = single ? ranked.of : ranked;
  if (!by || (query.groupBy && !single && (named?.distinct ?? MOST_GROUPS) > MOST_GROUPS)) return draft;
  if (query.groupBy && !single) {
    const first = (direction: 'desc' | 'asc'): Condition => bestOf(by, [], { last: 1, only: true, direction });
    const qualify: Condition = { or: [first('desc'), first('asc')] };
    const orderBy = [{ by, direction: 'desc' as const }];
    return { ...draft, query: { ...query, qualify, orderBy, limit: undefined }, expects: 'table' };
  }
  if (query.select.length === 1 && sameExpression(only.value, by)) {
    const select = (['max', 'min'] as const).map((aggregate) => output({ aggregate, of: by }));
    return { ...draft, query: { datasetId: query.datasetId, select, where: query.where }, expects: 'table' };
  }
  const end = (aggregate: 'max' | 'min'): Condition => {
    const right: Expression = { scalar: { aggregate, of: by, where: query.where } };
    return { compare: '=', left: by, right };
  };
  const ends: Condition = { or: [end('max'), end('min')] };
  const plain = query.select.filter((one) => !('aggregate' in one.value));
  const shown = plain.some((one) => sameExpression(one.value, by)) ? [] : [output(by)];
  return {
    ...draft,
    query: {
      ...query,
      select: [...plain, ...shown],
      groupBy: undefined,
      where: allOf([...(query.where ? [query.where] : []), ends]),
      orderBy: [{ by, direction: 'desc' }],
      limit: undefined,
    },
    expects: 'table',
  };
}
