import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { sampleTable, sectorScores } from '../support/sector-scores.js';
import { StoredTables } from '../support/stored-table.js';
import { Talk } from '../support/talk.js';

const table = sampleTable();
const sectorsOf = (year: number, country?: string): string[] => [
  ...new Set(
    sectorScores()
      .filter((row) => row.year === year && (country === undefined || row.country === country))
      .map(({ sector }) => sector),
  ),
];

let tables: StoredTables;
let port: RetrievalPort;
beforeAll(async () => {
  tables = await StoredTables.open();
  port = await tables.store('scores', table, 1_000);
});
afterAll(() => tables.close());

describe('an average that is over other parts at the other end', () => {
  const gone = sectorsOf(2015).filter((sector) => !sectorsOf(2024).includes(sector));
  it.each(['How did the average score change from 2015 to 2024?', 'average score by year'])('%s', async (question) => {
    const done = await new Talk(table, port).ask(question);
    expect(gone.length).toBeGreaterThan(0);
    expect(done.text).toContain(
      `The averages compare different sectors: there are no ${gone.join(' or ')} rows in 2024.`,
    );
    expect(done.understanding.intent.confidence).toBe(0.75);
  });

  it('is told of each thing in a ranking', async () => {
    const done = await new Talk(table, port).ask('Which countries improved most since 2015?');
    const [first] = done.evidence.primary?.rows ?? [];
    const country = String(first?.[0]);
    expect(sectorsOf(2015, country)).not.toEqual(sectorsOf(2024, country));
    expect(done.text).toContain(`${country} has no `);
  });

  it('is not told where the parts are the same', async () => {
    const text = await new Talk(table, port).text('Which regions improved most in Education since 2015?');
    expect(text).not.toContain('The averages compare');
  });
});
