import { describe, expect, it } from '@jest/globals';
import { sampleTable } from '../../../../../test/support/sector-scores.js';
import { Talk } from '../../../../../test/support/talk.js';

const table = sampleTable();

describe('what comes after an answer without rows', () => {
  it('does not go on with the condition that left none, and says so', async () => {
    const talk = new Talk(table);
    expect((await talk.ask('average score with score above 40000')).understanding.refusal?.code).toBe('no_rows');
    const done = await talk.ask('by region');
    expect(done.understanding.query?.where).toBeUndefined();
    expect(done.text).toContain('What left no rows before was left out.');
  });

  it('goes on with all else where that condition is replaced', async () => {
    const talk = new Talk(table);
    await talk.ask('Germany in Education 2029');
    const rows = await talk.rows('what about 2022?');
    expect(rows).toEqual(await new Talk(table).rows('Germany in Education 2022'));
  });
});

describe('a ranking that names all it is about', () => {
  it('is a new question', async () => {
    const ranking = 'Top 5 countries in Economy 2023, excluding Europe & Central Asia';
    const talk = new Talk(table);
    await talk.ask('Germany vs France');
    expect(await talk.rows(ranking)).toEqual(await new Talk(table).rows(ranking));
  });
});
