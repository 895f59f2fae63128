import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../../../test/support/talk.js';
import { scores } from '../../../../../test/support/talked-tables.js';
import { aTable } from '../../../../../test/support/turn.js';

/** No unit is given for the goals. */
const matches = aTable(
  {
    day: { type: 'date', role: 'temporal' },
    team: { type: 'text', role: 'dimension' },
    goals: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
  },
  [
    ['2024-01-01', 'Reds', 4],
    ['2024-01-01', 'Blues', 1],
    ['2024-01-02', 'Blues', 2],
  ],
  { title: 'Matches', name: 'matches' },
);

describe('by how much one side is above the other', () => {
  it.each([
    ['by how many points does Eland beat Deland in economy in 2022', [0, 48, 48]],
    ['by how much does Fland beat Deland in economy in 2022', [24, 72, 48]],
    ['how many points more has Fland than Deland in economy in 2022', [24, 72, 48]],
    ['by how many percent does Fland beat Deland in economy in 2022', [24, 72, 48]],
    ['how far is Fland ahead of Deland in economy in 2022', [24, 72, 48]],
    ['by how much does Deland trail Fland in economy in 2022', [24, 48, 72]],
  ])('%s', async (question, row) => {
    expect(await new Talk(scores).rows(question)).toEqual([row]);
  });

  it('is counted in a unit that the table does not name', async () => {
    expect(await new Talk(matches).rows('by how many points do the Reds beat the Blues')).toEqual([[1, 4, 3]]);
  });

  it.each(['how many countries beat Deland in economy in 2022', 'in how many years did Fland beat Deland in economy'])(
    '%s: counts no rows of a side as if it had won',
    async (question) => {
      const { understanding } = await new Talk(scores).ask(question);
      expect(understanding.refusal?.code).toBe('unclear');
    },
  );
});
