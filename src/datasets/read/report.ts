/** A place in the file that was not what the rest of it is. */
export interface BadLine {
  /** 1-based line of a text file, row of a sheet, or record of a JSON or Parquet file. */
  readonly line: number;
  /** Name of the column; null when the whole row is meant. */
  readonly column: string | null;
  readonly message: string;
}

export const FORMATS = ['csv', 'json', 'json_lines', 'xlsx', 'parquet'] as const;
export type FileFormat = (typeof FORMATS)[number];
/** postgresql: no file, but a table of an external source. */
export type ReportFormat = FileFormat | 'postgresql';

/** How a file was understood: for the person who uploaded it. */
export interface FileReport {
  /** Told by the file's content, whatever its name. Reports from before there was more than CSV have none. */
  readonly format?: ReportFormat | undefined;
  /** Of text files; null for the others. */
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly quote: string | null;
  readonly header: boolean;
  /** Rows above the header that were left out. */
  readonly skippedRows: number;
  /** The sheet of a workbook that was read; null: no workbook. */
  readonly sheet?: string | null | undefined;
  /** In order of line, at most 100 of `badLineCount`. Their cells are missing values; their other cells were kept. */
  readonly badLines: readonly BadLine[];
  readonly badLineCount: number;
  /** What to know of single columns (ambiguous dates, mixed units, codes kept as text) and, without a column, of the whole file. */
  readonly notes: readonly { readonly column: string | null; readonly note: string }[];
}
