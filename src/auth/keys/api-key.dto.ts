import { Type } from 'class-transformer';
import { IsDate, IsOptional, IsString, Length } from 'class-validator';
import { PageOf } from '../../common/page.dto.js';
import type { ListedKey } from './api-keys.store.js';

export class ApiKeyView {
  /** @example "019a9d3c-9f00-7c34-9d5e-0f6f1a2b3c4d" */
  id: string;
  /** @example "nightly import" */
  name: string;
  /** How the key begins.
   * @example "ek_7Hq2mZx0" */
  prefix: string;
  /** @example "2026-11-21T07:40:00.000Z" */
  createdAt: Date;
  /** null = never.
   * @example "2027-11-21T00:00:00.000Z" */
  expiresAt: Date | null;
  /** To the minute; null = not yet.
   * @example null */
  lastUsedAt: Date | null;

  static of({ id, name, prefix, createdAt, expiresAt, lastUsedAt }: ListedKey): ApiKeyView {
    return { id, name, prefix: `ek_${prefix}`, createdAt, expiresAt, lastUsedAt };
  }
}

export class ApiKeyPage extends PageOf(ApiKeyView) {}

export class NewApiKeyView extends ApiKeyView {
  /** The key itself; shown this once.
   * @example "ek_7Hq2mZx0_h1Jm9cK2b5V8n4Qe7Rt0Yw3Ua6Sd9Fg2Hj5Kl8Zx1Cv" */
  key: string;
}

export class CreateApiKey {
  /** What it is for.
   * @example "nightly import" */
  @IsString()
  @Length(1, 100)
  name: string;

  /** From when it no longer works; left out = until revoked.
   * @example "2027-11-21T00:00:00.000Z" */
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  expiresAt?: Date | null;
}
