import { describe, expect, it } from '@jest/globals';
import { askedTable, Conversation } from '../../../../../test/support/asked-table.js';
import type { Scalar } from '../../../../common/scalar.js';
import { kindOf } from './suited.js';

const huts = askedTable(
  'Mountain huts',
  ['Hut', 'Country', 'Height (m)', 'Beds', 'Opened', 'Result of inspection'],
  [
    ['Adlerhorst', 'Austria', '2,210 m', 40, 1952, 'Pass'],
    ['Bergheim (closed in winter)', 'Austria', '1,870 m', 64, 1961, 'Pass'],
    ['Casa Alta', 'Italy', '2,450 m', 22, 1934, 'Fail'],
    ['Dufour Hut', 'Switzerland', '3,003 m', 80, 1972, 'Pass'],
    ['Etzel', 'Switzerland', '1,990 m', 64, 1988, 'Fail'],
    ['Fiorita', 'Italy', '2,120 m', 18, 2003, 'Pass'],
  ],
);

describe('facts in a published table', () => {
  const ask = (question: string): Scalar | Scalar[] => new Conversation(huts).ask(question);

  it('is told from a table of a program', () => {
    expect(kindOf(huts.profile)).toBe('published');
    const bakery = askedTable(
      'Bakery accounts',
      ['in thousands', '2021', '2020'],
      [
        ['bread sales', 120, 100],
        ['cake sales', 60, 50],
      ],
    );
    expect(kindOf(bakery.profile)).toBe('crossed');
    const machine = askedTable(
      'Pets',
      ['pet_id', 'pet_age', 'owner_id'],
      [
        [1, 3, 9],
        [2, 4, 9],
      ],
    );
    expect(kindOf(machine.profile)).toBe('data');
  });

  it('looks a cell up by another, a part in brackets left out', () => {
    expect(ask('In which country is Casa Alta?')).toEqual(['Italy']);
    expect(ask('How many beds does Bergheim have?')).toBe(64);
  });

  it('counts rows by values, numbers in texts and years', () => {
    expect(ask('How many huts are in Switzerland?')).toBe(2);
    expect(ask('How many huts have more than 50 beds?')).toBe(3);
    expect(ask('How many huts were opened after the year 1960?')).toBe(4);
    expect(ask('How many different countries are listed?')).toBe(3);
  });

  it('finds extremes, also of numbers in texts', () => {
    expect(ask('Which hut has the most beds?')).toBe('Dufour Hut');
    expect(ask('Which hut has the lowest height?')).toBe('Bergheim (closed in winter)');
    expect(ask('What is the first hut listed?')).toBe('Adlerhorst');
    expect(ask('Which country has the highest average beds?')).toBe('Switzerland');
    expect(ask('Which country has the lowest total beds?')).toBe('Italy');
  });

  it('finds neighbours in the order of the table', () => {
    expect(ask('Which hut comes after Casa Alta?')).toBe('Dufour Hut');
    expect(ask('What hut is listed before Casa Alta?')).toBe('Bergheim (closed in winter)');
  });

  it('sets two rows side by side', () => {
    expect(ask('Which hut has more beds, Etzel or Fiorita?')).toBe('Etzel');
    expect(ask('What is the difference in beds between Adlerhorst and Fiorita?')).toBe(22);
    expect(ask('Which hut has the same number of beds as Etzel?')).toEqual(['Bergheim (closed in winter)']);
    expect(ask('How many huts have more beds than Adlerhorst?')).toBe(3);
  });

  it('leaves a question alone that the table says nothing about', () => {
    expect(ask('Who painted the murals of the old harbour?')).toBeNull();
  });
});

const regatta = askedTable(
  'Regatta',
  ['Year', 'Boat', 'Skipper', 'Country', 'Wins', 'Tonnes', 'Remarks'],
  [
    [1990, 'Alma', 'Ada Berg', 'Norway', 3, 12, 'First boat with a steel hull, which the yard in Bergen gave it'],
    [1991, 'Bris', 'Ole Dahl', 'Sweden', 1, 9, 'The hull was repaired in a night after the autumn storm'],
    [1992, 'Corsair', 'Ada Berg', 'Norway', 4, 15, 'Lost a sail and two of its crew on the second day'],
    [1993, 'Dyning', 'Eva Falk', 'Denmark', 1, 9, null],
    [1995, 'Ekko', 'Ola Gran', 'Norway', 2, 11, 'Sold to a museum at the end of the season'],
    [1995, 'Fjord', 'Eva Falk', 'Sweden', 4, 8, null],
  ],
);

const clubs = askedTable(
  'Cup',
  ['Club', 'Winner', 'Runner-up', 'Last win'],
  [
    ['Heron', 5, 2, 1998],
    ['Kestrel', 2, 3, 1995],
    ['Osprey', 3, 1, 2001],
    ['Swift', 1, 4, 2003],
  ],
);

describe('facts where words could mislead', () => {
  const ask = (question: string): Scalar | Scalar[] => new Conversation(regatta).ask(question);

  it('takes a word out of a sentence for no value, where a name says which row', () => {
    expect(ask('What is the number of wins the Bris had under sail?')).toBe(1);
  });

  it('answers who with a name, not with a number', () => {
    const cup = new Conversation(clubs);
    expect(cup.ask('Who was the only winner in 1995?')).toEqual(['Kestrel']);
  });

  it('counts the rows of a year, which is no amount', () => {
    expect(ask('Which year had the most boats?')).toBe(1995);
  });

  it('goes on to the next row from what was said of one', () => {
    expect(ask('Ada Berg won in 1992. Who was the skipper the next year?')).toBe('Eva Falk');
    expect(ask('The boat of 15 tonnes sailed. Which boat was the previous?')).toBe('Bris');
  });

  it('takes two numbers of one column for either', () => {
    expect(ask('Which boats had 1 and 4 wins?')).toEqual(['Bris', 'Corsair', 'Dyning', 'Fjord']);
  });

  it('gives all that tie', () => {
    expect(ask('Which boat has the most wins?')).toEqual(['Corsair', 'Fjord']);
    expect(ask('Which boat has the most tonnes?')).toBe('Corsair');
  });

  it('gives each its own number', () => {
    expect(ask('Alma and Corsair each had how many wins?')).toEqual([3, 4]);
    expect(ask('How many wins did Alma and Corsair have?')).toBe(7);
  });

  it('turns a comparison round that is denied', () => {
    expect(ask('Which boats do not have less than 3 wins?')).toEqual(['Alma', 'Corsair', 'Fjord']);
  });

  it('does not count the one row that a name stands for', () => {
    expect(ask('How many storms has Bris had?')).toBeNull();
  });

  it('does not take all rows for those that a word was meant to pick out', () => {
    expect(ask('How many boats are wooden?')).toBeNull();
    expect(ask('How many boats are not painted?')).toBeNull();
  });
});
