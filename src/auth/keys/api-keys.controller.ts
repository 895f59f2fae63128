import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentActor, SessionOnly } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { ListQuery } from '../../common/page.dto.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ApiKeyPage, CreateApiKey, NewApiKeyView } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Your API keys, newest first; never the keys themselves. */
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<ApiKeyPage> {
    return this.keys.page(actor, query);
  }

  /**
   * Makes an API key, which is shown this once. Send it as the bearer token or in `x-api-key`; it may do what you may,
   * except make keys, sign out and change the password.
   * @throws {403} `needs_session`
   * @throws {409} `too_many_keys`
   */
  @Post()
  @SessionOnly()
  create(@CurrentActor() actor: Actor, @Body() key: CreateApiKey): Promise<NewApiKeyView> {
    return this.keys.create(actor, key);
  }

  /**
   * Revokes a key; it stops working within five seconds everywhere.
   * @throws {404} `api_key_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  revoke(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.keys.revoke(actor, id);
  }
}
