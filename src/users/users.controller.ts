import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { AdminOnly, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { ListQuery } from '../common/page.dto.js';
import { uuidParam } from '../common/uuid-param.js';
import { AccountPage, AccountView, CreateAccount, UpdateAccount, UpdateMe, UserView } from './user.dto.js';
import { UsersService } from './users.service.js';

@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Your own account. */
  @Get('me')
  async me(@CurrentActor() actor: Actor): Promise<UserView> {
    return UserView.of(await this.users.get(actor.id));
  }

  /** Changes your name or preferences; what is left out stays. */
  @Patch('me')
  async updateMe(@CurrentActor() actor: Actor, @Body() change: UpdateMe): Promise<UserView> {
    return UserView.of(await this.users.updateProfile(actor, change));
  }

  /** Every account, newest first. Administrators only. */
  @Get()
  @AdminOnly()
  list(@Query() query: ListQuery): Promise<AccountPage> {
    return this.users.page(query, (user) => AccountView.of(user));
  }

  /**
   * Makes an account for someone, also when registration is closed. Administrators only.
   * @throws {409} `email_taken`
   */
  @Post()
  @AdminOnly()
  async create(@Body() { role, ...account }: CreateAccount): Promise<AccountView> {
    return AccountView.of(await this.users.create(account, role));
  }

  /**
   * One account. Administrators only.
   * @throws {404} `user_not_found`
   */
  @Get(':id')
  @AdminOnly()
  async get(@Param('id', uuidParam) id: string): Promise<AccountView> {
    return AccountView.of(await this.users.get(id));
  }

  /**
   * Promotes, demotes, shuts or opens another account; takes effect within five seconds everywhere. Administrators only.
   * @throws {404} `user_not_found`
   * @throws {409} `own_account`, `last_admin`
   */
  @Patch(':id')
  @AdminOnly()
  async update(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateAccount,
  ): Promise<AccountView> {
    return AccountView.of(await this.users.setStanding(actor, id, change));
  }
}
