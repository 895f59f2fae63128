import type { Finding } from '../turn.js';
import { formatNumber } from '../words/numbers.js';
import { cellWords, numberAt } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { gapWords } from './points.js';
import { pNames, pWords } from './series.js';
import { welch, type Sample } from './statistics/welch.js';

/** A mean of fewer rows is too loose for a test. */
const FEWEST_ROWS = 5;

/**
 * Whether the averages of two groups differ by more than chance would make of rows like theirs. `sample` gives their standard
 * deviations and numbers of values.
 */
export function twoGroupsFinding(primary: Subject, sample: Subject): Finding | null {
  const { x, y, kind } = primary.shape;
  const [deviation, count] = sample.shape.fields.slice(-2);
  if (kind !== 'categories' || x === null || y === null || deviation === undefined || count === undefined) return null;
  if (primary.set.rows.length !== 2 || sample.shape.fields.length !== 3) return null;
  const groups = primary.set.rows.flatMap((row, index) => {
    const key = row[x.index] ?? null;
    const at = sample.set.rows.findIndex((each) => each[0] === key);
    const [mean, spread, n] = [
      numberAt(row, y),
      numberAt(sample.set.rows[at], deviation),
      numberAt(sample.set.rows[at], count),
    ];
    return mean === null || spread === null || n === null || n < FEWEST_ROWS
      ? []
      : [{ index, at, name: cellWords(key, x), mean, deviation: spread, n }];
  });
  const [high, low] = groups.toSorted((a, b) => b.mean - a.mean);
  const test = high === undefined || low === undefined ? null : welch(high satisfies Sample, low);
  if (test === null || high === undefined || low === undefined) return null;
  const { pValue, t, interval } = test;
  const range = `95 % interval ${interval[0] < 0 ? '−' : ''}${gapWords(interval[0], y)} to ${gapWords(interval[1], y)}`;
  const rows = `${formatNumber(high.n)} and ${formatNumber(low.n)} rows`;
  const how = `Welch’s t = ${formatNumber(t, { decimals: 2, unit: null })}, p ${pWords(pValue)}, ${rows}; ${range}`;
  return finding(
    'difference',
    interestOf('part'),
    pValue < 0.05
      ? `With rows that differ as these do, the difference is more than chance would make (${how})`
      : `With rows that differ as these do, the difference could be chance (${how})`,
    { t, pValue, low: interval[0], high: interval[1], confidence: 95, [high.name]: high.n, [low.name]: low.n },
    [...rowsOf(primary, [high.index, low.index]), ...rowsOf(sample, [high.at, low.at])],
    pNames(pValue),
  );
}
