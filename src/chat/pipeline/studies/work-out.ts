import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Evidence, Retrieved } from '../turn.js';
import { shapeOf } from '../words/shape.js';
import { forecastIn } from './forecast.js';
import { outliersIn } from './outliers.js';
import { reasonsIn, type Parts } from './reasons.js';
import type { Studied } from './studied.js';
import type { Study } from './study.js';

/** Place of a result among all: 0 is the primary one. Null: it is not there. */
export function placeOf(evidence: Evidence, purpose: Evidence['context'][number]['purpose']): number | null {
  const index = evidence.context.findIndex((each) => each.purpose === purpose);
  return index < 0 ? null : index + 1;
}

/**
 * Works a study out from its evidence and the moment of asking, and from nothing else: the same rows give the same, whoever asks, so that its numbers
 * can be checked. Null where the evidence does not hold what the study takes.
 */
export function workOut(study: Study, { evidence, askedAt }: Turn, profile: DatasetProfile): Studied | null {
  const found = known.get(evidence) ?? cameTo(study, evidence, askedAt, profile);
  if (found !== null) known.set(evidence, found);
  return found;
}

type Turn = Pick<Retrieved, 'evidence' | 'askedAt'>;

/** Two layers ask for it. */
const known = new WeakMap<Evidence, Studied>();

function cameTo(study: Study, evidence: Evidence, askedAt: Date, profile: DatasetProfile): Studied | null {
  const { primary } = evidence;
  if (primary === null) return null;
  switch (study.kind) {
    case 'outliers':
      return outliersIn(study, primary, shapeOf(primary, profile), contextOf(evidence, 'spread'), profile, askedAt);
    case 'forecast':
      return forecastIn(study, primary, shapeOf(primary, profile), profile, askedAt);
    case 'reasons':
      return reasonsIn(study, primary, partsOf(evidence), profile);
  }
}

const contextOf = (evidence: Evidence, purpose: Evidence['context'][number]['purpose']) =>
  evidence.context.find((each) => each.purpose === purpose)?.result ?? null;

const partsOf = ({ context }: Evidence): Parts =>
  context.flatMap(({ purpose, result }, index) => (purpose === 'parts' ? [{ place: index + 1, result }] : []));
