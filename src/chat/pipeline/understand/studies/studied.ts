import type { Asked, Understanding } from '../../turn.js';
import { outliersAsked } from './outliers.js';

/** A question that asks for a study; null: it does not, and is read as any other. */
export function studied(turn: Asked, read: (asked: Asked) => Understanding): Understanding | null {
  if (turn.datasets.length === 0) return null;
  return outliersAsked(turn, read);
}
