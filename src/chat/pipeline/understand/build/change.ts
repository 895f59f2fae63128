import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { grainOfStep, steppedBy } from '../clauses/periods.js';
import type { Filter, Slots } from '../clauses/slots.js';
import { columnOf, compare, isMeasure, isNumeric, literal, outputName, columnsIn } from '../expressions.js';
import { dateWords } from '../../words/dates.js';
import { isYearColumn } from '../lexicon.js';
import type { Context } from '../reader.js';
import { claim, has, measured, only, rest, valueCondition } from './analysis-parts.js';
import { bestOf } from './best-of.js';
import { type Draft, isPlural, output, rowsAreThings, SEVERAL } from './build-parts.js';

const CHANGE =
  /^(change[ds]?|changing|grow|grew|grown|growth|increase[ds]?|decrease[ds]?|improve[ds]?|improvement|rise|rose|risen|fall|fell|fallen|decline[ds]?|drop|dropped|evolve[ds]?|gain(ed|s)?|lost|lose|progress(ed|es)?|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing)|improving|growing|rising|falling|declining|shr[aiu]nk|develop(ed)?)$/;
const DOWN = /^(decrease[ds]?|fall|fell|fallen|decline[ds]?|drop|dropped|lost|lose|shr[aiu]nk|sank)$/;
/** Words that judge: where lower numbers are better, an improvement is a fall. */
const JUDGED =
  /^(better|worse|improv(e[ds]?|ement|ing)|progress(ed|es)?|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing)|declin(e[ds]?|ing))$/;
const WORSE = /^(worse|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing))$/;

interface Ends {
  readonly column: ColumnProfile;
  readonly first: string | number;
  readonly last: string | number;
  readonly filter: Filter;
}

/** "from 2015 to 2020", "between 2015 and 2020": the two ends of a stretch of years. */
function endsOf(slots: Slots): Ends | null {
  for (const filter of slots.filters) {
    if (filter.column.role !== 'temporal' && !isYearColumn(filter.column)) continue;
    const { condition } = filter;
    const [first, last] =
      filter.ends ??
      (filter.steps?.length === 2 ? filter.steps.toSorted((one, other) => (String(one) < String(other) ? -1 : 1)) : []);
    if (isStep(first) && isStep(last) && grainOfStep(first) === grainOfStep(last))
      return { column: filter.column, first, last, filter };
    if ('between' in condition)
      return { column: filter.column, first: Number(condition.between[0]), last: Number(condition.between[1]), filter };
    const years = filter.values?.length === 2 ? filter.values.map(Number).sort((left, right) => left - right) : null;
    if (years?.[0] !== undefined && years[1] !== undefined)
      return { column: filter.column, first: years[0], last: years[1], filter };
    if ('and' in condition) {
      const bounds = condition.and.flatMap((one) =>
        'compare' in one && 'literal' in one.right ? [Number(String(one.right.literal).slice(0, 4))] : [],
      );
      const [first, last] = bounds;
      if (first !== undefined && last !== undefined && first < last)
        return { column: filter.column, first, last, filter };
    }
  }
  return null;
}

const isStep = (value: Scalar | undefined): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** What an output is called that holds the number of one step. */
const stepName = (step: string | number): string => dateWords(String(step)) ?? String(step);

/** "improved", "got worse". */
const changes = (slots: Slots): boolean =>
  has(slots, CHANGE) || (has(slots, /^(got|gotten|become|became)$/) && has(slots, /^(better|worse)$/));

/** "Which country improved the most since 2015?", or without any time: up to the last year there is. */
function sinceThen(context: Context, slots: Slots): Ends | null {
  const time = context.lexicon.temporal;
  const asked = slots.superlative !== null || has(slots, /^(which|who|most|least)$/);
  if (!time || !asked || rowsAreThings(context) || slots.groups.some((use) => use.column === time)) return null;
  const filter = slots.filters.find((one) => one.column === time);
  const year = (value: unknown): number => Number(String(value).slice(0, 4));
  const last = year(time.max);
  if (!filter) {
    const first = year(time.min);
    const none = {
      column: time,
      condition: compare(columnOf(time), '>=', literal(first)),
      values: null,
      negated: false,
    };
    return first < last ? { column: time, first, last, filter: { ...none, from: 0, to: 0, score: 1 } } : null;
  }
  const { condition } = filter;
  if (!('compare' in condition) || condition.compare !== '>=' || !('literal' in condition.right)) return null;
  const first = year(condition.right.literal);
  return first < last ? { column: time, first, last, filter } : null;
}

/** "How did X change from 2015 to 2020?", "which sector improved the most between …?", "year over year". */
export function growth(context: Context, slots: Slots): Draft | null {
  const ends = endsOf(slots) ?? sinceThen(context, slots);
  const value = measured(context, slots);
  const apart = has(slots, /^(difference|differences|differ|differs|gap)$/) && (endsOf(slots)?.filter.from ?? -1) >= 0;
  if (!value || !(changes(slots) || apart)) return null;
  if (apart) claim(slots, /^(difference|differences|differ|differs|gap|between)$/);
  if (!ends) return steps(context, slots, value);
  claim(slots, /^changes?$/);
  const at = (step: string | number): Expression => only(value, valueCondition(ends.column, step));
  const [from, to] = [at(ends.first), at(ends.last)];
  const percent = slots.share || has(slots, /^(percent|percentage|rate|growth)$/);
  const change: Expression = { op: percent ? 'percent_change' : '-', left: to, right: from };
  const shown = [
    { value: change, as: outputName(change) },
    { value: from, as: stepName(ends.first) },
    { value: to, as: stepName(ends.last) },
  ];
  const entities = [...slots.groups, ...slots.columns].filter(
    (use) => !isMeasure(use.column) && use.column !== ends.column,
  );
  const keys = entities.map((use) => columnOf(use.column));
  const where = rest(slots, ends.filter);
  const query = { datasetId: context.profile.id, where };
  if (keys.length === 0) return { query: { ...query, select: shown }, chart: null, expects: 'value', reading: null };
  const ranked = slots.superlative !== null || has(slots, /^(most|least)$/);
  const plural = entities.some((use) => isPlural(slots, use));
  const limit = slots.superlative && slots.superlative.limit > 1 ? slots.superlative.limit : plural ? SEVERAL : 1;
  const least = slots.units.some((unit) => unit.word === 'least') || slots.superlative?.direction === 'asc';
  const falls = slots.units.some((unit) => DOWN.test(unit.word) || WORSE.test(unit.word));
  const turned = has(slots, JUDGED) && lowerIsBetter(context, value);
  const down = [least, falls, turned].filter(Boolean).length % 2 === 1;
  // "Which improved most in each region?" is a ranking within each.
  const within = slots.groups.filter((use) => !isMeasure(use.column) && use.column !== ends.column);
  const each =
    ranked && within.length > 0 && within.length < entities.length ? within.map((use) => columnOf(use.column)) : [];
  const direction = down ? 'asc' : 'desc';
  const both: Condition = {
    in: [ends.first, ends.last],
    left: steppedBy(ends.column, ends.first),
  };
  return {
    query: {
      ...query,
      select: [...keys.map(output), ...shown],
      where: where ? { and: [where, both] } : both,
      groupBy: keys,
      // "Which got worse?": those that did.
      having: ranked || !has(slots, /^(which|who|what)$/) ? undefined : compare(change, down ? '<' : '>', literal(0)),
      qualify: each.length > 0 ? bestOf(change, each, { last: limit, only: false, direction }) : undefined,
      orderBy: [...each.map((by) => ({ by, direction: 'asc' as const })), { by: change, direction }],
      limit: ranked && each.length === 0 ? limit : undefined,
    },
    chart: keys[0] ? { x: outputName(keys[0]), y: outputName(change) } : null,
    expects: ranked && limit === 1 && each.length === 0 ? 'value' : 'table',
    reading: ranked && limit > (slots.superlative?.limit ?? 1) ? `How many was not said: the first ${limit}.` : null,
  };
}

function lowerIsBetter(context: Context, value: Expression): boolean {
  return columnsIn(value).some((name) => context.lexicon.columns.get(name)?.higherIsBetter === false);
}

/** "year over year change": each step of time against the one before. */
function steps(context: Context, slots: Slots, value: Expression): Draft | null {
  const time = context.lexicon.temporal;
  const stepwise =
    has(slots, /^(year|month|quarter|yearly|monthly|annual|annually)$/) ||
    slots.groups.some((use) => use.column === time);
  if (!time || !stepwise || slots.superlative) return null;
  const grain = slots.groups.find((use) => use.column === time)?.grain;
  const key: Expression = isNumeric(time) ? columnOf(time) : { column: time.name, grain: grain ?? 'year' };
  const percent = slots.share || has(slots, /^(percent|percentage|growth|rate)$/);
  // Against the step before, not the row before: there may be none.
  const periods = time.type === 'text' ? undefined : 1;
  const change: Expression = { window: percent ? 'percent_change' : 'change', of: value, orderBy: key, periods };
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value, change].map(output),
      where: rest(slots, null),
      groupBy: [key],
      orderBy: [{ by: key, direction: 'asc' }],
    },
    chart: { mark: 'line', x: outputName(key), y: outputName(change) },
    expects: 'table',
    reading: null,
  };
}
