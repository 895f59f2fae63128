import { IsEmail, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PASSWORD_LENGTH } from '../users/password.js';
import { UserView } from '../users/user.dto.js';

export class TokensView {
  /** Send as `Authorization: Bearer …`.
   * @example "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoidXNlciJ9.c2ln" */
  accessToken: string;
  /** Good for one refresh, which gives the next one.
   * @example "er_AZqdPHseNzSdXg9vGis8TQGanTx7Hn2UnV4PbxorPE0" */
  refreshToken: string;
  /** How long the access token is good for, in seconds.
   * @example 900 */
  expiresIn: number;
}

export class SignedInView extends TokensView {
  user: UserView;
}

export class Register {
  /** @example "ada@example.com" */
  @IsEmail({ require_tld: false })
  @MaxLength(254)
  email: string;

  /** 10 to 200 characters.
   * @example "correct horse battery staple" */
  @IsString()
  @Length(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max)
  password: string;

  /** @example "Ada Lovelace" */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;
}

export class SignIn {
  /** @example "ada@example.com" */
  @IsString()
  @Length(1, 254)
  email: string;

  /** @example "correct horse battery staple" */
  @IsString()
  @Length(1, PASSWORD_LENGTH.max)
  password: string;
}

export class Refresh {
  /** The refresh token that sign-in or the last refresh gave.
   * @example "er_AZqdPHseNzSdXg9vGis8TQGanTx7Hn2UnV4PbxorPE0" */
  @IsString()
  @Length(1, 300)
  refreshToken: string;
}

export class ChangePassword {
  /** @example "correct horse battery staple" */
  @IsString()
  @Length(1, PASSWORD_LENGTH.max)
  currentPassword: string;

  /** 10 to 200 characters.
   * @example "paper clip orchestra moon" */
  @IsString()
  @Length(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max)
  newPassword: string;
}
