import { describe, expect, it } from '@jest/globals';
import { asksWhen, tellsWhen } from '../../text/when.js';
import { periodOf } from './times.js';

/** A Wednesday. */
const NOW = new Date('2026-11-18T10:30:00Z');

const period = (question: string): string | null => {
  const found = periodOf(question, NOW);
  return found === null ? null : `${found.from.toISOString().slice(0, 10)}..${found.to.toISOString().slice(0, 10)}`;
};

describe('the period that a question means', () => {
  it.each([
    ['What did I say yesterday?', '2026-11-17..2026-11-18'],
    ['what was it the day before yesterday', '2026-11-16..2026-11-17'],
    ['what did we decide last week', '2026-11-09..2026-11-16'],
    ['my trip last weekend', '2026-11-14..2026-11-16'],
    ['the budget last month', '2026-10-01..2026-11-01'],
    ['the budget last March', '2026-03-01..2026-04-01'],
    ['plans in December', '2025-12-01..2026-01-01'],
    ['the race in May 2023?', '2023-05-01..2023-06-01'],
    ['on 7 May 2023', '2023-05-07..2023-05-08'],
    ['on May 7th, 2023', '2023-05-07..2023-05-08'],
    ['on 2023-05-07', '2023-05-07..2023-05-08'],
    ['three days ago', '2026-11-15..2026-11-16'],
    ['2 weeks ago', '2026-11-01..2026-11-08'],
    ['a year ago', '2025-01-01..2026-01-01'],
    ['in the last 3 days', '2026-11-15..2026-11-19'],
    ['last Monday', '2026-11-16..2026-11-17'],
    ['last Wednesday', '2026-11-11..2026-11-12'],
    ['in 2022', '2022-01-01..2023-01-01'],
  ])('%s', (question, expected) => {
    expect(period(question)).toBe(expected);
  });

  it.each(['May I ask something?', 'we march on', 'on February 31', 'what is the average?', 'the 2022 budget'])(
    'is none in "%s"',
    (question) => {
      expect(period(question)).toBeNull();
    },
  );

  it('knows a question for a time, and a text that tells one', () => {
    expect(['When did we meet?', 'How long did it take?', 'What did we eat?'].map(asksWhen)).toEqual([
      true,
      true,
      false,
    ]);
    expect(['We met on Friday', 'It took 3 of us', 'We met'].map(tellsWhen)).toEqual([true, true, false]);
  });
});
