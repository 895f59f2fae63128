import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Expression, Grain } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { columnOf, equalsAny, isAggregate, isNumeric, outputName, sameExpression } from '../expressions.js';
import type { Context } from '../reader.js';
import { lowerFirst } from '../../words/language.js';
import type { FollowUp } from './edit-base.js';
import { type Frame, frameOf, measuresOf, queryOf, valuesKept, winners } from './frame.js';

const DOWN =
  /\b(?:drill(?:ed|ing)?[ -]?(?:down|in(?:to)?|deeper|further)|break(?:ing)? (?:it|this|that|them|these|those|the \w+) (?:down|up)|break(?:ing)? (?:down|up) further|next level(?: down)?|(?:one|a|next) (?:level|step) (?:down|deeper|below|finer)|level below|(?:in )?more detail|go(?:ing)? deeper|finer|one level further)\b/;
const UP =
  /\b(?:roll(?:ed|ing)? (?:(?:it|this|that|them|these|those) )?up|roll-?up|drill(?:ed|ing)? up|(?:one|a|next) (?:level|step) (?:up|higher|above)|next level up|level above|zoom(?:ed)? out|less detail|coarser)\b/;

export type Way = 'down' | 'up';

/** Whether a question asks for the next level of what was asked before, below or above it; null: neither. */
export function levelAsked(question: string): Way | null {
  const text = question.toLowerCase();
  return UP.test(text) ? 'up' : DOWN.test(text) ? 'down' : null;
}

/** Steps of time, the coarsest first. */
const GRAINS: readonly Grain[] = ['year', 'quarter', 'month', 'day'];

/** "Drill down", "break it down further", "roll it up": the question before, by the next level of what it was told by. */
export function atLevel(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const way = levelAsked(context.asked.question);
  if (way === null || slots.groups.length + slots.columns.length + slots.measures.length > 0) return null;
  if (slots.superlative !== null || slots.having.length > 0) return null;
  const frame = frameOf(query);
  if (measuresOf(frame).length === 0) return null;
  const named = slots.filters.flatMap(({ values, column }) => (values === null ? [] : [{ column, values }]));
  // "Drill down into Europe": of what was shown, that one.
  const into = named.map(({ column, values }) => equalsAny(column, values));
  const narrowed: Frame = { ...withWinners(frame, context), limit: undefined, offset: undefined };
  const where = [...narrowed.where, ...into.filter((one) => !narrowed.where.some((other) => same(one, other)))];
  const step = way === 'down' ? stepDown(context, { ...narrowed, where }) : stepUp(context, narrowed);
  if (step === null) return null;
  const { from, to } = step;
  const groups =
    from === null ? [...narrowed.groups, ...(to === null ? [] : [to])] : replaced(narrowed.groups, from, to);
  const [only] = groups;
  const timed = only !== undefined && 'column' in only && isTime(context, only.column);
  const measures = measuresOf(narrowed);
  const [main] = measures;
  const ranked = narrowed.order.filter(({ by }) => isAggregate(by));
  const made: Frame = {
    ...narrowed,
    where: way === 'down' ? where : narrowed.where,
    groups,
    select: [...groups, ...measures],
    order: timed && only ? [{ by: only, direction: 'asc' }] : ranked,
    having: undefined,
    distinct: false,
  };
  slots.unknown = [];
  slots.used = new Set(slots.units);
  const old = context.previous?.understanding?.chart ?? null;
  return {
    query: queryOf(made, context.profile.id),
    chart:
      old === null || only === undefined
        ? null
        : { ...old, x: outputName(only), y: main && outputName(main), color: groups[1] && outputName(groups[1]) },
    expects: groups.length === 0 && measures.length === 1 ? 'value' : 'table',
    reading: step.reading,
    edits: [to === null ? 'all together' : `by ${outputName(to)}`],
    references: [],
  };
}

/** The last level of what was asked before, where the next one below it is asked for and there is none; null otherwise. */
export function lastLevel(context: Context, slots: Slots): ColumnProfile | null {
  const query = context.previous?.understanding?.query;
  if (!query || levelAsked(context.asked.question) !== 'down') return null;
  if (slots.groups.length + slots.columns.length + slots.measures.length + slots.filters.length > 0) return null;
  const frame = frameOf(query);
  const [group] = frame.groups.toReversed();
  if (measuresOf(frame).length === 0 || group === undefined || !('column' in group)) return null;
  return stepDown(context, frame) === null ? (context.lexicon.columns.get(group.column) ?? null) : null;
}

interface Step {
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly reading: string;
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

const replaced = (groups: readonly Expression[], from: Expression, to: Expression | null): readonly Expression[] =>
  groups.flatMap((group) => (sameExpression(group, from) ? (to === null ? [] : [to]) : [group]));

/** "Which region is the highest?", then "drill down": into that region. */
function withWinners(frame: Frame, context: Context): Frame {
  if (frame.limit !== 1) return frame;
  const won = winners(frame, context);
  return won === null ? frame : { ...frame, where: [...frame.where, ...won.conditions] };
}

function isTime(context: Context, name: string): boolean {
  const column = context.lexicon.columns.get(name);
  return column !== undefined && (column.role === 'temporal' || column === context.lexicon.temporal);
}

/** The column right below: of those that have it as the level above, the one with the fewest values. */
const below = (context: Context, name: string): ColumnProfile | null =>
  [...context.lexicon.columns.values()]
    .filter(({ parent }) => parent === name)
    .toSorted((a, b) => a.distinct - b.distinct)[0] ?? null;

function stepDown(context: Context, frame: Frame): Step | null {
  for (const group of frame.groups.toReversed()) {
    if (!('column' in group)) continue;
    const column = context.lexicon.columns.get(group.column);
    const finer = column === undefined ? null : finerThan(context, group, column);
    if (column !== undefined && finer !== null) return { from: group, ...told(context, finer, column) };
  }
  // What was kept of one level is told by the next one.
  for (const condition of frame.where.toReversed()) {
    const kept = valuesKept(condition);
    const column = kept === null ? undefined : context.lexicon.columns.get(kept.column);
    const child = column === undefined ? null : below(context, column.name);
    if (column !== undefined && child !== null && !frame.groups.some((group) => same(group, columnOf(child))))
      return { from: null, ...told(context, columnOf(child), column) };
  }
  const top = frame.groups.length > 0 ? undefined : topOf(context);
  return top === undefined
    ? null
    : { from: null, to: columnOf(top), reading: `By ${lowerFirst(top.label)}, the highest level there is.` };
}

const told = (context: Context, to: Expression, above: ColumnProfile): Pick<Step, 'to' | 'reading'> => {
  const name = 'column' in to ? (context.lexicon.columns.get(to.column) ?? above) : above;
  const words = name === above && 'column' in to && to.grain !== undefined ? to.grain : lowerFirst(name.label);
  const from = name === above ? 'what it was told by before' : lowerFirst(above.label);
  return { to, reading: `By ${words}, the next level below ${from}.` };
};

function finerThan(
  context: Context,
  group: Extract<Expression, { column: string }>,
  column: ColumnProfile,
): Expression | null {
  if (group.grain !== undefined) {
    const next = GRAINS[GRAINS.indexOf(group.grain) + 1];
    return GRAINS.includes(group.grain) && next !== undefined ? { ...group, grain: next } : null;
  }
  const child = group.bin === undefined ? below(context, column.name) : null;
  return child === null ? null : columnOf(child);
}

/** A level that is below none, and has one below it. */
function topOf(context: Context): ColumnProfile | undefined {
  const columns = context.profile.columns.filter((column) => column.role === 'dimension' && !isNumeric(column));
  const isParent = (name: string): boolean => columns.some(({ parent }) => parent === name);
  return columns.find(({ name, parent }) => isParent(name) && (parent === null || parent === undefined));
}

function stepUp(context: Context, frame: Frame): Step | null {
  for (const group of frame.groups.toReversed()) {
    if (!('column' in group)) continue;
    const column = context.lexicon.columns.get(group.column);
    const at = group.grain === undefined ? -1 : GRAINS.indexOf(group.grain);
    if (at > 0) {
      const grain = GRAINS[at - 1];
      return { from: group, to: { ...group, grain }, reading: `By ${grain ?? ''}, the next level above.` };
    }
    const above = context.lexicon.columns.get(column?.parent ?? '');
    if (column !== undefined && above !== undefined)
      return {
        from: group,
        to: columnOf(above),
        reading: `By ${lowerFirst(above.label)}, the next level above ${lowerFirst(column.label)}.`,
      };
  }
  const last = frame.groups.at(-1);
  return last === undefined ? null : { from: last, to: null, reading: 'There is no level above: all of it together.' };
}
