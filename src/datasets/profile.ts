import type { Scalar } from '../common/scalar.js';
import type { Expression } from './query/analytical-query.js';

export type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';

/** measure: can be aggregated · dimension: groups and filters · temporal: orders in time · identifier: names one row, never summed. */
export type ColumnRole = 'measure' | 'dimension' | 'temporal' | 'identifier';

/** What "show me X" means for a measure over several rows. */
export const DEFAULT_AGGREGATES = ['sum', 'avg', 'median', 'min', 'max'] as const;
export type DefaultAggregate = (typeof DEFAULT_AGGREGATES)[number];

/** How the owner wants the numbers of a column written. */
export interface NumberFormat {
  /** null: as many as were seen. */
  readonly decimals: number | null;
  /** `1.2 million` in the place of `1,234,567`. */
  readonly compact: boolean;
}

/** How a measure is worked out of the columns of the rows. */
export interface ComputedColumn {
  /** As the owner wrote it: `(revenue - cost) / revenue`. */
  readonly formula: string;
  readonly expression: Expression;
  /** row: a number for each row · group: of aggregates, so one number for all rows together. */
  readonly level: 'row' | 'group';
  /** Why it cannot be worked out with the rows as they are; left out: it can. */
  readonly problem?: string | undefined;
}

/** What is known of one column. Everything that understanding may use is here, so that it needs no storage. */
export interface ColumnProfile {
  /** Unique in the data set; the header as it was given (made unique and non-empty). Analytical queries name columns by it. */
  readonly name: string;
  /** For people: `income_group` → `Income group`. */
  readonly label: string;
  /** What it is, in a sentence of the owner's. */
  readonly description?: string | null | undefined;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  /** `%`, `USD`, `years`…; null when unknown. */
  readonly unit: string | null;
  readonly format?: NumberFormat | null | undefined;
  readonly synonyms: readonly string[];
  /** null when unknown. */
  readonly higherIsBetter: boolean | null;
  readonly defaultAggregate: DefaultAggregate;
  readonly distinct: number;
  readonly nulls: number;
  readonly min: Scalar;
  readonly max: Scalar;
  /** Largest number of decimals seen (numbers). */
  readonly decimals: number;
  /** All distinct values of a text or boolean column, most frequent first, when there are at most 5,000; else null. */
  readonly values: readonly string[] | null;
  /** A measure that the owner defined; it is worked out, not stored. Such columns stand after those of the rows. */
  readonly computed?: ComputedColumn | undefined;
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

/** How a column of an external table is read: as it is, or as one of the types that columns have here. */
export type ReadAs = 'as_is' | 'number' | 'single' | 'text' | 'utc';

/** Which table of an external source a data set is. Its rows stay there: queries run there. */
export interface ExternalTable {
  readonly sourceId: string;
  /** Name of the source, for people. */
  readonly sourceName: string;
  readonly schema: string;
  readonly table: string;
  /** Those of the data set that are columns of the table, in their order. */
  readonly columns: readonly { readonly name: string; readonly read: ReadAs }[];
  /** The one whole-numbered column that tells all rows apart, when there is one: it orders them. */
  readonly key: string | null;
  /** When its columns and their values were looked at last, ISO. */
  readonly lookedAt: string;
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
  /** Where its rows are, when they are not here. */
  readonly external?: ExternalTable | null | undefined;
}

/** Its rows are in an external source. */
export const isElsewhere = ({ external }: Pick<DatasetProfile, 'external'>): boolean =>
  external !== undefined && external !== null;

/** The column that a query calls `name`: its own, or a related one. */
export const columnNamed = (profile: DatasetProfile, name: string): ColumnProfile | null =>
  profile.columns.find((column) => column.name === name) ??
  profile.related?.find((column) => column.name === name) ??
  null;
