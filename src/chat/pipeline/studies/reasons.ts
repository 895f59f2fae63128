import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import { cellWords, shapeOf, type Field } from '../words/shape.js';
import type { ReasonStudy } from './study.js';

/** What one value of a dimension adds to a change. */
export interface Contribution {
  readonly row: number;
  readonly key: Scalar;
  readonly name: string;
  /** In the measure's own unit; all of a dimension add up to the change. */
  readonly amount: number;
  /** Percent of the change; negative: it went the other way. */
  readonly part: number;
}

export interface Breakup {
  /** Place of its result among all. */
  readonly result: number;
  /** `region` */
  readonly by: string;
  /** Most against the change last, most with it first. */
  readonly contributions: readonly Contribution[];
  /**
   * Of an average: what comes of the values' own averages, and what of a different mix of rows, in percent of the change;
   * null for sums and counts.
   */
  readonly within: number | null;
  readonly mix: number | null;
}

export interface Reasons {
  readonly kind: 'reasons';
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** Percent; null from zero. */
  readonly percent: number | null;
  /** Values at both ends. */
  readonly counts: readonly [before: number, after: number];
  /** The dimension whose values differ most in what they add; null where nothing can be taken apart. */
  readonly breakup: Breakup | null;
  /** How many dimensions were looked at. */
  readonly dimensions: number;
}

/** Places of the results that break the change up. */
export type Parts = readonly { readonly place: number; readonly result: ResultSet }[];

/**
 * Takes the change of a sum, a count or an average apart by each dimension, and keeps the most telling one: where the three
 * values that added most did so most beyond their share of the rows or of the sum before.
 */
export function reasonsIn(
  { value }: ReasonStudy,
  primary: ResultSet,
  parts: Parts,
  profile: DatasetProfile,
): Reasons | null {
  const [, from, to, countBefore, countAfter] = (primary.rows[0] ?? []).map(Number);
  const [row = []] = primary.rows;
  if (from === undefined || to === undefined || row[1] === null || row[2] === null) return null;
  const change = to - from;
  const isAverage = value.aggregate === 'avg';
  const breakups =
    change === 0
      ? []
      : parts.flatMap(({ place, result }) => {
          const found = broken(result, place, { from, to, isAverage }, profile);
          return found === null ? [] : [found];
        });
  const best = breakups.reduce<(typeof breakups)[number] | null>(
    (before, each) => (before === null || each.telling > before.telling ? each : before),
    null,
  );
  return {
    kind: 'reasons',
    before: from,
    after: to,
    change,
    percent: from === 0 ? null : (100 * change) / Math.abs(from),
    counts: [countBefore ?? 0, countAfter ?? 0],
    breakup: best?.breakup ?? null,
    dimensions: parts.length,
  };
}

interface Ends {
  readonly from: number;
  readonly to: number;
  readonly isAverage: boolean;
}

/** How many of the largest contributions are told. */
export const TOLD = 3;
/** Of all that was added and taken away; values that tell less are as good as noise. */
const LEAST_COVERED = 0.2;

function broken(
  result: ResultSet,
  place: number,
  { from, to, isAverage }: Ends,
  profile: DatasetProfile,
): { readonly breakup: Breakup; readonly telling: number } | null {
  const [field] = shapeOf(result, profile).fields;
  if (field === undefined || result.truncated || result.rows.length < 2) return null;
  const change = to - from;
  const number = (value: Scalar | undefined): number => (typeof value === 'number' ? value : 0);
  const cells = [...result.rows.entries()].map(([row, [key = null, a, b, n, m]]) => ({
    row,
    key,
    name: nameOf(key, field),
    before: number(a),
    after: number(b),
    n: number(n),
    m: number(m),
  }));
  const total = (of: (cell: (typeof cells)[number]) => number): number =>
    cells.reduce((sum, cell) => sum + of(cell), 0);
  const [allBefore, allAfter] = [total(({ n }) => n), total(({ m }) => m)];
  if (isAverage && (allBefore === 0 || allAfter === 0)) return null;
  const middle = (from + to) / 2;
  const each = cells.map((cell) => {
    const { row, key, name, before, after, n, m } = cell;
    if (!isAverage)
      return { row, key, name, amount: after - before, within: 0, weight: from === 0 ? 0 : before / from };
    const [w, v] = [n / allBefore, m / allAfter];
    // A value that was not there, or is there no more, has no average of its own to change.
    const [a, b] = [n === 0 ? after : before, m === 0 ? before : after];
    const within = ((w + v) / 2) * (b - a);
    return { row, key, name, amount: within + (v - w) * ((a + b) / 2 - middle), within, weight: w };
  });
  const contributions = each
    .map(({ row, key, name, amount }) => ({ row, key, name, amount, part: (100 * amount) / change }))
    .toSorted((x, y) => y.part - x.part);
  const weights = new Map(each.map(({ row, weight }) => [row, weight]));
  // Of all that was added and taken away, so that much of nothing (a small change of many noisy parts) tells little.
  const moved = contributions.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  const first = contributions
    .slice(0, Math.min(TOLD, Math.ceil(contributions.length / 2)))
    .filter(({ part }) => part > 0);
  const covered = first.reduce((sum, { amount }) => sum + Math.abs(amount) / moved, 0);
  const telling =
    covered < LEAST_COVERED ? covered - 1 : first.reduce((rest, { row }) => rest - (weights.get(row) ?? 0), covered);
  const within = isAverage ? (100 * each.reduce((sum, part) => sum + part.within, 0)) / change : null;
  return {
    breakup: { result: place, by: field.words, contributions, within, mix: within === null ? null : 100 - within },
    telling,
  };
}

const nameOf = (key: Scalar, field: Field): string => cellWords(key, field);
