import type { Draft } from './build.js';
import type { Context } from './reader.js';
import type { Slots } from './slots.js';

export function followUp(_context: Context, _slots: Slots): Draft | null {
  return null;
}
