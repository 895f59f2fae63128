import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import type { Draft } from './build-parts.js';
import { perThing, thingsPer } from './per-thing.js';
import { thingsWith } from './things-with.js';
import { bothHold } from './both-hold.js';
import { correlation, ratio } from './ratios.js';
import { better, choice, difference } from './sides.js';
import { againstGroup } from './against-group.js';
import { growth } from './change.js';
import { percentage } from './share.js';
import { rank } from './rank.js';
import { twoMeasures } from './two-measures.js';
import { overPeriods } from './windows.js';

/** Shares, differences, changes over time and choices between two: questions whose answer is worked out from several numbers. */
export function analyse(context: Context, slots: Slots): Draft | null {
  const windowed = overPeriods(context, slots);
  if (windowed !== null) return windowed;
  const against = againstGroup(context, slots);
  if (against !== null) return against;
  const worked = twoMeasures(context, slots);
  if (worked !== null) return worked;
  if (slots.chart && !slots.chart.implied) return null;
  return (
    rank(context, slots) ??
    correlation(context, slots) ??
    ratio(context, slots) ??
    perThing(context, slots) ??
    thingsPer(context, slots) ??
    thingsWith(context, slots) ??
    bothHold(context, slots) ??
    better(context, slots) ??
    choice(context, slots) ??
    growth(context, slots) ??
    difference(context, slots) ??
    percentage(context, slots)
  );
}
