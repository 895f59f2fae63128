import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Slots } from '../clauses/slots.js';
import {
  aggregateOf,
  allOf,
  columnOf,
  conjuncts,
  countRows,
  isMeasure,
  isNumeric,
  outputName,
  sameExpression,
} from '../expressions.js';
import type { Context } from '../reader.js';
import {
  type Draft,
  everything,
  groupExpression,
  having,
  leadsObservation,
  orderOf,
  output,
  overRows,
  rowsAreThings,
  unique,
  where,
} from './build-parts.js';

/** "the distribution of ratings": many different numbers, shown in bins. */
export function isSpread(slots: Slots, column: ColumnProfile): boolean {
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

export function histogram(context: Context, slots: Slots, column: ColumnProfile): Draft {
  const bins: Expression = { column: column.name, bin: binWidth(column) };
  return {
    query: {
      datasetId: context.profile.id,
      select: [bins, countRows].map(output),
      where: where(slots),
      groupBy: [bins],
      orderBy: [{ by: bins, direction: 'asc' }],
    },
    chart: { mark: 'bar', x: outputName(bins), y: outputName(countRows), fitted: true },
    expects: 'table',
    reading: null,
  };
}

export function grouped(
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
      const single =
        keys.length === 1 && keys[0]?.grain === null && (keys[0]?.column.distinct ?? 0) >= context.profile.rowCount;
      if (single) return rows(context, slots, [...keys, ...columns]);
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
  values = [...unique(values)];
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
export function axesOf(
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

export function scattered(
  context: Context,
  slots: Slots,
  columns: readonly ColumnUse[],
  color: ColumnUse | null,
): Draft {
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

export function aggregated(context: Context, slots: Slots, measures: readonly Expression[]): Draft {
  const { counted } = slots;
  let values = measures;
  // "how many regions are there": different ones, unless the column tells the rows apart anyway.
  if (
    counted &&
    measures.length === 1 &&
    slots.measures[0]?.aggregate === 'count' &&
    !isMeasure(counted.column) &&
    counted.column.distinct < context.profile.rowCount &&
    // Of rows that are all in the East there is one region: the rows are counted.
    !slots.filters.some((filter) => filter.column === counted.column && filter.values?.length === 1)
  ) {
    values = [aggregateOf('count_distinct', counted.column)];
  }
  const select = unique(values);
  // "How many departments have more than 12 employees?": those that do.
  const key = counted && slots.having.length > 0 ? columnOf(counted.column) : null;
  const kept: Condition | undefined =
    key === null
      ? where(slots)
      : { left: key, inQuery: { select: key, where: where(slots), groupBy: [key], having: having(slots) } };
  return {
    query: { datasetId: context.profile.id, select: select.map(output), where: kept },
    chart: slots.chart ? { mark: slots.chart.mark ?? undefined } : null,
    expects: select.length === 1 ? 'value' : 'table',
    reading: null,
  };
}

export function rows(context: Context, slots: Slots, columns: readonly ColumnUse[]): Draft | null {
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
  const [only] = columns;
  // Of different values, an empty cell is none.
  const named: readonly Condition[] =
    distinct && only && columns.length === 1 && only.column.nulls > 0
      ? [{ missing: false, left: columnOf(only.column) }]
      : [];
  return {
    query: {
      datasetId: context.profile.id,
      select: shown.map(output),
      where: allOf([...conjuncts(where(slots)), ...named]),
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
