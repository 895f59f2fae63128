import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression, Grain } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { aggregateOf, allOf, columnOf, countRows, isMeasure, isNumeric, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { claim, has } from './analysis-parts.js';
import { type Draft, groupExpression, mainMeasure, output, overRows, trendGrain, unique } from './build-parts.js';
import { withinTime } from './time-range.js';
import { isInside, type WindowPhrase, windowPhrase, withoutPhrase } from './window-phrases.js';

const CHANGE =
  /^(changes?|changed|grow|grew|grown|growth|growing|increases?|increased|decreases?|decreased|difference|differences|gap|compared|rate)$/;
/** A moving average over nothing said is over this many. */
const USUAL_PERIODS = 3;
const IN_A_YEAR: Readonly<Partial<Record<Grain, number>>> = { year: 1, quarter: 4, month: 12, week: 52 };

/** "3-month moving average of sales", "year over year growth by month", "cumulative revenue": a number seen along its time. */
export function overPeriods(context: Context, asked: Slots): Draft | null {
  const phrase = windowPhrase(context.asked.question);
  const time = context.lexicon.temporal;
  if (phrase === null || time === null || time.type === 'text') return null;
  // "How did it change year over year from 2015 to 2020?" names the measure by "it": left to the follow-ups.
  const slots = withoutPhrase(context, asked, phrase);
  const value = valueOf(context, slots, phrase);
  const grain = grainOf(context, slots, time, phrase);
  if (value === null || grain === undefined) return null;
  const key = grain === null ? columnOf(time) : columnOf(time, grain);
  const within = unique(
    [...slots.groups, ...slots.columns]
      .filter((use) => !isMeasure(use.column) && use.column !== time)
      .map(groupExpression),
  );
  const window = windowOf(phrase, slots, value, key, grain, within);
  if (window === null) return null;
  // A running total starts with the stretch asked for; averages and changes look back beyond it.
  const kept = slots.filters.filter((filter) => filter.column === time && phrase.kind !== 'running');
  const range = withinTime(
    key,
    grain,
    kept.map(({ condition }) => condition),
  );
  if (range === null) return null;
  claim(slots, CHANGE);
  const others = slots.filters.filter((filter) => !kept.includes(filter)).map(({ condition }) => condition);
  const reading = phrase.kind === 'moving' ? readingOf(phrase, grain) : null;
  return draftOf(context, asked, { reading, key, within, value, window, range, where: allOf(others) });
}

/** What a moving average leaves open: over how many, and what becomes of days without rows. */
function readingOf({ count }: WindowPhrase, grain: Grain | null): string | null {
  const step = grain ?? 'year';
  const usual = count === null ? `Over how many ${step}s was not said: ${String(USUAL_PERIODS)}` : null;
  const gaps = step === 'day' || step === 'hour' ? `${step}s without rows are left out of each average` : null;
  return [usual, gaps].filter(Boolean).join('; ') || null;
}

interface Parts {
  readonly reading: string | null;
  readonly key: Expression;
  readonly within: readonly Expression[];
  readonly value: Expression;
  readonly window: Expression;
  /** The stretch of time to show; what is shown may look back beyond it. */
  readonly range: readonly Condition[];
  readonly where: Condition | undefined;
}

function draftOf(context: Context, slots: Slots, parts: Parts): Draft {
  const { reading, key, within, value, window, range, where } = parts;
  const { superlative, order } = slots;
  const known: readonly Condition[] = superlative ? [{ missing: false, left: window }] : [];
  const ranked: Pick<AnalyticalQuery, 'orderBy' | 'limit'> = superlative
    ? { orderBy: [{ by: window, direction: superlative.direction }], limit: superlative.limit }
    : { orderBy: [{ by: key, direction: order?.target === null ? order.direction : 'asc' }] };
  return {
    query: {
      datasetId: context.profile.id,
      select: unique([key, ...within, window, value]).map(output),
      where,
      groupBy: [key, ...within],
      qualify: allOf([...range, ...known]),
      ...ranked,
    },
    chart: superlative
      ? null
      : {
          mark: slots.chart?.mark ?? 'line',
          x: outputName(key),
          // An average is seen beside what it is the average of.
          y:
            'window' in window && window.window === 'moving_average' && within.length === 0
              ? undefined
              : outputName(window),
          color: within[0] ? outputName(within[0]) : undefined,
        },
    expects: superlative?.limit === 1 ? 'value' : 'table',
    reading,
  };
}

/** What is added up or averaged in each period: "average" belongs to "moving average", and so asks for nothing more. */
function valueOf(context: Context, slots: Slots, phrase: WindowPhrase): Expression | null {
  const own = slots.measures.find((measure) => !isInside(context, phrase, measure.from));
  if (own?.aggregate === 'count' || own?.aggregate === 'count_distinct')
    return slots.counted && own.aggregate === 'count_distinct'
      ? aggregateOf('count_distinct', slots.counted.column)
      : countRows;
  if (own?.column) return aggregateOf(own.aggregate, own.column);
  const column =
    slots.measures.find((measure) => measure.column !== null)?.column ??
    slots.columns.find((use) => isMeasure(use.column))?.column ??
    slots.superlative?.by ??
    mainMeasure(context);
  return column ? overRows(column) : null;
}

/** Steps of time: as said, or what fits the stretch; undefined where the time has no such steps. */
function grainOf(context: Context, slots: Slots, time: ColumnProfile, phrase: WindowPhrase): Grain | null | undefined {
  const { kind, unit } = phrase;
  // "Which month had the highest growth year over year?" has two: the one outside the phrase is meant.
  const named = slots.units.find((one) => one.kind === 'grain' && !isInside(context, phrase, one.from));
  const group = slots.groups.find((use) => use.column === time);
  const said = named?.kind === 'grain' ? named.grain : (group?.grain ?? (group && time.type === 'date' ? 'day' : null));
  if (isNumeric(time)) {
    const wanted = kind === 'year' ? said : (unit ?? said);
    return wanted === null || wanted === 'year' ? null : undefined;
  }
  const grain = unit ?? said ?? (kind === 'year' ? 'year' : trendGrain(time, slots)) ?? 'month';
  if (grain === 'hour' && time.type === 'date') return undefined;
  return kind !== 'year' || IN_A_YEAR[grain] !== undefined ? grain : undefined;
}

function windowOf(
  { kind, count }: WindowPhrase,
  slots: Slots,
  of: Expression,
  orderBy: Expression,
  grain: Grain | null,
  parts: readonly Expression[],
): Expression | null {
  const within = parts.length > 0 ? parts : undefined;
  if (kind === 'moving') return { window: 'moving_average', of, orderBy, within, periods: count ?? USUAL_PERIODS };
  if (kind === 'running') return { window: 'running', of, orderBy, within };
  const percent =
    slots.share ||
    has(slots, /^(percent|percentage|growth|rate|grow|grew|grown|growing)$/) ||
    !has(slots, /^(change[ds]?|difference|differences|increase[ds]?|decrease[ds]?|gap)$/);
  const periods = kind === 'step' ? 1 : (IN_A_YEAR[grain ?? 'year'] ?? 1);
  return { window: percent ? 'percent_change' : 'change', of, orderBy, within, periods };
}
