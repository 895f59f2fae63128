import type { Scalar } from '../common/scalar.js';

export type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';

/** measure: can be aggregated · dimension: groups and filters · temporal: orders in time · identifier: names one row, never summed. */
export type ColumnRole = 'measure' | 'dimension' | 'temporal' | 'identifier';

/** What is known of one column. Everything that understanding may use is here, so that it needs no storage. */
export interface ColumnProfile {
  /** Unique in the data set; the header as it was given (made unique and non-empty). Analytical queries name columns by it. */
  readonly name: string;
  /** For people: `income_group` → `Income group`. */
  readonly label: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  /** `%`, `USD`, `years`…; null when unknown. */
  readonly unit: string | null;
  readonly synonyms: readonly string[];
  /** null when unknown. */
  readonly higherIsBetter: boolean | null;
  /** What "show me X" means for a measure over several rows. */
  readonly defaultAggregate: 'sum' | 'avg';
  readonly distinct: number;
  readonly nulls: number;
  readonly min: Scalar;
  readonly max: Scalar;
  /** Largest number of decimals seen (numbers). */
  readonly decimals: number;
  /** All distinct values of a text or boolean column, most frequent first, when there are at most 5,000; else null. */
  readonly values: readonly string[] | null;
  /** The next coarser column of the same data set, by name: `region` of `country`. */
  readonly parent?: string | null | undefined;
  /** What of the above the owner said, by name; it outlives the rows. */
  readonly edited?: readonly string[] | undefined;
  /** Set on a column that a data set has by way of a related one. */
  readonly origin?: Origin | undefined;
}

/** Where a related column comes from. */
export interface Origin {
  /** The joined data set, by what it is called here: `customers` of `customers.segment`. */
  readonly join: string;
  /** The related data set's title. */
  readonly title: string;
  /** Its own name and label there. */
  readonly column: string;
  readonly label: string;
}

/** A related data set: each row of the one that is asked has at most one row of it (n:1). */
export interface JoinedDataset {
  /** What the names of its columns begin with; `customers.countries` for one that is related to a related one. */
  readonly name: string;
  readonly relationId: string;
  readonly profile: DatasetProfile;
  /** The column that names the partner: of the data set asked, or of one that was joined before (`customers.country_id`). */
  readonly left: string;
  /** The column of `profile` that it names it by; unique there. */
  readonly right: string;
  /** Rows that lead there and find no partner, as far as it was counted. */
  readonly without: number;
}

/** A data set as understanding, the compiler and the pipeline see it. Immutable for one (`id`, `version`). */
export interface DatasetProfile {
  readonly id: string;
  /** Rises with every change of rows or column semantics; (id, version) is a safe cache key. */
  readonly version: number;
  /** Short machine name, `sector_health`. */
  readonly name: string;
  /** For people: `Sector health`. */
  readonly title: string;
  readonly description: string | null;
  readonly source: string | null;
  readonly licence: string | null;
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  /** Names the table of its rows; the data set's own id when left out. */
  readonly rowsId?: string | undefined;
  /** Related data sets whose columns may be asked for along with its own, each after those that lead to it. */
  readonly joined?: readonly JoinedDataset[] | undefined;
  /** Their columns, under the names that analytical queries of this data set have for them. */
  readonly related?: readonly ColumnProfile[] | undefined;
  /** The same data set with relations that were found and that nobody has confirmed; nothing is answered from it. */
  readonly suggested?: DatasetProfile | undefined;
}

/** The column that a query calls `name`: its own, or a related one. */
export const columnNamed = (profile: DatasetProfile, name: string): ColumnProfile | null =>
  profile.columns.find((column) => column.name === name) ??
  profile.related?.find((column) => column.name === name) ??
  null;
