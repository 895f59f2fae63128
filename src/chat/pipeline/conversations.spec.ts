import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../test/support/talk.js';
import { aTable } from '../../../test/support/turn.js';

const SECTORS = ['Economy', 'Education'];
const PLACES = [
  ['Ayland', 'North', 10],
  ['Beland', 'North', 20],
  ['Celand', 'South', 30],
  ['Deland', 'South', 40],
  ['Eland', 'South', 50],
  ['Fland', 'South', 60],
] as const;

/** Economy grows by the place's tenth a year, education is 5 above and falls by one a year. */
const scores = aTable(
  {
    sector: { type: 'text', role: 'dimension' },
    country: { type: 'text', role: 'dimension', synonyms: ['economy', 'nation'] },
    region: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal', decimals: 0 },
    score: { type: 'number', role: 'measure', unit: 'points', higherIsBetter: true, decimals: 1 },
  },
  SECTORS.flatMap((sector) =>
    PLACES.flatMap(([country, region, base]) =>
      [2020, 2021, 2022].map((year) => {
        const after = year - 2020;
        return [sector, country, region, year, sector === 'Economy' ? base + (after * base) / 10 : base + 5 - after];
      }),
    ),
  ),
  { title: 'Sector health', name: 'sector_health' },
);

const orders = aTable(
  {
    order_date: { type: 'date', role: 'temporal' },
    product: { type: 'text', role: 'dimension' },
    city: { type: 'text', role: 'dimension' },
    gift: { type: 'text', role: 'dimension' },
    quantity: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
    unit_price: { type: 'number', role: 'measure' },
    total: { type: 'number', role: 'measure', defaultAggregate: 'sum' },
  },
  [
    ['2023-01-05', 'Lamp', 'Rome', 'yes', 2, 40, 80],
    ['2023-03-09', 'Desk', 'Rome', 'no', 10, 250, 2500],
    ['2024-01-20', 'Lamp', 'Oslo', 'no', 1, 40, 40],
    ['2024-01-21', 'Desk', 'Oslo', 'yes', 5, 250, 1250],
    ['2024-02-11', 'Lamp', 'Bern', 'no', 3, 40, 120],
    ['2024-06-30', 'Desk', 'Bern', 'no', 1, 250, 250],
  ],
  { title: 'Shop orders', name: 'shop_orders' },
);

describe('a word that is both a value and another word for a column', () => {
  it('is the value: the economy score is that of the sector', async () => {
    const talk = new Talk(scores);
    expect(await talk.rows('Show the trend of the economy score since 2020')).toEqual([
      [2020, 35],
      [2021, 38.5],
      [2022, 42],
    ]);
    expect(await talk.rows('and for education?')).toEqual([
      [2020, 40],
      [2021, 39],
      [2022, 38],
    ]);
  });
});

describe('the low end of a ranking', () => {
  it('is not called the first place', async () => {
    const talk = new Talk(scores);
    await talk.ask('top 3 countries by economy score in 2020');
    const text = await talk.text('and the bottom 3?');
    expect(text).toContain('Ayland is lowest (worst) with 10.0 points, 10.0 points (50.0 %) below Beland.');
    expect(text).not.toContain('first');
  });

  it('names those that share it', async () => {
    const ties = aTable(
      {
        town: { type: 'text', role: 'dimension' },
        year: { type: 'integer', role: 'temporal' },
        rain: { type: 'number', role: 'measure' },
      },
      [2020, 2021].flatMap((year) => [
        ['Alm', year, 1],
        ['Bro', year, 1],
        ['Cal', year, 4],
        ['Dun', year, 9],
      ]),
      { title: 'Towns' },
    );
    expect(await new Talk(ties).text('bottom 3 towns by rain')).toContain('Alm and Bro are both lowest with 1');
  });
});

describe('who improved most', () => {
  it('is several where a plural asks, each with both ends', async () => {
    const talk = new Talk(scores);
    const done = await talk.ask('which countries improved most between 2020 and 2022 in economy?');
    expect(done.evidence.primary?.rows).toEqual([
      ['Fland', 12, 60, 72],
      ['Eland', 10, 50, 60],
      ['Deland', 8, 40, 48],
      ['Celand', 6, 30, 36],
      ['Beland', 4, 20, 24],
    ]);
    expect(done.text).toContain('Change in average score from 2020 to 2022 by country for Economy:');
    expect(done.text).toContain('- Fland: **12 points** (from 60.0 points to 72.0 points)');
    expect(done.visualization?.title).toBe('Change in average score from 2020 to 2022 by country, Economy');
  });

  it('is said as an improvement', async () => {
    expect(await new Talk(scores).text('which country improved most between 2020 and 2022 in economy?')).toContain(
      '**Fland** improved most in average score for Economy: by 12 points, from 60.0 points in 2020 to 72.0 points in 2022.',
    );
  });

  it('may be nobody: getting better or worse is told over time', async () => {
    const rows = await new Talk(scores).rows('Is education getting better or worse in North?');
    expect(rows).toEqual([
      [2020, 20],
      [2021, 19],
      [2022, 18],
    ]);
  });
});

describe('a fragment that keeps or leaves out', () => {
  it('leaves out what "without" names', async () => {
    const talk = new Talk(scores);
    await talk.ask('top 3 countries by economy score in 2020');
    expect(await talk.rows('without Fland')).toEqual([
      ['Eland', 50],
      ['Deland', 40],
      ['Celand', 30],
    ]);
  });

  it('keeps the numbers that were asked for, whatever noun stands beside the value', async () => {
    const talk = new Talk(scores);
    await talk.ask('average score by sector in 2020');
    expect(await talk.rows('for North countries only')).toEqual(
      expect.arrayContaining([
        ['Economy', 15],
        ['Education', 20],
      ]),
    );
  });

  it('asks for the other end with two words', async () => {
    const talk = new Talk(orders);
    await talk.ask('which city has the highest total?');
    expect((await talk.rows('and the least?'))[0]?.[0]).toBe('Bern');
  });
});

describe("a shop's orders", () => {
  it('have a revenue, whatever its column is called', async () => {
    const talk = new Talk(orders);
    expect(await talk.rows('What was our revenue in 2024?')).toEqual([[1660]]);
    const text = await talk.text('total sales by product');
    expect(text).toContain('Total by product: Desk **4,000** and Lamp **240**');
    expect(await new Talk(orders).rows('average order value by product')).toEqual(
      expect.arrayContaining([
        ['Desk', 4000 / 3],
        ['Lamp', 80],
      ]),
    );
  });

  it('have a revenue in a year, though a number of theirs could be that year', async () => {
    const rows = orders.rows.map((row) => [...Object.values(row).slice(0, -1), Number(row['total']) / 2]);
    const columns = Object.fromEntries(
      orders.profile.columns.map(({ name, type, role, defaultAggregate }) => [name, { type, role, defaultAggregate }]),
    );
    const halved = aTable(columns, rows, { title: 'Shop orders', name: 'shop_orders' });
    expect(await new Talk(halved).rows('What was our revenue in 2024?')).toEqual([[830]]);
  });

  it('over a number are those of the one measure that it fits', async () => {
    expect(await new Talk(orders).rows('How many orders over 1000 euros?')).toEqual([[2]]);
  });

  it('are a share of all in percent', async () => {
    const talk = new Talk(orders);
    await talk.ask('total sales by city');
    expect(await talk.text('what share does Rome have?')).toContain('The share of Rome in the total is **60.8 %**.');
  });

  it('are gifts where a column says yes', async () => {
    const done = await new Talk(orders).ask('How many gift orders?');
    expect(done.evidence.primary?.rows).toEqual([[2]]);
    expect(done.text).toContain('There are **2** rows where gift is yes.');
  });
});

describe('a question about the answer before', () => {
  it('asks for the change in it', async () => {
    const talk = new Talk(scores);
    await talk.ask('average economy score in North since 2020');
    expect((await talk.rows('how much did it grow?'))[0]?.[0]).toBe(3);
    expect((await talk.rows('in percent, how much did it grow?'))[0]?.[0]).toBeCloseTo(20);
  });

  it('asks who changed the other way', async () => {
    const talk = new Talk(scores);
    await talk.ask('which countries improved most between 2020 and 2022 in economy?');
    expect((await talk.rows('and which improved least?'))[0]?.slice(0, 2)).toEqual(['Ayland', 2]);
  });

  it('asks what part of all it is', async () => {
    const talk = new Talk(orders);
    await talk.ask('How many orders in Rome?');
    expect((await talk.rows('what percentage is that?'))[0]?.[0]).toBeCloseTo(100 / 3);
  });

  it('puts one more beside those that were compared', async () => {
    const talk = new Talk(scores);
    await talk.ask('Compare Ayland and Beland in economy in 2020');
    const rows = await talk.rows('and Celand?');
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual(['Celand', 30]);
  });

  it('is refused where it is about something else', async () => {
    const talk = new Talk(scores);
    await talk.ask('economy score of Ayland in 2020');
    expect((await talk.ask('what is the population of Beland?')).understanding.refusal?.code).toBe('not_in_data');
  });
});

describe('a line chart since a year', () => {
  it('runs over the years, with a line for each group', async () => {
    const done = await new Talk(scores).ask('Average economy score by region since 2020 as a line chart');
    expect(done.evidence.primary?.rows).toHaveLength(6);
    expect(done.visualization?.title).toContain('by year and region');
  });
});
