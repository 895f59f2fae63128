import type { Finding } from '../turn.js';
import { changeIn } from '../words/derived.js';
import { listed } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { cellWords, numberAt, type Field } from '../words/shape.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { interestOf, surpriseOf } from './interest.js';
import { alike, endWords, gapWords, percentWords, pointsOf, relative, valueWords, type Point } from './points.js';
import { distributionOf, outliersOf } from './statistics/quantiles.js';

/** Whether the rows are all the groups there are, so that shares of their total mean something. */
export const isWhole = ({ set }: Subject): boolean =>
  set.query.limit === undefined &&
  set.query.having === undefined &&
  set.query.qualify === undefined &&
  !set.truncated &&
  (set.query.offset ?? 0) === 0;

/** An answer lists no more parts than this. */
const TOLD_SHARES = 10;

/** Findings on one value by category. */
export function categoryFindings(subject: Subject, x: Field, y: Field): Finding[] {
  const points = pointsOf(subject, x, y);
  const order = points.toSorted((a, b) => b.value - a.value);
  const [top, bottom] = [order[0], order.at(-1)];
  if (top === undefined || bottom === undefined) return [];
  const found: Finding[] = [];
  const [, second] = order;
  if (second !== undefined) {
    if (x.bin !== null && y.additive) return [largestBin(subject, x, y, order, top)];
    if (points.length === 2 && subject.set.query.qualify === undefined)
      found.push(pairFinding(subject, y, top, bottom));
    else found.push(isRanking(subject) ? leadFinding(subject, y, points) : endsFinding(subject, x, y, order));
  }
  if (y.additive && isWhole(subject)) found.push(...shareFindings(subject, x, y, order));
  if (!isRanking(subject)) found.push(...outlierFindings(subject, y, points));
  const spread = x.scale === 'category' ? spreadFinding(subject, x, y, points) : null;
  if (spread !== null) found.push(spread);
  found.push(...missingFindings(subject, x, y));
  return found;
}

/** Only the first so many were asked for: who is last of them says nothing about the rest. */
const isRanking = ({ set }: Subject): boolean => set.query.limit !== undefined && set.rows.length >= set.query.limit;

/** Further down a ranking, what comes first comes first of what is shown only. */
const among = ({ set }: Subject): string => ((set.query.offset ?? 0) > 0 ? 'Of these, ' : '');

function leadFinding(subject: Subject, y: Field, points: readonly Point[]): Finding {
  const [first, second] = points;
  const gap = (first?.value ?? 0) - (second?.value ?? 0);
  const percent = isChange(y) ? null : relative(second?.value ?? 0, first?.value ?? 0);
  const values = {
    first: first?.value ?? 0,
    second: second?.value ?? 0,
    gap,
    ...(percent === null ? {} : { percent }),
  };
  const support = rowsOf(subject, [first?.row ?? 0, second?.row ?? 1]);
  const names = [first?.name ?? '', second?.name ?? ''];
  const who = `${first?.name ?? ''} and ${second?.name ?? ''}`;
  // From the low end, nobody "comes first".
  const ends = subject.set.query.orderBy?.[0]?.direction === 'asc' ? endWords('lowest', y) : null;
  if (gap === 0)
    return finding(
      'rank',
      interestOf('overview'),
      ends === null
        ? `${among(subject)}${who} share the first place`
        : `${among(subject)}${who} are both ${ends} with ${valueWords(first?.value ?? 0, y)}`,
      values,
      support,
      names,
    );
  return finding(
    'rank',
    interestOf('overview'),
    `${among(subject)}${first?.name ?? ''} ${ends === null ? 'comes first' : `is ${ends}`} with ${valueWords(first?.value ?? 0, y)}, ${gapWords(gap, y, [first?.value ?? 0, second?.value ?? 0])}${percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)})`} ${gap > 0 ? 'above' : 'below'} ${second?.name ?? ''}`,
    values,
    support,
    names,
  );
}

/** The fullest bin of a histogram. */
function largestBin(subject: Subject, x: Field, y: Field, order: readonly Point[], top: Point): Finding {
  const total = order.reduce((sum, { value }) => sum + value, 0);
  const share = (top.value / total) * 100;
  return finding(
    'distribution',
    interestOf('overview'),
    `The fullest bin of ${x.words} is ${top.name}, with ${valueWords(top.value, y)} of ${valueWords(total, y)} (${percentWords(share)})`,
    { value: top.value, total, share },
    allRows(subject),
    [x.words, top.name],
  );
}

function pairFinding(subject: Subject, y: Field, top: Point, bottom: Point): Finding {
  const values = { [top.name]: top.value, [bottom.name]: bottom.value, difference: top.value - bottom.value };
  const support = rowsOf(subject, [top.row, bottom.row]);
  const names = [top.name, bottom.name];
  if (alike(top.value, bottom.value, y))
    return finding(
      'difference',
      interestOf('comparison'),
      `${top.name} and ${bottom.name} are ${top.value === bottom.value ? 'equal' : 'nearly equal'} at ${valueWords(top.value, y)}`,
      values,
      support,
      names,
    );
  if (isChange(y))
    return finding(
      'difference',
      interestOf('comparison'),
      `The change of ${top.name} is ${gapWords(top.value - bottom.value, y, [top.value, bottom.value])} above that of ${bottom.name}`,
      values,
      support,
      names,
    );
  const percent = relative(bottom.value, top.value);
  const more = percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)} more)`;
  return finding(
    'difference',
    interestOf('comparison'),
    `${top.name} is ${gapWords(top.value - bottom.value, y, [top.value, bottom.value])} above ${bottom.name}${more}`,
    { ...values, ...(percent === null ? {} : { percent }) },
    support,
    names,
  );
}

/** Of changes, one being so many percent above another says nothing that a reader could picture. */
const isChange = ({ expression }: Field): boolean => expression !== null && changeIn(expression) !== null;

function endsFinding(subject: Subject, x: Field, y: Field, order: readonly Point[]): Finding {
  const ends = (points: readonly Point[], value: number): readonly Point[] =>
    points.filter((point) => point.value === value);
  const [tops, bottoms] = [ends(order, order[0]?.value ?? 0), ends(order, order.at(-1)?.value ?? 0)];
  const [top, bottom] = [tops[0], bottoms.at(-1)];
  if (top === undefined || bottom === undefined || top.value === bottom.value)
    return finding(
      'note',
      interestOf('part'),
      `All ${formatNumber(order.length)} have the same ${y.words}: ${valueWords(top?.value ?? 0, y)}`,
      { groups: order.length, value: top?.value ?? 0 },
      allRows(subject),
      [y.words],
    );
  const who = (points: readonly Point[]): string =>
    points.length <= 3 ? listed(points.map(({ name }) => name)) : `${points.length} of the ${order.length}`;
  const verb = (points: readonly Point[]): string => (points.length === 1 ? 'is' : 'are');
  const gap = top.value - bottom.value;
  const many = Math.max(tops.length, bottoms.length) > 3;
  return finding(
    'extreme',
    interestOf('overview'),
    `${among(subject)}${who(tops)} ${verb(tops)} ${endWords('highest', y)} with ${valueWords(top.value, y)} and ${who(bottoms)} ${endWords('lowest', y)} with ${valueWords(bottom.value, y)}, a gap of ${gapWords(gap, y, [top.value, bottom.value])}`,
    {
      highest: top.value,
      lowest: bottom.value,
      gap,
      ...(many ? { tops: tops.length, bottoms: bottoms.length, groups: order.length } : {}),
    },
    many
      ? allRows(subject)
      : rowsOf(
          subject,
          [...tops, ...bottoms].map(({ row }) => row),
        ),
    [...tops, ...bottoms].map(({ name }) => name).concat(x.words),
  );
}

const sharesOf = (order: readonly Point[], total: number): Record<string, number> =>
  Object.fromEntries(order.map(({ name, value }) => [`share of ${name}`, (value / total) * 100]));

/** What part of the total the largest make up. Only for sums and counts, over all groups, none negative. */
function shareFindings(subject: Subject, x: Field, y: Field, order: readonly Point[]): Finding[] {
  const total = order.reduce((sum, { value }) => sum + value, 0);
  const top = order[0];
  if (
    top === undefined ||
    order.length < 2 ||
    total <= 0 ||
    top.value === order.at(-1)?.value ||
    order.some(({ value }) => value < 0)
  )
    return [];
  const share = (top.value / total) * 100;
  const found: Finding[] = [];
  if (top.value > (order[1]?.value ?? 0))
    found.push(
      finding(
        'share',
        interestOf('explanation', {
          effect: share / 100,
          surprise: surpriseOf(
            top.value,
            order.map(({ value }) => value),
          ),
        }),
        `${top.name} makes up ${percentWords(share)} of the total of ${valueWords(total, y)}`,
        { share, total, value: top.value, ...(order.length <= TOLD_SHARES ? sharesOf(order, total) : {}) },
        allRows(subject),
        [top.name],
      ),
    );
  if (order.length >= 6) {
    const three = order.slice(0, 3);
    const part = three.reduce((sum, { value }) => sum + value, 0);
    const together = (part / total) * 100;
    // More than their number alone would make up.
    if (together >= 50 && together >= 1.3 * ((three.length / order.length) * 100))
      found.push(
        finding(
          'share',
          interestOf('limit'),
          `The first 3 of ${order.length} (${listed(three.map(({ name }) => name))}) make up ${percentWords(together)}`,
          { share: together, groups: order.length, first: 3 },
          allRows(subject),
          [...three.map(({ name }) => name), x.words],
        ),
      );
  }
  return found;
}

function outlierFindings(subject: Subject, y: Field, points: readonly Point[]): Finding[] {
  const outliers = outliersOf(points.map(({ value }) => value)).flatMap((index) => points[index] ?? []);
  if (outliers.length === 0 || outliers.length > 3) return [];
  const { q1, q3 } = distributionOf(points.map(({ value }) => value));
  const each = outliers.map(({ name, value }) => `${name} (${valueWords(value, y)})`);
  return [
    finding(
      'outlier',
      interestOf('part'),
      `${listed(each)} ${outliers.length === 1 ? 'is' : 'are'} far from the rest: half of the ${points.length} lie between ${valueWords(q1, y)} and ${valueWords(q3, y)}`,
      { ...Object.fromEntries(outliers.map(({ name, value }) => [name, value])), q1, q3, groups: points.length },
      allRows(subject),
      outliers.map(({ name }) => name),
    ),
  ];
}

function spreadFinding(subject: Subject, x: Field, y: Field, points: readonly Point[]): Finding | null {
  if (points.length < 12 || y.additive) return null;
  const { q1, median, q3 } = distributionOf(points.map(({ value }) => value));
  if (q1 === q3) return null;
  return finding(
    'distribution',
    interestOf('aside'),
    `Half of the ${points.length} lie between ${valueWords(q1, y)} and ${valueWords(q3, y)}; the middle one is at ${valueWords(median, y)}`,
    { q1, q3, median, groups: points.length },
    allRows(subject),
    [x.words],
  );
}

/** Groups without a value, and rows without a group. */
export function missingFindings(subject: Subject, x: Field, y: Field): Finding[] {
  const { rows } = subject.set;
  const empty = [...rows.entries()].filter(([, row]) => (row[x.index] ?? null) !== null && numberAt(row, y) === null);
  const nameless = [...rows.entries()].filter(
    ([, row]) => (row[x.index] ?? null) === null && numberAt(row, y) !== null,
  );
  const found: Finding[] = [];
  if (empty.length > 0) {
    const names = empty.slice(0, 3).map(([, row]) => cellWords(row[x.index] ?? null, x));
    const who = empty.length <= 3 ? listed(names) : `${empty.length} of ${rows.length}`;
    found.push(
      finding(
        'missing',
        interestOf('limit'),
        `${who} ${empty.length === 1 ? 'has' : 'have'} no ${y.words}`,
        { missing: empty.length, groups: rows.length },
        rowsOf(
          subject,
          empty.map(([index]) => index),
        ),
        [...names, y.words],
      ),
    );
  }
  for (const [index, row] of nameless.slice(0, 1)) {
    const value = numberAt(row, y) ?? 0;
    found.push(
      finding(
        'missing',
        interestOf('aside'),
        `Rows without a ${x.words} are shown by themselves (${valueWords(value, y)})`,
        { value },
        rowsOf(subject, [index]),
        [x.words],
      ),
    );
  }
  return found;
}
