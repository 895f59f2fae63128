import type { ColumnProfile } from '../../../datasets/profile.js';
import type {
  AnalyticalQuery,
  Condition,
  Expression,
  Order,
  Output,
} from '../../../datasets/query/analytical-query.js';
import type { ChartRequest, Understanding } from '../turn.js';
import {
  aggregateOf,
  allOf,
  columnOf,
  compare,
  countRows,
  isAggregate,
  isMeasure,
  isNumeric,
  outputName,
  sameExpression,
} from './expressions.js';
import type { Context } from './reader.js';
import type { ColumnUse, Measure, Slots, Superlative } from './slots.js';

/** A query in the making, and what the answer's form should be. */
export interface Draft {
  readonly query: AnalyticalQuery;
  readonly chart: ChartRequest | null;
  readonly expects: Understanding['expects'];
  readonly reading: string | null;
}

export const output = (value: Expression): Output => ({ value, as: outputName(value) });

export const groupExpression = (use: ColumnUse): Expression => columnOf(use.column, use.grain ?? undefined);

/** Does a row have a name of its own? (A table of things; the opposite is a table of observations.) */
export function rowsAreThings(context: Context): boolean {
  const { labels, profile } = context.lexicon;
  const telling = labels.reduce((most, column) => Math.max(most, column.distinct), 0);
  return profile.rowCount > 0 && (telling >= 0.8 * profile.rowCount || labels.length > 1);
}

/** The number that "show me the …" means when none is named: the first measure. */
export function mainMeasure(context: Context): ColumnProfile | null {
  return context.profile.columns.find(isMeasure) ?? null;
}

/** Default aggregate of a measure over several rows. */
export const overRows = (column: ColumnProfile): Expression => aggregateOf(column.defaultAggregate, column);

function measureExpression(
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
function countsThings(context: Context, slots: Slots): boolean {
  const { counted } = slots;
  if (!counted || slots.chart !== null || slots.groups.length === 0 || rowsAreThings(context)) return false;
  return !isMeasure(counted.column) && !slots.groups.some((use) => use.column === counted.column);
}

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
  const fallback = mainMeasure(context);
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
      joinedByAnd(slots, filter.from, filter.to),
  );
  if (side && measures.length > 0 && !superlative && !groups.some((use) => use.column === side.column)) {
    groups.push({ column: side.column, grain: null, distinct: false, from: side.from, score: 1 });
  }
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
  const time = context.lexicon.temporal;
  if (
    slots.chart?.mark === 'line' &&
    slots.chart.implied &&
    time &&
    columns.every((use) => isMeasure(use.column)) &&
    !rowsAreThings(context)
  ) {
    const grain = isNumeric(time) || time.type === 'text' ? null : ('year' as const);
    return grouped(
      context,
      slots,
      [{ column: time, grain, distinct: false, from: 0, score: 1 }],
      columns.length > 0
        ? columns
        : fallback
          ? [{ column: fallback, grain: null, distinct: false, from: 0, score: 1 }]
          : [],
      [],
    );
  }
  const [single] = columns;
  if (side && fallback && !charted && columns.every((use) => isMeasure(use.column)) && !rowsAreThings(context)) {
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
      reading: `${single.column.label}, ${single.column.defaultAggregate === 'sum' ? 'added up' : 'on average'} over the rows that fit.`,
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
      reading: `${single.column.label}, ${single.column.defaultAggregate === 'sum' ? 'added up' : 'on average'} over the rows that fit.`,
    };
  }
  const main =
    columns.length === 0 &&
    slots.filters.length > 0 &&
    !rowsAreThings(context) &&
    !charted &&
    !slots.units.some((unit) => /^(everything|information|info|details|rows|records)$/.test(unit.word))
      ? fallback
      : null;
  if (main)
    return {
      ...aggregated(context, slots, [overRows(main)]),
      reading: `${main.label}, ${main.defaultAggregate === 'sum' ? 'added up' : 'on average'}.`,
    };
  return rows(context, slots, columns);
}

/** "high income countries": the noun after a value only says what the value describes. */
function headNouns(context: Context, slots: Slots): void {
  if (rowsAreThings(context)) return;
  slots.columns = slots.columns.filter((use) => {
    const at = slots.units.findIndex((unit) => unit.from === use.from);
    const before = slots.units[at - 1];
    return !(
      before?.kind === 'value' &&
      before.match.column !== use.column &&
      !isMeasure(use.column) &&
      slots.chart !== null &&
      slots.columns.length + slots.groups.length > 1
    );
  });
}

const EVERYTHING = /^(all|everything|data|dataset|table|rows?|records?|information|info|details|entries|list)$/;

function asksNothing(slots: Slots): boolean {
  const named =
    slots.columns.length +
    slots.groups.length +
    slots.measures.length +
    slots.filters.length +
    slots.having.length +
    slots.subjects.length;
  return (
    named === 0 &&
    !slots.superlative &&
    !slots.order &&
    !slots.counted &&
    !slots.units.some((unit) => EVERYTHING.test(unit.word))
  );
}

/** Observations over time or places: a table with a time and numbers, where no column names single rows. */
function leadsObservation(context: Context): boolean {
  return context.lexicon.temporal !== null && context.profile.columns.some(isMeasure);
}

/** "How many directors served…": one number is asked for, whatever else is named. */
function leadsWithCount(slots: Slots): boolean {
  const first = slots.units.find((unit) => unit.kind !== 'stop');
  return (
    first?.kind === 'count' &&
    slots.units.every((unit) => unit.kind !== 'each' && unit.kind !== 'by' && unit.kind !== 'distinct') &&
    slots.units[0]?.word !== 'show'
  );
}

/** "What is the population of the Caribbean?": one number of a group of rows. */
function asksForOne(context: Context, slots: Slots): boolean {
  const [filter, ...rest] = slots.filters;
  if (!filter?.values || rest.length > 0 || slots.subjects.length > 0 || slots.eachRow) return false;
  const singular = slots.units.some(
    (unit) => unit.word === 'is' || unit.word === 'was' || (unit.kind === 'count' && unit.word === 'how'),
  );
  return (
    singular &&
    filter.column.role === 'dimension' &&
    !context.lexicon.labels.includes(filter.column) &&
    filter.column.distinct < context.profile.rowCount / 2
  );
}

function joinedByAnd(slots: Slots, from: number, to: number): boolean {
  const inside = slots.units.filter((unit) => unit.from > from && unit.from < to);
  return inside.some((unit) => unit.kind === 'and') && !inside.some((unit) => unit.kind === 'or');
}

/** "the distribution of ratings": many different numbers, shown in bins. */
function isSpread(slots: Slots, column: ColumnProfile): boolean {
  const asked =
    slots.units.some((unit) => /^(distributions?|distributed|spread)$/.test(unit.word)) ||
    slots.chart?.histogram === true;
  return (
    asked &&
    isMeasure(column) &&
    column.distinct > 20 &&
    typeof column.min === 'number' &&
    typeof column.max === 'number'
  );
}

/** About ten bins of a round width (1, 2 or 5 times a power of ten). */
export function binWidth(column: ColumnProfile): number {
  const raw = (Number(column.max) - Number(column.min)) / 10;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = raw / power;
  return (step <= 1 ? 1 : step <= 2 ? 2 : step <= 5 ? 5 : 10) * power;
}

function histogram(context: Context, slots: Slots, column: ColumnProfile): Draft {
  const bins: Expression = { column: column.name, bin: binWidth(column) };
  return {
    query: {
      datasetId: context.profile.id,
      select: [bins, countRows].map(output),
      where: where(slots),
      groupBy: [bins],
      orderBy: [{ by: bins, direction: 'asc' }],
    },
    chart: { mark: 'bar', x: outputName(bins), y: outputName(countRows) },
    expects: 'table',
    reading: null,
  };
}

function labelUse(context: Context): ColumnUse | null {
  const column = context.lexicon.labels[0];
  return column ? { column, grain: null, distinct: false, from: 0, score: 1 } : null;
}

function where(slots: Slots): Condition | undefined {
  return allOf(slots.filters.map((filter) => filter.condition));
}

function having(slots: Slots): Condition | undefined {
  return allOf(slots.having.map((one) => compare(one.left, one.op, one.right)));
}

function grouped(
  context: Context,
  slots: Slots,
  uses: readonly ColumnUse[],
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  // Different things counted within their own groups are one each; the rows are meant.
  let values = measures.map((value) =>
    'aggregate' in value &&
    value.aggregate === 'count_distinct' &&
    uses.some((use) => value.of !== null && sameExpression(value.of, groupExpression(use)))
      ? countRows
      : value,
  );
  let keys = [...uses];
  const charted = slots.chart !== null;
  const points = slots.chart?.mark === 'point' && measures.length === 0;
  if (points && columns.length >= 2) {
    // "relationship between A and B, grouped by C": rows, coloured by C.
    return scattered(context, slots, columns, uses[0] ?? null);
  }
  if (points && columns.length === 1 && uses.length >= 1) {
    return scattered(
      context,
      slots,
      [...uses, ...columns].sort((left, right) => left.from - right.from),
      null,
    );
  }
  if (values.length === 0) {
    const numeric = columns.filter((use) => isMeasure(use.column));
    const others = columns.filter((use) => !isMeasure(use.column));
    if (numeric.length > 0) {
      const unique = keys.length === 1 && (keys[0]?.column.distinct ?? 0) >= context.profile.rowCount;
      if (unique) return rows(context, slots, [...keys, ...columns]);
      values = numeric.map((use) => overRows(use.column));
      keys = [...keys, ...others];
    } else {
      const added = others.filter((use) => !keys.some((key) => key.column === use.column));
      if (!charted && added.length > 0 && slots.having.length === 0 && !slots.back.length)
        return rows(context, slots, [...columns]);
      keys = [...keys, ...added];
      values = slots.having.length > 0 && !charted ? [] : [countRows];
    }
  } else {
    for (const use of columns) if (isMeasure(use.column)) values.push(overRows(use.column));
  }
  const keyExpressions = unique(keys.map(groupExpression));
  const select = [...keyExpressions, ...values];
  const [x, color] = axesOf(keyExpressions, keys, slots);
  const valueName = values[0] ? outputName(values[0]) : undefined;
  const timed = keyExpressions.find((key, index) => keys[index]?.column.role === 'temporal' && key === x);
  const order =
    orderOf(slots, x ?? keyExpressions[0] ?? null, values[0] ?? null, select) ??
    (timed ? [{ by: timed, direction: 'asc' as const }] : []);
  const points2 = slots.chart?.mark === 'point' && values.length >= 2;
  return {
    query: {
      datasetId: context.profile.id,
      select: select.map(output),
      where: where(slots),
      groupBy: keyExpressions,
      having: having(slots),
      orderBy: order.length > 0 ? order : undefined,
    },
    chart: {
      mark: slots.chart?.mark ?? undefined,
      stacked: slots.chart?.stacked === true ? true : undefined,
      x: points2 && values[0] ? outputName(values[0]) : x ? outputName(x) : undefined,
      y: points2 && values[1] ? outputName(values[1]) : valueName,
      color: points2
        ? keyExpressions[0]
          ? outputName(keyExpressions[0])
          : undefined
        : color
          ? outputName(color)
          : undefined,
    },
    expects: values.length === 0 && keyExpressions.length === 1 ? 'values' : 'table',
    reading: null,
  };
}

/** The axis group first (time before others), then the one that colours. */
function axesOf(
  keys: readonly Expression[],
  uses: readonly ColumnUse[],
  slots: Slots,
): readonly [Expression | undefined, Expression | undefined] {
  const time = keys.findIndex((_, index) => uses[index]?.column.role === 'temporal');
  const first = time === -1 ? 0 : time;
  const rest = keys.filter((_, index) => index !== first);
  if (slots.chart?.stacked === true && time === -1 && keys.length > 1) return [keys[0], keys[1]];
  return [keys[first], rest[0]];
}

function scattered(context: Context, slots: Slots, columns: readonly ColumnUse[], color: ColumnUse | null): Draft {
  const kept = color ? columns.slice(0, 2) : columns.slice(0, 3);
  const third = color ?? (kept.length > 2 ? (kept[2] ?? null) : null);
  const shown = [...kept.slice(0, 2), ...(third ? [third] : [])].map((use) => columnOf(use.column));
  const names = shown.map(outputName);
  return {
    query: { datasetId: context.profile.id, select: shown.map(output), where: where(slots) },
    chart: { mark: slots.chart?.mark ?? 'point', x: names[0], y: names[1], color: names[2] },
    expects: 'table',
    reading: null,
  };
}

function unique(expressions: readonly Expression[]): readonly Expression[] {
  return expressions.filter(
    (expression, index) => expressions.findIndex((other) => sameExpression(other, expression)) === index,
  );
}

function aggregated(context: Context, slots: Slots, measures: readonly Expression[]): Draft {
  const { counted } = slots;
  let values = measures;
  // "how many regions are there": different ones, unless the column tells the rows apart anyway.
  if (
    counted &&
    measures.length === 1 &&
    slots.measures[0]?.aggregate === 'count' &&
    !isMeasure(counted.column) &&
    counted.column.distinct < context.profile.rowCount
  ) {
    values = [aggregateOf('count_distinct', counted.column)];
  }
  const select = unique(values);
  return {
    query: { datasetId: context.profile.id, select: select.map(output), where: where(slots) },
    chart: slots.chart ? { mark: slots.chart.mark ?? undefined } : null,
    expects: select.length === 1 ? 'value' : 'table',
    reading: null,
  };
}

function rows(context: Context, slots: Slots, columns: readonly ColumnUse[]): Draft | null {
  const charted = slots.chart !== null;
  const third = charted && columns.length === 3 ? (columns[2] ?? null) : null;
  if (slots.chart?.mark === 'point' && columns.length >= 2) return scattered(context, slots, columns, null);
  const asked = columns.length > 0;
  const compared = slots.filters.some((filter) => JSON.stringify(filter.condition).includes('"scalar"'));
  const shown =
    !asked && compared && !charted
      ? context.lexicon.labels.map((column) => columnOf(column))
      : asked
        ? unique(columns.map((use) => columnOf(use.column)))
        : everything(context, slots);
  // Observations repeat their dimensions: "list all countries" means each of them once.
  const repeats =
    asked &&
    !charted &&
    !rowsAreThings(context) &&
    leadsObservation(context) &&
    columns.every((use) => !isMeasure(use.column));
  const distinct = repeats || columns.some((use) => use.distinct);
  const numeric =
    columns.find((use, index) => isNumeric(use.column) && index > 0) ?? columns.find((use) => isNumeric(use.column));
  const other = columns.find((use) => use !== numeric);
  const x = other ? columnOf(other.column) : shown[0];
  const y = numeric ? columnOf(numeric.column) : shown[1];
  // Slices of a pie are parts of a whole: lines of one slice belong together.
  if (
    slots.chart?.mark === 'arc' &&
    columns.length === 2 &&
    other &&
    numeric &&
    !isNumeric(other.column) &&
    isMeasure(numeric.column) &&
    other.column.distinct < context.profile.rowCount &&
    slots.filters.length === 0
  ) {
    return grouped(context, slots, [other], [], [aggregateOf('sum', numeric.column)]);
  }
  const order = orderOf(slots, x ?? null, y ?? null, shown) ?? [];
  return {
    query: {
      datasetId: context.profile.id,
      select: shown.map(output),
      where: where(slots),
      having: undefined,
      orderBy: order.length > 0 ? order : undefined,
      distinct: distinct ? true : undefined,
    },
    chart: charted
      ? {
          mark: slots.chart?.mark ?? undefined,
          x: x ? outputName(x) : undefined,
          y: y ? outputName(y) : undefined,
          color: third ? outputName(columnOf(third.column)) : undefined,
        }
      : null,
    expects: columns.length === 1 ? 'values' : 'table',
    reading: null,
  };
}

/** Whole rows; "which …" and "who …" have the name first. */
function everything(context: Context, slots: Slots): readonly Expression[] {
  const all = context.profile.columns.map((column) => columnOf(column));
  const seeks = slots.units.some((unit) => /^(which|who|whom|name)$/.test(unit.word));
  return seeks ? unique([...context.lexicon.labels.map((column) => columnOf(column)), ...all]) : all;
}

/** The order asked for, in terms of what is shown; null when none. */
export function orderOf(
  slots: Slots,
  x: Expression | null,
  y: Expression | null,
  select: readonly Expression[],
): Order[] | null {
  const { order } = slots;
  if (!order) return null;
  const { direction, target } = order;
  const grouped = select.some(isAggregate);
  const by = ((): Expression | null => {
    if (target === null) return y ?? x ?? select[0] ?? null;
    if (target.kind === 'quality') return y ?? x;
    if (target.kind !== 'column') return target.kind === 'x' ? x : (y ?? x);
    if (target.aggregate === 'count') return countRows;
    if (target.aggregate !== null) return aggregateOf(target.aggregate, target.column);
    const shown = select.find((expression) => 'column' in expression && expression.column === target.column.name);
    if (shown) return shown;
    const measured = select.find(
      (expression) =>
        'aggregate' in expression &&
        expression.of !== null &&
        'column' in expression.of &&
        expression.of.column === target.column.name,
    );
    if (measured) return measured;
    if (grouped)
      return isMeasure(target.column)
        ? overRows(target.column)
        : target.column.role === 'temporal'
          ? aggregateOf('min', target.column)
          : null;
    return columnOf(target.column);
  })();
  if (!by) return null;
  const more = grouped ? [] : order.more.map((column): Order => ({ by: columnOf(column), direction }));
  return [{ by, direction }, ...more];
}

function withSuperlative(
  context: Context,
  slots: Slots,
  superlative: Superlative,
  groups: readonly ColumnUse[],
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  const { direction, limit } = superlative;
  const id = context.profile.id;
  const entities = [...groups, ...columns].filter((use) => use.column !== superlative.by);
  const entity = entities.find((use) => use.from < superlative.from) ?? entities[0] ?? null;
  if (
    superlative.counted ||
    (measures.some((measure) => sameExpression(measure, countRows)) && superlative.by === null)
  ) {
    const key = superlative.by === null ? (groups[0] ?? entity) : null;
    if (!key) return null;
    const expression = groupExpression(key);
    const shown = slots.measures.length > 0 || slots.chart ? [expression, countRows] : [expression];
    return {
      query: {
        datasetId: id,
        select: shown.map(output),
        where: where(slots),
        groupBy: [expression],
        having: having(slots),
        orderBy: [{ by: countRows, direction }],
        limit,
      },
      chart: slots.chart ? { mark: slots.chart.mark ?? undefined, x: outputName(expression), y: 'count' } : null,
      expects: limit === 1 ? 'value' : 'values',
      reading: null,
    };
  }
  const measured0 = context.profile.columns.filter(isMeasure);
  const guess = measured0.length === 1 || !rowsAreThings(context) ? mainMeasure(context) : null;
  const by = superlative.by ?? numericOf(columns) ?? (measures.length > 0 ? null : guess);
  const [measured] = measures;
  if (!by && !measured) return null;
  // "the highest score" with nothing it belongs to, or "for each": an aggregate.
  const extreme = direction === 'desc' ? 'max' : 'min';
  if (by && superlative.direct && superlative.aggregate === null && groups.length > 0 && columns.length === 0) {
    return grouped(context, slots, groups, [], [aggregateOf(extreme, by)]);
  }
  if (
    by &&
    superlative.direct &&
    superlative.aggregate === null &&
    entities.length === 0 &&
    limit === 1 &&
    isValueQuestion(slots, superlative)
  ) {
    return {
      query: { datasetId: id, select: [output(aggregateOf(extreme, by))], where: where(slots) },
      chart: null,
      expects: 'value',
      reading: null,
    };
  }
  const perGroup =
    superlative.aggregate !== null ||
    measured !== undefined ||
    (entity !== null && !rowsAreThings(context) && !isNumeric(entity.column));
  if (perGroup && entity) {
    const value =
      measured ?? (by ? (superlative.aggregate ? aggregateOf(superlative.aggregate, by) : overRows(by)) : null);
    if (!value) return null;
    const keys = unique(entities.filter((use) => !isMeasure(use.column)).map(groupExpression));
    return {
      query: {
        datasetId: id,
        select: [...keys, value].map(output),
        where: where(slots),
        groupBy: keys,
        having: having(slots),
        orderBy: [{ by: value, direction }],
        limit,
      },
      chart: slots.chart
        ? { mark: slots.chart.mark ?? undefined, x: keys[0] ? outputName(keys[0]) : undefined, y: outputName(value) }
        : null,
      expects: limit === 1 ? 'value' : 'values',
      reading: null,
    };
  }
  if (!by) return null;
  const labels = context.lexicon.labels.map((column) => columnOf(column));
  // The column that ranks is shown too when it is asked for by itself: "list the episode and rating".
  const named = columns.some((use) => use.column === superlative.by && use.from > superlative.from)
    ? [...entities, ...columns.filter((use) => use.column === superlative.by)]
    : entities;
  const asked = unique(named.map((use) => columnOf(use.column)));
  // A bare number names nobody: then the whole row is shown.
  const bare =
    context.lexicon.labels.every((column) => column.role === 'identifier') && context.profile.columns.length <= 6;
  const whole = unique([...labels, ...context.profile.columns.map((column) => columnOf(column))]);
  const shown = asked.length > 0 ? asked : bare ? whole : labels;
  const withMeasure = slots.chart ? unique([...shown, columnOf(by)]) : shown;
  return {
    query: {
      datasetId: id,
      select: withMeasure.map(output),
      where: where(slots),
      orderBy: [{ by: columnOf(by), direction }],
      limit,
    },
    chart: slots.chart
      ? {
          mark: slots.chart.mark ?? undefined,
          x: shown[0] ? outputName(shown[0]) : undefined,
          y: outputName(columnOf(by)),
        }
      : null,
    expects: shown.length > 1 ? 'table' : limit === 1 ? 'value' : 'values',
    reading: null,
  };
}

function numericOf(columns: readonly ColumnUse[]): ColumnProfile | null {
  return columns.find((use) => isMeasure(use.column))?.column ?? null;
}

/** "what is the highest score": the head of the question is the superlative itself. */
function isValueQuestion(slots: Slots, superlative: Superlative): boolean {
  const before = slots.units.filter((unit) => unit.from < superlative.from);
  return (
    !before.some((unit) => /^(which|who|whose)$/.test(unit.word)) &&
    !slots.subjects.some((unit) => unit.from < superlative.from) &&
    !slots.units.some(
      (unit) => unit.kind === 'subject' && unit.from > superlative.from && before.at(-1)?.word === 'with',
    )
  );
}
