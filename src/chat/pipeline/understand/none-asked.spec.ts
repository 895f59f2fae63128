import { expect, it } from '@jest/globals';
import { sales } from '../../../../test/support/talked-tables.js';
import { Talk } from '../../../../test/support/talk.js';

it.each([
  ['top 0 shops by revenue', 'A ranking shows 1 or more: say how many.'],
  ['Show the top -3 shops by revenue', 'A ranking shows 1 or more: say how many.'],
  ['bottom 0 shops', 'A ranking shows 1 or more: say how many.'],
  ['the 0 best shops by revenue', 'A ranking shows 1 or more: say how many.'],
  ['Show the 0-month moving average of revenue', 'An average over no months is none: it takes 1 or more.'],
  ['moving average of revenue over the last 0 months', 'An average over no months is none: it takes 1 or more.'],
])('%s', async (question, text) => {
  const { understanding, ...done } = await new Talk(sales).ask(question);
  expect([done.text, understanding.query]).toEqual([text, null]);
});

it.each(['top-3 shops by revenue', 'top 10 shops by revenue', 'the 2 best shops by revenue', 'top 1 shop by revenue'])(
  'some are asked for: %s',
  async (question) => {
    const { understanding } = await new Talk(sales).ask(question);
    expect(understanding.query).not.toBeNull();
  },
);
