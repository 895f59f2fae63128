import type { DatasetProfile } from '../../../datasets/profile.js';
import { faultOf } from '../../../datasets/query/check-query.js';
import type { Candidate } from './reader.js';

/** Below this the words of the question are accounted for too poorly to answer from. */
const SURE_ENOUGH = 0.35;

/** A reading of the question as one of a data set. */
export interface Judged extends Candidate {
  readonly profile: DatasetProfile;
}

export const sure = ({ understanding, score }: Candidate): boolean =>
  understanding.query === null || score >= SURE_ENOUGH;

/** Nothing is retrieved that the data set cannot answer. */
export const faultIn = ({ understanding, profile }: Judged): string | null =>
  understanding.query === null ? null : faultOf(understanding.query, profile);
