import type { Scalar } from '../../../common/scalar.js';
import type { Finding } from '../turn.js';
import { formatNumber } from '../words/numbers.js';
import { cellWords, type Field } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { gapWords, highest, lowest, pointsOf, valueWords, type Point } from './points.js';

/** Findings on one value by two groups: the largest and smallest cell, and with two series who is ahead where. */
export function matrixFindings(subject: Subject, x: Field, y: Field, color: Field): Finding[] {
  const cells = pointsOf(subject, x, y).map((point) => {
    const key = subject.set.rows[point.row]?.[color.index] ?? null;
    return { ...point, color: key, series: cellWords(key, color) };
  });
  const [top, bottom] = [highest(cells), lowest(cells)];
  if (top === undefined || bottom === undefined || cells.length < 2) return [];
  const found: Finding[] = [];
  const place = (point: Point): string =>
    `${cellWords(subject.set.rows[point.row]?.[color.index] ?? null, color)} in ${point.name}`;
  if (top.value !== bottom.value)
    found.push(
      finding(
        'extreme',
        interestOf('explanation'),
        `The highest ${y.words} is that of ${place(top)} (${valueWords(top.value, y)}), the lowest that of ${place(bottom)} (${valueWords(bottom.value, y)})`,
        { highest: top.value, lowest: bottom.value },
        rowsOf(subject, [top.row, bottom.row]),
        [place(top), place(bottom), y.words],
      ),
    );
  const keys = [...new Set(cells.map((cell) => cell.color))];
  const [a, b] = keys;
  if (keys.length === 2 && a !== undefined && b !== undefined) found.push(...twoSeries(subject, y, cells, a, b));
  return found;
}

interface Cell extends Point {
  readonly color: Scalar;
  readonly series: string;
}

function twoSeries(subject: Subject, y: Field, cells: readonly Cell[], a: Scalar, b: Scalar): Finding[] {
  const other = new Map(cells.filter((cell) => cell.color === b).map((cell) => [cell.key, cell]));
  const pairs = cells.flatMap((left) => {
    const right = left.color === a ? other.get(left.key) : undefined;
    return right === undefined ? [] : [{ left, right, gap: left.value - right.value }];
  });
  const [sample] = pairs;
  if (sample === undefined || pairs.length < 2) return [];
  const ahead = pairs.filter(({ gap }) => gap > 0).length;
  const behind = pairs.filter(({ gap }) => gap < 0).length;
  const [leader, wins] = ahead >= behind ? [sample.left.series, ahead] : [sample.right.series, behind];
  const trailer = leader === sample.left.series ? sample.right.series : sample.left.series;
  const widest = pairs.reduce((best, pair) => (Math.abs(pair.gap) > Math.abs(best.gap) ? pair : best));
  return [
    finding(
      'difference',
      interestOf('overview'),
      `${leader} is above ${trailer} in ${wins === pairs.length ? 'all' : `${formatNumber(wins)} of`} ${formatNumber(pairs.length)}; the widest gap is in ${widest.left.name}: ${gapWords(widest.gap, y)}`,
      { above: wins, pairs: pairs.length, gap: widest.gap },
      rowsOf(
        subject,
        pairs.flatMap(({ left, right }) => [left.row, right.row]),
      ),
      [leader, trailer, widest.left.name],
    ),
  ];
}
