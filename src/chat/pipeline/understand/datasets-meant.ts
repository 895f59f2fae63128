import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Asked } from '../turn.js';
import { lexiconOf } from './lexicon.js';
import type { Context } from './reader.js';
import { wordsHeld } from './words-held.js';

/** Data sets that are looked at for one question; they come most likely first. */
const MOST_DATASETS = 5;

/** A data set that holds this much less of the question's words than another one is not meant. */
const NEARLY_AS_MUCH = 0.8;

/** Most likely first; the data set that the conversation is about before all others. */
export function inOrder(turn: Asked): readonly DatasetProfile[] {
  const last = turn.history.findLast((past) => past.understanding?.query)?.understanding?.query?.datasetId;
  const current = turn.datasets.filter((profile) => profile.id === last);
  return [...current, ...turn.datasets.filter((profile) => profile.id !== last)].slice(0, MOST_DATASETS);
}

/**
 * The data sets that may be meant: those whose columns and values hold the question's words. Where the one of the
 * conversation holds as many as any other, it alone is; a data set that holds none of them never is.
 */
export function meant(contexts: readonly Context[], profiles: readonly DatasetProfile[]): readonly Context[] {
  const [first] = contexts;
  if (!first || contexts.length === 1) return contexts;
  const held = contexts.map((context, index) => wordsHeld(context, partnersOf(profiles[index])));
  const most = Math.max(...held);
  const enough = (index: number): boolean => (held[index] ?? 0) >= NEARLY_AS_MUCH * most;
  if (most === 0 || (first.previous !== null && enough(0))) return [first];
  // "How much did it grow in percent?": "it" stands for what was asked, whatever table has a percent column.
  const refers =
    first.previous !== null && first.tokens.some((token) => /^(it|its|they|them|those|these)$/.test(token.lower));
  return contexts.filter((_, index) => enough(index) || (refers && index === 0));
}

/** What the rows of the data sets are called that it is related to. */
const partnersOf = (profile: DatasetProfile | undefined): ReadonlySet<string> =>
  profile?.joined === undefined ? new Set() : lexiconOf(profile).relatedSubject;
