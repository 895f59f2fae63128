import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsString,
  Length,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Optional } from '../../common/optional.js';
import { FormatInput } from '../dataset-inputs.dto.js';
import { DEFAULT_AGGREGATES, type DefaultAggregate } from '../profile.js';

const VISIBLE = /[^\s\p{C}]/u;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

const orNull = (_: unknown, value: unknown): boolean => value !== undefined && value !== null;

/** What a measure means beside its formula. */
class MeasureMeaning {
  /** For people; made from the name when left out at first.
   * @example "Margin" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE)
  label?: string;

  /** What it is, in a sentence; null: none.
   * @example "What is left of revenue after costs" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @Length(1, 500)
  @Matches(VISIBLE)
  description?: string | null;

  /** Other names that questions may use.
   * @example ["profit rate"] */
  @Optional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  synonyms?: string[];

  /** null: that of its columns, where they share one.
   * @example "%" */
  @Optional()
  @ValidateIf(orNull)
  @IsString()
  @Length(1, 50)
  unit?: string | null;

  /** null: as its columns are written. */
  @Optional()
  @ValidateIf(orNull)
  @IsObject()
  @ValidateNested()
  @Type(() => FormatInput)
  format?: FormatInput | null;

  /** What "show me X" means over several rows, for a formula without aggregates.
   * @example "sum" */
  @Optional()
  @IsIn(DEFAULT_AGGREGATES)
  defaultAggregate?: DefaultAggregate;

  /** null: neither.
   * @example true */
  @Optional()
  @ValidateIf(orNull)
  @IsBoolean()
  higherIsBetter?: boolean | null;
}

/** A change of a measure; what is left out stays. */
export class ChangeMeasure extends MeasureMeaning {
  /** Columns by name, in double quotes where that is no plain word; numbers; `+ - * /` and parentheses; over the rows `sum`, `avg`,
   * `min`, `max`, `median`, `stddev`, `count`, `count_distinct`; `abs(x)`, `difference(a, b)`, `percent_change(from, to)`. Without an
   * aggregate it is worked out in each row, and then aggregated as a column is; with aggregates it is a number of all rows together.
   * @example "(sum(revenue) - sum(cost)) / sum(revenue) * 100" */
  @Optional()
  @IsString()
  @Length(1, 500)
  formula?: string;
}

export class CreateMeasure extends MeasureMeaning {
  /** Unique among the data set's columns; letters, digits and underscores.
   * @example "margin" */
  @IsString()
  @Length(1, 100)
  @Matches(NAME, { message: 'name must be letters, digits and underscores, and begin with no digit' })
  name: string;

  /** Columns by name, in double quotes where that is no plain word; numbers; `+ - * /` and parentheses; over the rows `sum`, `avg`,
   * `min`, `max`, `median`, `stddev`, `count`, `count_distinct`; `abs(x)`, `difference(a, b)`, `percent_change(from, to)`. Without an
   * aggregate it is worked out in each row, and then aggregated as a column is; with aggregates it is a number of all rows together.
   * @example "(sum(revenue) - sum(cost)) / sum(revenue) * 100" */
  @IsString()
  @Length(1, 500)
  formula: string;
}
