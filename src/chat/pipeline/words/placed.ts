import type { Scalar } from '../../../common/scalar.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { type Places, placesIn } from './derived.js';
import { cellWords, type Field, numberAt, type Shape } from './shape.js';

/** A row of a ranking within groups. */
export interface Placed {
  readonly row: number;
  readonly name: string;
  readonly value: number;
}

/** A ranking within groups, group by group in the result's order. */
export interface PlacedGroups {
  readonly places: Places;
  /** What is ranked, and by what. */
  readonly ranked: readonly Field[];
  readonly within: readonly Field[];
  readonly y: Field;
  readonly groups: ReadonlyMap<string, readonly Placed[]>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What the groups are called: `region`, and `quarter` rather than `quarter of order date`. */
export const groupWords = (within: readonly Field[]): string =>
  within.map(({ grain, words }) => grain?.replaceAll('_of_', ' of the ') ?? words).join(' and ');

/** The result as a ranking within groups; null where it is none. */
export function placedGroups({ query, rows }: ResultSet, { fields }: Shape): PlacedGroups | null {
  const places = placesIn(query);
  if (places === null) return null;
  const within = fields.filter((field) => places.within.some((one) => same(one, field.expression)));
  const y = fields.find((field) => same(field.expression, places.of));
  const ranked = fields.filter((field) => field.scale !== 'quantity' && !within.includes(field));
  if (y === undefined || ranked.length === 0 || within.length !== places.within.length) return null;
  const named = (row: readonly Scalar[], by: readonly Field[]): string =>
    by.map((field) => cellWords(row[field.index] ?? null, field)).join(', ');
  const groups = new Map<string, Placed[]>();
  for (const [index, row] of rows.entries()) {
    const value = numberAt(row, y);
    if (value === null) continue;
    const key = named(row, within);
    groups.set(key, [...(groups.get(key) ?? []), { row: index, name: named(row, ranked), value }]);
  }
  return { places, ranked, within, y, groups };
}
