import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { MaxJsonBytes } from '../common/max-json-bytes.js';
import { Optional } from '../common/optional.js';
import { ListQuery, PageOf } from '../common/page.dto.js';
import { type MessageRow, type MessageStatus, ROLES, type Role } from './message.entity.js';

/** One message that the client brings. */
export class NewMessage {
  /** Who says it.
   * @example "user" */
  @IsIn(ROLES)
  role: Role;

  /** The text, with something visible in it.
   * @example "Show me education sector health in 2024" */
  @IsString()
  @Length(1, 100_000)
  @Matches(/[^\s\p{C}]/u, { message: 'content must hold something visible' })
  content: string;

  /** What kind of message it is for a reader; `text` when left out. `analysis` is kept for answers that Engram worked out.
   * @example "text" */
  @Optional()
  @Matches(/^(?!analysis$)[a-z][a-z0-9_-]{0,31}$/, {
    message: 'type must be a short lower-case word, and not analysis, which only answers of Engram are',
  })
  type?: string;

  /** Whatever the client keeps with it: a JSON object of at most 64 KB.
   * @example { "source": "import" } */
  @Optional()
  @IsObject()
  @MaxJsonBytes(65_536)
  metadata?: Record<string, unknown>;

  /** The client's own id for it. A repeat with the same one answers with the message stored first.
   * @example "draft-41" */
  @Optional()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'clientId must be 1 to 128 visible ASCII characters' })
  clientId?: string;
}

/** One message to store. */
export class AppendMessage extends NewMessage {
  /** Stored after this message of the conversation instead of after its last one; what came after it leaves the active path. */
  @Optional()
  @IsUUID()
  parentId?: string;
}

/** Messages to store one after the other, all or none. */
export class AppendMessages {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => NewMessage)
  messages: NewMessage[];

  /** The first is stored after this message of the conversation instead of after its last one. */
  @Optional()
  @IsUUID()
  parentId?: string;
}

/** Which messages. */
export class ListMessages extends ListQuery {
  /** `desc`: newest first; `asc`: as the conversation reads, from its beginning. A cursor is a place, and works in both. */
  @Optional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc' = 'desc';
}

export class MessageView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  id: string;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** The message that it follows; null for a first one.
   * @example null */
  parentId: string | null;
  /** Its place in the conversation, from 1.
   * @example 1 */
  seq: number;
  /** @example "user" */
  role: Role;
  /** @example "text" */
  type: string;
  /** @example "complete" */
  status: MessageStatus;
  /** @example "Show me education sector health in 2024" */
  content: string;
  /** @example { "source": "import" } */
  metadata: Record<string, unknown>;
  /** @example "draft-41" */
  clientId: string | null;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;

  static of(this: void, row: MessageRow): MessageView {
    const { id, conversationId, parentId, seq, role, type, status, content, metadata, clientId, createdAt } = row;
    return { id, conversationId, parentId, seq, role, type, status, content, metadata, clientId, createdAt };
  }
}

export class MessagePage extends PageOf(MessageView) {}

/** What was stored of several messages, in order. */
export class AppendedView {
  messages: MessageView[];
}
