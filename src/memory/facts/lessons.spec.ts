import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../common/ids.js';
import { changesOf, type Known, type Lesson } from './lessons.js';
import { readMessage } from './rules/read-message.js';

const lesson = (message: string, minute: number): Lesson => ({
  conversationId: 'c',
  messageId: newId(),
  saidAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  steps: readMessage(message),
});

/** What is known after the lessons. */
function after(known: readonly Known[], lessons: readonly Lesson[]): Known[] {
  const { facts, removed } = changesOf(known, lessons);
  return [...known.filter(({ id }) => !removed.includes(id)), ...facts.map((fact) => ({ ...fact, ended: fact.ends }))];
}

const SAID = [
  'I live in Rome',
  'I live in Oslo',
  'I no longer live in Rome',
  'forget where I live',
  'My name is Ada',
  'Always show totals',
  'Never show totals',
  'Forget everything you know about me',
  'Hello there',
];
const plain = (known: readonly Known[]) =>
  known.map(({ key, value, ended, validFrom }) => `${key} ${value} ${ended} ${+validFrom}`).sort();
const messages = fc.array(fc.constantFrom(...SAID), { maxLength: 12 });

it('comes to the same in one go and message by message', () => {
  fc.assert(
    fc.property(messages, (said) => {
      const lessons = said.map(lesson);
      let known: Known[] = [];
      for (const each of lessons) known = after(known, [each]);
      expect(plain(known)).toEqual(plain(after([], lessons)));
    }),
  );
});

it('takes what was just said a second time as nothing new', () => {
  fc.assert(
    fc.property(messages, (said) => {
      const known = after([], said.map(lesson));
      const last = said.at(-1);
      if (last === undefined) return;
      expect(plain(after(known, [lesson(last, said.length)]))).toEqual(plain(known));
    }),
  );
});

it('puts what comes late into its place in time', () => {
  const known = after([], [lesson('I live in Oslo', 5)]);
  const [, late] = after(known, [lesson('I live in Rome', 1)]);
  expect([late?.value, late?.validFrom]).toEqual(['Rome', lesson('', 1).saidAt]);
});
