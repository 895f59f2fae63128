import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { sampleTable } from '../support/sector-scores.js';
import { StoredTables } from '../support/stored-table.js';
import { Talk } from '../support/talk.js';

const table = sampleTable();

let tables: StoredTables;
let port: RetrievalPort;
beforeAll(async () => {
  tables = await StoredTables.open();
  port = await tables.store('scores', table, 1_000);
});
afterAll(() => tables.close());

const text = (question: string): Promise<string> => new Talk(table, port).text(question);

describe('more rows than are read', () => {
  it('are never said to be all', async () => {
    const said = await text('show all rows');
    expect(said).toMatch(/^The first 1,000 of 7,544 rows:/);
    expect(said).toContain('half of the first 1,000');
    expect(said).not.toContain('990 more');
    expect(await text('show all rows in Education')).toMatch(/^The first 1,000 rows for Education:/);
  });

  it('are all in the correlation of a year with a measure', async () => {
    const { rows } = await tables.pool.query<{ r: number }>('SELECT corr(c4, c5) AS r FROM scores');
    const done = await new Talk(table, port).ask('correlation between year and score');
    expect(done.evidence.primary?.rows[0]?.[0]).toBeCloseTo(rows[0]?.r ?? NaN, 9);
    expect(done.text).toContain('n = 7,544');
  });
});
