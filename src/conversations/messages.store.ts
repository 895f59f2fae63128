import { Injectable } from '@nestjs/common';
import { Db } from '../database/db.js';
import type { Companion } from './companion.js';
import type { Conversation } from './conversation.entity.js';
import { isThere } from '../documents/removals.service.js';
import { citedIn, withoutCitations, withoutQuotations } from './erasure/citations.js';
import { mentionedIn, withoutMentions, withoutQuotes } from './erasure/mentions.js';
import type { MessageRow, MessageStatus, Metadata, Role } from './message.entity.js';
import { previewOf } from './preview.js';

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
  'id' | 'personaId' | 'title' | 'titleBy' | 'messageCount' | 'lastSeq' | 'lastActivityAt' | 'version' | 'erasures'
>;

export const MESSAGE_COLUMNS = `
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
      last_message_preview = coalesce(nullif($3, ''), last_message_preview),
      last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
      title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
    WHERE user_id = $1 AND id = $2
      AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
        SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
    RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, erasures, tail_before_id
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
    last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, erasures, tail_before_id AS "tailBeforeId"
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
      `SELECT ${MESSAGE_COLUMNS} FROM messages known
       JOIN messages m ON m.user_id = known.user_id AND m.conversation_id = known.conversation_id
         AND m.seq BETWEEN known.seq - $3::integer AND known.seq - $3 + $4::integer - 1
       WHERE known.user_id = $1 AND known.client_id = $2 ORDER BY m.seq`,
      [userId, clientId, place, count],
    );
  }

  find(userId: string, conversationId: string, id: string): Promise<MessageRow | null> {
    return this.db.one(
      `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.user_id = $1 AND m.id = $3 AND m.conversation_id = $2`,
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

  /**
   * Writes the whole of a message that was stored before it was whole. `guard` decides: where it gives no row, nothing is
   * changed, and null comes back; else what it gave comes too, and `beside` is written with it. The conversation is locked first, as by an append. The place in the conversation, and so the
   * order of lists, stays as it was. What it tells of messages and documents that were removed meanwhile, or quotes of them, is left out.
   */
  async settle(
    userId: string,
    conversationId: string,
    message: SettledMessage,
    guard: Companion,
    beside: Companion | null = null,
  ): Promise<{ message: MessageRow; guard: unknown } | null> {
    const { preview, ...settled } = message;
    const row = await this.db.one<
      Pick<MessageRow, 'id' | 'parentId' | 'active' | 'clientId' | 'createdAt'> & {
        guard: unknown;
        scrubbed: Metadata | null;
        kept: string | null;
      }
    >(settleText(guard, beside), [
      userId,
      conversationId,
      settled.seq,
      settled.role,
      settled.type,
      settled.status,
      settled.content,
      JSON.stringify(settled.metadata),
      preview,
      mentionedIn(settled.metadata),
      citedIn(settled.metadata),
      ...guard.values,
      ...(beside?.values ?? []),
    ]);
    if (row === null) return null;
    const { guard: allowed, scrubbed, kept, ...stored } = row;
    const content = kept ?? settled.content;
    const metadata = scrubbed ?? settled.metadata;
    return { message: { ...settled, ...stored, content, metadata, userId, conversationId }, guard: allowed };
  }

  /** What there is so far of a message that is being written. */
  async materialize(userId: string, conversationId: string, seq: number, content: string): Promise<void> {
    await this.db.change(
      `UPDATE messages SET content = $4
       WHERE user_id = $1 AND conversation_id = $2 AND seq = $3 AND status = 'streaming'`,
      [userId, conversationId, seq, content],
    );
  }
}

/** What a message becomes when it is whole. */
export interface SettledMessage {
  readonly seq: number;
  readonly role: Role;
  readonly type: string;
  readonly status: MessageStatus;
  readonly content: string;
  readonly metadata: Metadata;
  readonly preview: string;
}

const SETTLE_VALUES = 11;
const settleTexts = new Map<Companion['text'], Map<Companion['text'] | null, string>>();

function settleText(guard: Companion, beside: Companion | null): string {
  const texts = settleTexts.get(guard.text) ?? new Map<Companion['text'] | null, string>();
  settleTexts.set(guard.text, texts);
  let text = texts.get(beside?.text ?? null);
  if (text === undefined) {
    const after = SETTLE_VALUES + guard.values.length + 1;
    text = `
  WITH target AS (
    SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
  ), guard AS (${guard.text(SETTLE_VALUES + 1)}), gone AS (
    SELECT coalesce(array_agg(told.id::text), '{}') AS ids FROM unnest($10::uuid[]) AS told (id)
    WHERE NOT EXISTS (SELECT FROM messages there WHERE there.user_id = $1 AND there.id = told.id FOR KEY SHARE)
  ), removed AS (
    SELECT coalesce(array_agg(cited.id::text), '{}') AS ids FROM unnest($11::uuid[]) AS cited (id) WHERE NOT ${isThere('$1', 'cited.id')}
  ), m AS (
    UPDATE messages SET role = $4, type = $5, status = $6, 
      content = CASE
        WHEN removed.ids <> '{}' AND gone.ids <> '{}' THEN ${withoutQuotes(`(${withoutQuotations('$7::text', '$8::jsonb', 'removed.ids')})`, '$8::jsonb', 'gone.ids')}
        WHEN removed.ids <> '{}' THEN ${withoutQuotations('$7::text', '$8::jsonb', 'removed.ids')}
        WHEN gone.ids <> '{}' THEN ${withoutQuotes('$7::text', '$8::jsonb', 'gone.ids')} ELSE $7 END,
      metadata = CASE WHEN removed.ids <> '{}' THEN ${withoutCitations(`(${withoutMentions('$8::jsonb', 'gone.ids')})`, 'removed.ids')}
        WHEN gone.ids <> '{}' THEN ${withoutMentions('$8::jsonb', 'gone.ids')} ELSE $8::jsonb END
    FROM guard, gone, removed WHERE user_id = $1 AND conversation_id = $2 AND seq = $3
    RETURNING messages.id, parent_id, active, client_id, created_at, 
      CASE WHEN gone.ids <> '{}' OR removed.ids <> '{}' THEN metadata END AS scrubbed,
      CASE WHEN removed.ids <> '{}' OR gone.ids <> '{}' AND $8::jsonb #> '{evidence,messages}' IS NOT NULL THEN content END AS kept
  ), shown AS (
    UPDATE conversations SET updated_at = clock_timestamp(), last_message_preview = 
      coalesce(${previewOf('m.kept')}, nullif($9, ''), last_message_preview)
    FROM m WHERE conversations.user_id = $1 AND conversations.id = $2 AND tail_id = m.id
  )${beside === null ? '' : `, beside AS (${beside.text(after)})`}
  SELECT id, parent_id AS "parentId", active, client_id AS "clientId", created_at AS "createdAt",
    scrubbed, kept, to_json(guard) AS guard
  FROM m, guard`;
    texts.set(beside?.text ?? null, text);
  }
  return text;
}

const MAX_SEQ = 2_147_483_647;

/** The outer join tells an empty conversation of one's own (one row of nulls) from one that is not there (no row). */
const page = (place: string, order: string): string => `
  SELECT m.* FROM conversations c LEFT JOIN LATERAL (
    SELECT ${MESSAGE_COLUMNS} FROM messages m
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
const RECENT = recent(MESSAGE_COLUMNS);
const RECENT_IN_PART = recent(
  MESSAGE_COLUMNS.replace(
    'm.metadata,',
    `coalesce((SELECT jsonb_object_agg(name, m.metadata -> name) FROM unnest($5::text[]) AS name WHERE m.metadata ? name),
      '{}') AS metadata,`,
  ),
);
