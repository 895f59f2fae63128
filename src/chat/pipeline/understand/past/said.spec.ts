import { describe, expect, it } from '@jest/globals';
import { saidOf } from './said.js';

const NOW = new Date('2026-11-27T12:00:00Z');

describe('a question about what was said', () => {
  it.each([
    ['What did I say about my budget?', 'my budget', 'user', false],
    ['what did we decide on the launch date', 'the launch date', 'anyone', true],
    ['So, did I ever mention a trip to Rome?', 'a trip to Rome', 'user', false],
    ['What have I told you about my sister in an earlier conversation?', 'my sister', 'user', false],
    ['Remind me what you said about cranes', 'cranes', 'assistant', false],
    ['What was our decision on the venue?', 'the venue', 'anyone', true],
    ['When did I tell you that I moved?', 'I moved', 'user', false],
  ])('%s', (question, about, by, isDecision) => {
    expect(saidOf(question, NOW)).toEqual({ about, by, isDecision, period: null });
  });

  it('may say when', () => {
    expect(saidOf('What did we discuss yesterday?', NOW)).toMatchObject({
      about: '',
      period: { from: '2026-11-26T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z' },
    });
    expect(saidOf('What did I say last week about the boat?', NOW)).toMatchObject({ about: 'the boat' });
  });

  it.each([
    'What did the report say about my budget?',
    'Which region did we sell most in?',
    'Show the countries that we agreed with',
    'What did I say?',
    'How many people said yes?',
    'What is the average score?',
  ])('is not %s', (question) => {
    expect(saidOf(question, NOW)).toBeNull();
  });
});
