import { describe, expect, it } from '@jest/globals';
import { type Score, sampleTable, sectorScores } from '../../../../../test/support/sector-scores.js';
import { Talk } from '../../../../../test/support/talk.js';

const table = sampleTable();
const scores = sectorScores();

function percent(whole: (row: Score) => boolean, part: (row: Score) => boolean): number {
  const rows = scores.filter(whole);
  const countries = (some: readonly Score[]): number => new Set(some.map(({ country }) => country)).size;
  return (100 * countries(rows.filter(part))) / countries(rows);
}

describe('a share of those that fulfil a condition on the measure', () => {
  it.each([
    [
      'percentage of countries with score above 80 in Healthcare 2024',
      percent(
        ({ sector, year }) => sector === 'Healthcare' && year === 2024,
        ({ score }) => score > 80,
      ),
    ],
    [
      'What share of countries scored below 40 in 2023 in Education?',
      percent(
        ({ sector, year }) => sector === 'Education' && year === 2023,
        ({ score }) => score < 40,
      ),
    ],
  ])('%s: of all else that is said', async (question, value) => {
    expect((await new Talk(table).rows(question))[0]?.[0]).toBeCloseTo(value, 9);
  });

  it('is one for each group, of that group', async () => {
    const rows = await new Talk(table).rows('percentage of countries with score above 80 in Healthcare 2024 by region');
    expect(rows).toHaveLength(new Set(scores.map(({ region }) => region)).size);
    for (const [region, value] of rows)
      expect(value).toBeCloseTo(
        percent(
          (row) => row.sector === 'Healthcare' && row.year === 2024 && row.region === region,
          ({ score }) => score > 80,
        ),
        9,
      );
  });
});
