import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import type { Scalar } from '../../src/common/scalar.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { sqlPort } from '../support/sql-table.js';
import { Talk } from '../support/talk.js';
import { aTable } from '../support/turn.js';

/** Scores of four countries, of which Kenya has none, and Nepal none of education in 2021; Peru has no region. */
const rows = ['Kenya', 'Peru', 'Nepal', 'Chad'].flatMap((country, c) =>
  ['education', 'health'].flatMap((sector, s) =>
    [2020, 2021].map((year, y): Scalar[] => {
      const isMissing = c === 0 || (c === 2 && s === 0 && y === 1);
      return [country, c === 1 ? null : `R${c}`, sector, year, isMissing ? null : 40 + 5 * c + s + y, c];
    }),
  ),
);
const gaps = aTable(
  {
    country: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    sector: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    score: { type: 'integer', role: 'measure', defaultAggregate: 'avg' },
    visits: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
  },
  rows,
);

let database: TestDatabase;
let pool: pg.Pool;
let port: RetrievalPort;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  port = await sqlPort(pool, 'gaps', gaps);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('cells that are empty', () => {
  it.each([
    ['How many rows have no score?', 5],
    ['Number of rows without a score', 5],
    ['How many rows are missing a score?', 5],
    ['How many rows lack a score?', 5],
    ['How many rows have an empty score?', 5],
    ['How many rows have a blank score?', 5],
    ['Number of rows where score is null', 5],
    ['How many scores are missing?', 5],
    ['In how many rows is the score missing?', 5],
    ['How many rows do not have a score?', 5],
    ["How many rows don't have a score?", 5],
    ['How many rows have no education score?', 3],
    ['How many countries have no education score?', 2],
    ['How many rows have no score in 2021?', 3],
    ['How many rows have no region?', 4],
    ['How many rows have a score?', 11],
    ['How many rows have no missing score?', 11],
    ['How many rows where score is not null?', 11],
    // None is empty: no visits are a number of them.
    ['How many rows have no visits?', 4],
    ['How many rows have no country?', 0],
    ['How many rows have a score of no more than 46?', 3],
  ])('%s %d', async (question, count) => {
    const { evidence, understanding } = await new Talk(gaps, port).ask(question);
    expect([evidence.primary?.rows, understanding.refusal]).toEqual([[[count]], null]);
  });

  it('are listed, and named in the answer', async () => {
    const { text } = await new Talk(gaps, port).ask('Which countries have no score in 2021?');
    expect(text).toContain('2 countries in 2021 without a score: **Kenya** and **Nepal**.');
  });

  it('are not asked for where "no" belongs to something else', async () => {
    const { understanding } = await new Talk(gaps, port).ask('average score by sector, no matter the region');
    expect(JSON.stringify(understanding.query ?? null)).not.toContain('"missing":true');
  });
});
