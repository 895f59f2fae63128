import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoredTables } from '../../../../../test/support/stored-table.js';
import { Talk } from '../../../../../test/support/talk.js';
import { scores } from '../../../../../test/support/talked-tables.js';

let stored: StoredTables;
let talk: Talk;
beforeAll(async () => {
  stored = await StoredTables.open();
  talk = new Talk(scores, await stored.store('scores', scores));
});
afterAll(() => stored.close());

/** In 2022 economy is 12, 24, 36, 48, 48, 72 from A to F, education 13, 23, 33, 43, 43, 63. */
describe('bounds of a number in different places', () => {
  it('finds the things for which both hold', async () => {
    const { text, evidence } = await talk.ask(
      'which countries have a score above 30 in economy and below 50 in education in 2022',
    );
    expect(evidence.primary?.rows.map(([name]) => name).toSorted()).toEqual(['Celand', 'Deland', 'Eland']);
    expect(evidence.primary?.columns.map(({ name }) => name)).toEqual(['country', 'Economy', 'Education']);
    expect(text).toContain('both conditions hold');
  });

  it.each([
    ['how many countries score above 30 in economy and above 40 in education in 2022', 3],
    ['how many countries score above 60 in economy or below 20 in education in 2022', 2],
    ['how many countries score above 30 in both economy and education in 2022', 4],
  ])('%s', async (question, count) => {
    expect(await talk.rows(question)).toEqual([[count]]);
  });

  it('says what is counted', async () => {
    expect(await talk.text('how many countries score above 30 in economy and above 40 in education in 2022')).toContain(
      'whose average score for Economy is above 30 and average score for Education is above 40',
    );
  });
});
