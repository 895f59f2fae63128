import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline, type Piped } from '../../src/chat/pipeline/run-pipeline.js';
import type { Scalar } from '../../src/common/scalar.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { StoredTables } from '../support/stored-table.js';
import { aTable, aTurn } from '../support/turn.js';

const LIMIT = 100;

/** Height and weight rise together in the first rows, which are all that a result may hold, and against each other later. */
const rows = [...Array(400).keys()].map((i): Scalar[] => [
  i,
  i % 50 === 7 ? null : i < LIMIT ? i + (i % 3) : 400 - i + (i % 5),
]);
const table = aTable(
  { height: { type: 'integer', role: 'measure' }, weight: { type: 'integer', role: 'measure' } },
  rows,
  { title: 'Seedlings' },
);

let tables: StoredTables;
let port: RetrievalPort;
beforeAll(async () => {
  tables = await StoredTables.open();
  port = await tables.store('seedlings', table, LIMIT);
});
afterAll(() => tables.close());

function asked(question: string): Promise<Piped> {
  const { understanding: _, ...turn } = aTurn(table, null);
  return runPipeline({ ...turn, question }, port);
}

describe('a scatter plot of more rows than are read', () => {
  it('tells the correlation of all of them', async () => {
    const { rows: exact } = await tables.pool.query<{ r: number }>('SELECT corr(c1, c2) AS r FROM seedlings');
    const { evidence, findings, text } = await asked('Show a scatter plot of height against weight');
    expect(evidence.primary?.truncated).toBe(true);
    const found = findings.find(({ kind }) => kind === 'correlation');
    expect(found?.values['r']).toBeCloseTo(exact[0]?.r ?? 1, 10);
    expect(found?.values['n']).toBe(392);
    expect(found?.text).toContain('negative');
    expect(text).toContain('negative');
    const missing = findings.find(({ kind }) => kind === 'missing');
    expect(missing?.values).toMatchObject({ missing: 8, rows: 400 });
    expect(findings.map(({ text: each }) => each).join(' ')).not.toContain('Spearman');
  });
});

describe('a coefficient that is asked for', () => {
  it('is of all rows that have both, with its interval, and drawn', async () => {
    const { rows: exact } = await tables.pool.query<{ r: number; n: string }>(
      'SELECT corr(c1, c2) AS r, regr_count(c1, c2) AS n FROM seedlings',
    );
    const { answer, findings, text, visualization, grounded } = await asked(
      'What is the correlation between height and weight?',
    );
    expect(answer).toBeCloseTo(exact[0]?.r ?? 1, 10);
    const found = findings.find(({ kind }) => kind === 'correlation');
    expect(found?.values).toMatchObject({ n: Number(exact[0]?.n) });
    expect(Number(found?.values['low'])).toBeLessThan(Number(answer));
    expect(Number(found?.values['high'])).toBeGreaterThan(Number(answer));
    expect(text).toContain('it says nothing of cause');
    expect(text).toContain('8 of 400 rows lack one of the two.');
    expect(visualization?.altText).toContain('Scatter plot');
    expect(grounded).toMatchObject({ unsupported: [] });
  });
});
