import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Problem } from '../common/problem.js';
import { Config } from '../config/config.js';
import { UserView } from '../users/user.dto.js';
import type { User } from '../users/user.entity.js';
import { normalEmail, UsersService } from '../users/users.service.js';
import type { ChangePassword, Refresh, Register, SignedInView, SignIn, TokensView } from './auth.dto.js';
import { accountDisabled, Credentials } from './credentials.js';
import { RateLimits } from './rate-limits.js';
import { AccessTokens } from './sessions/access-tokens.js';
import {
  hashOf,
  newRefreshToken,
  newSalt,
  nextRefreshToken,
  parseRefreshToken,
  type RefreshToken,
  refreshTokenText,
  sameHash,
} from './sessions/refresh-token.js';
import { SessionsStore } from './sessions/sessions.store.js';

/**
 * A refresh token may be repeated for this long after its use, and gives the same next token: an answer lost on the
 * way, or two tabs at once, must not sign anyone out. A thief has the same seconds, and no more.
 */
const GRACE_SECONDS = 10;

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsStore,
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /**
   * @throws {403} registration_closed
   * @throws {409} email_taken
   * @throws {429} rate_limited
   */
  async register(account: Register, address: string): Promise<SignedInView> {
    if (this.config.registration === 'closed') {
      throw new Problem(403, 'registration_closed', 'Accounts are made by administrators here.');
    }
    this.limits.signIn(normalEmail(account.email), address);
    return this.open(await this.users.create(account));
  }

  /**
   * @throws {401} invalid_credentials
   * @throws {403} account_disabled
   * @throws {429} rate_limited
   */
  async signIn({ email, password }: SignIn, address: string): Promise<SignedInView> {
    this.limits.signIn(normalEmail(email), address);
    const user = await this.users.opened(email, password);
    if (user === null) {
      throw new Problem(401, 'invalid_credentials', 'The e-mail address or the password is not right.');
    }
    if (user.disabledAt !== null) throw accountDisabled();
    return this.open(user);
  }

  /**
   * @throws {401} refresh_invalid, refresh_reused
   * @throws {403} account_disabled
   */
  async refresh({ refreshToken: text }: Refresh): Promise<TokensView> {
    const token = parseRefreshToken(text);
    if (token === null) throw refreshInvalid();
    this.limits.spend(token.userId);
    const salt = newSalt();
    const next = nextRefreshToken(token, salt);
    const rotated = await this.sessions.rotate(token.userId, token.sessionId, {
      present: hashOf(token.secret),
      next: hashOf(next.secret),
      salt,
    });
    const given = rotated ? next : await this.repeated(token);
    const user = await this.users.get(token.userId);
    if (user.disabledAt !== null) throw accountDisabled();
    return this.tokensOf(user, given);
  }

  async signOut(actor: Actor, sessionId: string): Promise<void> {
    await this.sessions.end(actor.id, sessionId);
    this.credentials.forget(actor.id);
  }

  async signOutEverywhere(actor: Actor): Promise<void> {
    await this.sessions.endAll(actor.id);
    this.credentials.forget(actor.id);
  }

  /**
   * @throws {403} wrong_password
   * @throws {429} rate_limited
   */
  async changePassword(
    actor: Actor,
    sessionId: string,
    { currentPassword, newPassword }: ChangePassword,
    address: string,
  ): Promise<void> {
    this.limits.signIn(actor.email, address);
    await this.users.changePassword(actor.id, currentPassword, newPassword);
    await this.sessions.endAll(actor.id, sessionId);
    this.credentials.forget(actor.id);
  }

  private async open(user: User): Promise<SignedInView> {
    const token = newRefreshToken(user.id, newId());
    await this.sessions.insert(
      user.id,
      { id: token.sessionId, familyHash: hashOf(token.family), tokenHash: hashOf(token.secret) },
      this.config.tokens.refreshDays,
    );
    return { user: UserView.of(user), ...(await this.tokensOf(user, token)) };
  }

  private async tokensOf(user: User, refresh: RefreshToken): Promise<TokensView> {
    return {
      accessToken: await this.tokens.sign(user, refresh.sessionId),
      refreshToken: refreshTokenText(refresh),
      expiresIn: this.tokens.lifetime,
    };
  }

  /** The token that followed this one, when it was used moments ago; an older one ends the session. */
  private async repeated(token: RefreshToken): Promise<RefreshToken> {
    const { userId, sessionId } = token;
    const rotation = await this.sessions.rotation(userId, sessionId, GRACE_SECONDS);
    if (rotation === null || !sameHash(hashOf(token.family), rotation.familyHash)) throw refreshInvalid();
    const { fresh, previousHash, rotationSalt } = rotation;
    if (fresh && rotationSalt !== null && sameHash(hashOf(token.secret), previousHash)) {
      return nextRefreshToken(token, rotationSalt);
    }
    await this.sessions.end(userId, sessionId);
    this.credentials.forget(userId);
    throw new Problem(
      401,
      'refresh_reused',
      'This refresh token was used before, so it may have been stolen: the session has been ended. Sign in again.',
    );
  }
}

const refreshInvalid = (): Problem =>
  new Problem(401, 'refresh_invalid', 'This refresh token is not valid or the session has ended; sign in again.');
