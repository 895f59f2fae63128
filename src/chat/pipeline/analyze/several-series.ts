import type { Finding } from '../turn.js';
import { calendarOf } from '../words/calendar.js';
import { cellWords, type Field } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf, ONE_OF_SEVERAL } from './interest.js';
import { alike, gapWords, pointsOf, valueWords } from './points.js';
import { changeValues, moments, seriesFindings, type Moment } from './series.js';

/** Several series: who moved most, who is ahead at the end, and each one's change when they are few. */
export function severalSeriesFindings(subject: Subject, x: Field, y: Field, color: Field): Finding[] {
  const calendar = calendarOf(x);
  const keys = [...new Set(subject.set.rows.map((row) => row[color.index] ?? null))].filter((key) => key !== null);
  const series = keys.flatMap((key) => {
    const points = moments(
      pointsOf(subject, x, y, (row) => row[color.index] === key),
      calendar,
    );
    const [first, last] = [points[0], points.at(-1)];
    return first === undefined || last === undefined ? [] : [{ key, name: cellWords(key, color), points, first, last }];
  });
  if (series.length < 2) return [];
  const found: Finding[] = [];
  const end = commonEnd(series.map(({ points }) => points));
  if (end !== null) {
    const standings = series.flatMap(({ name, points }) => {
      const point = points.find(({ at }) => at === end);
      return point === undefined ? [] : [{ ...point, period: point.name, name }];
    });
    const order = standings.toSorted((a, b) => b.value - a.value);
    const [top, next, bottom] = [order[0], order[1], order.at(-1)];
    if (top !== undefined && next !== undefined && bottom !== undefined && top.value !== bottom.value) {
      const two = series.length === 2;
      found.push(
        finding(
          'difference',
          interestOf('comparison'),
          two
            ? `In ${top.period} ${top.name} is ahead with ${valueWords(top.value, y)}, ${gapWords(top.value - bottom.value, y, [top.value, bottom.value])} above ${bottom.name} (${valueWords(bottom.value, y)})`
            : `In ${top.period} ${top.name} is highest with ${valueWords(top.value, y)}, then ${next.name} with ${valueWords(next.value, y)}; ${bottom.name} is lowest with ${valueWords(bottom.value, y)}`,
          {
            [top.name]: top.value,
            [next.name]: next.value,
            [bottom.name]: bottom.value,
            difference: top.value - bottom.value,
          },
          rowsOf(subject, [...new Set([top.row, next.row, bottom.row])]),
          [top.period, top.name, next.name, bottom.name],
        ),
      );
    }
  }
  if (series.length <= 3) {
    for (const { key, name } of series)
      found.push(
        ...seriesFindings(subject, x, y, name, (row) => row[color.index] === key).map((each) => ({
          ...each,
          interest: each.interest * ONE_OF_SEVERAL,
        })),
      );
    return found;
  }
  const changes = series
    .filter(({ first, last }) => first.at < last.at)
    .map((each) => ({ ...each, change: each.last.value - each.first.value }))
    .toSorted((a, b) => b.change - a.change);
  const told = [changes[0], changes.at(-1)].filter(
    (each, index, all) => each !== undefined && all.indexOf(each) === index,
  );
  for (const each of told)
    if (each !== undefined)
      found.push(
        finding(
          'change',
          interestOf('explanation'),
          alike(each.first.value, each.last.value, y)
            ? `${each.name} hardly changed from ${each.first.name} to ${each.last.name}: ${valueWords(each.last.value, y)}`
            : `${each.name} ${moveWords(each.change, each === changes[0])}: from ${valueWords(each.first.value, y)} in ${each.first.name} to ${valueWords(each.last.value, y)} in ${each.last.name}`,
          changeValues(each.first, each.last),
          rowsOf(subject, [each.first.row, each.last.row]),
          [each.name, each.first.name, each.last.name],
        ),
      );
  return found;
}

const moveWords = (change: number, top: boolean): string =>
  top ? (change > 0 ? 'rose most' : 'fell least') : change < 0 ? 'fell most' : 'rose least';

/** The last period that every series has. */
function commonEnd(series: readonly (readonly Moment[])[]): number | null {
  const [first = [], ...others] = series;
  const common = first
    .map(({ at }) => at)
    .filter((at) => others.every((points) => points.some((point) => point.at === at)));
  return common.at(-1) ?? null;
}
