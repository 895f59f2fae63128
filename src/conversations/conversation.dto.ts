import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsString, Length, Matches, ValidateIf } from 'class-validator';
import { Optional } from '../common/optional.js';
import { PageOf } from '../common/page.dto.js';
import { UuidList } from '../common/uuid-list.js';
import type { ConversationRow } from './conversation.entity.js';

/** A new conversation; everything may be left out. */
export class CreateConversation {
  /** Id or name of the persona to talk to; the Transformation Analyst when left out.
   * @example "transformation_analyst" */
  @Optional()
  @IsString()
  @Length(1, 64)
  persona?: string;

  /** Its title; when left out the first user message gives it one.
   * @example "Sector health" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(/[^\s\p{C}]/u, { message: 'title must hold something visible' })
  title?: string;

  /** The client's own id for it. A repeat with the same one answers with the conversation made first.
   * @example "local-7" */
  @Optional()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'clientId must be 1 to 128 visible ASCII characters' })
  clientId?: string;

  /** Collections of documents that it is answered from, besides those of its persona; neither: all that you can read.
   * @example [] */
  @UuidList()
  collectionIds?: string[];
}

/** What to change; what is left out stays. */
export class UpdateConversation {
  /** @example "Education and healthcare" */
  @ValidateIf(({ title, collectionIds }: UpdateConversation) => title !== undefined || collectionIds === undefined)
  @IsString()
  @Length(1, 200)
  @Matches(/[^\s\p{C}]/u, { message: 'title must hold something visible' })
  title?: string;

  /** Collections of documents that it is answered from, besides those of its persona; an empty list unbinds them.
   * @example ["019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51"] */
  @UuidList()
  collectionIds?: string[];
}

export class ConversationPersonaView {
  /** @example "019ab000-0000-7000-8000-000000000001" */
  id: string;
  /** @example "transformation_analyst" */
  name: string;
  /** @example "Transformation Analyst" */
  displayName: string;
  /** @example "#4F46E5" */
  color: string;
  /** @example "chart-bar" */
  icon: string;
}

/** The place that a conversation was forked from. */
export class ForkedFromView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
}

@ApiExtraModels(ForkedFromView)
export class ConversationView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  id: string;
  /** @example "local-7" */
  clientId: string | null;
  /** null until its first user message.
   * @example "Show me education sector health in 2024" */
  title: string | null;
  persona: ConversationPersonaView;
  /** Collections of documents that it is answered from, besides those of its persona.
   * @example [] */
  collectionIds: string[];
  /** @example 2 */
  messageCount: number;
  /** @example "2026-11-21T09:31:12.345Z" */
  lastMessageAt: Date | null;
  /** First words of the last message.
   * @example "Education scored 51.9 on average in 2024." */
  lastMessagePreview: string | null;
  /** Where it was forked from; null when it was not.
   * @example null */
  @ApiProperty({
    type: 'object',
    allOf: [{ $ref: getSchemaPath(ForkedFromView) }],
    nullable: true,
    additionalProperties: true,
  })
  forkedFrom: ForkedFromView | null;
  /** Counts the changes of its title and collections, from 1; the `ETag` of the conversation.
   * @example 2 */
  version: number;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:31:12.345Z" */
  updatedAt: Date;

  static of(this: void, row: ConversationRow): ConversationView {
    return {
      id: row.id,
      clientId: row.clientId,
      title: row.title,
      persona: {
        id: row.personaId,
        name: row.personaName,
        displayName: row.personaDisplayName,
        color: row.personaColor,
        icon: row.personaIcon,
      },
      collectionIds: row.collectionIds,
      messageCount: row.messageCount,
      lastMessageAt: row.messageCount === 0 ? null : row.lastActivityAt,
      lastMessagePreview: row.lastMessagePreview,
      forkedFrom:
        row.forkedFromId === null || row.forkedFromMessageId === null
          ? null
          : { conversationId: row.forkedFromId, messageId: row.forkedFromMessageId },
      version: row.version,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  }
}

export class ConversationPage extends PageOf(ConversationView) {}
