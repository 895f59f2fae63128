import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { notFound, Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { KnownDatasets } from '../known-datasets.service.js';
import { checkRole, type RoleChecked } from './check-role.js';
import { SecretBox } from './secret-box.js';
import { parseAddress, requireAllowed, type SourceAddress } from './source-address.js';
import { secretUnreadable } from './source-errors.js';
import { SourcePools } from './source-pools.js';
import { type SourceRow, SourcesStore } from './sources.store.js';
import { type Ask, type SourceTable, tablesOf } from './tables.js';

const USUAL = { schemas: ['public'], statementTimeoutMs: 10_000, rowLimit: 1_000, maxConnections: 4 } as const;

interface Limits {
  readonly schemas?: readonly string[] | undefined;
  readonly statementTimeoutMs?: number | undefined;
  readonly rowLimit?: number | undefined;
  readonly maxConnections?: number | undefined;
}

export interface NewSource extends Limits {
  readonly name: string;
  readonly url: string;
}

/** What is left out stays. */
export interface SourceChange extends Limits {
  readonly url?: string | undefined;
}

/** External databases that administrators register. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly store: SourcesStore,
    private readonly pools: SourcePools,
    private readonly secrets: SecretBox,
    private readonly config: Config,
    private readonly known: KnownDatasets,
  ) {}

  /**
   * Signs in, looks at what the role may do, and keeps how to sign in again.
   * @throws {409} source_name_taken
   * @throws {422} sources_off · source_not_allowed · source_url_invalid · source_role_unfit · source_too_old · source_schema_unknown, and
   * what `sourceProblem` says
   */
  async register(actor: Actor, { name, url, ...given }: NewSource): Promise<SourceRow> {
    const address = this.addressOf(url);
    const limits = limitsOf(given, USUAL);
    const { serverVersion, warnings } = await this.checked(name, address, limits);
    const id = newId();
    const { password, ...where } = address;
    const secret = this.secrets.seal(password, id);
    const source = { id, name, ...where, secret, ...limits, serverVersion, warnings, createdBy: actor.id };
    if (!(await this.store.insert(source))) {
      const detail = `There is a source "${name}" already; choose another name.`;
      throw new Problem(409, 'source_name_taken', detail, { errors: [{ path: 'name', message: 'is taken' }] });
    }
    return this.get(id);
  }

  /**
   * Another password, server or limit; data sets that are its tables stay. It is checked as a new one is.
   * @throws {404} source_not_found
   * @throws {422} what `register` throws; source_secret_unreadable
   */
  async change(id: string, { url, ...given }: SourceChange): Promise<SourceRow> {
    const before = await this.get(id);
    const kept = url === undefined ? this.secrets.open(before.secret, id) : '';
    if (kept === null) throw secretUnreadable(before);
    if (url === undefined) requireAllowed(before, this.config.sources.hosts);
    const address = url === undefined ? { ...addressIn(before), password: kept } : this.addressOf(url);
    const limits = limitsOf(given, before);
    const checked = await this.checked(before.name, address, limits);
    const { password, ...where } = address;
    const secret = this.secrets.seal(password, id);
    if (!(await this.store.update({ id, ...where, secret, ...limits, ...checked }))) throw notFound('source', id);
    return this.get(id);
  }

  /** Up to `limit + 1`, by name. */
  list(limit: number, after: string): Promise<SourceRow[]> {
    return this.store.list(limit + 1, after);
  }

  /** @throws {404} source_not_found */
  async get(id: string): Promise<SourceRow> {
    const source = await this.store.find(id);
    if (source === null) throw notFound('source', id);
    return source;
  }

  /** Up to `limit + 1` of its tables and views, by schema and name. @throws {404} source_not_found */
  async tables(id: string, limit: number, after: readonly [string, string]): Promise<SourceTable[]> {
    const open = await this.pools.open(id);
    return tablesOf((text, values) => this.pools.query(open, text, values), open.source.schemas, limit + 1, after);
  }

  /** Deletes it with the data sets that are its tables, whoever they belong to. @throws {404} source_not_found */
  async remove(id: string): Promise<void> {
    const tables = await this.store.tables(id);
    if (!(await this.store.remove(id))) throw notFound('source', id);
    for (const table of tables) this.known.forget(table.id);
    await this.pools.close(id);
  }

  private addressOf(url: string): SourceAddress {
    const { hosts } = this.config.sources;
    // Whether there are any is said before what is wrong with this one.
    if (hosts.length === 0) requireAllowed({ host: '', port: 0 }, hosts);
    const address = parseAddress(url);
    requireAllowed(address, hosts);
    return address;
  }

  private async checked(
    name: string,
    address: SourceAddress,
    limits: Pick<SourceRow, 'schemas' | 'statementTimeoutMs' | 'maxConnections'>,
  ): Promise<RoleChecked> {
    const pool = this.pools.poolFor(address, { ...limits, maxConnections: 1 });
    const { statementTimeoutMs, schemas } = limits;
    const ask: Ask = (text, values) => this.pools.query({ source: { name, statementTimeoutMs }, pool }, text, values);
    try {
      const checked = await checkRole((text) => ask(text));
      const found = await ask('SELECT nspname::text FROM pg_namespace WHERE nspname::text = ANY ($1::text[])', [
        schemas,
      ]);
      const missing = schemas.filter((schema) => !found.some(([one]) => one === schema));
      if (missing.length > 0) {
        const detail = `The database has no schema ${missing.map((schema) => `"${schema}"`).join(', ')}.`;
        const errors = [{ path: 'schemas', message: detail }];
        throw new Problem(422, 'source_schema_unknown', detail, { errors });
      }
      return checked;
    } finally {
      await pool.end();
    }
  }
}

const addressIn = ({ host, port, database, username, ssl }: SourceRow): Omit<SourceAddress, 'password'> => ({
  host,
  port,
  database,
  username,
  ssl,
});

const limitsOf = (
  given: Limits,
  usual: Pick<SourceRow, 'schemas' | 'statementTimeoutMs' | 'rowLimit' | 'maxConnections'>,
) => ({
  schemas: given.schemas ?? usual.schemas,
  statementTimeoutMs: given.statementTimeoutMs ?? usual.statementTimeoutMs,
  rowLimit: given.rowLimit ?? usual.rowLimit,
  maxConnections: given.maxConnections ?? usual.maxConnections,
});
