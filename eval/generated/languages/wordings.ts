import { GERMAN } from './german.js';
import { SPANISH } from './spanish.js';
import type { Wording } from './wording.js';

/** By ISO 639-1. */
export const WORDINGS: ReadonlyMap<string, Wording> = new Map([
  ['de', GERMAN],
  ['es', SPANISH],
]);
