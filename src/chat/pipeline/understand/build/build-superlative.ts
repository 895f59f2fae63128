import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { type ColumnUse, endOf, type Slots, type Superlative } from '../clauses/slots.js';
import {
  aggregateOf,
  columnOf,
  columnsIn,
  countRows,
  isMeasure,
  isNumeric,
  outputName,
  sameExpression,
} from '../expressions.js';
import type { Context } from '../reader.js';
import { bestOfEach } from './best-of-each.js';
import { bestTime } from './best-time.js';
import { bothEnds } from './both-ends.js';
import { grouped } from './build-groups.js';
import {
  type Draft,
  groupExpression,
  having,
  isPlural,
  labelUse,
  mainMeasure,
  output,
  overRows,
  rowsAreThings,
  SEVERAL,
  unique,
  where,
} from './build-parts.js';

/** "Where is X highest?", "who has the most?": a name is asked for. */
const asksWhere = (slots: Slots): boolean => /^(where|who)$/.test(slots.units[0]?.word ?? '');

/** "Which month had the highest revenue?": one of the groups is asked for, not what each of them has. */
const isSought = ({ units }: Slots, { from }: ColumnUse): boolean =>
  /^(which|what)$/.test(units[units.findIndex((unit) => unit.from === from) - 1]?.word ?? '');

/** The column whose numbers an aggregate compares; null for counts. */
function comparedIn({ lexicon }: Context, value: Expression | undefined): ColumnProfile | null {
  if (value === undefined || ('aggregate' in value && value.aggregate.startsWith('count'))) return null;
  const [name] = columnsIn(value);
  return name === undefined ? null : (lexicon.columns.get(name) ?? null);
}

/** What a superlative asks for: one, the several of a plural, or both ends where "highest and lowest" is said. */
export function withSuperlative(
  context: Context,
  slots: Slots,
  superlative: Superlative,
  groups: readonly ColumnUse[],
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  const time = bestTime(context, slots, superlative, groups, measures);
  if (time !== null) return time;
  const each = bestOfEach(context, slots, superlative, groups, columns, measures);
  if (each !== null) return each;
  const draft = ranking(context, slots, superlative, groups, columns, measures);
  return draft === null ? null : bothEnds(context, slots, draft);
}

function ranking(
  context: Context,
  slots: Slots,
  superlative: Superlative,
  groups: readonly ColumnUse[],
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  const { limit } = superlative;
  const id = context.profile.id;
  const entities = [...groups, ...columns].filter((use) => use.column !== superlative.by);
  if (entities.every((use) => isMeasure(use.column)) && !rowsAreThings(context) && asksWhere(slots)) {
    const label = labelUse(context);
    if (label) entities.unshift(label);
  }
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
        orderBy: [{ by: countRows, direction: superlative.direction }],
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
  const direction = endOf(superlative, by ?? comparedIn(context, measured));
  // "the highest score" with nothing it belongs to, or "for each": an aggregate.
  const extreme = direction === 'desc' ? 'max' : 'min';
  const seeksGroup = !rowsAreThings(context) && groups.some((use) => isSought(slots, use));
  if (
    by &&
    superlative.direct &&
    superlative.aggregate === null &&
    groups.length > 0 &&
    columns.length === 0 &&
    !seeksGroup
  ) {
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
    // A related thing has many rows here.
    (entity !== null &&
      (!rowsAreThings(context) || entity.column.origin !== undefined || addsUp(context, entity, by)) &&
      !isNumeric(entity.column));
  if (perGroup && entity) {
    const value =
      measured ?? (by ? (superlative.aggregate ? aggregateOf(superlative.aggregate, by) : overRows(by)) : null);
    if (!value) return null;
    const keys = unique(entities.filter((use) => !isMeasure(use.column)).map(groupExpression));
    const several =
      limit === 1 && !slots.chart && keys.length === 1 && !rowsAreThings(context) && isPlural(slots, entity);
    return {
      query: {
        datasetId: id,
        select: [...keys, value].map(output),
        where: where(slots),
        groupBy: keys,
        having: having(slots),
        orderBy: [{ by: value, direction }],
        limit: several ? SEVERAL : limit,
      },
      chart: slots.chart
        ? { mark: slots.chart.mark ?? undefined, x: keys[0] ? outputName(keys[0]) : undefined, y: outputName(value) }
        : null,
      expects: limit === 1 && !several ? 'value' : 'values',
      reading: several ? `How many was not said: the first ${String(SEVERAL)}.` : null,
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

/** "Which product has the highest revenue?" where each product has many orders: all of them together. */
const addsUp = ({ profile }: Context, { column }: ColumnUse, by: ColumnProfile | null): boolean =>
  by?.defaultAggregate === 'sum' && column.type === 'text' && column.distinct < 0.5 * profile.rowCount;

export function numericOf(columns: readonly ColumnUse[]): ColumnProfile | null {
  return columns.find((use) => isMeasure(use.column))?.column ?? null;
}

/** "what is the highest score": the head of the question is the superlative itself. */
export function isValueQuestion(slots: Slots, superlative: Superlative): boolean {
  const before = slots.units.filter((unit) => unit.from < superlative.from);
  return (
    !before.some((unit) => /^(which|who|whose)$/.test(unit.word)) &&
    !slots.subjects.some((unit) => unit.from < superlative.from) &&
    !slots.units.some(
      (unit) => unit.kind === 'subject' && unit.from > superlative.from && before.at(-1)?.word === 'with',
    )
  );
}
