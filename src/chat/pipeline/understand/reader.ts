import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Asked, PastTurn, Understanding } from '../turn.js';
import type { Lexicon } from './lexicon.js';
import type { Match } from './cover.js';
import type { Quantity } from './numbers.js';
import type { TimeSpan } from './times.js';
import type { Token } from './tokens.js';

/** A question against one data set, with everything that all readers need worked out once. */
export interface Context {
  readonly asked: Asked;
  readonly profile: DatasetProfile;
  readonly lexicon: Lexicon;
  readonly tokens: readonly Token[];
  readonly numbers: readonly Quantity[];
  readonly times: readonly TimeSpan[];
  /** Every reading of every stretch of words, overlaps included. */
  readonly matches: readonly Match[];
  /** The last turn that has a query on this data set; null at the start of a conversation. */
  readonly previous: PastTurn | null;
  /** It asks about groups of rows, whatever single rows are. */
  readonly ofGroups?: boolean | undefined;
}

/** What a reader makes of the question. */
export interface Candidate {
  readonly understanding: Understanding;
  /** 0–1: how well the words of the question are accounted for. The best candidate is taken. */
  readonly score: number;
}

/** One way of reading questions; gives nothing where it does not apply. */
export type Reader = (context: Context) => readonly Candidate[];
