import { describe, expect, it } from '@jest/globals';
import { pointerOf } from './pointer.js';

const NOW = new Date('2026-11-27T12:00:00Z');
const read = (question: string) => {
  const pointer = pointerOf(question, NOW);
  if (pointer === null) return null;
  const { text, asks, about, rest, period } = pointer;
  return {
    text,
    asks,
    about,
    rest: rest.replaceAll(/\s+/g, ' ').trim(),
    from: period?.from.toISOString().slice(0, 10),
  };
};

describe('a phrase that points back at an earlier result', () => {
  it.each([
    [
      'Compare that result from yesterday with healthcare',
      'that result from yesterday',
      'Compare that with healthcare',
      '2026-11-26',
    ],
    ['the same as last time but for 2020', 'the same as last time', 'but for 2020', undefined],
    ['what I asked about last week', 'what I asked about last week', '', '2026-11-16'],
    [
      'Show me what I asked about two days ago by region',
      'what I asked about two days ago',
      'Show me that by region',
      '2026-11-25',
    ],
    ['Let’s carry on where we left off', 'carry on where we left off', '', undefined],
  ])('%s', (question, text, rest, from) => {
    expect(read(question)).toEqual({ text, asks: 'use', about: '', rest, from });
  });

  it.each([
    ['Continue with the education analysis', 'education', ''],
    ['Compare my previous analysis of education with healthcare', 'education', 'Compare that with healthcare'],
  ])('may say what it was about: %s', (question, about, rest) => {
    expect(read(question)).toMatchObject({ asks: 'use', about, rest });
  });

  it.each([
    ['What was it last time?', 'value', ''],
    ['What was the average score in 2024 last time I asked?', 'value', 'What was the average score in 2024 ?'],
    ['Has it changed since last time?', 'change', ''],
    ['Is it still the same as when I asked in March?', 'change', ''],
    ['Has the average score in 2024 changed since I last checked?', 'change', 'the average score in 2024 ?'],
    ['What did I get in March?', 'value', ''],
  ])('may ask for what it was: %s', (question, asks, rest) => {
    expect(read(question)).toMatchObject({ asks, rest, about: '' });
  });

  it('may ask for what it was about something', () => {
    expect(read('What did I get for education in March?')).toMatchObject({ about: 'education', from: '2026-03-01' });
    expect(read('what was my result for education yesterday?')).toMatchObject({ about: 'education' });
  });

  it.each([
    'Compare it with healthcare',
    'And the same for 2020',
    'When was the last time Barcelona won?',
    'Which team won the last time?',
    'How many orders are from yesterday?',
    'Compare the sales of last week with the week before',
    'Same as last year but for Italy',
    'Show the results of the last election',
    'Is it the same in 2020?',
    'Which answers were checked in March?',
    'How did it change since 2015?',
  ])('is not %s', (question) => {
    expect(pointerOf(question, NOW)).toBeNull();
  });

  it('leaves every other word where it was', () => {
    const question = 'Compare that result from yesterday with healthcare';
    const rest = pointerOf(question, NOW)?.rest;
    expect(rest).toHaveLength(question.length);
    expect(rest?.indexOf('healthcare')).toBe(question.indexOf('healthcare'));
  });
});
