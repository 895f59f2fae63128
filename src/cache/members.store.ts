import { Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { Db } from '../database/db.js';

/** What an instance says for as long as it is heard of. */
export type Declaration =
  /** It may answer from memory without asking anybody: nobody else may write. */
  | 'alone'
  /** It answers from the database, and tells nobody of its writes. */
  | 'none'
  /** It tells this Redis of each write, and answers from memory what Redis says is current. */
  | `redis:${string}`;

export interface Member {
  readonly id: string;
  readonly declares: string;
}

/** Two that declare at the same moment do it one after the other: each sees the other, or is seen by it. */
const LOCK = 4_711_019;

/** A beat that takes longer is too late; the next one is tried on another connection. */
const LIMITS = { connectionTimeoutMillis: 2_000, query_timeout: 2_000 };

/** Who is on this database, on a connection of its own: behind requests for the pool's a beat may come too late. */
@Injectable()
export class MembersStore {
  private client: Client | null = null;

  constructor(private readonly db: Db) {}

  /**
   * Declares, and tells what the others declare that were heard of within the last `leaseMs`. Those that were not are dead to
   * everyone from then on, whatever they do until they declare again.
   */
  async declare(id: string, declaration: Declaration, leaseMs: number): Promise<Member[]> {
    const client = await this.connected();
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const { rows } = await client.query<{ id: string; declares: string }>(
        `WITH me AS (
           INSERT INTO cache_members (id, declares, seen_at) VALUES ($1, $2, clock_timestamp())
           ON CONFLICT (id) DO UPDATE SET declares = $2, seen_at = clock_timestamp()
         ), dead AS (
           DELETE FROM cache_members WHERE id <> $1 AND seen_at < clock_timestamp() - make_interval(secs => $3 * 10)
         )
         SELECT id, declares FROM cache_members WHERE id <> $1 AND seen_at >= clock_timestamp() - make_interval(secs => $3)`,
        [id, declaration, leaseMs / 1000],
      );
      await client.query('COMMIT');
      return rows;
    } catch (error) {
      void this.close(); // whatever state it is in
      throw error;
    }
  }

  async gone(id: string): Promise<void> {
    await this.client?.query('DELETE FROM cache_members WHERE id = $1', [id]).catch(() => undefined);
    await this.close();
  }

  private async connected(): Promise<Client> {
    if (this.client !== null) return this.client;
    const client = new Client({
      ...this.db.pool.options,
      application_name: 'engram cache',
      keepAlive: true,
      ...LIMITS,
    });
    client.on('error', () => {
      if (this.client === client) this.client = null;
    });
    await client.connect();
    this.client = client;
    return client;
  }

  private async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }
}
