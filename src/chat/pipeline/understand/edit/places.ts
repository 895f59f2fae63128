import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { type Places, placesIn } from '../../words/derived.js';
import { bestOf } from '../build/best-of.js';
import { groupExpression } from '../build/build-parts.js';
import type { Slots } from '../clauses/slots.js';
import { isMeasure, sameExpression } from '../expressions.js';
import { type Frame, measuresOf } from './frame.js';

interface Again {
  readonly frame: Frame;
  readonly edit: string;
}

/** "And the worst?", "the top five instead" after the best of each group; "the best in each region" after all of them. */
export function placesAgain(frame: Frame, slots: Slots): Again | null {
  const { superlative } = slots;
  if (!superlative || slots.columns.some((use) => isMeasure(use.column))) return null;
  const before = placesIn(frame);
  const asked = [...slots.groups, ...slots.columns].map(groupExpression);
  if (before !== null) {
    const known = [...before.within, ...frame.select];
    if (!asked.every((one) => known.some((other) => sameExpression(one, other)))) return null;
    const last = superlative.limit > 1 ? superlative.limit : before.last;
    return ranked(frame, { ...before, direction: superlative.direction, last });
  }
  const each = slots.units.some((unit) => unit.kind === 'each');
  const [of] = measuresOf(frame);
  const named = slots.groups.map(groupExpression);
  const [first] = frame.groups;
  const within = named.length > 0 ? named : each && first ? [first] : [];
  // "The top 3 countries in each region" after numbers by anything: of those that are named.
  const things = slots.columns.filter((use) => !slots.groups.includes(use)).map(groupExpression);
  if (
    of &&
    each &&
    named.length > 0 &&
    things.length > 0 &&
    !things.some((one) => named.some((other) => sameExpression(one, other)))
  ) {
    const groups = [...named, ...things];
    const whole = { ...frame, groups, select: [...groups, of], having: undefined, limit: undefined, offset: undefined };
    return ranked(whole, { of, within: named, last: superlative.limit, only: false, direction: superlative.direction });
  }
  const isPart = within.length > 0 && within.every((one) => frame.groups.some((group) => sameExpression(one, group)));
  if (!of || !isPart || frame.groups.length <= within.length || frame.limit !== undefined) return null;
  return ranked(frame, { of, within, last: superlative.limit, only: false, direction: superlative.direction });
}

/** "By channel instead" after the best products of each region: those of each channel. */
export function placesBy(frame: Frame, keys: readonly Expression[]): Again | null {
  const before = placesIn(frame);
  if (before === null || keys.some((key) => frame.groups.some((group) => sameExpression(group, key)))) return null;
  const rest = (one: Expression): boolean => !before.within.some((gone) => sameExpression(gone, one));
  const select = [...keys, ...frame.select.filter(rest)];
  return ranked({ ...frame, groups: [...keys, ...frame.groups.filter(rest)], select }, { ...before, within: keys });
}

function ranked(frame: Frame, { of, within, ...place }: Places): Again {
  const qualify = bestOf(of, within, place);
  const by = (one: Expression) => ({ by: one, direction: 'asc' as const });
  const order = [...within.map(by), { by: of, direction: place.direction }];
  const end = place.direction === 'asc' ? 'lowest' : 'highest';
  return { frame: { ...frame, qualify, order }, edit: `the ${end} ${String(place.last)} of each` };
}
