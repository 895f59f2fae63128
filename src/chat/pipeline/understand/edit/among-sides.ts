import type { AnalyticalQuery, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { columnOf, columnsIn, equalsAny, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { type Sides, sidesAsked } from './both-sides.js';
import { type Frame, frameOf, isAbout, measuresOf, queryOf } from './frame.js';

const NUMBERS = '(?:two|three|four|five|six)';
const ALL = new RegExp(
  `^(?:and |now |please |can you |could you )*compare (?:all(?: of)?(?: the| these| those)? ?(?:${NUMBERS}|of them|them)?|(?:the|these|those) ${NUMBERS}|them all|(?:these|those)(?: all)?)$`,
);
const WHICH =
  /^(?:and |so |then )*(?:which|who)(?: one| of (?:the|these|those)(?: \w+)?| of them)?(?: is| s| was| are| has| had| does| did| scores?)?(?: it)?(?: the)? (better|worse|higher|lower|more|less|bigger|smaller|larger|greater|stronger|weaker|ahead|leading|winning|behind|losing)(?: one| score)?$/;
const BY_HOW_MUCH = /^(?:and |so )*by how (?:much|many(?: \w+)?)(?: is it ahead)?$/;
const LESS = /^(worse|lower|less|smaller|weaker|behind|losing)$/;

/** "Compare all three", "which one is better?": what was asked about one after the other or shown side by side. */
export function amongSides(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const text = context.tokens.map(({ lower }) => lower.replace(/^['’]/, '')).join(' ');
  if (BY_HOW_MUCH.test(text)) return aboveNext(context, slots, query);
  const word = WHICH.exec(text)?.[1];
  if (word === undefined && !ALL.test(text)) return null;
  const last = frameOf(query);
  const frame = last.groups.length > 0 ? withoutTime(context, last) : besides(sidesAsked(context, last));
  const [of, ...more] = frame === null ? [] : measuresOf(frame);
  if (frame === null || of === undefined || more.length > 0) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  const group = frame.groups[0];
  const direction = directionOf(context, of, word);
  const order = [{ by: of, direction }];
  return {
    query: queryOf(
      { ...frame, order, ...(word === undefined ? {} : { limit: 1, offset: undefined }) },
      query.datasetId,
    ),
    chart: group === undefined ? null : { x: outputName(group), y: outputName(of) },
    expects: word === undefined ? 'table' : 'value',
    reading: null,
    edits: [word === undefined ? 'side by side' : 'only the first of them'],
    references: [],
  };
}

/** "By how much?" after the first of some, or after two: it and the next beside each other. */
function aboveNext({ previous }: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const frame = frameOf(query);
  const [of, ...more] = measuresOf(frame);
  const [group] = frame.groups;
  const two = frame.limit === 1 || previous?.result?.rows.length === 2;
  if (of === undefined || group === undefined || more.length > 0 || frame.groups.length > 1 || !two) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return {
    query: queryOf({ ...frame, ...(frame.limit === 1 ? { limit: 2 } : {}) }, query.datasetId),
    chart: { x: outputName(group), y: outputName(of) },
    expects: 'table',
    reading: null,
    edits: ['beside the next'],
    references: [],
  };
}

/** The frame of groups that are no times: "which one" is none of the years. */
function withoutTime({ lexicon }: Context, frame: Frame): Frame | null {
  const isTime = (group: Expression): boolean =>
    columnsIn(group).some((name) => lexicon.columns.get(name)?.role === 'temporal');
  const groups = frame.groups.length > 1 ? frame.groups.filter((group) => !isTime(group)) : frame.groups;
  return { ...frame, groups, select: [...groups, ...measuresOf(frame)], limit: frame.limit };
}

function besides(sides: Sides | null): Frame | null {
  if (sides === null) return null;
  const { column, values, frame } = sides;
  const key = columnOf(column);
  const where = [...frame.where.filter((condition) => !isAbout(condition, column)), equalsAny(column, values)];
  return { ...frame, where, groups: [key], select: [key, ...measuresOf(frame)] };
}

function directionOf({ lexicon }: Context, of: Expression, word: string | undefined): 'asc' | 'desc' {
  const less = word !== undefined && LESS.test(word);
  const judges = /^(better|worse|ahead|leading|winning|behind|losing)$/.test(word ?? '');
  const turned = judges && columnsIn(of).some((name) => lexicon.columns.get(name)?.higherIsBetter === false);
  return less === turned ? 'desc' : 'asc';
}
