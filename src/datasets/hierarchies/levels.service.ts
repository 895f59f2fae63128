import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../../common/actor.js';
import { DatasetQueries } from '../dataset-queries.js';
import { KnownDatasets } from '../known-datasets.service.js';
import { type ColumnProfile, type DatasetProfile, isElsewhere } from '../profile.js';
import { rowTable } from '../row-table.js';

/** One step of a hierarchy: a column, and the coarser one that each of its values has one value of. */
export interface Level {
  readonly column: ColumnProfile;
  readonly parent: ColumnProfile;
  /** confirmed: the owner said so · suggested: it is so in the rows. */
  readonly status: 'confirmed' | 'suggested';
  /** Whether each of its values has one value of the parent at most, in the rows as they are. */
  readonly holds: boolean;
}

/** Columns that are looked at; the coarsest first. */
const MOST_COLUMNS = 12;
/** A parent has at most this part of the values: of nearly as many it brings nothing together. */
const COARSER = 0.75;

/**
 * Hierarchies of the columns of one data set: functional dependencies between its dimensions, as counted in its rows. Tables of rows
 * never change, so that what was counted stays true.
 */
@Injectable()
export class Levels {
  private readonly known = new LRUCache<string, Promise<readonly (readonly [child: string, parent: string])[]>>({
    max: 500,
  });
  private readonly levelled = new WeakMap<DatasetProfile, DatasetProfile>();

  constructor(
    private readonly queries: DatasetQueries,
    private readonly datasets: KnownDatasets,
  ) {}

  /** What the owner said, and for the other columns what the rows say. @throws {404} dataset_not_found @throws {422} query_too_slow */
  async of(actor: Actor, id: string): Promise<Level[]> {
    const { profile } = await this.datasets.to(actor, id);
    const dependencies = await this.dependencies(profile);
    return profile.columns.flatMap((column): Level[] => {
      const isSaid = column.edited?.includes('parent') === true;
      const name = isSaid ? column.parent : finest(column.name, dependencies, profile);
      const parent = profile.columns.find((other) => other.name === name);
      if (parent === undefined) return [];
      const holds = dependencies.some(([child, above]) => child === column.name && above === parent.name);
      return [{ column, parent, status: isSaid ? 'confirmed' : 'suggested', holds }];
    });
  }

  /**
   * The data set, and what is joined to it, with what the rows say of hierarchies, where the owner has said nothing; as it is when
   * that takes too long.
   */
  async with(profile: DatasetProfile): Promise<DatasetProfile> {
    const before = this.levelled.get(profile);
    if (before !== undefined) return before;
    try {
      const columns = await this.levelledColumns(profile);
      const related = await this.levelledRelated(profile);
      const made = { ...profile, columns, ...(related !== undefined && { related }) };
      this.levelled.set(profile, made);
      return made;
    } catch {
      return profile;
    }
  }

  private async levelledColumns(profile: DatasetProfile): Promise<ColumnProfile[]> {
    const dependencies = await this.dependencies(profile);
    return profile.columns.map((column) => {
      if (column.edited?.includes('parent') === true) return column;
      const parent = finest(column.name, dependencies, profile);
      return parent === null ? column : { ...column, parent };
    });
  }

  private async levelledRelated({ joined = [], related }: DatasetProfile): Promise<ColumnProfile[] | undefined> {
    const parents = new Map<string, string>();
    for (const { name, profile } of joined)
      for (const column of await this.levelledColumns(profile))
        if (typeof column.parent === 'string') parents.set(`${name}.${column.name}`, `${name}.${column.parent}`);
    return related?.map((column) => ({ ...column, parent: parents.get(column.name) ?? null }));
  }

  private dependencies(profile: DatasetProfile): Promise<readonly (readonly [string, string])[]> {
    const rows = profile.rowsId ?? profile.id;
    const known = this.known.get(rows);
    if (known !== undefined) return known;
    const counted = this.counted(profile);
    counted.catch(() => this.known.delete(rows));
    this.known.set(rows, counted);
    return counted;
  }

  /** One pass over the rows for each column. */
  private async counted(profile: DatasetProfile): Promise<readonly (readonly [string, string])[]> {
    // Rows that are elsewhere change without a word.
    const columns = isElsewhere(profile) ? [] : levelColumns(profile);
    const found: (readonly [string, string])[] = [];
    for (const child of columns) {
      const parents = columns.filter(({ distinct }) => distinct <= COARSER * child.distinct);
      if (parents.length === 0) continue;
      const at = (column: ColumnProfile): string => `c${profile.columns.indexOf(column) + 1}`;
      const [row] = await this.queries.read<Record<string, boolean | null>>(
        `SELECT ${parents.map((_, i) => `bool_and(p${i}) AS p${i}`).join(', ')} FROM (
           SELECT ${parents.map((parent, i) => `min(${at(parent)}) = max(${at(parent)}) AS p${i}`).join(', ')}
           FROM ${rowTable(profile.rowsId ?? profile.id)} WHERE ${at(child)} IS NOT NULL GROUP BY ${at(child)}
         ) AS g`,
        profile.id,
      );
      found.push(...parents.filter((_, i) => row?.[`p${i}`] === true).map(({ name }) => [child.name, name] as const));
    }
    return found;
  }
}

/** Names of categories that come more than once: what is different in nearly every row has one value of everything. */
const levelColumns = ({ columns, rowCount }: DatasetProfile): ColumnProfile[] =>
  columns
    .filter(
      ({ type, role, values, distinct, nulls }) =>
        type === 'text' &&
        role === 'dimension' &&
        values !== null &&
        distinct >= 2 &&
        distinct <= (rowCount - nulls) / 2,
    )
    .toSorted((a, b) => a.distinct - b.distinct)
    .slice(0, MOST_COLUMNS);

/** Of the columns that one decides, that with the most values: the next level above. */
function finest(
  child: string,
  dependencies: readonly (readonly [string, string])[],
  { columns }: DatasetProfile,
): string | null {
  const parents = columns.filter(({ name }) => dependencies.some(([from, to]) => from === child && to === name));
  return parents.toSorted((a, b) => b.distinct - a.distinct)[0]?.name ?? null;
}
