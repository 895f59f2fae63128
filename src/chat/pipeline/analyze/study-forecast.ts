import type { Expected, Forecast, ForecastMethod } from '../studies/forecast.js';
import type { Finding } from '../turn.js';
import { filterPhrase } from '../words/expressions.js';
import { toldFilter } from '../words/derived.js';
import { counted, plural } from '../words/language.js';
import type { Calendar } from '../words/calendar.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { cellWords, type Field } from '../words/shape.js';
import { allRows, finding, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { valueWords } from './points.js';
import { seriesOf } from '../studies/series.js';

const whole = (count: number): string => formatNumber(count, WHOLE);

/** `January 2025: 1,200 USD (95 % interval 1,000 USD to 1,400 USD)` */
export const expectedWords = ({ value, low, high }: Expected, y: Field): string =>
  `${valueWords(value, y)} (95 % interval ${valueWords(low, y)} to ${valueWords(high, y)})`;

/** What is expected, by which method, and how well that method would have done. */
export function forecastFindings(subject: Subject, forecast: Forecast, x: Field, y: Field): Finding[] {
  const support = allRows(subject);
  const filter = filterPhrase(toldFilter(subject.set.query), subject.profile);
  const what = `${y.words}${filter === '' ? '' : ` ${filter}`}`;
  const { calendar, moments } = seriesOf(subject.set, x, y);
  const names = [what, ...moments.flatMap(({ name }) => name)];
  if (forecast.refused !== null) return [refusal(forecast, calendar, what, support, names)];
  const [first] = forecast.expected;
  const last = forecast.expected.at(-1);
  if (first === undefined || last === undefined) return [];
  const name = (each: Expected): string => cellWords(each.key, x);
  const one = forecast.expected.length === 1;
  const lead = finding(
    'forecast',
    interestOf('answer'),
    one
      ? `The ${what} expected for ${name(first)} is ${expectedWords(first, y)}`
      : `The ${what} expected from ${name(first)} to ${name(last)}, with 95 % intervals`,
    valuesOf(forecast),
    support,
    [...names, ...forecast.expected.map(name)],
  );
  const known = moments.filter(({ key }) => key !== forecast.dropped);
  return [
    lead,
    methodFinding(forecast, calendar, [known[0]?.name ?? '', known.at(-1)?.name ?? ''], support, names),
    ...testFinding(forecast, calendar, y, support),
    finding(
      'note',
      interestOf('part'),
      'That is how the past goes on by itself: the interval holds only if nothing changes but chance',
      {},
      support,
    ),
    ...droppedFinding(forecast.dropped, x, support),
  ];
}

function valuesOf({ expected, confidence }: Forecast): Record<string, number> {
  const each = expected.flatMap(({ key, value, low, high }): [string, number][] => [
    [`${String(key)} expected`, value],
    [`${String(key)} low`, low],
    [`${String(key)} high`, high],
  ]);
  return { confidence, ...Object.fromEntries(each) };
}

function refusal(
  { refused, n, least, most, steps }: Forecast,
  { step }: Calendar,
  what: string,
  support: Finding['support'],
  names: readonly string[],
): Finding {
  const periods = plural(step);
  const text =
    refused === 'too few'
      ? `There ${n === 1 ? 'is' : 'are'} only ${counted(n, step, whole(n))} of the ${what}: too few for a forecast, which takes ${least}`
      : refused === 'not ahead'
        ? `That is no time ahead of what is known of the ${what}`
        : `That is ${whole(steps)} ${periods} ahead, and the ${what} is known for ${whole(n)}: more than ${counted(most, step, whole(most))} ahead cannot be told from them`;
  return finding('note', interestOf('answer'), text, { n, least, most, steps }, support, names);
}

const METHODS: Record<ForecastMethod, string> = {
  last: 'the last value repeated (naive forecast)',
  season: 'the value one season before (seasonal naive forecast)',
  line: 'a straight line by least squares',
  holt: 'Holt’s linear method, a trend that follows its latest values',
  winters: 'Holt–Winters, a trend and seasons that follow their latest values',
};

const methodFinding = (
  { method, n, fitted }: Forecast,
  { step }: Calendar,
  [from, to]: readonly [string, string],
  support: Finding['support'],
  names: readonly string[],
): Finding =>
  finding(
    'forecast',
    interestOf('overview'),
    `Method: ${METHODS[method]}, from ${counted(n, step, whole(n))} (${from} to ${to})${fitted < n ? `, fitted to the latest ${whole(fitted)} of them` : ''}`,
    { n, fitted },
    support,
    names,
  );

function testFinding(
  { tested, method, steps }: Forecast,
  { step }: Calendar,
  y: Field,
  support: Finding['support'],
): Finding[] {
  if (tested === null)
    return [
      finding('note', interestOf('explanation'), 'There is too little past to test other methods on', {}, support),
    ];
  const { error, benchmark, times } = tested;
  const naive = method === 'last' || method === 'season';
  const against = naive ? 'no other method did better' : `repeating the past was ${valueWords(benchmark, y)} off`;
  return [
    finding(
      'forecast',
      interestOf('explanation'),
      `Tried on the past, up to ${counted(steps, step, whole(steps))} ahead, it was ${valueWords(error, y)} off on average (${whole(times)} forecasts); ${against}`,
      { error, benchmark, times, steps },
      support,
    ),
  ];
}

/** A last period that is not over yet says nothing beside whole ones. */
export function droppedFinding(dropped: Forecast['dropped'], x: Field, support: Finding['support']): Finding[] {
  if (dropped === null) return [];
  const name = cellWords(dropped, x);
  return [finding('missing', interestOf('limit'), `${name} is not complete and was left out`, {}, support, [name])];
}
