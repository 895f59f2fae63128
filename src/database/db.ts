import { createHash } from 'node:crypto';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

interface Transaction {
  readonly client: PoolClient;
  readonly manager: EntityManager;
  /** Its connection is somebody else's by now: what was begun in it and still goes on is on its own. */
  ended: boolean;
}

/**
 * The way to the database. Stores use it and nothing else; inside `tx` every call joins the transaction by itself.
 * Never await a model or the network inside `tx`, nor what another request may be loading: it may wait for a connection.
 */
@Injectable()
export class Db {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly names = new Map<string, string>();
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

  /** The pool under everything; for what needs a connection of its own (COPY, LISTEN). */
  get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  /** Rows of a statement whose text is a constant: prepared once a connection, which halves the database's time. */
  async query<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.run<T>({ name: this.nameOf(text), text, values: [...values] })).rows;
  }

  /** The first row of `query`, or null. */
  async one<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T | null> {
    return (await this.query<T>(text, values))[0] ?? null;
  }

  /** Rows of a statement whose text was made for this call; not prepared. */
  async once<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.run<T>({ text, values: [...values] })).rows;
  }

  /** How many rows a statement with a constant text changed. */
  async change(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.run({ name: this.nameOf(text), text, values: [...values] })).rowCount ?? 0;
  }

  /** Runs `work` in one transaction; an inner `tx` joins the outer one. */
  async tx<T>(work: () => Promise<T>): Promise<T> {
    if (this.isInTransaction) return work();
    this.open++;
    const runner = this.source.createQueryRunner();
    let transaction: Transaction | null = null;
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      transaction = { client, manager: runner.manager, ended: false };
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

  private run<T extends QueryResultRow>(statement: {
    name?: string;
    text: string;
    values: unknown[];
  }): Promise<QueryResult<T>> {
    return (this.transaction?.client ?? this.pool).query<T>(statement);
  }

  private nameOf(text: string): string {
    let name = this.names.get(text);
    if (name === undefined) {
      name = createHash('sha1').update(text).digest('base64url').slice(0, 20);
      this.names.set(text, name);
    }
    return name;
  }
}
