import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline, type Piped } from '../../src/chat/pipeline/run-pipeline.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { sampleTable } from '../support/sector-scores.js';
import { StoredTables } from '../support/stored-table.js';
import { aTurn } from '../support/turn.js';

const table = sampleTable();
/** Far fewer than there are rows: what is said of all of them cannot come from those read. */
const LIMIT = 300;

let tables: StoredTables;
let port: RetrievalPort;
beforeAll(async () => {
  tables = await StoredTables.open();
  port = await tables.store('scores', table, LIMIT);
});
afterAll(() => tables.close());

async function asked(question: string): Promise<Piped> {
  const { understanding: _, ...turn } = aTurn(table, null);
  const piped = await runPipeline({ ...turn, question }, port);
  expect([question, piped.text, piped.grounded?.unsupported]).toEqual([question, piped.text, []]);
  return piped;
}

describe('outliers', () => {
  it('are those beyond the fences of all rows', async () => {
    const { rows } = await tables.pool.query<{ q1: number; q3: number; n: string }>(
      `SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY c5) AS q1, percentile_cont(0.75) WITHIN GROUP (ORDER BY c5) AS q3,
        count(c5) AS n FROM scores WHERE c1 = 'Education' AND c4 = 2024`,
    );
    const { q1 = 0, q3 = 0, n = '0' } = rows[0] ?? {};
    const low = q1 - 1.5 * (q3 - q1);
    const beyond = await tables.pool.query<{ c2: string }>(
      `SELECT c2 FROM scores WHERE c1 = 'Education' AND c4 = 2024 AND (c5 < $1 OR c5 > $2)`,
      [low, q3 + 1.5 * (q3 - q1)],
    );
    const { studied, text } = await asked('Any outliers in the Education score in 2024?');
    if (studied?.kind !== 'outliers') throw new Error('no outliers were looked for');
    expect(studied.spread).toMatchObject({ n: Number(n), low: expect.closeTo(low, 6), count: beyond.rows.length });
    expect(studied.points).toHaveLength(beyond.rows.length);
    for (const { c2 } of beyond.rows) expect(text).toContain(c2);
  });

  it('by the median absolute deviation, of more rows than are read', async () => {
    const { rows } = await tables.pool.query<{ median: number; mad: number }>(
      `WITH m AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c5) AS median FROM scores)
       SELECT min(median) AS median, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(c5 - median)) AS mad FROM scores, m`,
    );
    const { median = 0, mad = 0 } = rows[0] ?? {};
    const { studied } = await asked('Detect outliers in score using MAD');
    if (studied?.kind !== 'outliers') throw new Error('no outliers were looked for');
    expect(studied.n).toBe(table.rows.length);
    expect(studied.spread?.high).toBeCloseTo(median + (3.5 / 0.6745) * mad, 6);
  });
});

describe('reasons', () => {
  it('of an average add up to its change, whatever the dimension', async () => {
    const { studied, answer, text } = await asked('Why did the score drop from 2023 to 2024?');
    if (studied?.kind !== 'reasons') throw new Error('no reasons were looked for');
    const { rows } = await tables.pool.query<{ change: number }>(
      'SELECT avg(c5) FILTER (WHERE c4 = 2024) - avg(c5) FILTER (WHERE c4 = 2023) AS change FROM scores',
    );
    expect(answer).toBeCloseTo(Number(rows[0]?.change), 8);
    const sum = studied.breakup?.contributions.reduce((total, { amount }) => total + amount, 0);
    expect(sum).toBeCloseTo(Number(rows[0]?.change), 6);
    // There are no Infrastructure rows for 2024.
    expect(studied.breakup).toMatchObject({ by: 'sector' });
    expect(text).toContain('Infrastructure');
    expect(text).toContain('another mix of rows');
  });
});

it('a forecast of all countries is of the ten years there are', async () => {
  const { studied, text } = await asked('Forecast the Healthcare score for the next 2 years');
  expect(studied).toMatchObject({ kind: 'forecast', n: 10, refused: null });
  expect(text).toContain('Method: ');
  expect(text).toContain('(2015 to 2024)');
});
