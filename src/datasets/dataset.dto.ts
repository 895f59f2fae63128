import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Optional } from '../common/optional.js';
import { ListQuery, PageOf } from '../common/page.dto.js';
import type { Scalar } from '../common/scalar.js';
import type { BadLine, CsvReport } from './csv/read-csv.js';
import type { DatasetRow, DatasetSummaryRow } from './datasets.store.js';
import type { ColumnProfile } from './profile.js';
import type { ResultSet } from './query/result-set.js';

const VISIBLE = /[^\s\p{C}]/u;
/** How JSON carries a cell. OpenAPI 3.0 has no type for null, so the first alternative takes it in. */
const SCALAR = { oneOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'boolean' }] };
/** A form has text only; empty is left out. */
const Blank = () => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
const orNull = (_: unknown, value: unknown): boolean => value !== undefined && value !== null;

/** The form's fields beside `file`. */
export class UploadDataset {
  /** For people; the file's name when left out.
   * @example "Sector health" */
  @Blank()
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE)
  title?: string;

  /** @example "Scores of four sectors by country and year." */
  @Blank()
  @Optional()
  @IsString()
  @MaxLength(5_000)
  description?: string;

  /** Where the figures come from; answers name it.
   * @example "World Development Indicators, The World Bank" */
  @Blank()
  @Optional()
  @IsString()
  @MaxLength(1_000)
  source?: string;

  /** @example "CC BY 4.0" */
  @Blank()
  @Optional()
  @IsString()
  @MaxLength(200)
  licence?: string;

  /** `true`: for everybody. Administrators only.
   * @example "false" */
  @Blank()
  @Optional()
  @IsIn(['true', 'false'])
  shared?: 'true' | 'false';
}

/** A correction of what one column means; what is left out stays. */
export class ChangeColumn {
  /** The column's name, as in the file.
   * @example "score" */
  @IsString()
  @Length(1, 200)
  name: string;

  /** For people.
   * @example "Health score" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE)
  label?: string;

  /** measure: can be aggregated · dimension: groups and filters · temporal: orders in time · identifier: names one row.
   * @example "measure" */
  @Optional()
  @IsIn(['measure', 'dimension', 'temporal', 'identifier'])
  role?: ColumnProfile['role'];

  /** `%`, `USD`, `years`…; null: none.
   * @example "points" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @Length(1, 50)
  unit?: string | null;

  /** Other names that questions may use.
   * @example ["health", "rating"] */
  @Optional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  synonyms?: string[];

  /** What "show me X" means over several rows.
   * @example "avg" */
  @Optional()
  @IsIn(['sum', 'avg'])
  defaultAggregate?: 'sum' | 'avg';

  /** null: neither.
   * @example true */
  @Optional()
  @ValidateIf(orNull)
  @IsBoolean()
  higherIsBetter?: boolean | null;
}

export class UpdateDataset {
  /** @example "Sector health" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE)
  title?: string;

  /** @example "Scores from 0 to 100 of four sectors by country and year." */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @MaxLength(5_000)
  description?: string | null;

  /** @example "World Development Indicators, The World Bank" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @MaxLength(1_000)
  source?: string | null;

  /** @example "CC BY 4.0" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @MaxLength(200)
  licence?: string | null;

  /** Columns to correct; the others stay. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(2_000)
  @ValidateNested({ each: true })
  @Type(() => ChangeColumn)
  columns?: ChangeColumn[];
}

export class ListRows {
  /** How many to give at most. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number = 100;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;
}

export class ListDatasets extends ListQuery {}

export class DatasetSummaryView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  id: string;
  /** Short machine name, unique among one's own and among the shared ones.
   * @example "sector_health" */
  name: string;
  /** @example "Sector health" */
  title: string;
  /** @example "Scores from 0 to 100 of four sectors by country and year." */
  description: string | null;
  /** @example "World Development Indicators, The World Bank" */
  source: string | null;
  /** @example "CC BY 4.0" */
  licence: string | null;
  /** Whether everybody may ask about it.
   * @example true */
  shared: boolean;
  /** Rises with every change; the `ETag`.
   * @example 1 */
  version: number;
  /** @example 7544 */
  rowCount: number;
  /** @example 7 */
  columnCount: number;
  createdAt: Date;
  updatedAt: Date;

  static of(this: void, row: DatasetSummaryRow): DatasetSummaryView {
    const { id, name, title, description, source, licence, shared, version, rowCount, columnCount } = row;
    const { createdAt, updatedAt } = row;
    return {
      id,
      name,
      title,
      description,
      source,
      licence,
      shared,
      version,
      rowCount,
      columnCount,
      createdAt,
      updatedAt,
    };
  }
}

export class DatasetPage extends PageOf(DatasetSummaryView) {}

/** How many of a column's values a data set shows; understanding knows more of them. */
const SHOWN_VALUES = 50;

export class ColumnView {
  /** The header as it was given; analytical queries name columns by it.
   * @example "income_group" */
  name: string;
  /** For people.
   * @example "Income group" */
  label: string;
  /** @example "text" */
  type: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';
  /** measure: can be aggregated · dimension: groups and filters · temporal: orders in time · identifier: names one row.
   * @example "dimension" */
  role: 'measure' | 'dimension' | 'temporal' | 'identifier';
  /** `%`, `USD`, `years`…; null when unknown.
   * @example null */
  unit: string | null;
  /** @example ["income level"] */
  synonyms: string[];
  /** null when unknown.
   * @example null */
  higherIsBetter: boolean | null;
  /** What "show me X" means over several rows.
   * @example "avg" */
  defaultAggregate: 'sum' | 'avg';
  /** Different values; an estimate when there are more than 5,000.
   * @example 5 */
  distinct: number;
  /** Rows without a value.
   * @example 0 */
  nulls: number;
  @ApiProperty({ ...SCALAR, description: 'Smallest value of numbers and dates.', example: null })
  min: Scalar;
  @ApiProperty({ ...SCALAR, description: 'Largest value of numbers and dates.', example: null })
  max: Scalar;
  /** Most decimals seen.
   * @example 0 */
  decimals: number;
  /** The most frequent values of a text or boolean column, at most 50; null when there are too many different ones.
   * @example ["High income", "Upper middle income", "Lower middle income", "Low income", "Not classified"] */
  values: string[] | null;

  static of(this: void, column: ColumnProfile): ColumnView {
    return { ...column, synonyms: [...column.synonyms], values: column.values?.slice(0, SHOWN_VALUES) ?? null };
  }
}

export class BadLineView implements BadLine {
  /** 1-based line of the file.
   * @example 27 */
  line: number;
  /** null when the whole row is meant.
   * @example "price" */
  column: string | null;
  /** @example "\"ten\" is not a number; the cell was left empty" */
  message: string;
}

export class ColumnNoteView {
  /** @example "ordered" */
  column: string;
  /** @example "Its dates could be day first or month first; they were read month first." */
  note: string;
}

/** How the file was understood. */
export class ReportView {
  /** @example "utf-8" */
  encoding: string;
  /** @example "," */
  delimiter: string;
  /** null: quotes were read as plain characters.
   * @example "\"" */
  quote: string | null;
  /** Whether the first row names the columns.
   * @example true */
  header: boolean;
  /** Rows above the header that were left out.
   * @example 0 */
  skippedRows: number;
  /** Places that were not what the rest of the file is, in order of line; at most 100 of `badLineCount`. */
  badLines: BadLineView[];
  /** @example 0 */
  badLineCount: number;
  /** What to know of single columns. */
  notes: ColumnNoteView[];

  static of(this: void, report: CsvReport): ReportView {
    return { ...report, badLines: [...report.badLines], notes: [...report.notes] };
  }
}

export class DatasetView extends DatasetSummaryView {
  columns: ColumnView[];
  report: ReportView;

  static override of(this: void, row: DatasetRow): DatasetView {
    return {
      ...DatasetSummaryView.of(row),
      columns: row.columns.map(ColumnView.of),
      report: ReportView.of(row.report),
    };
  }
}

export class RowView {
  /** Its place in the file, from 1.
   * @example 1 */
  row: number;
  /** By the column's name.
   * @example { "sector": "Economy", "country": "Afghanistan", "year": 2015, "score": 29.2 } */
  values: Record<string, Scalar>;

  static of(this: void, columns: readonly ColumnProfile[], row: number, values: readonly Scalar[]): RowView {
    return { row, values: Object.fromEntries(columns.map(({ name }, i) => [name, values[i] ?? null])) };
  }
}

export class RowPage extends PageOf(RowView) {}

export class UploadedDatasetView extends DatasetView {
  /** The first 20 rows, as they were understood. */
  preview: RowView[];
}

export class ResultColumnView {
  /** Unique in the result.
   * @example "avg_score" */
  name: string;
  /** For people and axis titles.
   * @example "Average score" */
  label: string;
  /** @example "number" */
  type: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';
  /** @example null */
  unit: string | null;
  /** group: what the rows are grouped by, or a plain column · value: an aggregate or a number worked out.
   * @example "value" */
  kind: 'group' | 'value';
}

export class ResultSetView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  datasetId: string;
  /** @example 1 */
  datasetVersion: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The query as it was run.', example: {} })
  query: object;
  columns: ResultColumnView[];
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: SCALAR },
    description: 'One array a row, in the order of `columns`.',
    example: [['North America', 72.4]],
  })
  rows: readonly (readonly Scalar[])[];
  /** Whether there are more rows than the limit let through.
   * @example false */
  truncated: boolean;
  /** Rows of the table that passed `where` (what an average is over); null for plain rows.
   * @example 1885 */
  matchedRows: number | null;
  /** The statement that ran.
   * @example "SELECT c3 AS o1, avg(c6)::float8 AS o2 …" */
  sql: string;
  @ApiProperty({ type: 'array', items: SCALAR, description: 'The values of its parameters.', example: ['Education'] })
  parameters: readonly Scalar[];
  /** @example 2.4 */
  ms: number;

  static of(this: void, result: ResultSet): ResultSetView {
    return { ...result, columns: [...result.columns] };
  }
}
