import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../../test/support/talk.js';
import { aTable } from '../../../../test/support/turn.js';

const TOWNS = ['Oslo', 'Rome', 'Lima'] as const;

/** One flight from each town to each other; its price is 100 for each place that its towns have in the list. */
const flights = aTable(
  {
    flight: { type: 'text', role: 'identifier' },
    origin: { type: 'text', role: 'dimension' },
    destination: { type: 'text', role: 'dimension' },
    price: { type: 'integer', role: 'measure' },
  },
  TOWNS.flatMap((from, a) =>
    TOWNS.flatMap((to, b) => (a === b ? [] : [[`${from.charAt(0)}${to.charAt(0)}`, from, to, 100 * (a + 1) + 10 * b]])),
  ),
  { title: 'Flights' },
);

describe('a name that is a value of two columns', () => {
  it('is taken for one of them, which is said, and believed less', async () => {
    const { understanding } = await new Talk(flights).ask('average price for Rome');
    expect(understanding.reading).toContain('“Rome” is read as a value of Origin; Destination would fit too.');
    expect(understanding.intent.confidence).toBeLessThan(0.9);
  });

  it('is of the end that the word before it says', async () => {
    const to = await new Talk(flights).ask('how many flights to Rome?');
    expect(to.understanding.query?.where).toMatchObject({ left: { column: 'destination' } });
    expect(to.understanding.reading ?? '').not.toContain('would fit');
    const both = await new Talk(flights).ask('average price from Lima to Oslo');
    expect(both.evidence.primary?.rows).toEqual([[300]]);
  });

  it('is of the column that is named beside it', async () => {
    const named = await new Talk(flights).ask('average price for destination Rome');
    expect(named.understanding.query?.where).toMatchObject({ left: { column: 'destination' } });
    expect(named.understanding.reading ?? '').not.toContain('would fit');
  });
});
