import type { Aggregate, Grain } from './analytical-query.js';
import type { Compiled } from './context.js';

export const GRAIN_WORDS: Readonly<Record<Grain, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  hour: 'hour',
  weekday: 'weekday',
  month_of_year: 'month of the year',
  day_of_month: 'day of the month',
  hour_of_day: 'hour of the day',
};

/** `Score` → `score` in the middle of a phrase; `GDP` and `CO2` stay. */
export const lowerFirst = (label: string): string =>
  /^\p{Lu}(?:\p{Ll}|\s|$)/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** `Average score`, `Earliest order date`. */
export function aggregateLabel(name: Aggregate, { label, type }: Compiled): string {
  const of = lowerFirst(label);
  const temporal = type === 'date' || type === 'timestamp';
  switch (name) {
    case 'count':
      return `Count of ${of}`;
    case 'count_distinct':
      return `Number of different ${of}`;
    case 'sum':
      return `Total ${of}`;
    case 'avg':
      return `Average ${of}`;
    case 'median':
      return `Median ${of}`;
    case 'q1':
      return `First quartile of ${of}`;
    case 'q3':
      return `Third quartile of ${of}`;
    case 'stddev':
      return `Standard deviation of ${of}`;
    case 'correlation':
      return `Correlation of ${of}`;
    case 'min':
      return `${temporal ? 'Earliest' : type === 'text' ? 'First' : 'Lowest'} ${of}`;
    case 'max':
      return `${temporal ? 'Latest' : type === 'text' ? 'Last' : 'Highest'} ${of}`;
  }
}

export const aggregateName = (name: Aggregate, { name: of }: Compiled): string => `${name}_${of}`;
