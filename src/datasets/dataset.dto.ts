import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../common/page.dto.js';
import type { Scalar } from '../common/scalar.js';
import type { DatasetRow, DatasetSummaryRow } from './datasets.store.js';
import type { ColumnProfile, ExternalTable } from './profile.js';
import { type BadLine, type FileReport, type ReportFormat } from './read/report.js';
import { SCALAR } from './result.dto.js';

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

export class FormatView {
  /** null: as many as were seen.
   * @example 1 */
  decimals: number | null;
  /** Millions and more in words.
   * @example false */
  compact: boolean;
}

export class ColumnView {
  /** The header as it was given; analytical queries name columns by it.
   * @example "income_group" */
  name: string;
  /** For people.
   * @example "Income group" */
  label: string;
  /** What it is, in a sentence of the owner's.
   * @example null */
  description: string | null;
  /** @example "text" */
  type: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';
  /** measure: can be aggregated · dimension: groups and filters · temporal: orders in time · identifier: names one row.
   * @example "dimension" */
  role: 'measure' | 'dimension' | 'temporal' | 'identifier';
  /** `%`, `USD`, `years`…; null when unknown.
   * @example null */
  unit: string | null;
  /** How its numbers are written; null: as they were seen. */
  format: FormatView | null;
  /** @example ["income level"] */
  synonyms: string[];
  /** null when unknown.
   * @example null */
  higherIsBetter: boolean | null;
  /** What "show me X" means over several rows.
   * @example "avg" */
  defaultAggregate: 'sum' | 'avg' | 'median' | 'min' | 'max';
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
  /** The next coarser column, where the owner said so.
   * @example null */
  parent: string | null;
  /** What of the above the owner said, by name; it stays when the rows are refreshed.
   * @example ["synonyms"] */
  edited: string[];
  /** Of a measure that the owner defined: how it is worked out.
   * @example null */
  formula: string | null;
  /** Why such a measure cannot be worked out with the rows as they are; null: it can.
   * @example null */
  problem: string | null;

  static of(this: void, column: ColumnProfile): ColumnView {
    const values = column.values?.slice(0, SHOWN_VALUES) ?? null;
    const { description = null, format = null, synonyms, parent = null, edited = [], computed, ...rest } = column;
    return {
      ...rest,
      description,
      format,
      synonyms: [...synonyms],
      values,
      parent,
      edited: [...edited],
      formula: computed?.formula ?? null,
      problem: computed?.problem ?? null,
    };
  }
}

export class BadLineView implements BadLine {
  /** 1-based line of a text file, row of a sheet, or record of a JSON or Parquet file.
   * @example 27 */
  line: number;
  /** null when the whole row is meant.
   * @example "price" */
  column: string | null;
  /** @example "\"ten\" is not a number; the cell was left empty" */
  message: string;
}

export class ColumnNoteView {
  /** null: of the whole file.
   * @example "ordered" */
  column: string | null;
  /** @example "Its dates could be day first or month first; they were read month first." */
  note: string;
}

/** How the file was understood. */
export class FileReportView {
  /** Told by the content of the file, whatever its name; postgresql: no file, a table of an external source.
   * @example "csv" */
  format: 'csv' | 'json' | 'json_lines' | 'xlsx' | 'parquet' | 'postgresql';
  /** Of text files; null for the others.
   * @example "utf-8" */
  encoding: string | null;
  /** Of CSV; null for the others.
   * @example "," */
  delimiter: string | null;
  /** null: quotes were read as plain characters, or it is no CSV.
   * @example "\"" */
  quote: string | null;
  /** Whether the first row names the columns.
   * @example true */
  header: boolean;
  /** Rows above the header that were left out.
   * @example 0 */
  skippedRows: number;
  /** The sheet that was read; null: the file is no workbook.
   * @example null */
  sheet: string | null;
  /** Places that were not what the rest of the file is, in order of line; at most 100 of `badLineCount`. */
  badLines: BadLineView[];
  /** @example 0 */
  badLineCount: number;
  /** What to know of single columns, and of the file as a whole. */
  notes: ColumnNoteView[];

  static of(this: void, report: FileReport): FileReportView {
    const format: ReportFormat = report.format ?? 'csv';
    return { ...report, format, sheet: report.sheet ?? null, badLines: [...report.badLines], notes: [...report.notes] };
  }
}

/** Which table of which external source a data set is. */
export class ExternalTableView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  sourceId: string;
  /** @example "Warehouse" */
  sourceName: string;
  /** @example "sales" */
  schema: string;
  /** @example "orders" */
  table: string;
  /** When its columns and their values were looked at last. */
  lookedAt: Date;

  static of(this: void, { sourceId, sourceName, schema, table, lookedAt }: ExternalTable): ExternalTableView {
    return { sourceId, sourceName, schema, table, lookedAt: new Date(lookedAt) };
  }
}

export class DatasetView extends DatasetSummaryView {
  columns: ColumnView[];
  report: FileReportView;
  /** null: its rows are here. */
  external: ExternalTableView | null;

  static override of(this: void, row: DatasetRow): DatasetView {
    return {
      ...DatasetSummaryView.of(row),
      columns: row.columns.map(ColumnView.of),
      report: FileReportView.of(row.report),
      external: row.external === null ? null : ExternalTableView.of(row.external),
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
