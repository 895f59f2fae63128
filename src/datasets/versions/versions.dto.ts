import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsString, Length, MaxLength } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { ListQuery, PageOf } from '../../common/page.dto.js';
import { FileReportView, UploadedDatasetView } from '../dataset.dto.js';
import type { HowMade } from './dataset-version.entity.js';
import type { VersionRow } from './versions.store.js';

/** A form gives one text, with commas between; the names of columns may be a JSON list where they have commas themselves. */
const Names = () =>
  Transform(({ value }: { value: unknown }) => {
    if (typeof value !== 'string') return value;
    if (value.trim() === '') return undefined;
    if (!value.trim().startsWith('[')) return value.split(',').map((name) => name.trim());
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  });

/** The form's fields beside `file`. */
export class RefreshDataset {
  /** @example "upsert" */
  @IsIn(['replace', 'append', 'upsert'])
  mode: 'replace' | 'append' | 'upsert';

  /** Columns that tell which row is which.
   * @example ["country", "year"] */
  @Names()
  @Optional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  key?: string[];

  /** Of a workbook.
   * @example "Sales 2024" */
  @Optional()
  @IsString()
  @MaxLength(200)
  sheet?: string;
}

export class ListVersions extends ListQuery {}

export class VersionView {
  /** @example 3 */
  version: number;
  /** A file that made the data set (upload) or changed its rows, an edit of what it means, or a look at an external source.
   * @example "append" */
  how: HowMade;
  /** @example 7544 */
  rowCount: number;
  /** @example 7 */
  columnCount: number;
  /** Whether its rows are still kept; a query may name it then.
   * @example true */
  readable: boolean;
  createdAt: Date;
  /** How its file was understood; null: an edit. */
  report: FileReportView | null;

  static of(this: void, { report, ...row }: VersionRow): VersionView {
    return { ...row, report: report === null ? null : FileReportView.of(report) };
  }
}

export class VersionPage extends PageOf(VersionView) {}

export class RefreshedDatasetView extends UploadedDatasetView {
  /** Rows that the file added.
   * @example 120 */
  rowsAdded: number;
  /** Rows that it put in the place of ones with the same key.
   * @example 14 */
  rowsUpdated: number;
}
