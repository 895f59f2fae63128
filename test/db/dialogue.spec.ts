import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { understand } from '../../src/chat/pipeline/understand/understand.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { sqlPort } from '../support/sql-table.js';
import { Talk } from '../support/talk.js';
import { scores } from '../support/talked-tables.js';
import { aTurn } from '../support/turn.js';

let database: TestDatabase;
let pool: pg.Pool;
let scoresPort: RetrievalPort;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  scoresPort = await sqlPort(pool, 'scores', scores);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const aboutScores = (): Talk => new Talk(scores, scoresPort);

describe('an earlier question of the conversation', () => {
  it('is gone back to, and changed', async () => {
    const talk = aboutScores();
    const first = await talk.rows('average economy score by region in 2020');
    await talk.ask('and in 2022?');
    await talk.ask('top 2 countries by education score in 2021');
    const back = await talk.ask('go back to the first chart');
    expect(back.evidence.primary?.rows).toEqual(first);
    expect(back.understanding.reading).toBe(
      '“go back to the first chart” is that of average score by region for Economy in 2020',
    );
    expect(back.understanding.references).toMatchObject([{ messageId: '0' }]);
    expect(await talk.rows('the second chart again, by sector')).toEqual([['Economy', 40]]);
    expect(await talk.rows('the previous one but for education')).toEqual([[Number((218 / 6).toPrecision(15))]]);
  });

  it('is found by what it was about', async () => {
    const talk = aboutScores();
    const first = await talk.rows('average economy score by region in 2020');
    await talk.ask('top 2 countries by education score in 2021');
    await talk.ask('how many countries are there?');
    expect(await talk.rows('go back to the one about regions')).toEqual(first);
    expect((await talk.rows('go back to the chart about the economy, by sector')).map(([name]) => name)).toEqual([
      'Economy',
    ]);
    await talk.ask('how many countries are there?');
    expect(await talk.rows('go back to the first chart, by region')).toEqual(first);
  });

  it('is not taken for the first where the conversation began before what is remembered', () => {
    const { understanding: _, ...turn } = aTurn(scores, null);
    const before = understand({ ...turn, question: 'average economy score by region in 2020' });
    const history = [
      {
        messageId: '7',
        question: 'average economy score by region in 2020',
        understanding: before.understanding,
        result: null,
        answer: null,
      },
    ];
    const asked = { ...turn, question: 'go back to the first chart', history };
    expect(understand(asked).understanding.query).not.toBeNull();
    expect(understand({ ...asked, historyIsWhole: false }).understanding.refusal?.code).toBe('no_earlier_result');
    const opening = history;
    const far = {
      ...asked,
      question: 'go back to the first chart, by sector',
      history: [],
      historyIsWhole: false,
      opening,
    };
    expect(understand(far).understanding.query?.groupBy).toEqual([{ column: 'sector' }]);
  });
});

describe('what follows a question', () => {
  it('takes back what was meant otherwise', async () => {
    const talk = aboutScores();
    await talk.ask('economy score of Ayland in 2020');
    expect(await talk.rows('no, I meant 2022')).toEqual([[12]]);
    expect(await talk.rows('I meant Beland, not Ayland')).toEqual([[24]]);
    expect(await talk.rows('not economy, education')).toEqual([[23]]);
  });

  it('widens it: the rest, the others, no filter', async () => {
    const talk = aboutScores();
    await talk.ask('top 2 countries by economy score in 2020');
    expect(await talk.rows('what about the rest?')).toEqual([
      ['Eland', 40],
      ['Celand', 30],
      ['Beland', 20],
      ['Ayland', 10],
    ]);
    await talk.ask('economy score of the North in 2020');
    expect(await talk.rows('what about the other regions?')).toEqual([['South', 42.5]]);
    const wide = await talk.ask('remove the year filter');
    expect(wide.understanding.edits).toEqual(['without the filter on Year']);
    expect(wide.text).not.toContain('2020');
    expect((await talk.ask('remove the year filter')).understanding.reading).toBe('There was no filter on Year');
  });

  it('narrows what a ranking gave to those that it gave', async () => {
    const talk = aboutScores();
    await talk.ask('bottom 3 countries by economy score in 2020');
    const those = await talk.ask('which of them are in the South?');
    expect(those.evidence.primary?.rows).toEqual([['Celand', 30]]);
    await talk.ask('top 3 countries by economy score in 2020');
    expect(await talk.text('and the next 3?')).toContain('Of these, Celand comes first');
  });

  it('asks for the place of what was asked about', async () => {
    const talk = aboutScores();
    await talk.ask('economy score of Beland in 2020');
    expect(await talk.rows('how does it rank?')).toEqual([[5, 6]]);
    expect(await talk.rows('and how does Fland rank?')).toEqual([[1, 6]]);
  });

  it('adds one beside another', async () => {
    const talk = aboutScores();
    await talk.ask('economy score of Ayland by year');
    const both = await talk.ask('add Beland');
    expect(both.evidence.primary?.rows.slice(0, 3)).toEqual([
      [2020, 'Ayland', 10],
      [2020, 'Beland', 20],
      [2021, 'Ayland', 11],
    ]);
    expect(both.understanding.chart).toMatchObject({ x: 'year', color: 'country' });
    expect((await talk.rows('remove Ayland'))[0]).toEqual([2020, 'Beland', 20]);
  });

  it('compares both by what they were asked by', async () => {
    const talk = aboutScores();
    await talk.ask('average economy score by region in 2020');
    await talk.ask('and education?');
    const both = await talk.ask('compare them');
    expect(both.evidence.primary?.rows).toContainEqual(['Education', 'South', 47.5]);
    expect(both.evidence.primary?.rows).toHaveLength(4);
  });

  it('compares both over time, with their difference in between, or those that are named anew', async () => {
    const talk = aboutScores();
    await talk.ask('economy score of Ayland in 2020');
    await talk.ask('and of Beland?');
    await talk.ask('what is the difference between them?');
    const both = await talk.ask('compare them over time');
    expect(both.evidence.primary?.rows.slice(0, 2)).toEqual([
      [2020, 'Ayland', 10],
      [2020, 'Beland', 20],
    ]);
    expect(both.understanding.chart).toMatchObject({ mark: 'line', x: 'year', color: 'country' });
    expect((await talk.rows('compare Eland and Fland')).slice(0, 2)).toEqual([
      [2020, 'Eland', 40],
      [2020, 'Fland', 60],
    ]);
  });
});

describe('both ends', () => {
  it('are the highest and the lowest of a ranking, and of each group where groups are named', async () => {
    const done = await aboutScores().ask('which country has the highest and the lowest economy score in 2020?');
    expect(done.evidence.primary?.rows).toEqual([
      ['Fland', 60],
      ['Ayland', 10],
    ]);
    expect(done.text).toContain('Fland is highest (best) with 60.0 points and Ayland lowest (worst) with 10.0 points');
    expect(await aboutScores().rows('highest and lowest economy score in 2020 by region')).toEqual([
      ['North', 20, 10],
      ['South', 60, 30],
    ]);
  });
});

describe('a place of a ranking', () => {
  it('is asked for by itself, of what was ranked before', async () => {
    const talk = aboutScores();
    await talk.ask('best country in economy in 2020');
    const second = await talk.ask('the fourth best?');
    expect(second.evidence.primary?.rows).toEqual([['Celand', 30]]);
    expect(second.text).toContain('**Celand** has the fourth highest average score for Economy in 2020');
    expect(await talk.rows('and the worst?')).toEqual([['Ayland', 10]]);
    expect(await talk.rows('the second worst?')).toEqual([['Beland', 20]]);
    expect(await talk.rows('the third?')).toEqual([['Celand', 30]]);
    expect(await talk.rows('the 5th best?')).toEqual([['Beland', 20]]);
    expect(await talk.text('the third worst?')).toContain('third lowest');
  });

  it('is not what a question asks for that says itself what changed since when', async () => {
    const talk = aboutScores();
    await talk.ask('compare economy and education over time');
    await talk.ask('top 3 countries by economy score in 2021');
    const alone = await aboutScores().rows('which countries improved most since 2020?');
    expect(await talk.rows('which countries improved most since 2020?')).toEqual(alone);
    expect(alone[0]).toEqual(['Fland', 5, 62.5, 67.5]);
  });
});

describe('the places within each group', () => {
  it('are asked for after numbers by those groups', async () => {
    const talk = aboutScores();
    await talk.ask('average economy score by region in 2020');
    expect(await talk.rows('top 2 countries in each region')).toEqual([
      ['North', 'Beland', 20],
      ['North', 'Ayland', 10],
      ['South', 'Fland', 60],
      ['South', 'Deland', 40],
      ['South', 'Eland', 40],
    ]);
  });
});

describe('a change between two years', () => {
  it('is between others where one of them was meant otherwise', async () => {
    const talk = aboutScores();
    await talk.ask('change in economy score from 2020 to 2021 by region');
    const meant = await talk.ask('no, I meant 2022');
    expect(meant.evidence.primary?.rows).toEqual([
      ['South', 8.5, 42.5, 51],
      ['North', 3, 15, 18],
    ]);
    expect(meant.understanding.edits).toEqual(['change from 2020 to 2022']);
    await talk.ask('which region improved most in economy since 2020?');
    expect(await talk.rows('no, I meant 2021')).toEqual([['South', 4.25, 46.75, 51]]);
  });
});
