import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { CurrentActor, Public, SessionOnly } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { ChangePassword, Refresh, Register, SignedInView, SignIn, TokensView } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { CurrentSession } from './current-session.js';

@Controller('api/v1/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  /**
   * Makes an account and signs it in.
   * @throws {403} `registration_closed`
   * @throws {409} `email_taken`
   * @throws {429} `rate_limited`
   */
  @Post('register')
  @Public()
  register(@Body() account: Register, @Ip() address: string): Promise<SignedInView> {
    return this.auth.register(account, address);
  }

  /**
   * Signs in.
   * @throws {401} `invalid_credentials`, whether the account or the password is the wrong one
   * @throws {403} `account_disabled`
   * @throws {429} `rate_limited`
   */
  @Post('login')
  @HttpCode(200)
  @Public()
  login(@Body() attempt: SignIn, @Ip() address: string): Promise<SignedInView> {
    return this.auth.signIn(attempt, address);
  }

  /**
   * A new access token, and the next refresh token. Repeating the same refresh within 10 seconds gives the same next
   * token; using an older one later ends the session, since it may have been stolen.
   * @throws {401} `refresh_invalid`, `refresh_reused`
   * @throws {403} `account_disabled`
   * @throws {429} `rate_limited`
   */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  refresh(@Body() body: Refresh): Promise<TokensView> {
    return this.auth.refresh(body);
  }

  /**
   * Signs out here: this session's tokens end at once.
   * @throws {403} `needs_session`
   */
  @Post('logout')
  @HttpCode(204)
  @SessionOnly()
  logout(@CurrentActor() actor: Actor, @CurrentSession() session: string): Promise<void> {
    return this.auth.signOut(actor, session);
  }

  /** Signs out everywhere, here included. API keys go on working; revoke them one by one. */
  @Post('logout-all')
  @HttpCode(204)
  @SessionOnly()
  logoutAll(@CurrentActor() actor: Actor): Promise<void> {
    return this.auth.signOutEverywhere(actor);
  }

  /**
   * Changes the password and signs out everywhere else. API keys go on working.
   * @throws {403} `wrong_password`, `needs_session`
   * @throws {429} `rate_limited`
   */
  @Post('change-password')
  @HttpCode(204)
  @SessionOnly()
  changePassword(
    @CurrentActor() actor: Actor,
    @CurrentSession() session: string,
    @Body() change: ChangePassword,
    @Ip() address: string,
  ): Promise<void> {
    return this.auth.changePassword(actor, session, change, address);
  }
}
