import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { sqlPort } from '../support/sql-table.js';
import { Talk } from '../support/talk.js';
import { aTable } from '../support/turn.js';

const COUNTRIES = [
  ['Ayland', 'North', 10],
  ['Beland', 'North', 20],
  ['Celand', 'South', 30],
  ['Deland', 'South', 40],
  ['Eland', 'South', 40],
  ['Fland', 'South', 60],
] as const;

/** Economy grows by the country's tenth a year, education is 5 above and falls by one a year. */
const scores = aTable(
  {
    sector: { type: 'text', role: 'dimension' },
    country: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal', decimals: 0 },
    score: { type: 'number', role: 'measure', unit: 'points', higherIsBetter: true, decimals: 1 },
  },
  ['Economy', 'Education'].flatMap((sector) =>
    COUNTRIES.flatMap(([country, region, base]) =>
      [2020, 2021, 2022].map((year) => {
        const after = year - 2020;
        return [sector, country, region, year, sector === 'Economy' ? base + (after * base) / 10 : base + 5 - after];
      }),
    ),
  ),
  { title: 'Sector scores', name: 'sector_scores' },
);

let database: TestDatabase;
let pool: pg.Pool;
let scoresPort: RetrievalPort;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  scoresPort = await sqlPort(pool, 'scores', scores);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const aboutScores = (): Talk => new Talk(scores, scoresPort);

describe('the best of each group', () => {
  it('are as many as asked for, and those that share the last place', async () => {
    const talk = aboutScores();
    const done = await talk.ask('the two best countries in each region by economy score in 2020');
    expect(done.evidence.primary?.rows).toEqual([
      ['North', 'Beland', 20],
      ['North', 'Ayland', 10],
      ['South', 'Fland', 60],
      ['South', 'Deland', 40],
      ['South', 'Eland', 40],
    ]);
    expect(done.text).toContain('The 2 countries with the highest average score in each region for Economy in 2020:');
    expect(done.text).toContain('- South: **Fland** 60.0 points, **Deland** 40.0 points, **Eland** 40.0 points');
    expect(done.text).toContain('Deland and Eland share a place in South with 40.0 points.');
    expect(done.understanding.intent.kind).toBe('rank');
    expect(await talk.rows('and in education?')).toEqual([
      ['North', 'Beland', 25],
      ['North', 'Ayland', 15],
      ['South', 'Fland', 65],
      ['South', 'Deland', 45],
      ['South', 'Eland', 45],
    ]);
  });

  it('are changed by what is asked next: the other end, more of them, other groups', async () => {
    const talk = aboutScores();
    await talk.ask('the best country in each region by economy score in 2020');
    expect(await talk.rows('and the worst?')).toEqual([
      ['North', 'Ayland', 10],
      ['South', 'Celand', 30],
    ]);
    expect(await talk.rows('and the top 2?')).toHaveLength(5);
    await talk.ask('average score by region and country in 2020');
    expect(await talk.rows('only the best in each region')).toEqual([
      ['North', 'Beland', 22.5],
      ['South', 'Fland', 62.5],
    ]);
    expect(await talk.rows('by sector instead')).toEqual([
      ['Economy', 'Fland', 60],
      ['Education', 'Fland', 65],
    ]);
  });

  it('may be the worst, of each year, or the second place alone', async () => {
    expect(await aboutScores().rows('worst country in every region in 2021 in education')).toEqual([
      ['North', 'Ayland', 14],
      ['South', 'Celand', 34],
    ]);
    const best = await aboutScores().ask('which country has the highest education score in each year?');
    expect(best.evidence.primary?.rows).toEqual([
      [2020, 'Fland', 65],
      [2021, 'Fland', 64],
      [2022, 'Fland', 63],
    ]);
    expect(best.text).toContain('Fland is highest (best) in all 3 years.');
    expect(await aboutScores().rows('second best country in each region by education score in 2020')).toEqual([
      ['North', 'Ayland', 15],
      ['South', 'Deland', 45],
      ['South', 'Eland', 45],
    ]);
  });
});

describe('the place of one among others', () => {
  it('is worked out anew for another one, and for another year', async () => {
    const talk = aboutScores();
    expect(await talk.rows('how does Beland rank in economy in 2020?')).toEqual([[5, 6]]);
    expect(await talk.rows('and Fland?')).toEqual([[1, 6]]);
    expect(await talk.text('and in 2022?')).toContain('Rank **1** of 6');
    expect(await talk.rows('and Celand?')).toEqual([[4, 6]]);
  });
});
