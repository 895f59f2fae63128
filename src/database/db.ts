import { createHash } from 'node:crypto';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { type Writes, writesOf } from './writes.js';

interface Transaction {
  readonly client: PoolClient;
  readonly manager: EntityManager;
  /** Its connection is somebody else's by now: what was begun in it and still goes on is on its own. */
  ended: boolean;
  /** Whose rows it wrote, of those that are kept in memory. */
  readonly written: Set<Whose>;
}

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** A user's id; null: anybody's. */
export type Whose = string | null;

interface Known {
  readonly name: string;
  readonly writes: Writes | null;
}

/**
 * The way to the database. Stores use it and nothing else; inside `tx` every call joins the transaction by itself.
 * Never await a model or the network inside `tx`, nor what another request may be loading: it may wait for a connection.
 */
@Injectable()
export class Db {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly known = new Map<string, Known>();
  private told: (whose: ReadonlySet<Whose>) => Promise<void> | undefined = () => undefined;
  /** Transactions under way. */
  private open = 0;

  constructor(private readonly source: DataSource) {}

  /** TypeORM's side, for simple access by entity. */
  get manager(): EntityManager {
    return this.transaction?.manager ?? this.source.manager;
  }

  /** Whether the caller is inside `tx`, and so holds a connection. */
  get isInTransaction(): boolean {
    return this.transaction !== null;
  }

  private get transaction(): Transaction | null {
    const transaction = this.current.getStore();
    return transaction === undefined || transaction.ended ? null : transaction;
  }

  /** Whether the transaction that the caller is inside of wrote to what is kept in memory: nobody else sees that yet. */
  get hasWritten(): boolean {
    return (this.transaction?.written.size ?? 0) > 0;
  }

  /** The pool under everything; for what needs a connection of its own (COPY, LISTEN). */
  get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  /**
   * `listener` hears of every write to what is kept in memory (`writesOf`): after it was committed, or might have been, and
   * before whoever made it goes on, so that nobody is told of a write that the listener has not dealt with. It must not throw.
   */
  onWrite(listener: (whose: ReadonlySet<Whose>) => Promise<void> | undefined): void {
    this.told = listener;
  }

  /** Says of a write that `manager` made in the transaction under way what a statement's text says by itself. */
  wrote(whose: Whose): void {
    this.transaction?.written.add(whose);
  }

  /** Rows of a statement whose text is a constant: prepared once a connection, which halves the database's time. */
  async query<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    const { name, writes } = this.knownOf(text);
    return (await this.run<T>({ name, text, values: [...values] }, writes)).rows;
  }

  /** The first row of `query`, or null. */
  async one<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T | null> {
    return (await this.query<T>(text, values))[0] ?? null;
  }

  /** Rows of a statement whose text was made for this call; not prepared. */
  async once<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.run<T>({ text, values: [...values] }, writesOf(text))).rows;
  }

  /** How many rows a statement with a constant text changed. */
  async change(text: string, values: readonly unknown[] = []): Promise<number> {
    const { name, writes } = this.knownOf(text);
    return (await this.run({ name, text, values: [...values] }, writes)).rowCount ?? 0;
  }

  /** Runs `work` in one transaction; an inner `tx` joins the outer one. */
  async tx<T>(work: () => Promise<T>): Promise<T> {
    if (this.isInTransaction) return work();
    const written = new Set<Whose>();
    let result: T;
    try {
      result = await this.begun(work, written);
    } catch (error) {
      // The connection may have been lost with the commit done; but nobody is told that it was.
      if (written.size > 0) void this.told(written);
      throw error;
    }
    if (written.size > 0) await this.told(written);
    return result;
  }

  private async begun<T>(work: () => Promise<T>, written: Set<Whose>): Promise<T> {
    this.open++;
    const runner = this.source.createQueryRunner();
    let transaction: Transaction | null = null;
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      transaction = { client, manager: runner.manager, written, ended: false };
      const result = await this.current.run(transaction, work);
      transaction.ended = true;
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (transaction !== null) transaction.ended = true;
      await runner.rollbackTransaction().catch(() => undefined); // the first error is the one to tell
      throw error;
    } finally {
      await runner.release();
      // While Node follows contexts every promise of the process costs more, also those of requests without a transaction.
      if (--this.open === 0) this.current.disable();
    }
  }

  private run<T extends QueryResultRow>(statement: Statement, writes: Writes | null): Promise<QueryResult<T>> {
    const { transaction } = this;
    if (writes === null) return (transaction?.client ?? this.pool).query<T>(statement);
    const whose = writes.whose === 'owner' ? (statement.values[0] as string) : null;
    if (transaction === null) return this.write<T>(statement, whose, writes);
    transaction.written.add(whose);
    return transaction.client.query<T>(statement);
  }

  private async write<T extends QueryResultRow>(
    statement: Statement,
    whose: Whose,
    { isCounted }: Writes,
  ): Promise<QueryResult<T>> {
    let result: QueryResult<T>;
    try {
      result = await this.pool.query<T>(statement);
    } catch (error) {
      void this.told(new Set([whose])); // as after a transaction that failed
      throw error;
    }
    if (!isCounted || result.rowCount !== 0) await this.told(new Set([whose]));
    return result;
  }

  private knownOf(text: string): Known {
    let known = this.known.get(text);
    if (known === undefined) {
      const name = createHash('sha1').update(text).digest('base64url').slice(0, 20);
      this.known.set(text, (known = { name, writes: writesOf(text) }));
    }
    return known;
  }
}
