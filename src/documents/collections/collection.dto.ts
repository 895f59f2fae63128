import { IsBoolean, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { PageOf } from '../../common/page.dto.js';
import type { CollectionRow } from './collections.store.js';

const VISIBLE = /[^\s\p{C}]/u;

export class CreateCollection {
  /** Unique among one's own.
   * @example "Harbour reports" */
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE, { message: 'name must hold something visible' })
  name: string;

  /** @example "Yearly reports of the harbour authority since 2015." */
  @Optional()
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MaxLength(5_000)
  description?: string | null;

  /** For everybody. Administrators only.
   * @example false */
  @Optional()
  @IsBoolean()
  shared?: boolean = false;
}

export class UpdateCollection {
  /** @example "Harbour reports" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(VISIBLE, { message: 'name must hold something visible' })
  name?: string;

  /** @example "Yearly reports of the harbour authority since 2015." */
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  @MaxLength(5_000)
  description?: string | null;
}

export class CollectionView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  id: string;
  /** @example "Harbour reports" */
  name: string;
  /** @example "Yearly reports of the harbour authority since 2015." */
  description: string | null;
  /** Whether everybody may read and search it.
   * @example false */
  shared: boolean;
  /** @example 12 */
  documentCount: number;
  /** Passages that can be found.
   * @example 840 */
  passageCount: number;
  /** Counts the changes of its name and description, from 1; the `ETag`.
   * @example 1 */
  version: number;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:30:00.000Z" */
  updatedAt: Date;

  static of(this: void, row: CollectionRow): CollectionView {
    const { id, name, description, shared, documents, passages, version, createdAt, updatedAt } = row;
    const counts = { documentCount: documents, passageCount: passages };
    return { id, name, description, shared, ...counts, version, createdAt, updatedAt };
  }
}

export class CollectionPage extends PageOf(CollectionView) {}
