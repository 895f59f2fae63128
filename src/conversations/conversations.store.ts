import { Injectable } from '@nestjs/common';
import { Db } from '../database/db.js';
import type { ConversationRow } from './conversation.entity.js';

const COLUMNS = `
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon"`;

/** A title that the user did not give. */
export interface AutomaticTitle {
  readonly title: string;
  /** Number of the last message that it was made from. */
  readonly titleSeq: number;
  /** Those of the conversation when they were read. */
  readonly erasures: number;
  readonly accepted: readonly number[] | null;
  readonly replace: boolean;
}

/** After every real place in a list that goes backwards. */
const NEWEST = { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** All SQL on `conversations` but the append, which is in `MessagesStore`. */
@Injectable()
export class ConversationsStore {
  constructor(private readonly db: Db) {}

  find(userId: string, id: string): Promise<ConversationRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM conversations c JOIN personas p ON p.id = c.persona_id
       WHERE c.user_id = $1 AND c.id = $2`,
      [userId, id],
    );
  }

  findByClientId(userId: string, clientId: string): Promise<ConversationRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM conversations c JOIN personas p ON p.id = c.persona_id
       WHERE c.user_id = $1 AND c.client_id = $2`,
      [userId, clientId],
    );
  }

  /** null: the owner has one of this client id already. */
  create(
    userId: string,
    {
      id,
      personaId,
      title,
      clientId,
      metadata,
      collectionIds,
    }: {
      id: string;
      personaId: string;
      title: string | null;
      clientId: string | null;
      metadata: Readonly<Record<string, string>>;
      collectionIds: readonly string[];
    },
  ): Promise<ConversationRow | null> {
    return this.db.one(
      `WITH c AS (
         INSERT INTO conversations (user_id, id, persona_id, title, given_title, title_by, client_id, metadata,
           collection_ids)
         VALUES ($1, $2, $3, $4::text, $4, CASE WHEN $4 IS NULL THEN 'auto' ELSE 'user' END, $5, $6, $7)
         ON CONFLICT (user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
         RETURNING *)
       SELECT ${COLUMNS} FROM c JOIN personas p ON p.id = c.persona_id`,
      [userId, id, personaId, title, clientId, JSON.stringify(metadata), collectionIds],
    );
  }

  /** Last active first, from the place after `before`. */
  list(userId: string, limit: number, before: { at: string; id: string } = NEWEST): Promise<ConversationRow[]> {
    return this.db.query(
      `SELECT ${COLUMNS} FROM conversations c JOIN personas p ON p.id = c.persona_id
       WHERE c.user_id = $1 AND (c.last_activity_at, c.id) < ($2::timestamptz, $3::uuid)
       ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $4`,
      [userId, before.at, before.id, limit],
    );
  }

  /** null: it is not there, or none of the accepted versions (null = any). */
  edit(
    userId: string,
    id: string,
    {
      title,
      collectionIds,
    }: { readonly title?: string | undefined; readonly collectionIds?: readonly string[] | undefined },
    accepted: readonly number[] | null,
  ): Promise<ConversationRow | null> {
    return this.db.one(
      `WITH c AS (
         UPDATE conversations SET title = coalesce($3, title), title_by = CASE WHEN $3 IS NULL THEN title_by ELSE 'user' END,
           collection_ids = coalesce($5::uuid[], collection_ids), version = version + 1, updated_at = now()
         WHERE user_id = $1 AND id = $2 AND ($4::integer[] IS NULL OR version = ANY ($4))
         RETURNING *)
       SELECT ${COLUMNS} FROM c JOIN personas p ON p.id = c.persona_id`,
      [userId, id, title ?? null, accepted, collectionIds ?? null],
    );
  }

  /**
   * Gives it an automatic title, in place of an automatic one or (`replace`) of the user's. null: it is not there, has a title
   * of the user's, is none of the accepted versions (null = any), or a message was erased since.
   */
  entitle(
    userId: string,
    id: string,
    { title, titleSeq, erasures, accepted, replace }: AutomaticTitle,
  ): Promise<ConversationRow | null> {
    return this.db.one(
      `WITH c AS (
         UPDATE conversations SET title = $3, title_by = 'auto', title_seq = $4, updated_at = now(),
           version = version + CASE WHEN title IS DISTINCT FROM $3 THEN 1 ELSE 0 END
         WHERE user_id = $1 AND id = $2 AND (title_by = 'auto' OR $5) AND erasures = $6
           AND ($7::integer[] IS NULL OR version = ANY ($7))
         RETURNING *)
       SELECT ${COLUMNS} FROM c JOIN personas p ON p.id = c.persona_id`,
      [userId, id, title, titleSeq, replace, erasures, accepted],
    );
  }

  /** Puts other metadata in the place of what there was. null: it is not there. */
  annotate(userId: string, id: string, metadata: Readonly<Record<string, string>>): Promise<ConversationRow | null> {
    return this.db.one(
      `WITH c AS (
         UPDATE conversations SET metadata = $3, updated_at = now() WHERE user_id = $1 AND id = $2 RETURNING *)
       SELECT ${COLUMNS} FROM c JOIN personas p ON p.id = c.persona_id`,
      [userId, id, JSON.stringify(metadata)],
    );
  }

  /** With its messages and all that hangs on it. */
  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.db.change(`DELETE FROM conversations WHERE user_id = $1 AND id = $2`, [userId, id])) > 0;
  }
}
