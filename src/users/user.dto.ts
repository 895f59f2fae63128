import { IsBoolean, IsEmail, IsIn, IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PageOf } from '../common/page.dto.js';
import { MaxJsonBytes } from '../common/max-json-bytes.js';
import { Optional } from '../common/optional.js';
import { PASSWORD_LENGTH } from './password.js';
import type { User } from './user.entity.js';

/** An account as its owner sees it. */
export class UserView {
  /** @example "019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d" */
  id: string;
  /** @example "ada@example.com" */
  email: string;
  /** @example "Ada Lovelace" */
  name: string | null;
  /** @example "user" */
  role: 'user' | 'admin';
  /** Whatever the frontend keeps for its user.
   * @example { "theme": "dark", "language": "en" } */
  preferences: Record<string, unknown>;
  /** @example "2026-11-21T07:40:00.000Z" */
  createdAt: Date;

  static of({ id, email, name, role, preferences, createdAt }: User): UserView {
    return { id, email, name, role, preferences, createdAt };
  }
}

export class UpdateMe {
  /** Shown name; null removes it.
   * @example "Ada Lovelace" */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;

  /** Replaces all preferences; a JSON object of at most 16 KB.
   * @example { "theme": "dark", "language": "en" } */
  @Optional()
  @IsObject()
  @MaxJsonBytes(16_384)
  preferences?: Record<string, unknown>;
}

/** An account as administrators see it: no preferences. */
export class AccountView {
  /** @example "019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d" */
  id: string;
  /** @example "ada@example.com" */
  email: string;
  /** @example "Ada Lovelace" */
  name: string | null;
  /** @example "user" */
  role: 'user' | 'admin';
  /** Whether the account is shut: it can't sign in, and its tokens and keys no longer work.
   * @example false */
  disabled: boolean;
  /** @example "2026-11-21T07:40:00.000Z" */
  createdAt: Date;

  static of({ id, email, name, role, disabledAt, createdAt }: User): AccountView {
    return { id, email, name, role, disabled: disabledAt !== null, createdAt };
  }
}

export class AccountPage extends PageOf(AccountView) {}

export class CreateAccount {
  /** @example "grace@example.com" */
  @IsEmail({ require_tld: false })
  @MaxLength(254)
  email: string;

  /** 10 to 200 characters.
   * @example "correct horse battery staple" */
  @IsString()
  @Length(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max)
  password: string;

  /** @example "Grace Hopper" */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;

  /** @example "user" */
  @IsOptional()
  @IsIn(['user', 'admin'])
  role?: 'user' | 'admin' = 'user';
}

export class UpdateAccount {
  /** @example "admin" */
  @Optional()
  @IsIn(['user', 'admin'])
  role?: 'user' | 'admin';

  /** true shuts the account, false opens it again.
   * @example false */
  @Optional()
  @IsBoolean()
  disabled?: boolean;
}
