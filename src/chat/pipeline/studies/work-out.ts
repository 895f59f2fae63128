import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Evidence } from '../turn.js';
import { shapeOf } from '../words/shape.js';
import { outliersIn, type Outliers } from './outliers.js';
import type { Study } from './study.js';

/** What a study came to. */
export type Studied = Outliers;

/** Place of a result among all: 0 is the primary one. Null: it is not there. */
export function placeOf(evidence: Evidence, purpose: Evidence['context'][number]['purpose']): number | null {
  const index = evidence.context.findIndex((each) => each.purpose === purpose);
  return index < 0 ? null : index + 1;
}

/**
 * Works a study out from its evidence, and from nothing else: the same rows give the same, whoever asks, so that its numbers
 * can be checked. Null where the evidence does not hold what the study takes.
 */
export function workOut(study: Study, evidence: Evidence, profile: DatasetProfile): Studied | null {
  const { primary } = evidence;
  if (primary === null) return null;
  switch (study.kind) {
    case 'outliers':
      return outliersIn(study, primary, shapeOf(primary, profile), contextOf(evidence, 'spread'));
    case 'forecast':
    case 'reasons':
      return null;
  }
}

const contextOf = (evidence: Evidence, purpose: Evidence['context'][number]['purpose']) =>
  evidence.context.find((each) => each.purpose === purpose)?.result ?? null;
