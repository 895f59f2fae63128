import type { DatasetProfile } from '../../../../datasets/profile.js';
import { GRAINS, type Grain } from '../../../../datasets/query/analytical-query.js';
import type { Study } from '../../studies/study.js';
import type { Asked, Understanding } from '../../turn.js';
import { columnOf } from '../../words/expressions.js';
import { MONTHS, NUMBER_WORDS } from '../english.js';
import { columnsIn, isMeasure } from '../expressions.js';
import { lexiconOf } from '../lexicon.js';
import { refused } from '../small-talk.js';
import {
  AHEAD,
  FORECAST,
  FORECAST_FILLERS,
  NEXT,
  UNTIL_MONTH,
  UNTIL_QUARTER,
  UNTIL_YEAR,
  WILL,
} from './english-studies.js';
import { likeliest, namesColumn } from './guard.js';
import { overTime } from './over-time.js';

type ForecastStudy = Extract<Study, { kind: 'forecast' }>;

interface Horizon extends Pick<ForecastStudy, 'steps' | 'until'> {
  readonly unit: string | null;
  /** The question without it. */
  readonly rest: string;
}

/** "Forecast revenue for the next 3 months", "what will X be in 2026?"; null: none of these is asked. */
export function forecastAsked(turn: Asked, read: (asked: Asked) => Understanding): Understanding | null {
  const word = FORECAST.exec(turn.question)?.[0];
  const isNamed = word !== undefined && !namesColumn(turn, word);
  const will = WILL.exec(turn.question)?.[0];
  if (!isNamed && (will === undefined || (/^expect/i.test(will) && namesColumn(turn, will)))) return null;
  const profile = likeliest(turn);
  const horizon = horizonOf(turn.question.replace(/[?!.]+\s*$/, ''));
  if (profile === undefined || (!isNamed && horizon.unit === null)) return null;
  // What is known is looked up.
  if (horizon.until !== null && !turn.datasets.some((each) => isAhead(horizon.until, each))) return null;
  const question = plainQuestion(horizon, profile);
  const understanding = measured(read({ ...turn, question }), { ...turn, question }, read);
  const { query } = understanding;
  const asked = turn.datasets.find(({ id }) => id === query?.datasetId);
  if (query === null || asked === undefined) return isNamed ? understanding : null;
  const series = overTime(query, asked, grainOf(horizon.unit));
  if (series === null) return isNamed ? notOne(turn, lexiconOf(asked).temporal === null) : null;
  const time = columnOf(asked, series.by.column);
  if (series.by.grain === undefined && horizon.unit !== null && horizon.unit !== 'year')
    return refused(
      turn,
      'not_in_data',
      `${time?.label ?? ''} is known by the year only, so that nothing can be told of single ${horizon.unit}s.`,
    );
  const study: ForecastStudy = { kind: 'forecast', steps: horizon.steps, until: horizon.until };
  return {
    ...understanding,
    intent: { ...understanding.intent, kind: 'forecast' },
    query: series.query,
    chart: { mark: 'line' },
    study,
  };
}

/**
 * "Forecast education": where nothing but values is named, how many rows there are of them is hardly meant. What the
 * conversation is about is, or the table's main measure.
 */
function measured(understanding: Understanding, turn: Asked, read: (asked: Asked) => Understanding): Understanding {
  const { query, entities } = understanding;
  const profile = turn.datasets.find(({ id }) => id === query?.datasetId);
  const counts = query?.select.some(({ value }) => 'aggregate' in value && value.aggregate === 'count') === true;
  const isTime = (column = ''): boolean => profile !== undefined && columnOf(profile, column)?.role === 'temporal';
  const named = entities.filter(({ kind, column }) => kind !== 'time' && !(kind === 'column' && isTime(column)));
  const onlyValues = named.length > 0 && named.every(({ kind }) => kind === 'value');
  if (profile === undefined || !counts || !onlyValues || COUNTED.test(turn.question)) return understanding;
  const label = measureSoFar(turn, profile) ?? profile.columns.find(isMeasure)?.label;
  return label === undefined ? understanding : read({ ...turn, question: `${label} for ${turn.question}` });
}

const COUNTED = /\b(?:number|count|rows?|records?|entries)\b/i;

/** Label of the measure that the conversation asked about last. */
function measureSoFar({ history }: Asked, profile: DatasetProfile): string | null {
  const queries = history.flatMap(({ understanding }) => understanding?.query ?? []);
  const columns = queries
    .filter(({ datasetId }) => datasetId === profile.id)
    .flatMap(({ select }) => select.flatMap(({ value }) => columnsIn(value)))
    .flatMap((name) => columnOf(profile, name) ?? []);
  return columns.findLast(isMeasure)?.label ?? null;
}

const notOne = (turn: Asked, timeless: boolean): Understanding =>
  refused(
    turn,
    timeless ? 'not_in_data' : 'unclear',
    timeless
      ? 'A forecast goes on from a series over time, and this data has no time.'
      : 'A forecast is made of one number over time, not of several groups: name one of them.',
  );

const grainOf = (unit: string | null): Grain | null => GRAINS.find((grain) => grain === unit) ?? null;

function horizonOf(text: string): Horizon {
  const counted = NEXT.exec(text) ?? AHEAD.exec(text);
  const none = { steps: null, until: null, unit: null, rest: text };
  if (counted !== null) {
    const [found, count, unit = ''] = counted;
    const steps = count === undefined ? 1 : numberOf(count);
    return steps === null ? none : { steps, until: null, unit: unit.toLowerCase(), rest: text.replace(found, ' ') };
  }
  const quarter = UNTIL_QUARTER.exec(text);
  if (quarter !== null)
    return {
      ...none,
      until: `${quarter[2] ?? ''}-Q${quarter[1] ?? ''}`,
      unit: 'quarter',
      rest: text.replace(quarter[0], ' '),
    };
  const month = UNTIL_MONTH.exec(text);
  const index = MONTHS.get((month?.[1] ?? '').toLowerCase());
  if (month !== null && index !== undefined) {
    const until = `${month[2] ?? ''}-${String(index + 1).padStart(2, '0')}`;
    return { ...none, until, unit: 'month', rest: text.replace(month[0], ' ') };
  }
  const year = UNTIL_YEAR.exec(text);
  if (year !== null) return { ...none, until: Number(year[1]), unit: 'year', rest: text.replace(year[0], ' ') };
  return none;
}

function numberOf(word: string): number | null {
  if (/^\d+$/.test(word)) return Number(word);
  return word === 'few' || word === 'couple' ? 3 : (NUMBER_WORDS.get(word.toLowerCase())?.value ?? null);
}

/** Whether the period begins after what is known. */
function isAhead(until: string | number | null, profile: DatasetProfile): boolean {
  const last = String(lexiconOf(profile).temporal?.max ?? '');
  const text = String(until);
  const quarter = /^(\d{4})-Q(\d)$/.exec(text);
  const start = quarter === null ? text : `${quarter[1] ?? ''}-${String(3 * Number(quarter[2]) - 2).padStart(2, '0')}`;
  return last !== '' && start > last.slice(0, start.length);
}

/** "revenue by month": what is to be forecast, over time; the main measure where none is named. */
function plainQuestion({ rest, unit }: Horizon, profile: DatasetProfile): string {
  const what = rest
    .replace(/\bhow many\b/i, 'number of')
    .replace(new RegExp(FORECAST.source, 'gi'), ' ')
    .replace(FORECAST_FILLERS, (word, at: number, all: string) =>
      isPartOf(word, all.slice(at + word.length)) ? word : ' ',
    )
    .replace(/\s+/g, ' ')
    .trim();
  const main = profile.columns.find(isMeasure)?.label ?? '';
  const overTime = /\b(?:by|per|each|every|over)\b/i.test(what) ? '' : unit === null ? ' over time' : ` by ${unit}`;
  return `${what === '' ? main : what}${overTime}`;
}

/** "for Education", "number of orders": what follows belongs to it. */
const isPartOf = (word: string, after: string): boolean => /^(?:for|of)$/i.test(word) && /^\s+\S/.test(after);
