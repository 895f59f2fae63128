import type { AnalyticalQuery, Condition } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import {
  allOf,
  columnOf,
  columnsOfCondition,
  compare,
  conjuncts,
  isMeasure,
  literal,
  outputName,
} from '../expressions.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { frameOf, measuresOf, queryOf, valuesKept } from './frame.js';
import { isSelfContained } from './inner-filters.js';

const OPENING = '(?:(?:please|now|and|so|ok|okay|then) )*';
const REMOVES = new RegExp(
  `^${OPENING}(?:(?:remove|clear|drop|reset|undo|lift|ignore|forget|get rid of|take away) (?:all |the |any |that |this |those |these |my )*|without (?:any |the |that |those )*)(?:\\w+ ){0,3}(?:filters?|conditions?|restrictions?)(?: again| please)?$`,
);
const ALL = new RegExp(
  `^${OPENING}(?:(?:what|how) about |show (?:me )?)?(?:for |in |over |across |of )*(?:all|every) (?:of )?(?:the )?\\w+(?: \\w+)?$`,
);
const REST = new RegExp(
  `^${OPENING}(?:(?:what|how) about |show (?:me )?|for )?(?:all )?the (?:(?<rest>rest)(?: of (?:them|those|these|it))?|remaining(?: ones| \\w+)?|others|other ones|other \\w+(?: \\w+)?)$`,
);
/** So many are "the rest" at most. */
const MOST = 100;

/** "Remove the filter", "for all years", "what about the rest?": what was left out before. */
export function widened(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const text = context.tokens.map((token) => token.lower).join(' ');
  if (slots.filters.length > 0 || slots.superlative !== null || query.qualify !== undefined) return null;
  if ([...slots.columns, ...slots.groups].some((use) => isMeasure(use.column)) || isSelfContained(query.select))
    return null;
  const found = REMOVES.test(text) || ALL.test(text) ? unfiltered(context, slots, query, REMOVES.test(text)) : null;
  const rest = REST.exec(text);
  const wide = found ?? (rest ? others(context, slots, query, rest.groups?.['rest'] !== undefined) : null);
  if (wide === null) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return wide;
}

const namedIn = (slots: Slots): readonly string[] =>
  [...slots.columns, ...slots.groups, ...(slots.counted ? [slots.counted] : [])].map((use) => use.column.name);

/** Without the conditions about the columns named; where none is, without all of them. */
function unfiltered(context: Context, slots: Slots, query: AnalyticalQuery, isAll: boolean): FollowUp | null {
  const named = namedIn(slots);
  if (named.length === 0 && !isAll) return null;
  const all = conjuncts(query.where);
  const gone = all.filter((one) => named.length === 0 || columnsOfCondition(one).some((name) => named.includes(name)));
  const label = (name: string): string => context.lexicon.columns.get(name)?.label ?? name;
  if (gone.length === 0) {
    const told = named.length === 0 ? 'There was no filter' : `There was no filter on ${named.map(label).join(', ')}`;
    return isAll ? { ...again(context, query, 'nothing to remove'), reading: told } : null;
  }
  const columns = [...new Set(gone.flatMap(columnsOfCondition))].map(label);
  const where = allOf(all.filter((one) => !gone.includes(one)));
  return again(context, { ...query, where }, `without the filter on ${columns.join(', ')}`);
}

/** After the first of a ranking, those that follow; after one value of a column, the others of it. */
function others(context: Context, slots: Slots, query: AnalyticalQuery, isOne: boolean): FollowUp | null {
  if (query.limit !== undefined && query.limit !== MOST && (query.orderBy?.length ?? 0) > 0) {
    const offset = (query.offset ?? 0) + query.limit;
    return again(context, { ...query, limit: MOST, offset }, `from place ${String(offset + 1)}`);
  }
  const named = namedIn(slots);
  const about = conjuncts(query.where).findLast((one) => {
    const kept = valuesKept(one);
    const column = context.lexicon.columns.get(kept?.column ?? '');
    return column?.type === 'text' && (named.length === 0 || named.includes(column.name));
  });
  const kept = about && valuesKept(about);
  const column = context.lexicon.columns.get(kept?.column ?? '');
  if (!about || !kept || !column) return null;
  const left = columnOf(column);
  const [only] = kept.values;
  const without: Condition =
    kept.values.length === 1 ? compare(left, '!=', literal(only ?? null)) : { in: kept.values, left, negated: true };
  const frame = frameOf(query);
  const where = frame.where.map((one) => (one === about ? without : one));
  // "The rest" is one number, "the others" are each one.
  const measures = measuresOf(frame);
  const split = !isOne && frame.groups.length === 0 && measures.length > 0;
  const groups = split ? [left] : frame.groups;
  const wide = queryOf(
    { ...frame, where, groups, select: split ? [left, ...measures] : frame.select },
    query.datasetId,
  );
  return again(context, wide, `without ${kept.values.join(', ')}`);
}

function again({ previous }: Context, query: AnalyticalQuery, edit: string): FollowUp {
  const [x] = query.groupBy ?? [];
  const before = previous?.understanding;
  const isGrouped = x !== undefined;
  const y = query.select.find(({ value }) => !('column' in value));
  const drawn = isGrouped && y ? { x: outputName(x), y: y.as ?? outputName(y.value) } : null;
  return {
    query,
    chart: before?.chart ?? drawn,
    expects: isGrouped ? 'table' : (before?.expects ?? 'table'),
    reading: null,
    edits: [edit],
    references: [],
  };
}
