import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import { previewOf } from '../preview.js';
import { citesAny, withoutCitations, withoutQuotations } from './citations.js';
import { mentionsAny, withoutMentions, withoutQuotes } from './mentions.js';

/** An answer that says less than it did. */
export interface Scrubbed {
  readonly userId: string;
  readonly conversationId: string;
  readonly id: string;
  readonly seq: number;
}

const SCRUBBED = `m.user_id AS "userId", m.conversation_id AS "conversationId", m.id, m.seq`;

/** SQL that takes out of answers what they tell of something that is gone. */
@Injectable()
export class ScrubsStore {
  constructor(private readonly db: Db) {}

  /**
   * What they tell of erased messages, in whatever conversation of the user: as past results, and as what "it" was taken to
   * mean, and as quotes of what was said. Costs what the user's answers since then are many. After the messages were removed:
   * an answer that is settled meanwhile either saw that they are gone, or is there to be scrubbed.
   * @param since when the first of them was said
   */
  ofMessages(userId: string, ids: readonly string[], since: Date): Promise<Scrubbed[]> {
    return this.db.query<Scrubbed & Record<string, unknown>>(OF_MESSAGES, [userId, ids, since]);
  }

  /**
   * Quotes of documents: in the reader's answers since then, or in everybody's (null). After the documents were removed, as
   * with messages.
   */
  ofDocuments(readerId: string | null, documentIds: readonly string[], since: Date): Promise<Scrubbed[]> {
    return readerId === null
      ? this.db.query<Scrubbed & Record<string, unknown>>(OF_DOCUMENTS('true'), [documentIds, since])
      : this.db.query<Scrubbed & Record<string, unknown>>(OF_DOCUMENTS('m.user_id = $3'), [
          documentIds,
          since,
          readerId,
        ]);
  }

  /** Quotes of these messages that they do not bear out any more. */
  ofQuotes(quoted: readonly Scrubbed[]): Promise<Scrubbed[]> {
    const [users, ids] = [quoted.map(({ userId }) => userId), quoted.map(({ id }) => id)];
    return this.db.query<Scrubbed & Record<string, unknown>>(OF_QUOTES, [users, ids]);
  }

  /** Puts another text in the place of messages', and takes away what goes with it. */
  replace(
    messages: readonly Pick<Scrubbed, 'userId' | 'id'>[],
    content: string,
    members: readonly string[],
  ): Promise<Scrubbed[]> {
    return this.db.query<Scrubbed & Record<string, unknown>>(
      `UPDATE messages m SET content = $3, metadata = m.metadata - $4::text[]
       FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
       WHERE m.user_id = given.user_id AND m.id = given.id RETURNING ${SCRUBBED}`,
      [messages.map(({ userId }) => userId), messages.map(({ id }) => id), content, members],
    );
  }

  /**
   * What lists show of their conversations; and what processes keep at hand of these holds no more. `id` is of those
   * whose automatic title was made of one of them, null of others.
   */
  putRight(scrubbed: readonly Scrubbed[]): Promise<{ userId: string; id: string | null }[]> {
    return this.db.query(
      `UPDATE conversations c SET erasures = erasures + 1, updated_at = clock_timestamp(),
         last_message_preview = coalesce((SELECT ${previewOf('m.content')} FROM messages m
           WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active AND m.content <> '' ORDER BY m.seq DESC LIMIT 1),
           c.last_message_preview)
       FROM (SELECT user_id, id, min(seq) AS seq FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS told (user_id, id, seq)
         GROUP BY user_id, id) AS told
       WHERE c.user_id = told.user_id AND c.id = told.id
       RETURNING c.user_id AS "userId", CASE WHEN c.title_by = 'auto' AND c.title_seq >= told.seq THEN c.id END AS id`,
      [
        scrubbed.map(({ userId }) => userId),
        scrubbed.map(({ conversationId }) => conversationId),
        scrubbed.map(({ seq }) => seq),
      ],
    );
  }

  /** As if nothing had been made of the conversation's messages yet: by the first question. */
  async entitle(userId: string, conversationId: string, title: string | null): Promise<void> {
    await this.db.change(
      `UPDATE conversations SET title = $3, title_seq = NULL, version = version + 1 WHERE user_id = $1 AND id = $2`,
      [userId, conversationId, title],
    );
  }
}

const OF_MESSAGES = `
  UPDATE messages m SET content = ${withoutQuotes('m.content', 'm.metadata', '$2::text[]')},
    metadata = ${withoutMentions('m.metadata', '$2::text[]')}
  WHERE m.user_id = $1 AND m.type = 'analysis' AND m.created_at >= $3 AND ${mentionsAny('m.metadata', '$2')}
  RETURNING ${SCRUBBED}`;

const OF_DOCUMENTS = (whose: string): string => `
  UPDATE messages m SET content = ${withoutQuotations('m.content', 'm.metadata', '$1::text[]')},
    metadata = ${withoutCitations('m.metadata', '$1::text[]')}
  WHERE ${whose} AND m.type = 'analysis' AND m.created_at >= $2 AND ${citesAny('m.metadata', '$1::text[]')}
  RETURNING ${SCRUBBED}`;

const OF_QUOTES = `
  UPDATE messages m SET content = ${withoutQuotes('m.content', 'm.metadata', 'stale.ids')},
    metadata = ${withoutMentions('m.metadata', 'stale.ids')}
  FROM (
    SELECT b.user_id, b.conversation_id, b.seq, array_agg(a.id::text) AS ids
    FROM unnest($1::uuid[], $2::uuid[]) AS changed (user_id, id)
    JOIN messages a ON a.user_id = changed.user_id AND a.id = changed.id
    JOIN messages b ON b.user_id = a.user_id AND b.type = 'analysis' AND b.created_at >= a.created_at
    CROSS JOIN LATERAL jsonb_path_query(b.metadata, '$.evidence.messages[*]') AS said
    WHERE said ->> 'messageId' = a.id::text AND strpos(a.content, said ->> 'quote') = 0
    GROUP BY b.user_id, b.conversation_id, b.seq
  ) AS stale
  WHERE m.user_id = stale.user_id AND m.conversation_id = stale.conversation_id AND m.seq = stale.seq
  RETURNING ${SCRUBBED}`;
