import type { Outliers, Spread } from '../studies/outliers.js';
import type { OutlierStudy } from '../studies/study.js';
import { FEWEST_VALUES } from '../studies/bounds.js';
import type { Finding } from '../turn.js';
import { filterPhrase } from '../words/expressions.js';
import { counted, listed } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { toldFilter } from '../words/derived.js';
import type { Field } from '../words/shape.js';
import { allRows, finding, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { gapWords, valueWords } from './points.js';

/** Named in the sentence itself; more are listed below it. */
const MOST_NAMED = 3;
/** From so many percent on they are a tail rather than single values. */
const TAIL = 5;

const whole = (count: number): string => formatNumber(count, WHOLE);

/** `spread`: the place of the result that tells how all values are spread, for rows. */
export function outlierFindings(
  subject: Subject,
  study: OutlierStudy,
  found: Outliers,
  y: Field,
  spread: number | null,
): Finding[] {
  const support = [...allRows(subject), ...(spread === null ? [] : [{ result: spread, rows: [0] }])];
  const things = thingsOf(subject, study, y);
  const names = [things.one, things.many, things.tail];
  if (found.spread === null) return [notTold(found, things, support, names)];
  const told = [leadFinding(found, found.spread, y, things, support, names)];
  const { part } = found.spread;
  if (part > TAIL && found.spread.n >= 40)
    told.push(
      finding(
        'note',
        interestOf('explanation'),
        `That is ${formatNumber(part, { decimals: 1, unit: null })} % of them: a long tail rather than single values`,
        { part },
        support,
      ),
    );
  told.push(methodFinding(found, found.spread, y, support, names));
  return told;
}

interface Things {
  readonly one: string;
  readonly many: string;
  readonly tail: string;
}

function thingsOf({ set, profile, shape }: Subject, study: OutlierStudy, y: Field): Things {
  const where = study.of === 'rows' ? study.within : toldFilter(set.query);
  const filter = filterPhrase(where, profile);
  const tail = filter === '' ? '' : ` ${filter}`;
  if (study.of === 'rows') return { one: `value of ${y.words}`, many: `values of ${y.words}`, tail };
  const by = shape.x?.words ?? '';
  return { one: by, many: `values of ${y.words} by ${by}`, tail };
}

function notTold(
  { n }: Outliers,
  { many, tail }: Things,
  support: Finding['support'],
  names: readonly string[],
): Finding {
  const text =
    n < FEWEST_VALUES
      ? `There ${n === 1 ? 'is' : 'are'} only ${whole(n)} ${many}${tail}: too few to tell which are unusual, which takes ${FEWEST_VALUES}`
      : `The ${whole(n)} ${many}${tail} do not differ enough to tell which are unusual: half of them and more are equal`;
  return finding('note', interestOf('answer'), text, { n, least: FEWEST_VALUES }, support, names);
}

function leadFinding(
  { points, of }: Outliers,
  { n, below, above, count }: Spread,
  y: Field,
  { many, tail }: Things,
  support: Finding['support'],
  names: readonly string[],
): Finding {
  const values = { n, below, above, count };
  if (count === 0)
    return finding(
      'outlier',
      interestOf('answer'),
      `None of the ${whole(n)} ${many}${tail} is unusual`,
      values,
      support,
      names,
    );
  const few = count <= MOST_NAMED ? points : [];
  const each = few.map(({ name, value, beyond }) =>
    beyond === null
      ? `${name} (${valueWords(value, y)})`
      : `${name} (${valueWords(value, y)}, ${gapWords(beyond, y)} ${beyond > 0 ? 'above' : 'below'} the trend)`,
  );
  const sides = [below > 0 ? `${whole(below)} low` : '', above > 0 ? `${whole(above)} high` : ''].filter(Boolean);
  const who = few.length > 0 ? `: ${listed(each)}` : ` (${listed(sides)})`;
  const numbers = few.flatMap(({ name, value, beyond }): [string, number][] => [
    [name, value],
    ...(beyond === null ? [] : [[`${name} from trend`, beyond] as [string, number]]),
  ]);
  return finding(
    'outlier',
    interestOf('answer'),
    `${whole(count)} of the ${whole(n)} ${many}${tail} ${count === 1 ? 'is' : 'are'} unusual${of === 'series' && few.length === 0 ? ' for the trend' : ''}${who}`,
    { ...values, ...Object.fromEntries(numbers) },
    support,
    [...names, ...few.map(({ name }) => name)],
  );
}

/** By which method, and what its bounds are. */
function methodFinding(
  { of, isSeasonal }: Outliers,
  { by, low, high, q1, median, q3, reach }: Spread,
  y: Field,
  support: Finding['support'],
  names: readonly string[],
): Finding {
  const write = (value: number): string => (of === 'series' ? gapWords(value, y) : valueWords(value, y));
  const trend = `the trend (Theil–Sen${isSeasonal ? ', with its seasons' : ''})`;
  const bounds =
    of === 'series'
      ? `more than ${write(high)} above or ${write(low)} below ${trend}`
      : `below ${write(low)} or above ${write(high)}`;
  const rule = {
    fences: `${of === 'series' ? 'Tukey’s fences of the distances from it' : 'Tukey’s fences'}, ${reach} times the distance between the quartiles (${signed(q1, of, y)} and ${signed(q3, of, y)}) beyond them`,
    mad: `${reach} modified z-scores from the median (${signed(median, of, y)}), by the median absolute deviation`,
    deviation: `${reach} modified z-scores from the median (${signed(median, of, y)}), by the mean absolute deviation, since half and more are equal`,
  }[by];
  return finding(
    'distribution',
    interestOf('overview'),
    `Unusual is ${bounds}: ${rule}`,
    { low, high, q1, median, q3, reach },
    support,
    names,
  );
}

const signed = (value: number, of: Outliers['of'], y: Field): string =>
  of === 'series' && value < 0 ? `−${gapWords(value, y)}` : valueWords(value, y);

/** Rows without a value of what was looked at. */
export function withoutValueFinding(n: number, matched: number | null, y: Field, result: number): Finding | null {
  if (matched === null || matched <= n) return null;
  return finding(
    'missing',
    interestOf('aside'),
    `${counted(matched - n, 'row', whole(matched - n))} of ${whole(matched)} ${matched - n === 1 ? 'has' : 'have'} no ${y.words}`,
    { missing: matched - n, rows: matched },
    [{ result, rows: [0] }],
    [y.words],
  );
}
