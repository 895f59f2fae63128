import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DatasetQueries } from '../dataset-queries.js';
import type { DatasetProfile } from '../profile.js';
import { rowTable } from '../row-table.js';
import type { Measures } from './relation.entity.js';

/** Different values that are looked for on the other side; of more, as many are looked for. */
const MOST_VALUES = 10_000;
const EXAMPLES = 3;

type Keys = Pick<Measures, 'keys' | 'keysDistinct'>;

/** Counts what the rows of two data sets say of a relation. Tables of rows never change, so that what was counted stays true. */
@Injectable()
export class RelationMeasures {
  private readonly known = new LRUCache<string, Keys>({ max: 5_000 });

  constructor(private readonly queries: DatasetQueries) {}

  /**
   * Rows of `to` with a value in `column`, and how many different values these are: unique when they are equal.
   * @throws {422} query_too_slow
   */
  async keys(to: DatasetProfile, column: string): Promise<Keys> {
    const [table, key] = placeOf(to, column);
    const known = this.known.get(`${table} ${key}`);
    if (known !== undefined) return known;
    const [row] = await this.queries.read<{ keys: string; distinct: string }>(
      `SELECT count(${key}) AS keys, count(DISTINCT ${key}) AS distinct FROM ${table}`,
      to.id,
    );
    const counted = { keys: Number(row?.keys), keysDistinct: Number(row?.distinct) };
    this.known.set(`${table} ${key}`, counted);
    return counted;
  }

  /** @throws {422} query_too_slow @throws {404} dataset_not_found, when one was deleted meanwhile */
  async of(
    from: DatasetProfile,
    fromColumn: string,
    to: DatasetProfile,
    toColumn: string,
    names: number,
  ): Promise<Measures> {
    const [table, value] = placeOf(from, fromColumn);
    const [others, key] = placeOf(to, toColumn);
    const partners = `(SELECT DISTINCT ${key} AS k FROM ${others} WHERE ${key} IS NOT NULL) AS p`;
    const counts = await this.queries.read<{ rows: string; given: string; matched: string }>(
      `SELECT count(*) AS rows, count(f.${value}) AS given, count(p.k) AS matched
       FROM ${table} AS f LEFT JOIN ${partners} ON f.${value} = p.k`,
      from.id,
    );
    const examples = (found: boolean): string =>
      `(array_agg(v::text ORDER BY v) FILTER (WHERE k IS ${found ? 'NOT ' : ''}NULL))[1:${EXAMPLES}]`;
    const seen = await this.queries.read<{
      values: string;
      matched: string;
      found: string[] | null;
      missing: string[] | null;
    }>(
      `SELECT count(*) AS values, count(k) AS matched, ${examples(true)} AS found, ${examples(false)} AS missing
       FROM (SELECT DISTINCT ${value} AS v FROM ${table} WHERE ${value} IS NOT NULL LIMIT ${MOST_VALUES}) AS f
       LEFT JOIN ${partners} ON v = k`,
      from.id,
    );
    const [count] = counts;
    const [sample] = seen;
    return {
      fromRowsId: from.rowsId ?? from.id,
      toRowsId: to.rowsId ?? to.id,
      rows: Number(count?.rows),
      given: Number(count?.given),
      matched: Number(count?.matched),
      values: Number(sample?.values),
      valuesFound: Number(sample?.matched),
      ...(await this.keys(to, toColumn)),
      names,
      found: (sample?.found ?? []).map(shortened),
      missing: (sample?.missing ?? []).map(shortened),
    };
  }
}

const shortened = (text: string): string => text.slice(0, 100);

/** Table and column of a column of a data set; both are names of ours. */
function placeOf(profile: DatasetProfile, column: string): readonly [table: string, column: string] {
  const at = profile.columns.findIndex(({ name }) => name === column);
  if (at < 0) throw new Error('no such column');
  return [rowTable(profile.rowsId ?? profile.id), `c${at + 1}`];
}

export const isUnique = ({ keys, keysDistinct }: Keys): boolean => keys > 0 && keys === keysDistinct;

/** The part of the left values that have a partner, 0–1. */
export const containment = ({ values, valuesFound }: Measures): number => (values === 0 ? 0 : valuesFound / values);

/** The part of the rows with a partner, of those that name one, 0–1. */
export const coverage = ({ given, matched }: Measures): number => (given === 0 ? 0 : matched / given);

export const uniqueness = ({ keys, keysDistinct }: Keys): number => (keys === 0 ? 0 : keysDistinct / keys);

/** How likely it is meant, 0–1: what the values say counts more than what the names say. */
export const scoreOf = (measures: Measures): number => 0.6 * containment(measures) + 0.4 * measures.names;
