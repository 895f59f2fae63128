import { expect, it } from '@jest/globals';
import type { Scalar } from '../../../common/scalar.js';
import { askedTable } from '../../../../test/support/asked-table.js';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { PastTurn, Understanding } from '../turn.js';
import { understand } from './understand.js';

/* A table of records with headers as people write them: what is asked of it is worked out over its rows, whatever it looks like. */

const REGIONS = ['North', 'South', 'East', null];
const CARRIERS = ['Swift Line', 'Condor'];
const rows: Scalar[][] = Array.from({ length: 40 }, (_, at) => [
  `AK-${String(1000 + at)}`,
  REGIONS[at % 4] ?? null,
  CARRIERS[at % 2] ?? null,
  2019 + (at % 4),
  944 + at * 37,
  5 + (at % 7),
  at % 3 === 0 ? 'Yes' : 'No',
]);
const HEADER = ['Tracking Code', 'Region', 'Carrier', 'Year', 'Weight', 'Parcels', 'Insured'];
const { profile: plain } = askedTable('Shipments', HEADER, rows);
const known = (column: ColumnProfile): ColumnProfile => ({
  ...column,
  defaultAggregate: 'sum',
  ...(column.name === 'Insured' && { type: 'boolean' as const, values: ['true', 'false'] }),
});
const profile: DatasetProfile = { ...plain, columns: plain.columns.map(known) };

function talk(...questions: readonly string[]): Understanding {
  const history: PastTurn[] = [];
  for (const question of questions) {
    const asked = { question, askedAt: new Date('2024-06-01'), datasets: [profile], history: [...history] };
    const persona = { name: 'a', displayName: 'A', starterQuestions: [] };
    const { understanding } = understand({ ...asked, persona });
    history.push({ messageId: question, question, understanding, result: null, answer: null });
  }
  const last = history.at(-1)?.understanding;
  if (!last) throw new Error('Nothing was asked');
  return last;
}

const is = (column: string, value: Scalar) => ({
  compare: '=' as const,
  left: { column },
  right: { literal: value },
});
const total = (where: unknown) => ({ aggregate: 'sum', of: { column: 'Weight' }, where });

it.each([
  ['How many shipments are insured?', is('Insured', true)],
  ['number of shipments that are insured', is('Insured', true)],
  ['How many shipments where weight >= 1500?', { compare: '>=', left: { column: 'Weight' }, right: { literal: 1500 } }],
  ['Count of shipments with weight < 1500', { compare: '<', left: { column: 'Weight' }, right: { literal: 1500 } }],
  ['How many shipments where parcels ≠ 7?', { compare: '!=', left: { column: 'Parcels' }, right: { literal: 7 } }],
  // Numbers that look like years, where no year of the data lies, after a measure.
  ['How many shipments have a weight between 1944 and 2180?', { between: [1944, 2180], left: { column: 'Weight' } }],
  ['number of shipments with weight from 944 to 1944', { between: [944, 1944], left: { column: 'Weight' } }],
  ['How many shipments from 2019 to 2020?', { between: [2019, 2020], left: { column: 'Year' } }],
])('%s: the rows that are counted', (question, where) => {
  const { query, intent } = talk(question);
  expect(query?.select.map(({ value }) => value)).toEqual([{ aggregate: 'count', of: null }]);
  expect(query?.where).toEqual(where);
  expect(intent.confidence).toBeGreaterThan(0.9);
});

it.each([
  ["How many shipments whose tracking code contains 'AK-'?", { text: 'contains', value: 'AK-' }],
  ['How many shipments with a tracking code beginning with "AK-10"?', { text: 'starts_with', value: 'AK-10' }],
  ['Count of shipments with "9" in the tracking code', { text: 'contains', value: '9' }],
])('%s: a piece of a text', (question, condition) => {
  expect(talk(question).query?.where).toEqual({ ...condition, left: { column: 'Tracking Code' } });
});

it('a ranking of groups leaves out the rows that have none', () => {
  const { query } = talk('Which region has the fewest shipments?');
  expect(query?.where).toEqual({ missing: false, left: { column: 'Region' } });
});

it.each([
  ['What is the difference in total weight between North and South?', 'abs_difference', 'North', 'South'],
  ['How much higher is the total weight of North than South?', '-', 'North', 'South'],
  ['How much less is the total weight of North than South?', '-', 'South', 'North'],
  ['By how much does the total weight of North exceed South?', '-', 'North', 'South'],
  ['What is the ratio of North to South in total weight?', '/', 'North', 'South'],
  ['How many times the total weight of North is that of South?', '/', 'South', 'North'],
])('%s', (question, op, first, second) => {
  const { query, intent } = talk(question);
  const [left, right] = [total(is('Region', first)), total(is('Region', second))];
  expect(query?.select[0]?.value).toEqual({ op, left, right });
  expect(query?.where).toBeUndefined();
  expect(intent.confidence).toBeGreaterThan(0.9);
});

it('a rank is by the aggregate that was said, and of the one that was named', () => {
  for (const question of ['What rank is North by total weight?', 'How does North rank by total weight?']) {
    const { query } = talk(question);
    expect(query?.select.map(({ as }) => as)).toEqual(['rank', 'among']);
    expect(JSON.stringify(query)).toContain('"aggregate":"sum"');
  }
});

it('arithmetic over the last two answers', () => {
  const turns = ['What is the average weight for North?', 'And for South?', 'What is the difference between them?'];
  const of = (region: string) => ({
    scalar: { aggregate: 'avg', of: { column: 'Weight' }, where: is('Region', region) },
  });
  const sides = { left: of('South'), right: of('North') };
  expect(talk(...turns).query?.select[0]?.value).toEqual({ op: 'abs_difference', ...sides });
  const inPercent = talk(...turns, 'And as a percentage?');
  expect(inPercent.query?.select[0]?.value).toEqual({ op: 'percent_change', ...sides });
  expect(talk(...turns.slice(0, 2), 'What is the ratio between them?').query?.select[0]?.value).toEqual({
    op: '/',
    ...sides,
  });
});

it('another measure is taken by the aggregate of the one before', () => {
  const { query } = talk('What is the average weight for North?', 'What about the parcels?');
  expect(query?.select.map(({ value }) => value)).toEqual([{ aggregate: 'avg', of: { column: 'Parcels' } }]);
  expect(query?.where).toEqual(is('Region', 'North'));
});

it('what is guessed is told with less confidence', () => {
  expect(talk('What is the total weight?').intent.confidence).toBe(1);
  expect(talk('How many champions are there?').intent.confidence).toBeLessThan(0.8);
});
