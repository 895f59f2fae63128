import { describe, expect, it } from '@jest/globals';
import { askedTable, Conversation } from '../../../../../test/support/asked-table.js';
import { yearsIn } from './grid.js';

const bakery = askedTable(
  'Bakery accounts',
  ['in thousands', '2021', '2020', '2019'],
  [
    ['bread sales', 120, 100, 80],
    ['cake sales', 60, 50, 45],
    ['total sales', 180, 150, 125],
    ['cost of flour', 45, 40, 30],
    ['rent paid', 20, 20, 18],
  ],
);

const fund = askedTable(
  'Fund',
  ['item', '12/31/17', '12/31/18', '12/31/20'],
  [
    ['Blue River Capital', 100, 90, 130],
    ['market index', 100, 104, 110],
  ],
);

describe('years in names', () => {
  it('reads calendar years and short dates, and no amounts', () => {
    expect(yearsIn('year ended September 30, 2019')).toEqual([2019]);
    expect(yearsIn('12/31/04')).toEqual([2004]);
    expect(yearsIn('1,995 units')).toEqual([]);
  });
});

describe('a conversation over a record table', () => {
  it('looks cells up, and takes the line from the turn before', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What were the bread sales in 2021?')).toBe(120);
    expect(talk.ask('And in 2019?')).toBe(80);
    expect(talk.ask('What was the difference between these two years?')).toBe(40);
    expect(talk.ask('So what was the percentage change?')).toBe(50);
  });

  it('relates a change to where it started, and to the number one', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the change in total sales from 2019 to 2021?')).toBe(55);
    expect(
      talk.ask('How much does this change represent in relation to the total sales in 2019, in percentage?'),
    ).toBeCloseTo(44);
    const ratio = new Conversation(bakery);
    expect(ratio.ask('What is the ratio of cake sales in 2021 to 2020?')).toBeCloseTo(1.2);
    expect(ratio.ask('What is that value less 1?')).toBeCloseTo(0.2);
  });

  it('adds and averages cells', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the sum of bread sales and cake sales in 2020?')).toBe(150);
    expect(talk.ask('What is that value divided by 2?')).toBe(75);
    expect(new Conversation(bakery).ask('What was the average cost of flour from 2019 to 2020?')).toBe(35);
  });

  it('works out shares of what was spoken of', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the cost of flour in 2021?')).toBe(45);
    expect(talk.ask('And what were the total sales in that year?')).toBe(180);
    expect(talk.ask('What percentage of this value does that amount represent?')).toBeCloseTo(25);
  });

  it('knows a name by its initials, and compares two changes in percent', () => {
    const talk = new Conversation(fund);
    expect(talk.ask('What was the change in the price of BRC from 2017 to 2020?')).toBe(30);
    expect(talk.ask('What was the percent change?')).toBe(30);
    expect(talk.ask('What was the change in the market index from 2017 to 2020?')).toBe(10);
    expect(talk.ask('What was the percent change?')).toBe(10);
    expect(talk.ask('What is the difference between the two percentages?')).toBe(20);
  });

  it('keeps the cells in the query, so that an answer can be traced', () => {
    const talk = new Conversation(bakery);
    talk.ask('What was the rent paid in 2021?');
    talk.ask('And in 2019?');
    expect(talk.understanding('What was the difference?').query?.select[0]?.value).toMatchObject({
      op: '-',
      left: { scalar: { of: { column: '2021' }, where: { right: { literal: 'rent paid' } } } },
      right: { scalar: { of: { column: '2019' } } },
    });
  });

  it('does not guess a year that the table lacks', () => {
    expect(new Conversation(bakery).ask('What were the bread sales in 2014?')).toBeNull();
  });
});
