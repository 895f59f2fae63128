import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Optional } from '../../common/optional.js';
import { ListQuery, PageOf } from '../../common/page.dto.js';
import type { LookedAgain } from './external-datasets.service.js';
import type { SourceRow } from './sources.store.js';
import type { SourceTable } from './tables.js';

const VISIBLE = /[^\s\p{C}]/u;
/** Those of the server itself hold no data of anybody's. */
const OWN_SCHEMA = /^(?!pg_|information_schema$)/;

class SourceLimits {
  /** Whose tables can be asked about; `public` when left out at first.
   * @example ["public", "sales"] */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 63, { each: true })
  @Matches(OWN_SCHEMA, { each: true, message: 'schemas of the server itself cannot be read' })
  schemas?: string[];

  /** A statement there is stopped after so many milliseconds; 10,000 when left out at first.
   * @example 10000 */
  @Optional()
  @IsInt()
  @Min(100)
  @Max(120_000)
  statementTimeoutMs?: number;

  /** Rows that one query may give; 1,000 when left out at first.
   * @example 1000 */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  rowLimit?: number;

  /** Connections that each instance may hold there; 4 when left out at first.
   * @example 4 */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(20)
  maxConnections?: number;
}

export class RegisterSource extends SourceLimits {
  /** For people; answers name it.
   * @example "Warehouse" */
  @IsString()
  @Length(1, 100)
  @Matches(VISIBLE)
  name: string;

  /** `postgres://user:password@host:port/database?sslmode=…`: `disable`, `require` (when left out) or `verify-full`. The password is
   * kept encrypted and never shown. Make a role for it that may only read.
   * @example "postgres://reader:secret@warehouse.example.com:5432/shop?sslmode=verify-full" */
  @IsString()
  @MaxLength(2_000)
  url: string;
}

/** A change of a source; what is left out stays. */
export class ChangeSource extends SourceLimits {
  /** `postgres://user:password@host:port/database?sslmode=…`: `disable`, `require` (when left out) or `verify-full`. The password is
   * kept encrypted and never shown. Make a role for it that may only read.
   * @example "postgres://reader:secret@warehouse.example.com:5432/shop?sslmode=verify-full" */
  @Optional()
  @IsString()
  @MaxLength(2_000)
  url?: string;
}

export class ListSources extends ListQuery {}

export class ListTables extends ListQuery {}

export class CreateExternalDataset {
  /** One of the source's `schemas`.
   * @example "sales" */
  @IsString()
  @Length(1, 63)
  schema: string;

  /** A table or view there, spelled as it is.
   * @example "orders" */
  @IsString()
  @Length(1, 63)
  table: string;

  /** For people; the table's name when left out.
   * @example "Orders" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE)
  title?: string;

  /** The table's comment when left out.
   * @example "Every order since 2019, one row each." */
  @Optional()
  @IsString()
  @MaxLength(5_000)
  description?: string;

  /** Whether everybody may ask about it, or only you.
   * @example true */
  @Optional()
  @IsBoolean()
  shared?: boolean;
}

export class SourceView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  id: string;
  /** @example "Warehouse" */
  name: string;
  /** @example "warehouse.example.com" */
  host: string;
  /** @example 5432 */
  port: number;
  /** @example "shop" */
  database: string;
  /** @example "reader" */
  username: string;
  /** disable · require (encrypted, the certificate is not checked) · verify (it is).
   * @example "verify" */
  ssl: 'disable' | 'require' | 'verify';
  /** @example ["public", "sales"] */
  schemas: string[];
  /** @example 10000 */
  statementTimeoutMs: number;
  /** @example 1000 */
  rowLimit: number;
  /** @example 4 */
  maxConnections: number;
  /** When it was registered.
   * @example "15.4" */
  serverVersion: string;
  /** What the role could do beside reading when it was registered. Nothing of it is done; a role that cannot is better.
   * @example ["It may write to sales.orders."] */
  warnings: string[];
  createdAt: Date;

  static of(this: void, row: SourceRow): SourceView {
    const { secret: _, createdBy: __, ...shown } = row;
    return { ...shown, schemas: [...row.schemas], warnings: [...row.warnings] };
  }
}

export class SourcePage extends PageOf(SourceView) {}

export class SourceTableView {
  /** @example "sales" */
  schema: string;
  /** @example "orders" */
  table: string;
  /** @example "table" */
  kind: 'table' | 'view' | 'materialized_view' | 'foreign_table';
  /** The server's comment on it.
   * @example "Every order since 2019" */
  comment: string | null;
  /** The server's estimate; null: it has none.
   * @example 120000 */
  rows: number | null;

  static of(this: void, table: SourceTable): SourceTableView {
    return { ...table };
  }
}

export class SourceTablePage extends PageOf(SourceTableView) {}

export class LookFailedView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  datasetId: string;
  /** @example "The source \"Warehouse\" cannot be reached at the moment; try again later." */
  message: string;
}

export class RefreshedSourceView {
  /** Data sets that are tables of the source.
   * @example 3 */
  tables: number;
  /** Those whose columns or values are others now.
   * @example 1 */
  changed: number;
  failed: LookFailedView[];

  static of(this: void, { failed, ...counts }: LookedAgain): RefreshedSourceView {
    return { ...counts, failed: [...failed] };
  }
}
