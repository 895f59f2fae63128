import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Budget, buildContext, type Candidates, fitted, type Piece, QuestionTooLong } from './build-context.js';

/** A token a word or sign: what is tested does not depend on whose tokenizer it is. */
const count = (text: string): number => text.match(/\w+|[^\s\w]/g)?.length ?? 0;
const shares = { facts: 0.1, window: 0.45, results: 0.1, recalled: 0.25, summary: 0.1 };
const budget = (total: number): Budget => ({ total, shares });
const piece = (id: string, text: string): Piece => ({ text, sources: [id] });
const turn = (n: number, words = 5) => [
  { id: `q${n}`, role: 'user' as const, content: `question ${n}` },
  { id: `a${n}`, role: 'assistant' as const, content: `answer ${n} ${'word '.repeat(words)}`.trim() },
];
const none: Candidates = {
  rules: 'Be kind.',
  question: 'Why?',
  window: [],
  facts: [],
  results: [],
  recalled: [],
  summary: null,
};

describe('a context', () => {
  it('holds everything, in its order, where there is room', () => {
    const { messages, parts, left } = buildContext(
      {
        ...none,
        window: [turn(1), turn(2)],
        facts: [piece('f', 'Works at the ministry')],
        results: [piece('r', 'Education 51.9')],
        recalled: [piece('m', 'In March it was 71')],
        summary: piece('s', 'They spoke of schools'),
      },
      budget(1_000),
      count,
    );
    expect(parts.map(({ kind }) => kind)).toEqual([
      'rules',
      'facts',
      'summary',
      'results',
      'recalled',
      'window',
      'question',
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('ministry');
    expect(messages.at(-1)?.content).toBe('Why?');
    expect(left).toEqual([]);
  });

  it('leaves out the oldest turns first, whole, and says so', () => {
    const { parts, left } = buildContext(
      { ...none, window: [turn(1, 60), turn(2, 60), turn(3, 60)] },
      budget(200),
      count,
    );
    expect(parts.find(({ kind }) => kind === 'window')?.sources).toEqual(['q2', 'a2', 'q3', 'a3']);
    expect(left).toMatchObject([{ kind: 'window', sources: ['q1', 'a1'], reason: 'no room' }]);
  });

  it('shortens only the turn before the question, at a word’s end', () => {
    const { messages, left } = buildContext({ ...none, window: [turn(1, 500)] }, budget(150), count);
    expect(messages[2]?.content).toMatch(/^answer 1( word)+ …$/);
    expect(left).toMatchObject([{ kind: 'window', reason: 'shortened' }]);
  });

  it('does not tell twice what the window holds', () => {
    const { parts, left } = buildContext(
      { ...none, window: [turn(1)], recalled: [piece('a1', 'answer 1')] },
      budget(500),
      count,
    );
    expect(parts.some(({ kind }) => kind === 'recalled')).toBe(false);
    expect(left).toMatchObject([{ kind: 'recalled', sources: ['a1'], reason: 'in the window already' }]);
  });

  it('cannot be made where the question alone is too long', () => {
    expect(() => buildContext({ ...none, question: 'why '.repeat(200) }, budget(150), count)).toThrow(QuestionTooLong);
  });
});

it('never exceeds its budget, always holds the question and the last turn’s question, and is the same every time', () => {
  const words = fc
    .array(fc.stringMatching(/^[a-z]{1,9}[.,]?$/), { minLength: 1, maxLength: 60 })
    .map((list) => list.join(' '));
  const pieces = fc.array(words, { maxLength: 12 }).map((texts) => texts.map((text, i) => piece(`p${i}`, text)));
  const turns = fc.array(fc.tuple(words, words), { maxLength: 12 }).map((list) =>
    list.map(([question, answer], i) => [
      { id: `q${i}`, role: 'user' as const, content: question },
      { id: `a${i}`, role: 'assistant' as const, content: answer },
    ]),
  );
  fc.assert(
    fc.property(
      fc.record({
        rules: words,
        question: words,
        window: turns,
        facts: pieces,
        results: pieces,
        recalled: pieces,
        summary: fc.option(words.map((text) => piece('s', text))),
      }),
      fc.integer({ min: 200, max: 2_000 }),
      (candidates, total) => {
        const context = buildContext(candidates, budget(total), count);
        const sent = context.messages.reduce((sum, { content }) => sum + count(content) + 4, 3);
        expect(sent).toBe(context.tokens);
        expect(sent).toBeLessThanOrEqual(total);
        expect(context.messages.at(-1)).toEqual({ role: 'user', content: candidates.question });
        const last = candidates.window.at(-1);
        if (last !== undefined)
          expect(context.parts.find(({ kind }) => kind === 'window')?.sources).toContain(last[0]?.id);
        expect(buildContext(candidates, budget(total), count)).toEqual(context);
        // Nothing is lost without a word: what was offered is in it or among what was left out.
        const told = new Set([...context.parts, ...context.left].flatMap(({ sources }) => sources));
        for (const offered of [...candidates.facts, ...candidates.results, ...candidates.recalled].flatMap(
          ({ sources }) => sources,
        )) {
          expect(told.has(offered)).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('cuts at the end of a word', () => {
  expect(fitted('one two three four', 3, count)).toBe('one two …');
  expect(fitted('one', 3, count)).toBe('one');
});
