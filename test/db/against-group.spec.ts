import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { meanScore, sampleTable, sectorScores } from '../support/sector-scores.js';
import { StoredTables } from '../support/stored-table.js';
import { Talk } from '../support/talk.js';

const table = sampleTable();
const scores = sectorScores();
const europe = 'Europe & Central Asia';

let tables: StoredTables;
let port: RetrievalPort;
beforeAll(async () => {
  tables = await StoredTables.open();
  port = await tables.store('scores', table, 1_000);
});
afterAll(() => tables.close());

const near = (rows: readonly (readonly unknown[])[]): unknown[] =>
  rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toFixed(6)) : cell)));

describe('a thing beside the group that it belongs to', () => {
  const education = [
    meanScore(scores, (row) => row.country === 'Germany' && row.sector === 'Education' && row.year === 2022),
    meanScore(scores, (row) => row.region === europe && row.sector === 'Education' && row.year === 2022),
  ] as const;
  const all = [
    meanScore(scores, (row) => row.country === 'Germany' && row.year === 2022),
    meanScore(scores, (row) => row.region === europe && row.year === 2022),
  ] as const;
  it.each([
    ['Education in Germany compared to the average of its region in 2022', education],
    ['How does Germany in Education compare to the average of Europe & Central Asia in 2022?', education],
    ['average score of Germany compared with Europe & Central Asia in 2022', all],
    ['Compare Germany with Europe & Central Asia in 2022', all],
  ])('%s', async (question, [own, group]) => {
    expect(near(await new Talk(table, port).rows(question))).toEqual(near([[own - group, own, group]]));
  });

  it('is asked for after the thing alone', async () => {
    const talk = new Talk(table, port);
    await talk.ask('Germany in Education 2022');
    const [own, group] = education;
    expect(near(await talk.rows('compare it to the average of its region'))).toEqual(near([[own - group, own, group]]));
  });

  it('runs over time where that is asked', async () => {
    const rows = await new Talk(table, port).rows('Germany vs Europe & Central Asia in Education over time');
    expect(rows.map(([year]) => year)).toEqual([...new Set(scores.map(({ year }) => year))].toSorted((a, b) => a - b));
  });
});
