import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../common/scalar.js';
import { readCsv } from '../../../datasets/csv/read-csv.js';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { PastTurn, Understanding } from '../turn.js';
import { understand } from './understand.js';

const sample = fileURLToPath(new URL('../../../../samples/sector-health/sector_scores.csv', import.meta.url));

const profileOf = (title: string, rowCount: number, columns: readonly ColumnProfile[]): DatasetProfile => ({
  id: title,
  version: 1,
  name: title.toLowerCase().replaceAll(' ', '_'),
  title,
  description: null,
  source: null,
  licence: null,
  rowCount,
  columns,
});

type Given = Partial<ColumnProfile> & Pick<ColumnProfile, 'name' | 'type' | 'role'>;
const column = (given: Given): ColumnProfile => ({
  label: given.name.charAt(0).toUpperCase() + given.name.slice(1).replaceAll('_', ' '),
  unit: null,
  synonyms: [],
  higherIsBetter: null,
  defaultAggregate: 'avg',
  distinct: given.values?.length ?? 100,
  nulls: 0,
  min: null,
  max: null,
  decimals: 0,
  values: null,
  ...given,
});

const csv = await readCsv(sample);
const health = profileOf('Sector health', csv.rowCount, csv.columns);

/** A year and a half of days at a harbour. */
const harbour = profileOf(
  'Harbour days',
  1000,
  [
    { name: 'date', type: 'date', role: 'temporal', min: '2020-01-01', max: '2022-09-26', distinct: 1000 },
    { name: 'rainfall', type: 'number', role: 'measure', min: 0, max: 60, defaultAggregate: 'sum' },
    { name: 'temp_high', type: 'number', role: 'measure', min: -5, max: 38 },
    { name: 'temp_low', type: 'number', role: 'measure', min: -15, max: 22 },
    { name: 'sky', type: 'text', role: 'dimension', values: ['fog', 'cloud', 'sun'] },
  ].map((given) => column(given as Given)),
);

const towns = profileOf(
  'Towns over time',
  600,
  [
    { name: 'town', type: 'text', role: 'dimension', values: ['Ayle', 'Brome', 'Cawl'], distinct: 60 },
    { name: 'district', type: 'text', role: 'dimension', values: ['Upper & Lower Vale', 'Coast'] },
    { name: 'year', type: 'integer', role: 'temporal', min: 2010, max: 2019, distinct: 10 },
    { name: 'income_per_head', type: 'number', role: 'measure', min: 100, max: 90000 },
    { name: 'infant_deaths', type: 'number', role: 'measure', min: 0, max: 90, higherIsBetter: false },
    { name: 'inhabitants', type: 'integer', role: 'measure', min: 10, max: 9000, defaultAggregate: 'sum' },
  ].map((given) => column(given as Given)),
);

class Conversation {
  private readonly history: PastTurn[] = [];

  constructor(private readonly datasets: readonly DatasetProfile[]) {}

  ask(question: string, rows: readonly (readonly Scalar[])[] = []): Understanding {
    const { understanding } = understand({
      question,
      askedAt: new Date('2026-11-21T10:00:00Z'),
      persona: { name: 'analyst', displayName: 'Analyst', starterQuestions: [] },
      datasets: this.datasets,
      history: [...this.history],
    });
    const columns = (understanding.query?.select ?? []).map((one) => ({ name: one.as ?? '' }));
    const messageId = `m${String(this.history.length)}`;
    this.history.push({
      messageId,
      question,
      understanding,
      result: rows.length === 0 ? null : { columns, rows },
      answer: null,
    });
    return understanding;
  }
}

const ask = (profile: DatasetProfile, question: string): Understanding => new Conversation([profile]).ask(question);
const shown = (understanding: Understanding): unknown => understanding.query?.select.map((one) => one.value);
const averageScore = { aggregate: 'avg', of: { column: 'score' } };
const equals = (name: string, value: Scalar): unknown => ({
  compare: '=',
  left: { column: name },
  right: { literal: value },
});
const ofYear = (year: number): unknown => ({
  compare: '=',
  left: { column: 'date', grain: 'year' },
  right: { literal: year },
});

describe('over time', () => {
  it.each(['How did healthcare develop since 2015?', 'How has healthcare changed since 2015?'])('%s', (question) => {
    const { query, intent } = ask(health, question);
    expect(intent.kind).toBe('trend');
    expect(query?.groupBy).toEqual([{ column: 'year' }]);
    expect(query?.select.map((one) => one.value)).toEqual([{ column: 'year' }, averageScore]);
    expect(query?.where).toEqual({
      and: [{ compare: '>=', left: { column: 'year' }, right: { literal: 2015 } }, equals('sector', 'Healthcare')],
    });
  });

  it('two sides are two series, whatever was asked before', () => {
    const talk = new Conversation([health]);
    talk.ask('average education score by region in 2023');
    const { query, edits } = talk.ask('Germany vs France in healthcare over time');
    expect(edits).toEqual([]);
    expect(query?.groupBy).toEqual([{ column: 'year' }, { column: 'country' }]);
    expect(query?.where).toEqual({
      and: [{ in: ['Germany', 'France'], left: { column: 'country' } }, equals('sector', 'Healthcare')],
    });
  });

  it('the place that improved the most is told by its last value against its first', () => {
    const { query } = ask(health, 'which country improved the most between 2015 and 2024 in education?');
    const at = (year: number): unknown => ({ ...averageScore, where: equals('year', year) });
    const change = { op: '-', left: at(2024), right: at(2015) };
    expect(query?.select[1]?.value).toEqual(change);
    expect(query?.orderBy).toEqual([{ by: change, direction: 'desc' }]);
    expect(query?.limit).toBe(1);
  });

  it('an improvement is a fall where less is better', () => {
    const { query } = ask(towns, 'which town improved the most in infant deaths since 2012?');
    expect(query?.orderBy?.[0]?.direction).toBe('asc');
    expect(query?.limit).toBe(1);
  });
});

describe('rankings and what follows them', () => {
  it('a value before the number narrows it; the other end and the picture change nothing else', () => {
    const talk = new Conversation([health]);
    const top = talk.ask('top 5 countries by economy score in 2023').query;
    expect(top?.where).toEqual({ and: [equals('year', 2023), equals('sector', 'Economy')] });
    expect(top?.limit).toBe(5);
    const bottom = talk.ask('and the bottom 5?').query;
    expect(bottom).toEqual({ ...top, orderBy: [{ by: averageScore, direction: 'asc' }] });
    const pie = talk.ask('as a pie chart');
    expect(pie.query).toEqual(bottom);
    expect(pie.chart?.mark).toBe('arc');
  });

  it('a new total is not cut to the places of the ranking before', () => {
    const talk = new Conversation([towns]);
    talk.ask('which 3 towns had the highest infant deaths in 2010?');
    const total = talk.ask('total inhabitants in 2015');
    expect(total.query).toEqual({
      datasetId: 'Towns over time',
      select: [{ value: { aggregate: 'sum', of: { column: 'inhabitants' } }, as: 'sum_inhabitants' }],
      where: equals('year', 2015),
    });
  });

  it('months and days are ranked by what the adjective means', () => {
    const month = ask(harbour, 'which month was the wettest in 2021?').query;
    expect(month?.groupBy).toEqual([{ column: 'date', grain: 'month' }]);
    expect(month?.orderBy?.[0]?.by).toEqual({ aggregate: 'sum', of: { column: 'rainfall' } });
    const day = ask(harbour, 'hottest day in 2021').query;
    expect(day?.groupBy).toEqual([{ column: 'date' }]);
    expect(day?.orderBy).toEqual([{ by: { aggregate: 'avg', of: { column: 'temp_high' } }, direction: 'desc' }]);
    expect(day?.where).toEqual(ofYear(2021));
  });

  it('a quality that no column holds is refused', () => {
    expect(ask(harbour, 'which month was the noisiest?').refusal?.code).toBe('not_in_data');
    expect(ask(towns, 'which town is the oldest and longest?').query).toBeNull();
  });
});

describe('going on', () => {
  it('goes down the ranking place by place, and starts again from its other end', () => {
    const talk = new Conversation([health]);
    const best = talk.ask('best country in healthcare in 2024').query;
    expect(talk.ask('and the one after that?').query).toEqual({ ...best, offset: 1 });
    expect(talk.ask('and the next one?').query).toEqual({ ...best, offset: 2 });
    expect(talk.ask('and the worst?').query).toEqual({ ...best, orderBy: [{ by: averageScore, direction: 'asc' }] });
  });

  it('another number takes the place of the one ranked by', () => {
    const talk = new Conversation([harbour]);
    expect(talk.ask('which year was the driest?').query?.orderBy?.[0]?.direction).toBe('asc');
    const { query } = talk.ask('and the high temperature?');
    expect(query?.orderBy?.[0]?.by).toEqual({ aggregate: 'avg', of: { column: 'temp_high' } });
  });

  it('a part of the number before', () => {
    const talk = new Conversation([towns]);
    talk.ask('total inhabitants by district in 2015');
    const total = { aggregate: 'sum', of: { column: 'inhabitants' } };
    expect(shown(talk.ask('what share is the Coast?'))).toEqual([
      {
        op: '*',
        left: { literal: 100 },
        right: { op: '/', left: { ...total, where: equals('district', 'Coast') }, right: total },
      },
    ]);
  });

  it('ranks things by a number', () => {
    const { query } = ask(health, 'rank the regions by education score in 2020');
    expect(query?.groupBy).toEqual([{ column: 'region' }]);
    expect(query?.where).toEqual({ and: [equals('year', 2020), equals('sector', 'Education')] });
    expect(query?.orderBy).toEqual([{ by: averageScore, direction: 'desc' }]);
  });

  it('counts things once, not their rows', () => {
    expect(shown(ask(health, 'how many high income countries are there?'))).toEqual([
      { aggregate: 'count_distinct', of: { column: 'country' } },
    ]);
  });
});

describe('times', () => {
  const between = (first: string, last: string): unknown => ({
    and: [
      { compare: '>=', left: { column: 'date' }, right: { literal: first } },
      { compare: '<=', left: { column: 'date' }, right: { literal: last } },
    ],
  });

  it.each([
    ['rainfall in Q2 2021', between('2021-04-01', '2021-06-30')],
    ['rainfall in the first quarter of 2021', between('2021-01-01', '2021-03-31')],
    ['rainfall on 2021-03-02', { compare: '=', left: { column: 'date' }, right: { literal: '2021-03-02' } }],
    ['rainfall in July', { compare: '=', left: { column: 'date', grain: 'month_of_year' }, right: { literal: 'Jul' } }],
  ])('%s', (question, where) => {
    expect(ask(harbour, question).query?.where).toEqual(where);
  });

  it('a year outside the data is a year all the same', () => {
    expect(ask(towns, 'inhabitants in 2035').query?.where).toEqual(equals('year', 2035));
  });

  it('two years compared stand beside each other', () => {
    expect(ask(harbour, 'compare the rainfall of 2020 and 2021').query?.groupBy).toEqual([
      { column: 'date', grain: 'year' },
    ]);
  });

  it('a small number is no date', () => {
    expect(ask(harbour, 'days with more than 30 mm of rainfall').query?.where).toEqual({
      compare: '>',
      left: { column: 'rainfall' },
      right: { literal: 30 },
    });
  });
});

describe('words', () => {
  it('an adjective stands for the value it is made from', () => {
    const { query } = ask(harbour, 'How many foggy days were there in 2021?');
    expect(shown(ask(harbour, 'How many foggy days were there in 2021?'))).toEqual([{ aggregate: 'count', of: null }]);
    expect(query?.where).toEqual({ and: [ofYear(2021), equals('sky', 'fog')] });
  });

  it('an adjective that nothing explains is not left out', () => {
    expect(ask(harbour, 'How many purple days were there in 2021?').query).toBeNull();
  });

  it('a name with a grammar word inside is one name', () => {
    const { query } = ask(towns, 'income per head by district in 2015');
    expect(query?.groupBy).toEqual([{ column: 'district' }]);
    expect(query?.select[1]?.value).toEqual({ aggregate: 'avg', of: { column: 'income_per_head' } });
  });

  it('a name given in part is taken and said', () => {
    const { query, reading } = ask(towns, 'average income per head in the Vale in 2015');
    expect(query?.where).toEqual({ and: [equals('year', 2015), equals('district', 'Upper & Lower Vale')] });
    expect(reading).toBe('“Vale” is read as Upper & Lower Vale.');
  });

  it('of two columns that fit, the one taken is said', () => {
    expect(ask(harbour, 'average temperature by month in 2021').reading).toBe(
      '“temperature” is read as Temp high; Temp low would fit too.',
    );
  });

  it('the grain of time stays', () => {
    const { query } = ask(harbour, 'show rainfall per month as a line chart in 2021');
    expect(query?.groupBy).toEqual([{ column: 'date', grain: 'month' }]);
    expect(query?.where).toEqual(ofYear(2021));
  });
});

describe('comparing and sharing', () => {
  it('one better than the other: both, side by side', () => {
    const { query } = ask(health, 'Is education better than healthcare in Germany?');
    expect(query?.groupBy).toEqual([{ column: 'sector' }]);
    expect(query?.where).toEqual({
      and: [{ in: ['Education', 'Healthcare'], left: { column: 'sector' } }, equals('country', 'Germany')],
    });
  });

  it('things that have many rows count once in a share', () => {
    expect(ask(health, 'share of countries by region').query?.select[1]?.value).toEqual({
      window: 'share',
      of: { aggregate: 'count_distinct', of: { column: 'country' } },
    });
  });

  it('the coefficient where it is asked for, the points where they are to be seen', () => {
    expect(shown(ask(health, 'what is the correlation between score and indicators used?'))).toEqual([
      { aggregate: 'correlation', of: { column: 'score' }, with: { column: 'indicators_used' } },
    ]);
    expect(ask(health, 'show the relationship between score and indicators used').chart?.mark).toBe('point');
  });
});

describe('several data sets', () => {
  it('the one that holds the words is asked, and stays the one of the conversation', () => {
    const talk = new Conversation([towns, harbour, health]);
    expect(talk.ask('what was the average rainfall in 2021?').query?.datasetId).toBe('Harbour days');
    expect(talk.ask('hottest day in 2020').query?.datasetId).toBe('Harbour days');
    expect(talk.ask('economy score of France in 2020').query?.datasetId).toBe('Sector health');
  });

  it('what none of them holds is refused', () => {
    expect(new Conversation([towns, harbour, health]).ask('Who is the president of France?').query).toBeNull();
  });
});

it('no such number is not answered as one', () => {
  expect(ask(health, 'how many countries have no score below 50?').refusal?.code).toBe('unclear');
  expect(ask(health, 'how many countries have a score of no more than 50?').intent.confidence).toBeGreaterThan(0.6);
});

describe('corrections and splits', () => {
  it('keep what was asked', () => {
    const talk = new Conversation([health]);
    talk.ask('What is the average score in 2024?');
    const split = talk.ask('by region').query;
    expect(split?.groupBy).toEqual([{ column: 'region' }]);
    expect(split?.where).toEqual(equals('year', 2024));
    expect(talk.ask('no, I meant 2021').query?.where).toEqual(equals('year', 2021));
    expect(talk.ask('only Europe').query?.where).toEqual({
      and: [equals('year', 2021), equals('region', 'Europe & Central Asia')],
    });
  });
});
