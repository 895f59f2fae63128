import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
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
import { ListQuery } from '../common/page.dto.js';
import { type ColumnProfile, DEFAULT_AGGREGATES, type DefaultAggregate } from './profile.js';

const VISIBLE = /[^\s\p{C}]/u;

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

  /** Of a workbook: the sheet to read, by name or by its place from 1; the first with a table when left out.
   * @example "Sales 2024" */
  @Blank()
  @Optional()
  @IsString()
  @MaxLength(200)
  sheet?: string;
}

/** How numbers are written, in answers and in charts. */
export class FormatInput {
  /** From 0 to 6; null: as many as were seen.
   * @example 1 */
  @Optional()
  @ValidateIf(orNull)
  @IsInt()
  @Min(0)
  @Max(6)
  decimals?: number | null;

  /** Millions and more in words: `1.2 million`.
   * @example false */
  @Optional()
  @IsBoolean()
  compact?: boolean;
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

  /** What it is, in a sentence; answers that had to choose how to read it say so. null: none.
   * @example "Mean of the sector's indicators, each from 0 (weak) to 100 (strong)" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @Length(1, 500)
  @Matches(VISIBLE)
  description?: string | null;

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

  /** Of numbers only; null: as the file has them. */
  @Optional()
  @ValidateIf(orNull)
  @IsObject()
  @ValidateNested()
  @Type(() => FormatInput)
  format?: FormatInput | null;

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
  @IsIn(DEFAULT_AGGREGATES)
  defaultAggregate?: DefaultAggregate;

  /** null: neither.
   * @example true */
  @Optional()
  @ValidateIf(orNull)
  @IsBoolean()
  higherIsBetter?: boolean | null;

  /** The next coarser column, for "drill down" and "roll up"; null: there is none.
   * @example "region" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @Length(1, 200)
  parent?: string | null;
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

  /** As they were at this version.
   * @example 1 */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;
}

export class ListDatasets extends ListQuery {}
