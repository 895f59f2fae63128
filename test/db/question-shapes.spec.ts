import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { sqlPort } from '../support/sql-table.js';
import { Talk } from '../support/talk.js';
import { sales, scores } from '../support/talked-tables.js';

let database: TestDatabase;
let pool: pg.Pool;
let scoresPort: RetrievalPort;
let salesPort: RetrievalPort;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  scoresPort = await sqlPort(pool, 'scores', scores);
  salesPort = await sqlPort(pool, 'sales', sales);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const aboutSales = (): Talk => new Talk(sales, salesPort);
const aboutScores = (): Talk => new Talk(scores, scoresPort);

describe('the best of each group', () => {
  it('are as many as asked for, and those that share the last place', async () => {
    const talk = aboutScores();
    const done = await talk.ask('the two best countries in each region by economy score in 2020');
    expect(done.evidence.primary?.rows).toEqual([
      ['North', 'Beland', 20],
      ['North', 'Ayland', 10],
      ['South', 'Fland', 60],
      ['South', 'Deland', 40],
      ['South', 'Eland', 40],
    ]);
    expect(done.text).toContain('The 2 countries with the highest average score in each region for Economy in 2020:');
    expect(done.text).toContain('- South: **Fland** 60.0 points, **Deland** 40.0 points, **Eland** 40.0 points');
    expect(done.text).toContain('Deland and Eland share a place in South with 40.0 points.');
    expect(done.understanding.intent.kind).toBe('rank');
    expect(await talk.rows('and in education?')).toEqual([
      ['North', 'Beland', 25],
      ['North', 'Ayland', 15],
      ['South', 'Fland', 65],
      ['South', 'Deland', 45],
      ['South', 'Eland', 45],
    ]);
  });

  it('are changed by what is asked next: the other end, more of them, other groups', async () => {
    const talk = aboutScores();
    await talk.ask('the best country in each region by economy score in 2020');
    expect(await talk.rows('and the worst?')).toEqual([
      ['North', 'Ayland', 10],
      ['South', 'Celand', 30],
    ]);
    expect(await talk.rows('and the top 2?')).toHaveLength(5);
    await talk.ask('average score by region and country in 2020');
    expect(await talk.rows('only the best in each region')).toEqual([
      ['North', 'Beland', 22.5],
      ['South', 'Fland', 62.5],
    ]);
    expect(await talk.rows('by sector instead')).toEqual([
      ['Economy', 'Fland', 60],
      ['Education', 'Fland', 65],
    ]);
  });

  it('may be of both ends, of a change, or the best month of each year', async () => {
    expect(await aboutScores().rows('the best and worst country in each region by economy score in 2020')).toEqual([
      ['North', 'Beland', 20],
      ['North', 'Ayland', 10],
      ['South', 'Fland', 60],
      ['South', 'Celand', 30],
    ]);
    const improved = await aboutScores().ask(
      'which country improved most in each region from 2020 to 2022 in economy?',
    );
    expect(improved.evidence.primary?.rows).toEqual([
      ['North', 'Beland', 4, 20, 24],
      ['South', 'Fland', 12, 60, 72],
    ]);
    expect(improved.text).toContain('- South: **Fland** 12 points');
    expect(await aboutSales().rows('best month in each year by revenue')).toEqual([
      [2023, 'Dec', 111],
      [2024, 'Dec', 171],
    ]);
  });

  it('are found in other words', async () => {
    const expected = [
      ['North', 'Beland', 20],
      ['South', 'Fland', 60],
    ];
    expect(await aboutScores().rows('who is the best in each region in economy in 2020?')).toEqual(expected);
    expect(await aboutScores().rows('economy score by country in 2020, top 1 per region')).toEqual(expected);
  });

  it('may be the worst, of each year, or the second place alone', async () => {
    expect(await aboutScores().rows('worst country in every region in 2021 in education')).toEqual([
      ['North', 'Ayland', 14],
      ['South', 'Celand', 34],
    ]);
    const best = await aboutScores().ask('which country has the highest education score in each year?');
    expect(best.evidence.primary?.rows).toEqual([
      [2020, 'Fland', 65],
      [2021, 'Fland', 64],
      [2022, 'Fland', 63],
    ]);
    expect(best.text).toContain('Fland is highest (best) in all 3 years.');
    expect(await aboutScores().rows('second best country in each region by education score in 2020')).toEqual([
      ['North', 'Ayland', 15],
      ['South', 'Deland', 45],
      ['South', 'Eland', 45],
    ]);
  });
});

describe('the place of one among others', () => {
  it('is worked out anew for another one, and for another year', async () => {
    const talk = aboutScores();
    expect(await talk.rows('how does Beland rank in economy in 2020?')).toEqual([[5, 6]]);
    expect(await talk.rows('and Fland?')).toEqual([[1, 6]]);
    expect(await talk.text('and in 2022?')).toContain('Rank **1** of 6');
    expect(await talk.rows('and Celand?')).toEqual([[4, 6]]);
  });
});

describe('a moving average', () => {
  it('is over the months up to each, and says where one of them is missing', async () => {
    const done = await aboutSales().ask('show the 3-month moving average of revenue in 2023 as a line chart');
    const rows = done.evidence.primary?.rows ?? [];
    expect(rows.slice(0, 8)).toEqual([
      ['2023-01', null, 100],
      ['2023-02', null, 101],
      ['2023-03', 101, 102],
      ['2023-04', 102, 103],
      ['2023-06', null, 105],
      ['2023-07', null, 106],
      ['2023-08', 106, 107],
      ['2023-09', 107, 108],
    ]);
    expect(done.understanding.chart).toMatchObject({ mark: 'line', x: 'day (month)' });
    expect(done.text).toContain('3-month moving average of the total revenue');
    // The average is seen beside the months themselves.
    const drawn = JSON.stringify(done.visualization?.spec);
    expect(drawn).toContain('"Measure":"3-month moving average of the total revenue"');
    expect(drawn).toContain('"Measure":"Total revenue"');
    expect(done.text).toContain('- June 2023: **no value** (total revenue 105)');
  });

  it('looks back beyond the stretch that is shown', async () => {
    const talk = aboutSales();
    await talk.ask('3-month moving average of revenue');
    expect((await talk.rows('and in 2024?')).slice(0, 2)).toEqual(
      [
        ['2024-01', (110 + 111 + 160) / 3, 160],
        ['2024-02', (111 + 160 + 161) / 3, 161],
      ].map(([month, mean, own]) => [month, Number(Number(mean).toPrecision(15)), own]),
    );
  });

  it('says over how many where that was not said, and what becomes of days without sales', async () => {
    const done = await aboutSales().ask('rolling average of revenue by day');
    expect(done.understanding.reading).toBe(
      'Over how many days was not said: 3; days without rows are left out of each average',
    );
  });
});

describe('a change against the year before', () => {
  it('is against the same month, and there is none where that is missing', async () => {
    const talk = aboutSales();
    const done = await talk.ask('year over year change of revenue by month in 2024');
    const rows = done.evidence.primary?.rows ?? [];
    expect(rows[0]).toEqual(['2024-01', 60, 160]);
    expect(rows[4]).toEqual(['2024-05', null, 164]);
    expect(rows).toHaveLength(12);
    expect(done.text).toContain(
      'In December 2024 the total revenue was 60 above that of the same month of the year before.',
    );
    expect(done.text).toContain('1 of the 12 months has nothing to be compared with');
    expect((await talk.rows('and by shop?')).slice(0, 2)).toEqual([
      ['2024-01', 'East', null, 10],
      ['2024-01', 'West', 50, 150],
    ]);
  });

  it('may be of quarters, in percent, or of the step before', async () => {
    const quarter = await aboutSales().rows('growth in revenue compared with the same quarter last year');
    expect(quarter.slice(3, 6)).toEqual([
      ['2023-Q4', null, 330],
      ['2024-Q1', Number(((100 * (483 - 303)) / 303).toPrecision(15)), 483],
      ['2024-Q2', Number(((100 * (492 - 208)) / 208).toPrecision(15)), 492],
    ]);
    const month = await aboutSales().rows('month over month change of revenue in 2023');
    expect(month.slice(3, 6)).toEqual([
      ['2023-04', 1, 103],
      ['2023-06', null, 105],
      ['2023-07', 1, 106],
    ]);
    const best = await aboutSales().ask('which month had the highest year over year change of revenue?');
    expect(best.evidence.primary?.rows).toEqual([['2024-01', 60, 160]]);
    expect(await aboutSales().rows('cumulative revenue by month in 2024')).toContainEqual(['2024-02', 321, 161]);
  });

  it('is not made of a time that has no such steps', async () => {
    const done = await aboutScores().ask('3-month moving average of the economy score');
    expect(done.understanding.query).toBeNull();
    expect(done.text).toContain('“3-month moving average” cannot be worked out');
  });

  it('may be asked of what was asked before', async () => {
    const talk = aboutSales();
    await talk.ask('revenue of West by month in 2024');
    expect((await talk.rows('how did it change year over year?')).slice(0, 1)).toEqual([['2024-01', 50, 150]]);
    await talk.ask('total revenue of West by month');
    expect((await talk.rows('and as a 2-month moving average?')).slice(0, 2)).toEqual([
      ['2023-01', null, 100],
      ['2023-02', 100.5, 101],
    ]);
  });
});

describe('two numbers set against each other', () => {
  it('are told by which is the higher one, whichever was asked to be', async () => {
    const talk = aboutScores();
    expect(await talk.text('how much higher is the economy score of Ayland than Beland in 2020?')).toBe(
      'The average score for Economy in 2020 is 10.0 points (50.0 %) lower for Ayland than for Beland: 10.0 points against 20.0 points.',
    );
    const lower = await talk.ask('how much lower is the economy score of Ayland than of Beland in 2020?');
    expect(lower.evidence.primary?.rows).toEqual([[10, 10, 20]]);
    expect(lower.text).toContain('10.0 points (50.0 %) lower for Ayland than for Beland');
    expect(await talk.text('difference in economy score between Deland and Eland in 2020')).toContain(
      'is the same for Deland and for Eland: 40.0 points.',
    );
    expect(await talk.text('ratio of Fland to Beland economy score in 2020')).toContain(
      'for Fland is 3.00 times that for Beland: 60.0 points against 20.0 points.',
    );
  });

  it('may be of each group, and of two years', async () => {
    const sectors = await aboutScores().ask('difference between education and economy score by region in 2022');
    expect(sectors.evidence.primary?.rows).toEqual([
      ['North', 0, 18, 18],
      ['South', -5.5, 45.5, 51],
    ]);
    expect(sectors.text).toContain('Average score for Education minus that for Economy by region in 2022');
    expect(await aboutScores().rows('difference between 2020 and 2022 economy score per region')).toEqual([
      ['South', 8.5, 42.5, 51],
      ['North', 3, 15, 18],
    ]);
  });

  it('count different things, and run along time', async () => {
    expect(await aboutScores().rows('how many more countries are in the South than in the North?')).toEqual([
      [2, 4, 2],
    ]);
    expect(await aboutScores().rows('gap between North and South in economy by year')).toEqual([
      [2020, -27.5, 15, 42.5],
      [2021, -30.25, 16.5, 46.75],
      [2022, -33, 18, 51],
    ]);
  });

  it('may be those of the last two answers', async () => {
    const talk = aboutScores();
    await talk.ask('economy score of Ayland in 2020');
    await talk.ask('and of Beland?');
    expect(await talk.text('what is the difference between them?')).toBe(
      'The average score for Economy in 2020 is 10.0 points (100.0 %) higher for Beland than for Ayland: 20.0 points against 10.0 points.',
    );
    expect(await talk.rows('and as a percentage?')).toEqual([[100, 20, 10]]);
  });
});

describe('a share', () => {
  it('is of its group where that is said, and of everything where it is not', async () => {
    const done = await aboutSales().ask('share of each shop within its quarter by revenue in 2024');
    expect(done.evidence.primary?.rows.slice(0, 2)).toEqual([
      ['2024-Q1', 'West', Number(((100 * 453) / 483).toPrecision(15)), 453],
      ['2024-Q1', 'East', Number(((100 * 30) / 483).toPrecision(15)), 30],
    ]);
    expect(done.text).toContain('Share of the total revenue within each quarter');
    const talk = aboutSales();
    await talk.ask('total revenue by shop');
    expect(await talk.rows('and as a percentage?')).toEqual([
      ['West', Number(((100 * 3028) / 3148).toPrecision(15)), 3028],
      ['East', Number(((100 * 120) / 3148).toPrecision(15)), 120],
    ]);
  });
});

describe('conditions on groups and rows', () => {
  it('count different things, and average what the table is about', async () => {
    expect(await aboutScores().rows('which regions have more than 2 countries?')).toEqual([['South']]);
    expect(await aboutScores().rows('regions with more than 1 country whose average exceeds 30')).toEqual([['South']]);
    expect(await aboutScores().text('regions with more than 9 countries')).toContain(
      'There is no region where number of different countries is above 9.',
    );
  });

  it('leave out what is said to be left out', async () => {
    const kept = async (question: string): Promise<unknown> =>
      (await aboutScores().rows(question)).map(([name]) => name);
    expect(await kept('economy score by country in 2020 for neither Ayland nor Fland')).toEqual([
      'Beland',
      'Celand',
      'Deland',
      'Eland',
    ]);
    expect(await kept('economy score by country in 2020 in the South but not in Eland')).toEqual([
      'Celand',
      'Deland',
      'Fland',
    ]);
    expect(await kept('economy score by country in 2020 except Ayland and Beland')).toHaveLength(4);
    expect(await aboutScores().rows('score of every sector except economy in Ayland in 2020')).toEqual([
      ['Education', 15],
    ]);
    const either = await aboutScores().ask('countries in the North or with a score above 60 in economy in 2022');
    expect(either.evidence.primary?.rows.flat()).toEqual(['Ayland', 'Beland', 'Fland']);
    expect(either.text).toContain('either for North or where score is above 60');
    expect(await kept('economy score by country in 2020 other than Ayland')).toHaveLength(5);
  });
});
