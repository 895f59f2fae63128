import { expect, it } from '@jest/globals';
import { measure, measures } from './memory-score.js';

it('counts the share of the evidence that is near the top', () => {
  const list = Array.from({ length: 30 }, (_, at) => `m${at}`);
  expect(measure(list, ['m0', 'm7', 'm15', 'm29'])).toEqual({
    questions: 1,
    recall5: 0.25,
    recall10: 0.5,
    recall20: 0.75,
    hit10: 1,
    mrr: 1,
  });
  expect(measure(['x', 'x', 'a'], ['a']).mrr).toBe(0.5);
  expect(measure([], ['a'])).toMatchObject({ recall10: 0, hit10: 0, mrr: 0 });
});

it('leaves out questions without evidence, and counts those without a ranking as missed', () => {
  const question = (id: string, evidence: string[]) => ({
    id,
    conversationId: 'c',
    query: '?',
    category: 'k',
    evidence,
  });
  const set = {
    name: 's',
    conversations: [],
    questions: [question('1', ['a']), question('2', ['a']), question('3', [])],
  };
  expect(measures(set, [{ id: '1', ranked: ['a'] }]).get('ALL')).toMatchObject({ questions: 2, recall10: 0.5 });
});
