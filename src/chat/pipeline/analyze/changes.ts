import type { Expression } from '../../../datasets/query/analytical-query.js';
import type { Finding } from '../turn.js';
import { calendarOf } from '../words/calendar.js';
import { expressionWords } from '../words/expressions.js';
import { formatNumber } from '../words/numbers.js';
import type { Field } from '../words/shape.js';
import { beforeWords } from '../words/windows.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { gapWords, highest, lowest, percentWords, pointsOf, valueWords, type Point } from './points.js';

type Window = Extract<Expression, { window: unknown }>;

/** The window of a column of changes against an earlier period; null for any other. */
export function changesIn({ expression }: Field): Window | null {
  if (expression === null || !('window' in expression)) return null;
  const { window, periods } = expression;
  return (window === 'change' || window === 'percent_change') && periods !== undefined ? expression : null;
}

/** Findings on changes against an earlier period, each told by its own: a change of changes says little. */
export function changeFindings(subject: Subject, x: Field, y: Field, window: Window): Finding[] {
  const points = pointsOf(subject, x, y);
  const calendar = calendarOf(x);
  const before = beforeWords(window, calendar.step);
  const what = expressionWords(window.of, subject.profile);
  const last = points.at(-1);
  const found: Finding[] = [];
  const inTime = (point: Point): string => `${calendar.step === 'day' ? 'on' : 'in'} ${point.name}`;
  if (last !== undefined) {
    const percent = window.window === 'percent_change';
    const by = percent ? percentWords(last.value) : gapWords(last.value, y);
    const told = last.value === 0 ? 'the same as' : `${by} ${last.value > 0 ? 'above' : 'below'} that of`;
    found.push(
      finding(
        'change',
        0.9,
        `${inTime(last)} the ${what} was ${told} ${before}`,
        { change: last.value },
        rowsOf(subject, [last.row]),
        [last.name, what, before],
      ),
    );
  }
  const [top, bottom] = [highest(points), lowest(points)];
  if (top !== undefined && bottom !== undefined && points.length > 2) {
    const rises = points.filter(({ value }) => value > 0).length;
    const ends = [
      ...(top.value > 0 ? [`the largest rise was ${inTime(top)} (${valueWords(top.value, y)})`] : []),
      ...(bottom.value < 0 ? [`the largest fall ${inTime(bottom)} (${valueWords(bottom.value, y)})`] : []),
    ];
    found.push(
      finding(
        'extreme',
        0.8,
        `It was above ${before} in ${formatNumber(rises)} of the ${formatNumber(points.length)} ${calendar.step}s that can be compared${ends.length > 0 ? `; ${ends.join(', ')}` : ''}`,
        { rises, compared: points.length, highest: top.value, lowest: bottom.value },
        allRows(subject),
        [top.name, bottom.name, before],
      ),
    );
  }
  const without = subject.set.rows.length - points.length;
  if (without > 0)
    found.push(
      finding(
        'missing',
        0.5,
        `${formatNumber(without)} of the ${formatNumber(subject.set.rows.length)} ${calendar.step}s ${without === 1 ? 'has' : 'have'} nothing to be compared with, since there is no ${what} for ${before}`,
        { without, periods: subject.set.rows.length },
        allRows(subject),
        [what, before],
      ),
    );
  return found;
}
