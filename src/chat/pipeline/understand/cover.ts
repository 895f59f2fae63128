import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile } from '../../../datasets/profile.js';

/** A stretch of the question that names a column or a cell value. */
export interface Match {
  readonly kind: 'column' | 'value';
  /** Token indexes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly column: ColumnProfile;
  /** The value meant; null for a column. */
  readonly value: Scalar;
  /** Further values that the same words name in part: "Korea" where there are two. */
  readonly also?: readonly Scalar[];
  readonly score: number;
}

/** The best set of matches that do not overlap: longer and surer stretches win. */
export function bestCover(
  matches: readonly Match[],
  length: number,
  bonus: (match: Match) => number = () => 0,
): readonly Match[] {
  const ending = new Map<number, Match[]>();
  for (const match of matches) ending.set(match.to, [...(ending.get(match.to) ?? []), match]);
  const score: number[] = [0];
  const choice: (Match | null)[] = [null];
  for (let at = 1; at <= length; at += 1) {
    score[at] = score[at - 1] ?? 0;
    choice[at] = null;
    for (const match of ending.get(at) ?? []) {
      const size = match.to - match.from;
      const gain = (score[match.from] ?? 0) + match.score * size * (1 + 0.12 * (size - 1)) + bonus(match);
      if (gain > (score[at] ?? 0) + 1e-9) {
        score[at] = gain;
        choice[at] = match;
      }
    }
  }
  const chosen: Match[] = [];
  for (let at = length; at > 0;) {
    const match = choice[at];
    if (match) {
      chosen.push(match);
      at = match.from;
    } else at -= 1;
  }
  return chosen.reverse();
}
