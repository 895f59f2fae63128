import { Injectable } from '@nestjs/common';
import { Db } from '../database/db.js';
import type { Companion } from './companion.js';
import type { Conversation } from './conversation.entity.js';
import type { MessageRow, MessageStatus, Metadata, Role } from './message.entity.js';

export interface NewMessage {
  readonly id: string;
  readonly role: Role;
  readonly type: string;
  readonly status: MessageStatus;
  readonly content: string;
  readonly metadata: Metadata;
  readonly clientId: string | null;
}

/** The conversation as it is after an append. */
export type AppendedTo = Pick<
  Conversation,
  'id' | 'personaId' | 'title' | 'titleBy' | 'messageCount' | 'lastSeq' | 'lastActivityAt' | 'version'
>;

const COLUMNS = `
  m.user_id AS "userId", m.conversation_id AS "conversationId", m.seq, m.id, m.parent_id AS "parentId", m.active, m.role,
  m.type, m.status, m.content, m.metadata, m.client_id AS "clientId", m.created_at AS "createdAt"`;

/** Beside the values of each message: owner, conversation, preview, title, tail, client ids. */
const SHARED = 6;
const EACH = 7;

/**
 * The one statement that appends `count` messages. Its first part is ownership, the lock, the numbers and the counters at
 * once; nothing in it depends on how long the conversation is. Unless a client id is known already, in which case, as for
 * a conversation that is not there, it changes nothing and gives no row.
 * The client ids are looked up one by one because a planner without statistics takes `= ANY` for a filter over all of
 * the owner's.
 */
const appendText = (count: number, companion: Companion['text'] | null): string => `
  WITH target AS (
    UPDATE conversations SET
      last_seq = last_seq + ${count}, message_count = message_count + ${count},
      tail_before_id = tail_id, tail_id = $5,
      last_message_preview = $3,
      last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
      title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
    WHERE user_id = $1 AND id = $2
      AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
        SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
    RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, tail_before_id
  ), added AS (
    INSERT INTO messages
      (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, client_id, created_at)
    SELECT $1, target.id, target.last_seq - ${count} + new.place, new.id, coalesce(new.parent_id, target.tail_before_id),
      new.role, new.type, new.status, new.content, new.metadata, new.client_id, target.last_activity_at
    FROM target, (VALUES ${Array.from({ length: count }, (_, i) => {
      const at = (n: number): string => `$${SHARED + i * EACH + n}`;
      return `(${i + 1}, ${at(1)}::uuid, ${i === 0 ? 'NULL::uuid' : `$${SHARED + (i - 1) * EACH + 1}::uuid`}, ${at(2)}::text, ${at(3)}::text, ${at(4)}::text, ${at(5)}::text, ${at(6)}::jsonb, ${at(7)}::text)`;
    }).join(', ')}) AS new (place, id, parent_id, role, type, status, content, metadata, client_id)
  )${companion === null ? '' : `, companion AS (${companion(SHARED + count * EACH + 1)})`}
  SELECT id, persona_id AS "personaId", title, title_by AS "titleBy", message_count AS "messageCount",
    last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, tail_before_id AS "tailBeforeId"
  FROM target`;

const appendTexts = new Map<Companion['text'] | null, Map<number, string>>();

function appendTextFor(count: number, companion: Companion['text'] | null): string {
  const texts = appendTexts.get(companion) ?? new Map<number, string>();
  appendTexts.set(companion, texts);
  let text = texts.get(count);
  if (text === undefined) texts.set(count, (text = appendText(count, companion)));
  return text;
}

/** All SQL on `messages`. */
@Injectable()
export class MessagesStore {
  constructor(private readonly db: Db) {}

  /**
   * Appends to the active path, in one statement and all or nothing. `title` is taken while the conversation has none.
   * null: nothing was changed, because the conversation is not there or one of the client ids is known.
   */
  async append(
    userId: string,
    conversationId: string,
    messages: readonly NewMessage[],
    { title, preview }: { title: string | null; preview: string },
    companion: Companion | null = null,
  ): Promise<{ conversation: AppendedTo; messages: MessageRow[] } | null> {
    const clientIds = messages.flatMap(({ clientId }) => clientId ?? []);
    const target = await this.db.one<AppendedTo & { tailBeforeId: string | null }>(
      appendTextFor(messages.length, companion?.text ?? null),
      [
        userId,
        conversationId,
        preview,
        title,
        messages.at(-1)?.id,
        clientIds,
        ...messages.flatMap(({ id, role, type, status, content, metadata, clientId }) => [
          id,
          role,
          type,
          status,
          content,
          JSON.stringify(metadata),
          clientId,
        ]),
        ...(companion?.values ?? []),
      ],
    );
    if (target === null) return null;
    const { tailBeforeId, ...conversation } = target;
    const first = conversation.lastSeq - messages.length + 1;
    return {
      conversation,
      messages: messages.map((message, i) => ({
        ...message,
        userId,
        conversationId,
        seq: first + i,
        parentId: messages[i - 1]?.id ?? tailBeforeId,
        active: true,
        createdAt: conversation.lastActivityAt,
      })),
    };
  }

  /**
   * The `count` messages stored in one go of which the one at `place` (from 0) had this client id: what a repeat of
   * that append is compared with.
   */
  storedWith(userId: string, clientId: string, place: number, count: number): Promise<MessageRow[]> {
    return this.db.query(
      `SELECT ${COLUMNS} FROM messages known
       JOIN messages m ON m.user_id = known.user_id AND m.conversation_id = known.conversation_id
         AND m.seq BETWEEN known.seq - $3::integer AND known.seq - $3 + $4::integer - 1
       WHERE known.user_id = $1 AND known.client_id = $2 ORDER BY m.seq`,
      [userId, clientId, place, count],
    );
  }

  find(userId: string, conversationId: string, id: string): Promise<MessageRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM messages m WHERE m.user_id = $1 AND m.id = $3 AND m.conversation_id = $2`,
      [userId, conversationId, id],
    );
  }

  /**
   * Messages of the active path with a number above `after` (ascending) or below `before` (descending).
   * null: the conversation is not there.
   */
  async page(
    userId: string,
    conversationId: string,
    order: 'asc' | 'desc',
    from: number | null,
    limit: number,
  ): Promise<MessageRow[] | null> {
    const rows = await this.db.query<MessageRow | { [column in keyof MessageRow]: null }>(
      order === 'asc' ? PAGE_ASCENDING : PAGE_DESCENDING,
      [userId, conversationId, from ?? (order === 'asc' ? 0 : MAX_SEQ), limit],
    );
    if (rows.length === 0) return null;
    return rows.filter((row): row is MessageRow => row.id !== null);
  }

  /** The last messages of the active path before `before`, newest first, with only the named members of their metadata (null = all). */
  recent(
    userId: string,
    conversationId: string,
    limit: number,
    before: number,
    members: readonly string[] | null,
  ): Promise<MessageRow[]> {
    return this.db.query(members === null ? RECENT : RECENT_IN_PART, [
      userId,
      conversationId,
      before,
      limit,
      ...(members === null ? [] : [members]),
    ]);
  }

  /** Locks the conversation and tells the last message of its active path; undefined: it is not there. */
  async lockedTail(userId: string, conversationId: string): Promise<string | null | undefined> {
    const row = await this.db.one<{ tailId: string | null }>(
      `SELECT tail_id AS "tailId" FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [userId, conversationId],
    );
    return row?.tailId;
  }

  /** Makes the path that ends at `tailId` the active one. False: there is no such message in the conversation. */
  async switchTo(userId: string, conversationId: string, tailId: string): Promise<boolean> {
    const changed = await this.db.change(
      `WITH RECURSIVE path AS (
         SELECT id, parent_id, seq FROM messages WHERE user_id = $1 AND id = $3 AND conversation_id = $2
         UNION ALL
         SELECT m.id, m.parent_id, m.seq FROM path JOIN messages m ON m.user_id = $1 AND m.id = path.parent_id
       ), switched AS (
         UPDATE messages SET active = NOT active
         WHERE user_id = $1 AND conversation_id = $2 AND EXISTS (SELECT FROM path)
           AND active <> (seq IN (SELECT seq FROM path))
       )
       UPDATE conversations SET tail_id = $3, message_count = (SELECT count(*) FROM path)
       WHERE user_id = $1 AND id = $2 AND EXISTS (SELECT FROM path)`,
      [userId, conversationId, tailId],
    );
    return changed > 0;
  }
}

const MAX_SEQ = 2_147_483_647;

/** The outer join tells an empty conversation of one's own (one row of nulls) from one that is not there (no row). */
const page = (place: string, order: string): string => `
  SELECT m.* FROM conversations c LEFT JOIN LATERAL (
    SELECT ${COLUMNS} FROM messages m
    WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active AND m.seq ${place} $3
    ORDER BY m.seq ${order} LIMIT $4
  ) m ON true
  WHERE c.user_id = $1 AND c.id = $2`;
const PAGE_ASCENDING = page('>', 'ASC');
const PAGE_DESCENDING = page('<', 'DESC');

const recent = (columns: string): string => `
  SELECT ${columns} FROM messages m
  WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.active AND m.seq < $3
  ORDER BY m.seq DESC LIMIT $4`;
const RECENT = recent(COLUMNS);
const RECENT_IN_PART = recent(
  COLUMNS.replace(
    'm.metadata,',
    `coalesce((SELECT jsonb_object_agg(name, m.metadata -> name) FROM unnest($5::text[]) AS name WHERE m.metadata ? name),
      '{}') AS metadata,`,
  ),
);
