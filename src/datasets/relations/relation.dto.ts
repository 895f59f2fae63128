import { IsIn, IsString, IsUUID, Length, Matches } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { coverage, scoreOf, uniqueness } from './relation-measures.service.js';
import { RELATION_NAME } from './relation-names.js';
import type { RelationBetween } from './relations.service.js';

const NAME_RULE = 'name must begin with a letter or _, and have only letters, digits and _ after it, 60 at most';

/** A column whose values name rows of another data set. */
export class AddRelation {
  /** A column of this data set.
   * @example "customer_id" */
  @IsString()
  @Length(1, 200)
  column: string;

  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d50" */
  @IsUUID()
  toDatasetId: string;

  /** The column there that the values are looked for in; unique there, and of the same type.
   * @example "id" */
  @IsString()
  @Length(1, 200)
  toColumn: string;

  /** What the names of its columns begin with in queries of this data set; made from its name when left out.
   * @example "customers" */
  @Optional()
  @IsString()
  @Matches(RELATION_NAME, { message: NAME_RULE })
  name?: string;
}

export class ChangeRelation {
  /** @example "confirmed" */
  @Optional()
  @IsIn(['confirmed', 'rejected'])
  status?: 'confirmed' | 'rejected';

  /** Queries that were stored with the old name do not find its columns any more.
   * @example "customers" */
  @Optional()
  @IsString()
  @Matches(RELATION_NAME, { message: NAME_RULE })
  name?: string;
}

export class RelationEndView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  datasetId: string;
  /** @example "Orders" */
  title: string;
  /** @example "customer_id" */
  column: string;
}

export class RelationExamplesView {
  /** Values of the first column that the second has.
   * @example ["1", "2", "3"] */
  found: string[];
  /** Values that it has not.
   * @example ["97"] */
  missing: string[];
}

export class RelationView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4f" */
  id: string;
  /** What the names of the second's columns begin with in queries of the first: `customers.segment`.
   * @example "customers" */
  name: string;
  /** suggested: found, and used for nothing until it is confirmed · confirmed: queries and questions use it · rejected: it is not
   * suggested again.
   * @example "suggested" */
  status: 'suggested' | 'confirmed' | 'rejected';
  /** found: by names and values · given: by a person.
   * @example "found" */
  origin: 'found' | 'given';
  /** Whether it is between shared data sets, for everybody.
   * @example false */
  shared: boolean;
  from: RelationEndView;
  to: RelationEndView;
  /** How likely it is meant, 0–1, by values and by names.
   * @example 0.98 */
  score: number;
  /** The part of the first's rows with a partner, of those that name one, 0–1.
   * @example 0.96 */
  coverage: number;
  /** Different values of the second column for each of its rows with one; at 1 it can be confirmed.
   * @example 1 */
  uniqueness: number;
  /** Rows of the first data set.
   * @example 300 */
  rows: number;
  /** Of these, rows without a partner, those that name none among them.
   * @example 12 */
  rowsWithout: number;
  examples: RelationExamplesView;
  /** Why it is only suggested although it was confirmed once; else null.
   * @example null */
  reason: string | null;
  createdAt: Date;
  updatedAt: Date;

  static of(this: void, { relation, from, to }: RelationBetween): RelationView {
    const { id, name, status, origin, shared, measures, reason, createdAt, updatedAt } = relation;
    return {
      id,
      name,
      status,
      origin,
      shared,
      from: { datasetId: from.id, title: from.title, column: relation.fromColumn },
      to: { datasetId: to.id, title: to.title, column: relation.toColumn },
      score: rounded(scoreOf(measures)),
      coverage: rounded(coverage(measures)),
      uniqueness: rounded(uniqueness(measures)),
      rows: measures.rows,
      rowsWithout: measures.rows - measures.matched,
      examples: { found: [...measures.found], missing: [...measures.missing] },
      reason,
      createdAt,
      updatedAt,
    };
  }
}

export class RelationsView {
  data: RelationView[];
}

/** Downwards, so that 1 means all of them. */
const rounded = (part: number): number => Math.floor(part * 10_000) / 10_000;
