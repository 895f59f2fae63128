import { ambiguousValue } from './ambiguous.js';
import type { Slots } from './clauses/slots.js';
import type { Context } from './reader.js';
import { stemOf } from './tokens.js';

/** From this score on a column or value is called by its own name, give or take an ending. */
const BY_NAME = 0.9;

/**
 * 0–1: how far a reading that is otherwise complete is to be trusted, for what it had to guess: a column meant by a part of
 * its name or by another word, a value by one of its words, a number that was not named, a thing that is no row and no column.
 * It only tells; which reading is taken is decided by the score.
 */
export function trust(context: Context, slots: Slots, followed: boolean): number {
  let factor = 1;
  for (const unit of slots.units) {
    if ((unit.kind !== 'column' && unit.kind !== 'value') || !slots.used.has(unit)) continue;
    if (unit.match.score < BY_NAME) factor = Math.min(factor, 0.5 + 0.5 * unit.match.score);
  }
  if (comparesTwice(slots)) factor *= 0.5;
  if (ambiguousValue(context, slots) !== null) factor *= 0.75;
  if (countsUnknown(context, slots)) factor *= 0.7;
  const named = [...slots.columns, ...slots.groups].length + slots.filters.length;
  const guessed = slots.measures.some(({ aggregate, column }) => column === null && !aggregate.startsWith('count'));
  const ranked = slots.superlative !== null && slots.superlative.by === null && !slots.superlative.counted;
  if (!followed && (guessed || ranked)) factor *= named === 0 ? 0.6 : 0.75;
  return factor;
}

/** "How many champions?": of rows that are called otherwise. */
function countsUnknown({ lexicon }: Context, slots: Slots): boolean {
  return slots.units.some((unit, at) => {
    if (unit.kind !== 'count') return false;
    const next = slots.units.slice(at + 1).find((other) => other.kind !== 'stop');
    return next?.kind === 'word' && !lexicon.subject.has(stemOf(next.word));
  });
}

/** "A score above 60 in A and one above 50 in B": which bound is of which is not told apart. */
function comparesTwice({ filters }: Slots): boolean {
  const bounds = filters.filter(({ condition }) => 'compare' in condition && /^[<>]/.test(condition.compare));
  const several = filters.some(({ values, column }) => (values?.length ?? 0) > 1 && column.role === 'dimension');
  return several && bounds.some((one, at) => bounds.findIndex(({ column }) => column === one.column) !== at);
}
