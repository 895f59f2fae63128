import type { Slots } from '../clauses/slots.js';

/** The place that a question asks for, from 2: "the second best?", "the 3rd"; null: none. */
export function placeAsked(slots: Slots): number | null {
  for (const unit of slots.units)
    if (unit.kind === 'number' && unit.quantity.ordinal && unit.quantity.value > 1) return unit.quantity.value;
  return null;
}

/** "The second best?", "and the worst?", "the third one": a place and nothing that it would be one of. */
export const isBarePlace = (slots: Slots): boolean =>
  (slots.superlative !== null || placeAsked(slots) !== null) &&
  slots.units.every(
    (unit) =>
      unit.kind === 'superlative' ||
      (unit.kind === 'number' && unit.quantity.ordinal) ||
      /^(and|or|but|then|the|one|ones|place|in|on|now)$/.test(unit.word),
  );
