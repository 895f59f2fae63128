import type { Slots } from '../clauses/slots.js';
import type { Unit } from '../clauses/units.js';
import type { Context } from '../reader.js';

const PRONOUNS = /^(it|its|they|their|theirs|them|he|she|his|her|him)$/;

/** Words that point back, those left out that find their noun in the same question. */
export function references(context: Context, slots: Slots): readonly Unit[] {
  const { labels } = context.lexicon;
  return slots.back.filter((unit) => {
    if (!PRONOUNS.test(unit.word))
      return (
        unit.word !== 'one' ||
        slots.units.some((other) => /^(which|what|first|last|top|the)$/.test(other.word) && other.from < unit.from)
      );
    const nouns = slots.units.filter(
      (other) =>
        other.from < unit.from &&
        (other.kind === 'subject' ||
          (other.kind === 'column' && labels.includes(other.match.column)) ||
          (other.kind === 'value' && unit.word !== 'it')),
    );
    return nouns.length === 0;
  });
}
