import type { Grain } from '../../../../datasets/query/analytical-query.js';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/* English words that give a stretch of the question its part. */

export const COUNT_PHRASES: ReadonlyMap<string, boolean> = new Map(
  (
    [
      ['how many', false],
      ['headcount', false],
      ['head count', false],
      ['how many numbers of', false],
      ['number of', false],
      ['numbers of', false],
      ['the number of', false],
      ['total number of', true],
      ['total number', true],
      ['total numbers of', true],
      ['total amount of times', false],
      ['amount of times', false],
      ['number of times', false],
      ['how many times', false],
      ['total count of', false],
      ['total how many', false],
      ['count of', false],
      ['count', false],
      ['counts', false],
      ['counts of', false],
      ['counting', false],
      ['amount of', true],
      ['amounts of', true],
      ['total amount of', true],
      ['quantity of', false],
      ['quantity', false],
      ['frequency of', false],
      ['frequency', false],
      ['count the number of', false],
      ['count them', false],
      ['corresponding number of', false],
      ['the amount of', true],
    ] as const
  ).map(([phrase, total]) => [phrase, total]),
);

export const DISTINCT = new Set(['different', 'distinct', 'unique', 'various', 'differing', 'diverse']);

export const COMMON = new Set([
  'common',
  'commonly',
  'frequent',
  'frequently',
  'popular',
  'often',
  'used',
  'prevalent',
]);

export const SHARE = new Set(['percentage', 'percent', 'proportion', 'share', 'fraction', 'portion', 'ratio']);

export const GRAIN_WORDS: ReadonlyMap<string, Grain> = new Map([
  ['year', 'year'],
  ['years', 'year'],
  ['yearly', 'year'],
  ['annually', 'year'],
  ['annual', 'year'],
  ['quarter', 'quarter'],
  ['quarterly', 'quarter'],
  ['month', 'month'],
  ['months', 'month'],
  ['monthly', 'month'],
  ['week', 'week'],
  ['weekly', 'week'],
  ['day', 'day'],
  ['daily', 'day'],
  ['hour', 'hour'],
  ['hourly', 'hour'],
  ['weekday', 'weekday'],
  ['week day', 'weekday'],
  ['weekdays', 'weekday'],
  ['day of the week', 'weekday'],
  ['day of week', 'weekday'],
  ['month of the year', 'month_of_year'],
  ['hour of the day', 'hour_of_day'],
]);

export const ROW_NOUNS = new Set([
  'record',
  'records',
  'row',
  'rows',
  'entry',
  'entries',
  'item',
  'items',
  'ones',
  'people',
  'persons',
  'person',
  'individuals',
  'things',
]);

export const COMPARATIVES: ReadonlyMap<string, Comparison> = new Map(
  (
    [
      ['greater', '>'],
      ['larger', '>'],
      ['higher', '>'],
      ['bigger', '>'],
      ['more', '>'],
      ['longer', '>'],
      ['smaller', '<'],
      ['lower', '<'],
      ['less', '<'],
      ['fewer', '<'],
      ['shorter', '<'],
    ] as const
  ).map(([word, op]) => [word, op]),
);

/** Words before a name that say which end of something it is, and what columns of that end are called. */
export const DIRECTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['to', /\b(to|destination|dest|arrival|target|receiver|recipient|receiving|ending|end)\b/],
  ['into', /\b(to|destination|dest|arrival|target)\b/],
  ['from', /\b(from|origin|source|departure|sender|sending|starting|start)\b/],
]);
