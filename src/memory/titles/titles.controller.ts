import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AcceptedVersions, ChangesVersion } from '../../common/etag.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ConversationView } from '../../conversations/conversation.dto.js';
import { MakeTitle } from './title.dto.js';
import { TitlesService } from './titles.service.js';

@Controller('api/v1/conversations/:id')
export class TitlesController {
  constructor(private readonly titles: TitlesService) {}

  /**
   * Makes a title from how the conversation began, by the language model where one is set up, else of its key phrases. A title
   * that you gave stays, unless `replace` says otherwise; so does a conversation in which nothing was said yet.
   * @throws {404} `conversation_not_found`
   * @throws {412} `version_mismatch`: its title changed since the `If-Match` was read.
   */
  @Post('title')
  @OwnRateLimit()
  @HttpCode(200)
  @ChangesVersion()
  @ApiBody({ type: MakeTitle, required: false })
  async make(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @AcceptedVersions() accepted: number[] | null,
    @Body() { replace = false }: MakeTitle = {},
  ): Promise<ConversationView> {
    const signal = new AbortController().signal;
    return ConversationView.of(await this.titles.make(actor, id, { accepted, replace }, signal));
  }
}
