import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Filter, Slots } from '../clauses/slots.js';
import {
  aggregateOf,
  allOf,
  columnOf,
  columnsIn,
  compare,
  countRows,
  equalsAny,
  isMeasure,
  isNumeric,
  literal,
  outputName,
} from '../expressions.js';
import { isYearColumn } from '../lexicon.js';
import type { Context } from '../reader.js';
import { type Draft, mainMeasure, output, overRows, rowsAreThings } from './build-parts.js';

const CHANGE =
  /^(change[ds]?|changing|grow|grew|grown|growth|increase[ds]?|decrease[ds]?|improve[ds]?|improvement|rise|rose|risen|fall|fell|fallen|decline[ds]?|drop|dropped|evolve[ds]?|gain(ed|s)?|lost|lose|progress(ed|es)?|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing)|improving|growing|rising|falling|declining|shr[aiu]nk|develop(ed)?)$/;
const DOWN = /^(decrease[ds]?|fall|fell|fallen|decline[ds]?|drop|dropped|lost|lose|shr[aiu]nk|sank)$/;
/** Words that judge: where lower numbers are better, an improvement is a fall. */
const JUDGED =
  /^(better|worse|improv(e[ds]?|ement|ing)|progress(ed|es)?|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing)|declin(e[ds]?|ing))$/;
const WORSE = /^(worse|worsen(ed|s|ing)?|deteriorat(e[ds]?|ing))$/;

/** Shares, differences, changes over time and choices between two: questions whose answer is worked out from several numbers. */
export function analyse(context: Context, slots: Slots): Draft | null {
  if (slots.chart && !slots.chart.implied) return null;
  return (
    correlation(context, slots) ??
    ratio(context, slots) ??
    better(context, slots) ??
    choice(context, slots) ??
    growth(context, slots) ??
    difference(context, slots) ??
    percentage(context, slots)
  );
}

const has = (slots: Slots, pattern: RegExp): boolean => slots.units.some((unit) => pattern.test(unit.word));

/** What is measured: the aggregate asked for, a number named, or the main measure of a table of observations. */
function measured(context: Context, slots: Slots): Expression | null {
  const [measure] = slots.measures;
  if (measure?.aggregate === 'count') return countRows;
  const named = measure?.column ?? slots.superlative?.by ?? slots.columns.find((use) => isMeasure(use.column))?.column;
  const column = named ?? (rowsAreThings(context) ? null : mainMeasure(context));
  if (!column) return null;
  return measure && measure.aggregate !== 'count_distinct' ? aggregateOf(measure.aggregate, column) : overRows(column);
}

/** The same aggregate over the rows that also fulfil a condition. */
function only(expression: Expression, condition: Condition): Expression {
  return 'aggregate' in expression ? { ...expression, where: condition } : expression;
}

function pairOf(slots: Slots): Filter | null {
  return slots.filters.find((filter) => filter.values?.length === 2 && !filter.negated) ?? null;
}

const rest = (slots: Slots, except: Filter | null): Condition | undefined =>
  allOf(slots.filters.filter((filter) => filter !== except).map((filter) => filter.condition));

const valueCondition = (column: ColumnProfile, value: Scalar): Condition =>
  isNumeric(column) || column.role !== 'temporal'
    ? equalsAny(column, [value])
    : compare({ column: column.name, grain: 'year' }, '=', literal(value));

const LESS = /^(lower|less|fewer|smaller|worse|least|lowest|shorter|younger|cheaper|colder|slower)$/;

/** "What is the correlation between X and Y?": the coefficient; "show the correlation" is drawn. */
function correlation(context: Context, slots: Slots): Draft | null {
  const words = slots.units.map((unit) => unit.word).join(' ');
  const valued =
    /\b(coefficient|how (strong|strongly|much|closely))\b/.test(words) ||
    /^(what|whats|calculate|compute|is|are|does|do)\b/.test(words);
  if (!valued || !/\b(correlat\w+|coefficient)\b/.test(words) || slots.groups.length > 0) return null;
  const columns = slots.columns.map((use) => use.column).filter(isMeasure);
  const [first, second] = columns;
  if (!first || !second || columns.length > 2) return null;
  const value: Expression = { aggregate: 'correlation', of: columnOf(first), with: columnOf(second) };
  return {
    query: {
      datasetId: context.profile.id,
      select: [{ value, as: 'correlation' }],
      where: rest(slots, null),
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

/** "revenue per unit by product": one number for each of another. */
function ratio(context: Context, slots: Slots): Draft | null {
  const at = slots.units.findIndex((unit) => unit.word === 'per');
  const [left, right] = [slots.units[at - 1], slots.units[at + 1]];
  if (at < 1 || left?.kind !== 'column' || right?.kind !== 'column' || slots.superlative) return null;
  const [over, under] = [left.match.column, right.match.column];
  if (!isMeasure(over) || !isMeasure(under) || over === under) return null;
  const value: Expression = { op: '/', left: aggregateOf('sum', over), right: aggregateOf('sum', under) };
  const keys = [...slots.groups, ...slots.columns]
    .filter((use) => !isMeasure(use.column))
    .map((use) => columnOf(use.column, use.grain ?? undefined));
  return {
    query: {
      datasetId: context.profile.id,
      select: [...keys.map(output), { value, as: `${over.name} per ${under.name}` }],
      where: rest(slots, null),
      groupBy: keys.length > 0 ? keys : undefined,
    },
    chart: null,
    expects: keys.length > 0 ? 'table' : 'value',
    reading: `${over.label} divided by ${under.label}, both added up.`,
  };
}

/** "Is A better than B?": both beside each other, the one that is asked about as more first if it is. */
function better(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  if (!pair || isMeasure(pair.column) || slots.groups.length > 0 || rowsAreThings(context)) return null;
  const words = context.tokens.map((token) => token.lower);
  const compared = words.some(
    (word, at) =>
      words.includes('than', at) && words.indexOf('than', at) - at <= 4 && (LESS.test(word) || MORE.test(word)),
  );
  const value = measured(context, slots);
  if (!compared || !value || !/^(is|are|was|were|does|do|did|has|have|had)$/.test(words[0] ?? '')) return null;
  slots.unknown = slots.unknown.filter((unit) => unit.kind !== 'compare');
  const key = columnOf(pair.column);
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value].map(output),
      where: allOf(slots.filters.map((filter) => filter.condition)),
      groupBy: [key],
      orderBy: [{ by: value, direction: words.some((word) => LESS.test(word)) ? 'asc' : 'desc' }],
    },
    chart: null,
    expects: 'table',
    reading: null,
  };
}

const MORE =
  /^(higher|more|larger|greater|bigger|better|longer|older|stronger|richer|warmer|hotter|wetter|taller|heavier|faster)$/;

/** "Did A or B have the higher score?", "which is higher, A or B?" */
function choice(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  const or = slots.units.some((unit) => unit.kind === 'or');
  if (!pair || !or || isMeasure(pair.column)) return null;
  const word = slots.units.find((unit) =>
    /^(higher|more|larger|greater|bigger|better|most|highest|longer|older|lower|less|fewer|smaller|worse|least|lowest|shorter|younger)$/.test(
      unit.word,
    ),
  );
  const value = measured(context, slots);
  if (!word || !value) return null;
  const key = columnOf(pair.column);
  const direction = /^(lower|less|fewer|smaller|worse|least|lowest|shorter|younger)$/.test(word.word) ? 'asc' : 'desc';
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value].map(output),
      where: allOf(slots.filters.map((filter) => filter.condition)),
      groupBy: [key],
      orderBy: [{ by: value, direction }],
      limit: 1,
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

interface Ends {
  readonly column: ColumnProfile;
  readonly first: number;
  readonly last: number;
  readonly filter: Filter;
}

/** "from 2015 to 2020", "between 2015 and 2020": the two ends of a stretch of years. */
function endsOf(slots: Slots): Ends | null {
  for (const filter of slots.filters) {
    if (filter.column.role !== 'temporal' && !isYearColumn(filter.column)) continue;
    const { condition } = filter;
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
function growth(context: Context, slots: Slots): Draft | null {
  const ends = endsOf(slots) ?? sinceThen(context, slots);
  const value = measured(context, slots);
  if (!value || !changes(slots)) return null;
  if (!ends) return steps(context, slots, value);
  const at = (year: number): Expression => only(value, valueCondition(ends.column, year));
  const [from, to] = [at(ends.first), at(ends.last)];
  const percent = slots.share || has(slots, /^(percent|percentage|rate|growth)$/);
  const change: Expression = { op: percent ? 'percent_change' : '-', left: to, right: from };
  const shown = [
    { value: change, as: outputName(change) },
    { value: from, as: String(ends.first) },
    { value: to, as: String(ends.last) },
  ];
  const entities = [...slots.groups, ...slots.columns].filter(
    (use) => !isMeasure(use.column) && use.column !== ends.column,
  );
  const keys = entities.map((use) => columnOf(use.column));
  const where = rest(slots, ends.filter);
  const query = { datasetId: context.profile.id, where };
  if (keys.length === 0) return { query: { ...query, select: shown }, chart: null, expects: 'value', reading: null };
  const ranked = slots.superlative !== null || has(slots, /^(most|least)$/);
  const least = slots.units.some((unit) => unit.word === 'least') || slots.superlative?.direction === 'asc';
  const falls = slots.units.some((unit) => DOWN.test(unit.word) || WORSE.test(unit.word));
  const turned = has(slots, JUDGED) && lowerIsBetter(context, value);
  const down = [least, falls, turned].filter(Boolean).length % 2 === 1;
  const both: Condition = {
    in: [ends.first, ends.last],
    left: isNumeric(ends.column) ? columnOf(ends.column) : { column: ends.column.name, grain: 'year' },
  };
  return {
    query: {
      ...query,
      select: [...keys.map(output), ...shown],
      where: where ? { and: [where, both] } : both,
      groupBy: keys,
      // "Which got worse?": those that did.
      having: ranked || !has(slots, /^(which|who|what)$/) ? undefined : compare(change, down ? '<' : '>', literal(0)),
      orderBy: [{ by: change, direction: down ? 'asc' : 'desc' }],
      limit: ranked ? (slots.superlative?.limit ?? 1) : undefined,
    },
    chart: null,
    expects: ranked && (slots.superlative?.limit ?? 1) === 1 ? 'value' : 'table',
    reading: null,
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
  const change: Expression = { window: percent ? 'percent_change' : 'change', of: value, orderBy: key };
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

/** "the difference in score between A and B". */
function difference(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  const [first, second] = pair?.values ?? [];
  const value = measured(context, slots);
  if (!pair || !value || first === undefined || second === undefined) return null;
  if (!has(slots, /^(difference|differ|gap)$/)) return null;
  const [left, right] = [first, second].map((one) => only(value, valueCondition(pair.column, one)));
  if (!left || !right) return null;
  const gap: Expression = { op: 'abs_difference', left, right };
  return {
    query: {
      datasetId: context.profile.id,
      select: [
        { value: gap, as: 'difference' },
        { value: left, as: String(first) },
        { value: right, as: String(second) },
      ],
      where: rest(slots, pair),
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

/** "what percentage of countries are high income", "share of sales by region". */
function percentage(context: Context, slots: Slots): Draft | null {
  if (!slots.share || slots.superlative || !has(slots, /^(percentage|percent|share|proportion|fraction)$/)) return null;
  const named = slots.columns.find((use) => isMeasure(use.column) && use.score < 1);
  const [group] =
    slots.groups.length > 0
      ? slots.groups
      : slots.columns.filter((use) => !isMeasure(use.column) && slots.filters.length === 0);
  const value =
    slots.measures.length > 0 || (slots.columns.some((use) => isMeasure(use.column)) && !named)
      ? measured(context, slots)
      : (thingsShared(context, slots, group) ?? countRows);
  if (!value) return null;
  // A pie already shows the shares.
  if (group && slots.chart?.mark === 'arc' && !has(slots, /^(percentage|percent|share)$/)) return null;
  if (group) {
    const key: Expression = group.grain === null ? columnOf(group.column) : columnOf(group.column, group.grain);
    const summed: Expression =
      'aggregate' in value && value.aggregate === 'avg' ? { ...value, aggregate: 'sum' } : value;
    const share: Expression = { window: 'share', of: summed };
    return {
      query: {
        datasetId: context.profile.id,
        select: [key, share, summed].map(output),
        where: rest(slots, null),
        groupBy: [key],
        orderBy: [{ by: share, direction: 'desc' }],
      },
      chart: { mark: slots.chart?.mark ?? undefined, x: outputName(key), y: outputName(share) },
      expects: 'table',
      reading: null,
    };
  }
  const part = slots.filters.at(-1);
  if (!part || slots.filters.length === 0) return null;
  const things = thingsCounted(context, slots);
  const whole = things ?? value;
  const ratio: Expression = {
    op: '*',
    left: { literal: 100 },
    right: { op: '/', left: only(whole, part.condition), right: whole },
  };
  return {
    query: { datasetId: context.profile.id, select: [{ value: ratio, as: 'percent' }], where: rest(slots, part) },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

/** "share of countries by region" where a country has many rows: each counts once. */
function thingsShared(context: Context, slots: Slots, group: ColumnUse | undefined): Expression | null {
  const use = slots.columns.find((one) => !isMeasure(one.column) && one.column !== group?.column);
  if (!use || !group || use.column.role === 'temporal' || rowsAreThings(context)) return null;
  return aggregateOf('count_distinct', use.column);
}

/** "percentage of countries" in a table with many rows for each country: countries, not rows. */
function thingsCounted(context: Context, slots: Slots): Expression | null {
  const use: ColumnUse | undefined = slots.columns.find((one) => !isMeasure(one.column));
  if (!use || rowsAreThings(context) || use.column.distinct >= context.profile.rowCount) return null;
  return aggregateOf('count_distinct', use.column);
}
