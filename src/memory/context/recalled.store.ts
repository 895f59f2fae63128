import { Injectable } from '@nestjs/common';
import type { Role } from '../../conversations/message.entity.js';
import { Db } from '../../database/db.js';

/** A message and the other half of its turn. */
export interface Told {
  readonly id: string;
  readonly conversationId: string;
  readonly conversationTitle: string | null;
  readonly role: Role;
  readonly author: string | null;
  readonly content: string;
  readonly createdAt: Date;
  /** What an answer answers. */
  readonly questionId: string | null;
  readonly question: string | null;
  /** What a question was answered with, where the answer was worked out from data. */
  readonly answerId: string | null;
  readonly answer: string | null;
}

/** An answer follows its question closely, but for what was said at the same time. */
const NEAR = 20;

/** Messages as a prompt tells them. */
@Injectable()
export class RecalledStore {
  constructor(private readonly db: Db) {}

  /** Those of the messages that are still there, in the order of the ids. */
  told(userId: string, ids: readonly string[], before: Date): Promise<Told[]> {
    return this.db.query(
      `SELECT m.id, m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.role, m.content,
         CASE jsonb_typeof(m.metadata -> 'author') WHEN 'string' THEN m.metadata ->> 'author' END AS author,
         m.created_at AS "createdAt", q.id AS "questionId", q.content AS question, a.id AS "answerId", a.content AS answer
       FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, place)
       JOIN messages m ON m.user_id = $1 AND m.id = asked.id
       JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
       LEFT JOIN messages q ON m.role = 'assistant' AND q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user'
       LEFT JOIN LATERAL (
         SELECT n.id, n.content FROM messages n
         WHERE m.role = 'user' AND n.user_id = $1 AND n.conversation_id = m.conversation_id
           AND n.seq BETWEEN m.seq + 1 AND m.seq + ${NEAR} AND n.parent_id = m.id AND n.active
           AND n.type = 'analysis' AND n.status = 'complete' AND n.created_at < $3
         ORDER BY n.seq LIMIT 1
       ) a ON true
       ORDER BY place`,
      [userId, ids, before],
    );
  }
}
