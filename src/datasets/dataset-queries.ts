import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Problem } from '../common/problem.js';
import type { Scalar } from '../common/scalar.js';
import { Config } from '../config/config.js';
import { type DatasetProfile, isElsewhere, type JoinedDataset } from './profile.js';
import type { AnalyticalQuery } from './query/analytical-query.js';
import { compile, type CompiledQuery } from './query/compile.js';
import type { JoinedIn, ResultSet } from './query/result-set.js';
import { rowTable } from './row-table.js';
import { EXTERNAL_ROWS, overExternal } from './sources/external-rows.js';
import { SourcePools } from './sources/source-pools.js';

/** Cells of results that are kept for the next one who asks the same of the same version. */
const CACHED_CELLS = 200_000;
/** Statements that come often are prepared: planning a small one takes longer than running it. */
const PREPARED = 500;
const PREPARED_FROM = 3;
/** A connection gives its prepared statements back to the server after this many queries. */
const CONNECTION_USES = 20_000;

/**
 * Runs analytical queries, on connections of their own: read-only and with their own time limit from the moment they open, so that
 * a query is one round trip and none can change anything.
 */
@Injectable()
export class DatasetQueries implements OnApplicationShutdown {
  private readonly pool: pg.Pool;
  private readonly results = new LRUCache<string, ResultSet>({
    maxSize: CACHED_CELLS,
    sizeCalculation: ({ rows, columns }) => 20 + rows.length * columns.length,
  });
  private readonly seen = new LRUCache<string, { count: number; readonly name: string }>({ max: PREPARED });

  constructor(
    source: DataSource,
    private readonly config: Config,
    private readonly sources: SourcePools,
  ) {
    const { url, ssl } = source.options as { url?: string; ssl?: pg.PoolConfig['ssl'] };
    this.pool = new pg.Pool({
      ...(url === undefined ? {} : { connectionString: url }),
      ...(ssl === undefined ? {} : { ssl }),
      application_name: 'engram data sets',
      max: Math.max(2, Math.ceil(config.database.poolSize / 4)),
      maxUses: CONNECTION_USES,
      idleTimeoutMillis: 60_000,
      connectionTimeoutMillis: 10_000,
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
      onConnect: async (client) => {
        await client.query(
          `SET default_transaction_read_only = on; SET statement_timeout = ${config.datasets.queryTimeoutMs}; SET TIME ZONE 'UTC'`,
        );
      },
    });
    this.pool.on('error', () => undefined); // an idle connection that the server closed; the next query opens another
  }

  /**
   * Rows that are elsewhere are asked for there, each time anew.
   * @throws {422} query_invalid · query_too_slow; of rows elsewhere also what `sourceProblem` says
   * @throws {404} dataset_not_found, when it was deleted meanwhile
   */
  async run(query: AnalyticalQuery, profile: DatasetProfile): Promise<ResultSet> {
    if (isElsewhere(profile)) return this.fresh(query, profile);
    const started = performance.now();
    const key = `${profile.id} ${profile.version} ${joinsOf(profile)} ${JSON.stringify(query)}`;
    const known = this.results.get(key);
    if (known !== undefined) return { ...known, ms: elapsed(started) };
    const result = { ...(await this.fresh(query, profile)), ms: elapsed(started) };
    this.results.set(key, result);
    return result;
  }

  /** As `run`, of rows or columns that are not a version yet: nothing is kept. */
  async fresh(query: AnalyticalQuery, profile: DatasetProfile): Promise<ResultSet> {
    const started = performance.now();
    const { datasetId: _, ...asked } = query;
    const { compiled, text, raw } = await this.compiledRun(asked, profile, this.config.datasets.rowLimit);
    const { rows, truncated, matchedRows } = compiled.decode(raw);
    return {
      datasetId: profile.id,
      datasetVersion: profile.version,
      ...(compiled.joins.length > 0 && { joined: compiled.joins.map(joinedIn) }),
      query,
      columns: compiled.columns,
      rows,
      truncated,
      matchedRows,
      sql: text,
      parameters: compiled.values,
      ms: elapsed(started),
    };
  }

  /** Rows as the file has them, after row number `after`. */
  async rows(
    profile: DatasetProfile,
    after: number,
    limit: number,
  ): Promise<{ rowNumber: number; values: Scalar[] }[]> {
    const where = { compare: '>', left: { column: '#row' }, right: { literal: after } } as const;
    const columns = profile.columns.map(({ name }) => ({ value: { column: name } }));
    const select = [{ value: { column: '#row' } }, ...columns];
    const { compiled, raw } = await this.compiledRun({ select, where, limit }, profile, limit);
    const { rows } = compiled.decode(raw);
    return rows.map(([rowNumber, ...values]) => ({ rowNumber: Number(rowNumber), values }));
  }

  /** Rows of a read-only statement of ours, over tables of rows; under the same limit of time. @throws as `run` */
  read<T extends Record<string, unknown>>(text: string, datasetId: string): Promise<T[]> {
    return this.pool
      .query<T>(text)
      .then(({ rows }) => rows)
      .catch((error: unknown) => {
        throw this.explained(error, datasetId);
      });
  }

  private async compiledRun(
    query: Omit<AnalyticalQuery, 'datasetId'>,
    profile: DatasetProfile,
    most: number,
  ): Promise<{ readonly compiled: CompiledQuery; readonly text: string; readonly raw: Scalar[][] }> {
    const { external } = profile;
    if (external === undefined || external === null) {
      const compiled = compile(query, profile, rowTable(profile.rowsId ?? profile.id), { rowLimit: most });
      return { compiled, text: compiled.text, raw: await this.execute(compiled.text, compiled.values, profile.id) };
    }
    const open = await this.sources.open(external.sourceId);
    const compiled = compile(query, profile, EXTERNAL_ROWS, { rowLimit: Math.min(most, open.source.rowLimit) });
    const text = overExternal(compiled.text, query, external);
    return { compiled, text, raw: await this.sources.query(open, text, compiled.values) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async execute(text: string, values: readonly Scalar[], datasetId: string): Promise<Scalar[][]> {
    const name = this.nameOf(text);
    try {
      const { rows } = await this.pool.query<Scalar[]>({
        ...(name === null ? {} : { name }),
        text,
        values: [...values],
        rowMode: 'array',
      });
      return rows;
    } catch (error) {
      throw this.explained(error, datasetId);
    }
  }

  private nameOf(text: string): string | null {
    const seen = this.seen.get(text);
    if (seen === undefined) {
      this.seen.set(text, { count: 1, name: createHash('sha1').update(text).digest('base64url').slice(0, 20) });
      return null;
    }
    return ++seen.count >= PREPARED_FROM ? seen.name : null;
  }

  private explained(error: unknown, datasetId: string): unknown {
    const { code } = (error ?? {}) as { code?: unknown };
    if (code === '57014') {
      const seconds = this.config.datasets.queryTimeoutMs / 1000;
      return new Problem(
        422,
        'query_too_slow',
        `The query took longer than ${seconds} seconds and was stopped; ask about fewer rows or groups.`,
      );
    }
    if (code === '42P01') return new Problem(404, 'dataset_not_found', `There is no dataset ${datasetId} here.`);
    if (typeof code === 'string' && (code.startsWith('22') || code === '54001')) {
      return new Problem(
        422,
        'query_invalid',
        'A value in the query, or one it works out, is outside the range of its type.',
        {
          errors: [{ path: '', message: 'out of range' }],
        },
      );
    }
    return error;
  }
}

const joinedIn = ({ name, relationId, profile }: JoinedDataset): JoinedIn => ({
  name,
  relationId,
  datasetId: profile.id,
  datasetVersion: profile.version,
});

/** What related columns mean: other rows there, or another relation of that name, give another result. */
const joinsOf = ({ joined = [] }: DatasetProfile): string =>
  joined
    .map(({ name, relationId, profile, left, right }) =>
      JSON.stringify([name, relationId, profile.id, profile.version, left, right]),
    )
    .join(' ');
const elapsed = (started: number): number => Math.round((performance.now() - started) * 100) / 100;
