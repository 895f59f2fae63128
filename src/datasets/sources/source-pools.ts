import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { notFound } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { Config } from '../../config/config.js';
import { SecretBox } from './secret-box.js';
import { type SourceAddress, requireAllowed } from './source-address.js';
import { type AboutSource, secretUnreadable, sourceProblem } from './source-errors.js';
import { type SourceRow, SourcesStore } from './sources.store.js';

/** The client's own clock, beyond the server's: for a server that no longer answers at all. */
const GRACE_MS = 2_000;
const CONNECT_MS = 5_000;

export interface OpenSource {
  readonly source: SourceRow;
  readonly pool: pg.Pool;
}

/**
 * Connections to external sources: few of each, named, and read-only from the moment they open. Each query is a transaction that is
 * read-only besides, which nothing in it can undo.
 */
@Injectable()
export class SourcePools implements OnApplicationShutdown {
  private readonly log = new Logger('sources');
  private readonly pools = new Map<string, OpenSource>();

  constructor(
    private readonly store: SourcesStore,
    private readonly secrets: SecretBox,
    private readonly config: Config,
  ) {}

  /**
   * As it is registered now: one that another instance changed or deleted is not used on.
   * @throws {404} source_not_found
   * @throws {422} sources_off · source_not_allowed · source_secret_unreadable
   */
  async open(id: string): Promise<OpenSource> {
    const source = await this.store.find(id);
    if (source === null) {
      await this.close(id);
      throw notFound('source', id);
    }
    requireAllowed(source, this.config.sources.hosts);
    const known = this.pools.get(id);
    if (known !== undefined && isDeepStrictEqual(known.source, source)) return known;
    const password = this.secrets.open(source.secret, id);
    if (password === null) throw secretUnreadable(source);
    const opened = { source, pool: this.poolFor({ ...source, password }, source) };
    this.pools.set(id, opened);
    await known?.pool.end();
    return opened;
  }

  /** Rows as arrays. @throws {422} what `sourceProblem` says */
  async query(
    { source, pool }: { readonly source: AboutSource; readonly pool: pg.Pool },
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Scalar[][]> {
    // One statement and no more, even without parameters.
    const statement: pg.QueryArrayConfig & { readonly queryMode: 'extended' } = {
      text,
      values: [...values],
      rowMode: 'array',
      queryMode: 'extended',
    };
    let client: pg.PoolClient | null = null;
    let broken = true;
    try {
      client = await pool.connect();
      await client.query('BEGIN READ ONLY');
      const { rows } = await client.query<Scalar[]>(statement);
      await client.query('COMMIT');
      broken = false;
      return rows;
    } catch (error) {
      const { code } = (error ?? {}) as { code?: string };
      // What the server itself refused leaves a connection that can be used again.
      if (client !== null && code !== undefined && /^(?:22|42|57014)/.test(code))
        broken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        );
      const problem = sourceProblem(error, source, client !== null);
      if (problem.code === 'source_failed') this.log.warn(`${source.name}: ${code ?? 'failed'}`);
      throw problem;
    } finally {
      client?.release(broken);
    }
  }

  /** A pool for an address that need not be a source yet; whoever made it ends it. */
  poolFor(
    address: SourceAddress,
    { statementTimeoutMs, maxConnections }: Pick<SourceRow, 'statementTimeoutMs' | 'maxConnections'>,
  ): pg.Pool {
    const { host, port, database, username, password, ssl } = address;
    const pool = new pg.Pool({
      host,
      port,
      database,
      user: username,
      password,
      ssl: ssl === 'disable' ? false : { rejectUnauthorized: ssl === 'verify' },
      application_name: 'engram external source',
      max: maxConnections,
      idleTimeoutMillis: 60_000,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: statementTimeoutMs + GRACE_MS,
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
      onConnect: async (client) => {
        await client.query(
          `SET default_transaction_read_only = on; SET statement_timeout = ${Math.trunc(statementTimeoutMs)};
           SET lock_timeout = 1000; SET idle_in_transaction_session_timeout = ${Math.trunc(statementTimeoutMs + GRACE_MS)};
           SET search_path = pg_catalog; SET TIME ZONE 'UTC'; SET standard_conforming_strings = on; SET extra_float_digits = 1`,
        );
      },
    });
    pool.on('error', () => undefined); // an idle connection that the server closed; the next query opens another
    return pool;
  }

  /** Its connections end when their queries have. */
  async close(id: string): Promise<void> {
    const opened = this.pools.get(id);
    this.pools.delete(id);
    await opened?.pool.end();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.keys()].map((id) => this.close(id)));
  }
}
