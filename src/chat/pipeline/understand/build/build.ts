import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { grainOfStep } from '../clauses/periods.js';
import type { ColumnUse, Measure, Slots } from '../clauses/slots.js';
import { aggregateOf, columnOf, countRows, isAggregate, isMeasure, isNumeric } from '../expressions.js';
import type { Context } from '../reader.js';
import { stemOf } from '../tokens.js';
import { asksForOne, asksNothing, headNouns, joinedByAnd, leadsWithCount, listsRows } from './asks.js';
import { aggregated, grouped, histogram, isSpread, rows } from './build-groups.js';
import {
  type Draft,
  having,
  howRead,
  labelUse,
  leadsObservation,
  mainMeasure,
  output,
  overRows,
  rowsAreThings,
  trendGrain,
  unique,
} from './build-parts.js';
import { ratios } from './ratio-groups.js';
import { withSuperlative } from './build-superlative.js';

export function measureExpression(
  measure: Measure,
  fallback: ColumnProfile | null,
  counted: ColumnUse | null,
  distinctThings: boolean,
): Expression | null {
  if (measure.aggregate === 'count')
    return distinctThings && counted ? aggregateOf('count_distinct', counted.column) : countRows;
  if (measure.aggregate === 'count_distinct')
    return counted ? aggregateOf('count_distinct', counted.column) : countRows;
  const column = measure.column ?? fallback;
  return column ? aggregateOf(measure.aggregate, column) : null;
}

/** "How many countries in each income group?" where each country has many rows: countries are counted, once each. */
export function countsThings(context: Context, slots: Slots): boolean {
  const { counted } = slots;
  if (!counted || slots.chart !== null || slots.groups.length === 0 || rowsAreThings(context)) return false;
  return !isMeasure(counted.column) && !slots.groups.some((use) => use.column === counted.column);
}

function namesRows({ lexicon, profile }: Context, slots: Slots, { column, from }: ColumnUse): boolean {
  const at = slots.units.findIndex((unit) => unit.from === from);
  const word = slots.units[at]?.word ?? '';
  return (
    slots.chart === null &&
    lexicon.labels.includes(column) &&
    column.distinct >= 0.95 * profile.rowCount &&
    lexicon.subject.has(stemOf(word)) &&
    stemOf(word) !== word &&
    (slots.superlative && from < slots.superlative.from
      ? /^all$/
      : slots.superlative
        ? /^(of|all)$/
        : /^(of|all|for|across|among|the)$/
    ).test(slots.units[at - 1]?.word ?? '')
  );
}

const useOf = (column: ColumnProfile, from: number): ColumnUse => ({
  column,
  grain: null,
  distinct: false,
  from,
  score: 1,
});

/** What the slots say by themselves, without the conversation; null when they ask for nothing. */
export function build(context: Context, slots: Slots): Draft | null {
  if (asksNothing(slots)) return null;
  headNouns(context, slots);
  const groups = [...slots.groups];
  let columns = slots.columns.filter(
    (use, index) =>
      !slots.groups.some((group) => group.column === use.column) &&
      slots.columns.findIndex((other) => other.column === use.column) === index,
  );
  // "the average rooms of hotels by country": what names the rows, in the plural, is all of them.
  if (slots.measures.length > 0 || slots.superlative?.direct === true)
    columns = columns.filter((use) => !namesRows(context, slots, use));
  const fallback = slots.superlative?.by ?? mainMeasure(context);
  const measures = slots.measures.flatMap(
    (measure) => measureExpression(measure, fallback, slots.counted, countsThings(context, slots)) ?? [],
  );
  const { superlative } = slots;
  const charted = slots.chart !== null;

  // "the allergy types and how many allergies each": columns beside aggregates are groups.
  const counting =
    slots.measures.length === 1 &&
    slots.measures[0]?.aggregate === 'count' &&
    leadsWithCount(slots) &&
    !charted &&
    groups.length === 0;
  // "how many high income countries": the things are counted, not their rows.
  const [thing, ...more] = columns.filter((use) => !isMeasure(use.column));
  if (
    counting &&
    thing &&
    more.length === 0 &&
    !slots.counted &&
    thing.column.role === 'dimension' &&
    !rowsAreThings(context)
  )
    slots.counted = thing;
  if (counting && !superlative) columns = [];
  if (measures.length > 0 && columns.length > 0 && !superlative) {
    const dims = columns.filter(
      (use) =>
        !isMeasure(use.column) ||
        (groups.length === 0 && slots.measures.some((measure) => measure.aggregate === 'count')),
    );
    const rest = columns.filter((use) => !dims.includes(use));
    groups.push(...dims.filter((use) => !groups.some((group) => group.column === use.column)));
    columns = rest;
  }
  // A counted column that nothing else groups: "the number of locations" drawn is one bar a location.
  if (slots.counted && groups.length === 0 && charted && columns.length === 0) groups.push(slots.counted);
  // "for cats and dogs": values side by side are compared.
  const side = slots.filters.find(
    (filter) =>
      filter.values !== null &&
      filter.values.length > 1 &&
      !isNumeric(filter.column) &&
      filter.column.role !== 'temporal' &&
      joinedByAnd(slots, filter.from, filter.to),
  );
  if (side && measures.length > 0 && !superlative && !groups.some((use) => use.column === side.column)) {
    groups.push({ column: side.column, grain: null, distinct: false, from: side.from, score: 1 });
  }
  const time = context.lexicon.temporal;
  // "compare the rain of 2012 and 2015": the years stand beside each other.
  const years = slots.filters.find((filter) => filter.column === time && (filter.values?.length ?? 0) > 1);
  const compares = slots.units.some((unit) => /^(compared?|comparing|comparison|vs|versus|against)$/.test(unit.word));
  if (
    years &&
    time &&
    compares &&
    !superlative &&
    (!rowsAreThings(context) ||
      columns.some((use) => use.column.defaultAggregate === 'sum' && isMeasure(use.column))) &&
    !groups.some((use) => use.column === time)
  ) {
    groups.push({
      ...useOf(time, years.from),
      grain: isNumeric(time) || time.type === 'text' ? null : grainOfStep(years.values?.[0] ?? null),
    });
    if (measures.length === 0 && columns.every((use) => !isMeasure(use.column)) && fallback)
      columns = [...columns, useOf(fallback, 0)];
  }
  const timed = [...groups, ...columns].some((use) => use.column.role === 'temporal' || use.column === time);
  // "by region since 2015 as a line chart": the years run, the regions are lines.
  const runsOverTime = slots.filters.some(
    (filter) => filter.column === time && filter.values === null && !filter.negated,
  );
  if (
    (slots.chart?.mark === 'line' || slots.chart?.mark === 'area') &&
    (slots.chart.implied || groups.length === 0 || runsOverTime) &&
    time &&
    !timed &&
    !superlative &&
    columns.every((use) => isMeasure(use.column)) &&
    !rowsAreThings(context)
  ) {
    // A line without an axis runs over time, what stands side by side as its series.
    const series = slots.filters.find(
      (filter) => (filter.values?.length ?? 0) > 1 && !isNumeric(filter.column) && filter.column !== time,
    );
    if (series && !groups.some((use) => use.column === series.column)) groups.push(useOf(series.column, series.from));
    const named = columns.length > 0 || measures.length > 0 || !fallback ? columns : [useOf(fallback, 0)];
    return grouped(context, slots, [{ ...useOf(time, 0), grain: trendGrain(time, slots) }, ...groups], named, measures);
  }
  if (
    compares &&
    fallback &&
    !charted &&
    !superlative &&
    groups.length === 0 &&
    measures.length === 0 &&
    columns.length > 0 &&
    columns.every((use) => !isMeasure(use.column)) &&
    !rowsAreThings(context) &&
    leadsObservation(context)
  )
    return grouped(context, slots, columns, [], [overRows(fallback)]);
  const keys = columns.filter((use) => !isMeasure(use.column));
  if (
    slots.order?.target === null &&
    !charted &&
    groups.length === 0 &&
    keys.length > 0 &&
    keys.length < columns.length &&
    !rowsAreThings(context) &&
    leadsObservation(context)
  )
    return grouped(
      context,
      slots,
      keys,
      columns.filter((use) => isMeasure(use.column)),
      measures,
    );
  if (superlative) return withSuperlative(context, slots, superlative, groups, columns, measures);
  if (groups.length > 0) return grouped(context, slots, groups, columns, measures);
  if (slots.having.length > 0 && columns.length > 0 && measures.length === 0) {
    const [entity, ...others] = columns;
    const last = columns.at(-1);
    if (
      columns.length > 1 &&
      entity &&
      last &&
      !isMeasure(last.column) &&
      slots.filters.length === 0 &&
      slots.units.some((unit) => unit.kind === 'subject' && unit.from < last.from)
    ) {
      // "ids of the channels from countries with more than two channels"
      const key = columnOf(last.column);
      const kept: Condition = { left: key, inQuery: { select: key, groupBy: [key], having: having(slots) } };
      const shown = unique(columns.slice(0, -1).map((use) => columnOf(use.column)));
      return {
        query: { datasetId: context.profile.id, select: shown.map(output), where: kept },
        chart: null,
        expects: shown.length === 1 ? 'values' : 'table',
        reading: null,
      };
    }
    if (entity && slots.having.some((having) => isAggregate(having.left)))
      return grouped(context, slots, [entity], others, []);
  }
  if (measures.length > 0) return aggregated(context, slots, measures);
  const spread = columns.length === 1 && slots.chart?.mark === 'bar' ? columns[0] : undefined;
  if (spread && isSpread(slots, spread.column)) return histogram(context, slots, spread.column);
  if (charted && columns.length === 1 && columns[0]) {
    const [only] = columns;
    if (
      isMeasure(only.column) &&
      context.lexicon.labels.length === 1 &&
      rowsAreThings(context) &&
      !slots.chart?.implied
    ) {
      return rows(
        context,
        slots,
        [labelUse(context), only].flatMap((use) => use ?? []),
      );
    }
    return grouped(context, slots, [only], [], [countRows]);
  }
  const [single] = columns;
  // Rows may be things of which a related one has many.
  const repeats = !rowsAreThings(context) || side?.column.origin !== undefined;
  if (side && fallback && !charted && columns.every((use) => isMeasure(use.column)) && repeats) {
    return grouped(
      context,
      slots,
      [{ column: side.column, grain: null, distinct: false, from: side.from, score: 1 }],
      [],
      [overRows(single?.column ?? fallback)],
    );
  }
  const listed =
    slots.units.some((unit) => /^(list|all|every|each|scores|values|what are)$/.test(unit.word)) ||
    slots.order !== null;
  if (
    columns.length === 1 &&
    single &&
    isMeasure(single.column) &&
    !charted &&
    !listed &&
    !rowsAreThings(context) &&
    slots.filters.length > 0 &&
    leadsObservation(context)
  ) {
    return {
      ...aggregated(context, slots, [overRows(single.column)]),
      reading: howRead(single.column, ' over the rows that fit'),
    };
  }
  if (
    columns.length === 1 &&
    single &&
    isMeasure(single.column) &&
    !charted &&
    slots.order === null &&
    asksForOne(context, slots)
  ) {
    return {
      ...aggregated(context, slots, [overRows(single.column)]),
      reading: howRead(single.column, ' over the rows that fit'),
    };
  }
  const main =
    columns.length === 0 &&
    slots.filters.length > 0 &&
    !rowsAreThings(context) &&
    !charted &&
    !listsRows(context, slots) &&
    !slots.units.some((unit) => /^(everything|information|info|details|rows|records)$/.test(unit.word))
      ? fallback
      : null;
  if (main)
    return {
      ...aggregated(context, slots, [overRows(main)]),
      reading: howRead(main, ''),
    };
  return ratios(context, slots, columns, measures) ?? rows(context, slots, columns);
}
