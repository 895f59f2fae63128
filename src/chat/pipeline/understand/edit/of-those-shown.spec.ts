import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../../../test/support/talk.js';
import { scores } from '../../../../../test/support/talked-tables.js';

const lastOf = async (...questions: readonly string[]): Promise<Awaited<ReturnType<Talk['ask']>>> => {
  const talk = new Talk(scores);
  const [last = '', ...before] = questions.toReversed();
  for (const question of before.toReversed()) await talk.ask(question);
  return talk.ask(last);
};
const rowsOf = async (...questions: readonly string[]) => (await lastOf(...questions)).evidence.primary?.rows;

const THREE = ['the economy score of Ayland in 2020', 'and of Celand?', 'and of Fland?'] as const;

describe('what was shown, compared', () => {
  it('compares all that were asked about one after the other', async () => {
    expect(await rowsOf(...THREE, 'compare all three')).toEqual([
      ['Fland', 60],
      ['Celand', 30],
      ['Ayland', 10],
    ]);
  });

  it.each([
    ['which one is better?', ['Fland', 60]],
    ['which is worse?', ['Ayland', 10]],
  ])('after each by itself: %s', async (question, row) => {
    expect(await rowsOf(...THREE, question)).toEqual([row]);
  });

  it('and by how much', async () => {
    const { text, evidence } = await lastOf(...THREE, 'which one is better?', 'by how much?');
    expect(evidence.primary?.rows).toEqual([
      ['Fland', 60],
      ['Celand', 30],
    ]);
    expect(text).toContain('30.0 points');
  });

  it('after a line of each: which one, not which year', async () => {
    expect(await rowsOf('trend of the economy score of Ayland and Fland', 'which one is better?')).toEqual([
      ['Fland', 66],
    ]);
  });
});

describe('back to what was asked before', () => {
  const talk = ['economy score by region in 2020', 'and in 2021?', 'and in 2022?'] as const;

  it.each([
    [
      ['undo'],
      [
        ['North', 16.5],
        ['South', 46.75],
      ],
    ],
    [
      ['go back'],
      [
        ['North', 16.5],
        ['South', 46.75],
      ],
    ],
    [
      ['undo', 'undo'],
      [
        ['North', 15],
        ['South', 42.5],
      ],
    ],
  ])('%j', async (said, rows) => {
    expect((await rowsOf(...talk, ...said))?.toSorted()).toEqual(rows);
  });

  it('says that there is nothing before', async () => {
    const { understanding } = await lastOf(...talk, 'undo', 'undo', 'undo');
    expect(understanding.refusal?.code).toBe('no_earlier_result');
  });
});

describe('only some of the groups', () => {
  it('keeps those whose count is more', async () => {
    const done = await lastOf('how many countries are in each region', 'only those with more than 3');
    expect(done.evidence.primary?.rows).toEqual([['South', 4]]);
    expect(done.text).toContain('Only those whose number of different countries is above 3');
  });

  it('keeps those whose mean is more, and narrows again', async () => {
    const asked = ['economy score by country in 2020', 'only those above 25'] as const;
    expect((await rowsOf(...asked))?.length).toBe(4);
    expect((await rowsOf(...asked, 'only those below 50'))?.length).toBe(3);
  });
});

describe('an area chart', () => {
  it('shows the measure over time', async () => {
    const { visualization, evidence } = await lastOf('Show education as an area chart since 2021');
    expect(evidence.primary?.rows).toEqual([
      [2021, 37.333333333333336],
      [2022, 36.333333333333336],
    ]);
    expect(JSON.stringify(visualization?.spec)).toContain('"area"');
  });
});

it('an area asked for after groups runs over time, too', async () => {
  const rows = await rowsOf('compare Ayland and Fland in economy', 'as an area chart');
  expect(rows).toHaveLength(6);
});

it('a noun that is the same in English makes a question no German one', async () => {
  const { understanding } = await lastOf('economy score in Ayland in 2020');
  expect(understanding.language).toBe('en');
});
