import type { Scalar } from '../../../common/scalar.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Finding } from '../turn.js';
import { toldFilter } from '../words/derived.js';
import { filterPhrase, filterWords } from '../words/expressions.js';
import { counted, listed, lowerFirst } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { calendarOf } from '../words/calendar.js';
import { cellWords, numberAt, shapeOf, type Field, type Shape } from '../words/shape.js';
import { categoryFindings, isWhole } from './categories.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { BEHIND, interestOf } from './interest.js';
import { alike, gapWords, percentWords, pointsOf, relative, valueWords } from './points.js';
import { distributionOf } from './statistics/quantiles.js';
import { moved, seriesFindings } from './series.js';

/** Groups of fewer rows than this are pointed out: an average of so few says little. */
const SMALL = 5;

/** The same number by one dimension, which tells what stands behind it. */
export function breakdownFindings(subject: Subject): Finding[] {
  const { kind, x, y } = subject.shape;
  if (x === null || y === null || subject.set.rows.length < 2) return [];
  const found = kind === 'series' ? seriesFindings(subject, x, y) : categoryFindings(subject, x, y);
  const by = (text: string): string => (kind === 'series' ? text : `By ${x.words}, ${text}`);
  return found
    .filter(({ kind }) => kind !== 'distribution' && kind !== 'note' && kind !== 'missing')
    .map((each) => ({
      ...each,
      text: each.kind === 'extreme' ? by(each.text) : each.text,
      interest: each.interest * BEHIND,
    }));
}

/** Against the period before, whose result has the same columns. */
export function previousFindings(primary: Subject, previous: Subject): Finding[] {
  const { y, x, color } = primary.shape;
  if (y === null || color !== null) return [];
  const period = filterWords(previous.set.query.where, previous.profile).find(({ kind }) => kind === 'time')?.title;
  if (period === undefined) return [];
  const before = new Map(
    previous.set.rows.map((row, index) => [x === null ? null : (row[x.index] ?? null), { row, index }]),
  );
  const changes = primary.set.rows.flatMap((row, index) => {
    const key = x === null ? null : (row[x.index] ?? null);
    const then = before.get(key);
    const [now, past] = [numberAt(row, y), numberAt(then?.row, y)];
    if (then === undefined || now === null || past === null) return [];
    return [{ name: x === null ? 'it' : cellWords(key, x), now, past, rows: [index, then.index] as const }];
  });
  const support = (rows: readonly (readonly [number, number])[]): Finding['support'] => [
    ...rowsOf(
      primary,
      rows.map(([row]) => row),
    ),
    ...rowsOf(
      previous,
      rows.map(([, row]) => row),
    ),
  ];
  const told = x === null || changes.length <= 3 ? changes : [];
  if (told.length === 0 || (x !== null && told.length < primary.set.rows.length)) return [];
  const phrases = told.map(({ name, now, past }) => {
    const percent = relative(past, now);
    const words = percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)})`;
    return alike(now, past, y)
      ? `${name} hardly changed (${valueWords(past, y)} before)`
      : `${name} ${moved(now - past, y)} by ${gapWords(now - past, y, [past, now])}${words} from ${valueWords(past, y)}`;
  });
  const uneven = x === null && !y.additive ? unevenRows(primary.set, previous.set) : null;
  return [
    finding(
      'change',
      interestOf('part', { coverage: uneven === null ? 1 : coverageOf(uneven) }),
      `Since ${period} ${listed(phrases)}${uneven === null ? '' : `, over ${formatNumber(uneven.before)} rows then and ${formatNumber(uneven.now)} now`}`,
      Object.fromEntries(
        told
          .flatMap(({ name, now, past }) => [
            [`${name} now`, now],
            [`${name} before`, past],
            [`${name} change`, now - past],
            [`${name} percent`, relative(past, now) ?? 0],
          ])
          .concat(
            uneven === null
              ? []
              : [
                  ['rows then', uneven.before],
                  ['rows now', uneven.now],
                ],
          ),
      ),
      support(told.map(({ rows }) => rows)),
      [period, ...told.map(({ name }) => name)],
    ),
  ];
}

/** What part of the larger the smaller is. */
const coverageOf = ({ now, before }: { readonly now: number; readonly before: number }): number =>
  Math.min(now, before) / Math.max(now, before);

/** Averages over quite different numbers of rows are not averages of the same things. */
function unevenRows(
  { matchedRows: now }: ResultSet,
  { matchedRows: before }: ResultSet,
): { now: number; before: number } | null {
  if (now === null || before === null) return null;
  return Math.max(now, before) > 1.1 * Math.min(now, before) ? { now, before } : null;
}

/** How many rows stand behind each group of an average: small samples named, uneven ones told. */
export function sampleFindings(primary: Subject, sample: Subject): Finding[] {
  const groups = primary.shape.fields.filter(({ scale }) => scale !== 'quantity');
  const count = sample.shape.fields.at(-1);
  const { y } = primary.shape;
  if (count === undefined || y === null || groups.length === 0) return [];
  const counts = sample.set.rows.flatMap((row, index) => {
    const n = numberAt(row, count);
    return n === null
      ? []
      : [
          {
            n,
            index,
            key: row[groups[0]?.index ?? 0] ?? null,
            name: groups.map((field) => cellWords(row[field.index] ?? null, field)).join(' / '),
          },
        ];
  });
  const found: Finding[] = [];
  const small = counts.filter(({ n }) => n > 0 && n < SMALL);
  if (small.length > 0 && small.length < counts.length) {
    const names = small.slice(0, 3).map(({ name, n }) => `${name} (${n})`);
    const more = small.length - names.length;
    found.push(
      finding(
        'note',
        interestOf('limit'),
        `Few rows stand behind ${listed(more > 0 ? [...names, `${more} more`] : names)}`,
        { more, ...Object.fromEntries(small.map(({ name, n }) => [name, n])) },
        rowsOf(
          sample,
          small.map(({ index }) => index),
        ),
        small.map(({ name }) => name),
      ),
    );
  }
  const last = primary.shape.x?.scale === 'time' && groups.length === 1 ? lastCount(primary.shape.x, counts) : null;
  if (last !== null)
    found.push(
      finding(
        'note',
        interestOf('explanation'),
        `${last.name} rests on ${counted(last.n, 'row', formatNumber(last.n))} only, against a median of ${formatNumber(last.usual)} before`,
        { [last.name]: last.n, usual: last.usual },
        rowsOf(sample, [...counts.keys()]),
        [last.name],
      ),
    );
  const [a, b] = counts;
  if (counts.length === 2 && a !== undefined && b !== undefined && Math.max(a.n, b.n) >= 1.2 * Math.min(a.n, b.n))
    found.push(
      finding(
        'note',
        interestOf('limit'),
        `${a.name} rests on ${counted(a.n, 'row', formatNumber(a.n))}, ${b.name} on ${formatNumber(b.n)}`,
        { [a.name]: a.n, [b.name]: b.n },
        rowsOf(sample, [a.index, b.index]),
        [a.name, b.name],
      ),
    );
  const missing = missingValues(
    primary,
    y,
    counts.reduce((sum, { n }) => sum + n, 0),
  );
  if (missing !== null && isWhole(primary))
    found.push({
      ...missing,
      support: rowsOf(
        sample,
        counts.map(({ index }) => index),
      ),
    });
  return found;
}

/** The last period, when it has far fewer rows than the others have in the median: it may not be complete. */
function lastCount(
  x: Field,
  counts: readonly { readonly n: number; readonly key: Scalar; readonly name: string }[],
): { readonly n: number; readonly name: string; readonly usual: number } | null {
  const { at } = calendarOf(x);
  const ordered = counts.toSorted((a, b) => (at(a.key) ?? 0) - (at(b.key) ?? 0));
  const last = ordered.at(-1);
  if (last === undefined || ordered.length < 4) return null;
  const usual = distributionOf(ordered.slice(0, -1).map(({ n }) => n)).median;
  return last.n < 0.8 * usual ? { ...last, usual } : null;
}

/** Rows that passed the filter but have no value to average; `known` is how many have one. */
export function missingValues(primary: Subject, y: Field, known: number): Finding | null {
  const matched = primary.set.matchedRows;
  if (matched === null || matched <= known) return null;
  const source = y.profile === null ? y.words : lowerFirst(y.profile.label);
  return finding(
    'missing',
    interestOf('part'),
    `${formatNumber(matched - known)} of the ${formatNumber(matched)} rows have no ${source} and are left out`,
    { missing: matched - known, rows: matched },
    rowsOf(primary, [0]),
    [source],
  );
}

/** Who is named by a superlative, with the number that decided it and who comes next. */
export function rankingFindings(primary: Subject, ranking: Subject): Finding[] {
  const { shape, set } = ranking;
  const y = shape.fields.at(-1);
  const x = shape.fields[0];
  if (y === undefined || x === undefined || y === x || y.scale !== 'quantity') return [];
  const points = pointsOf(ranking, x, y);
  const [first, second] = points;
  if (first === undefined || primary.set.rows[0]?.[0] !== set.rows[first.row]?.[0]) return [];
  const filter = filterPhrase(toldFilter(set.query), ranking.profile);
  const direction = set.query.orderBy?.[0]?.direction === 'asc' ? 'lowest' : 'highest';
  const ties = points.filter(({ value }) => value === first.value);
  const next = ties.length > 1 ? points.find(({ value }) => value !== first.value) : second;
  const told = ties.length > 3 ? [] : ties;
  const who =
    told.length > 0
      ? listed(told.map(({ name }) => name))
      : `${first.name} and ${formatNumber(ties.length - 1)} others`;
  return [
    finding(
      'rank',
      interestOf('comparison'),
      `${who} ${ties.length === 1 ? 'has' : 'have'} the ${direction} ${y.words}${filter === '' ? '' : ` ${filter}`}, ${valueWords(first.value, y)}${next === undefined ? '' : `; next ${next.name === first.name ? 'comes' : `is ${next.name} with`} ${valueWords(next.value, y)}`}`,
      { value: first.value, ...(next === undefined ? {} : { next: next.value }), others: ties.length - 1 },
      rowsOf(
        ranking,
        [...ties, ...(next === undefined ? [] : [next])].map(({ row }) => row),
      ),
      [filter, y.words, ...ties.map(({ name }) => name), next?.name ?? ''],
    ),
  ];
}

/** Shape of a context result; the trailing count of a breakdown plays no part in it. */
export function contextShape(subject: Pick<Subject, 'set' | 'profile'>): Shape {
  const shape = shapeOf(subject.set, subject.profile);
  const [x, y] = shape.fields;
  if (x === undefined || y === undefined || x.scale === 'quantity' || y.scale !== 'quantity') return shape;
  return { ...shape, kind: x.scale === 'time' ? 'series' : 'categories', x, y, color: null };
}
