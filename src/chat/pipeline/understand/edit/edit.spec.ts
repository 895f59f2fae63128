import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../../../test/support/talk.js';
import { aTable } from '../../../../../test/support/turn.js';

const MAKERS = ['Alba', 'Brio', 'Corso'] as const;

/** Two cars of Alba, and one of each other maker, in each of 2001 to 2003; weights from 1000 kg up, every one another. */
const cars = aTable(
  {
    car: { type: 'text', role: 'identifier' },
    maker: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    weight: { type: 'integer', role: 'measure', unit: 'kg', distinct: 30, min: 1000, max: 2000 },
  },
  [2001, 2002, 2003].flatMap((year, at) =>
    [...MAKERS, 'Alba'].map((maker, index) => [`${maker} ${year} ${index}`, maker, year, 1000 + 100 * at + 10 * index]),
  ),
  { title: 'Cars' },
);

describe('a number that was asked for by groups', () => {
  it('varies over time group by group', async () => {
    const talk = new Talk(cars);
    await talk.ask('Show the number of cars for each maker');
    const done = await talk.ask('Can you show how the number varies over the years?');
    expect(done.evidence.primary?.rows.slice(0, 3)).toEqual([
      [2001, 'Alba', 2],
      [2001, 'Brio', 1],
      [2001, 'Corso', 1],
    ]);
    expect(done.understanding.chart).toMatchObject({ mark: 'line', x: 'year', color: 'maker' });
    expect(done.understanding.reading).toBeNull();
  });

  it('loses what is removed from it, one after another', async () => {
    const talk = new Talk(cars);
    await talk.ask('Show the number of cars for each maker');
    const one = await talk.ask('Remove the cars of Alba');
    expect(one.evidence.primary?.rows).toEqual([
      ['Brio', 3],
      ['Corso', 3],
    ]);
    expect(one.text).toContain('without Alba');
    expect(await talk.rows('remove Brio too')).toEqual([['Corso', 3]]);
    await talk.ask('number of cars for Alba and Corso');
    expect(await talk.rows('remove Corso')).toEqual([['Alba', 6]]);
  });
});

describe('a distribution', () => {
  it('is split by a column that is added to it', async () => {
    const talk = new Talk(cars);
    await talk.ask('Show the distribution of weight');
    const done = await talk.ask('Add the maker to the visualization');
    expect(done.evidence.primary?.rows.slice(0, 3)).toEqual([
      [1000, 'Alba', 2],
      [1000, 'Brio', 1],
      [1000, 'Corso', 1],
    ]);
    expect(done.understanding.chart).toMatchObject({ x: 'weight (bin)', color: 'maker' });
  });
});
