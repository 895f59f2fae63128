import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Actor } from '../../common/actor.js';
import { requireVersion } from '../../common/etag.js';
import { newId } from '../../common/ids.js';
import { Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { Db } from '../../database/db.js';
import { keepEdits } from '../change-columns.js';
import { copyTransaction } from '../copy-transaction.js';
import { countMeasures } from '../measures/count-measures.js';
import { measureNotes, storedColumns, withMeasures } from '../measures/measures.js';
import { type Added, DatasetsService } from '../datasets.service.js';
import { type DatasetRow, DatasetsStore, type NewRows } from '../datasets.store.js';
import type { ReadTable } from '../read/read-apart.js';
import { withFile } from '../read/with-file.js';
import { indexSql, rowTable } from '../row-table.js';
import { asTooWide, loadRows } from '../upload/load-rows.js';
import { appended, type Combined, requireSameColumns, upserted } from './combine-rows.js';
import { reprofiled } from './reprofile.js';
import { type VersionRow, VersionsStore } from './versions.store.js';

const PREVIEW_ROWS = 20;

export interface Refresh {
  readonly mode: 'replace' | 'append' | 'upsert';
  /** Names of columns that tell which row is which; of `upsert` only. */
  readonly key: readonly string[];
  readonly sheet?: string | undefined;
}

export interface Refreshed extends Added {
  readonly rows: Combined;
}

/** Other rows for a data set that stays the same one: its id, its name, what its owner said of its columns. */
@Injectable()
export class Refreshes {
  constructor(
    private readonly db: Db,
    private readonly config: Config,
    private readonly datasets: DatasetsService,
    private readonly store: DatasetsStore,
    private readonly versions: VersionsStore,
  ) {}

  /**
   * Reads the file at `path` and puts its rows in the place of the data set's (replace), after them (append), or each in the place
   * of the one with the same key, else after them (upsert). The old rows answer until the new ones are there, all at once; when
   * anything fails nothing has changed. `append` and `upsert` take files with the same columns, in any order, whose cells fit the
   * columns' types; `replace` takes any, and what the owner said of a column stays with one of the same name and type.
   * @throws {403} admin_only (a shared one)
   * @throws {404} dataset_not_found
   * @throws {409} dataset_changed: by someone else, while the file was read · dataset_external: its rows are elsewhere
   * @throws {412} version_mismatch
   * @throws {422} what is wrong with the file (`readFile`); columns_differ · key_unknown · key_missing · key_not_unique
   */
  async refresh(
    actor: Actor,
    id: string,
    path: string,
    how: Refresh,
    accepted: readonly number[] | null,
  ): Promise<Refreshed> {
    const before = await this.datasets.changeable(actor, id);
    requireVersion(accepted, before.version);
    if (before.external !== null) {
      const { sourceName } = before.external;
      const detail = `Its rows are in the source "${sourceName}" and change there; no file can take their place.`;
      throw new Problem(409, 'dataset_external', detail);
    }
    requireKnownKey(before, how);
    const expected =
      how.mode === 'replace'
        ? undefined
        : Object.fromEntries(storedColumns(before.columns).map(({ name, type }) => [name, type]));
    const { rows, preview } = await withFile(path, { sheet: how.sheet, expected }, PREVIEW_ROWS, async (file) => {
      if (how.mode !== 'replace') requireSameColumns(storedColumns(before.columns), file.columns);
      return { rows: await this.put(actor, before, how, file), preview: previewIn(before, how, file) };
    });
    this.datasets.forget(id);
    await this.prune(before.shared ? null : actor.id, id);
    return { dataset: await this.datasets.get(actor, id), preview, rows };
  }

  /** Up to `limit + 1`, newest first, older than version `before`. @throws {404} dataset_not_found */
  async list(actor: Actor, id: string, limit: number, before: number | null): Promise<VersionRow[]> {
    const { shared } = await this.datasets.get(actor, id);
    return this.versions.list(shared ? null : actor.id, id, limit + 1, before);
  }

  private put(actor: Actor, before: DatasetRow, how: Refresh, file: ReadTable): Promise<Combined> {
    const owner = before.shared ? null : actor.id;
    return copyTransaction(this.db, async (client) => {
      const { combined, ...content } = await this.rowsFor(client, before, how, file);
      const { id, version } = before;
      if (!(await this.store.replaceRows(client, owner, id, version, content))) {
        throw new Problem(
          409,
          'dataset_changed',
          'The data set was changed or deleted while the file was read; look at it and try again.',
        );
      }
      await this.versions.insert(client, owner, id, { ...content, version: version + 1, how: how.mode });
      return combined;
    });
  }

  private async rowsFor(
    client: PoolClient,
    before: DatasetRow,
    { mode, key }: Refresh,
    file: ReadTable,
  ): Promise<NewRows & { readonly combined: Combined }> {
    const rowsId = newId();
    const { report } = file;
    if (mode === 'replace') {
      const { rowCount } = file;
      const stored = keepEdits(file.columns, storedColumns(before.columns));
      await loadRows(client, rowsId, { ...file, columns: stored });
      const columns = await countMeasures(client, rowsId, withMeasures(stored, before.columns), rowCount);
      const notes = [...report.notes, ...measureNotes(columns)];
      const combined = { added: rowCount, updated: 0 };
      return { rowsId, rowCount, columns, report: { ...report, notes }, combined };
    }
    await client.query('SET LOCAL statement_timeout = 0');
    const { rowsId: from } = before;
    const old = storedColumns(before.columns);
    try {
      const combined =
        mode === 'append'
          ? await appended(client, from, rowsId, old, file)
          : await upserted(client, from, rowsId, old, file, key);
      const stored = await reprofiled(client, rowsId, old, file.columns);
      const rowCount = before.rowCount + combined.added;
      const columns = await countMeasures(client, rowsId, withMeasures(stored, before.columns), rowCount);
      for (const index of indexSql(rowsId, stored, rowCount)) await client.query(index);
      await client.query(`ANALYZE ${rowTable(rowsId)}`);
      return { rowsId, rowCount, columns, report, combined };
    } catch (error) {
      throw asTooWide(error);
    }
  }

  /** Old rows are given up when nobody reads them; those that somebody reads at the moment, the next time. */
  private async prune(owner: string | null, id: string): Promise<void> {
    const { versionsKept, versionsKeptBytes } = this.config.datasets;
    await copyTransaction(this.db, async (client) => {
      await client.query(`SET LOCAL lock_timeout = '2s'`);
      await this.versions.prune(client, owner, id, versionsKept, versionsKeptBytes);
    }).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== '55P03') throw error;
    });
  }
}

/** The file's first rows in the order of the data set's columns. */
function previewIn({ columns }: DatasetRow, { mode }: Refresh, file: ReadTable): Refreshed['preview'] {
  if (mode === 'replace') return file.preview;
  const places = storedColumns(columns).map(({ name }) => file.columns.findIndex((column) => column.name === name));
  return file.preview.map((row) => places.map((place) => row[place] ?? null));
}

function requireKnownKey(before: DatasetRow, { mode, key }: Refresh): void {
  const columns = storedColumns(before.columns);
  const fail = (detail: string): never => {
    throw new Problem(422, 'key_unknown', `${detail}.`, { errors: [{ path: 'key', message: detail }] });
  };
  if (mode !== 'upsert') {
    if (key.length > 0) fail('A key belongs to an upsert only');
    return;
  }
  if (key.length === 0) fail('An upsert needs the key: the columns that tell which row is which');
  for (const name of key) {
    if (!columns.some((column) => column.name === name)) fail(`There is no column "${name}" in this data set`);
  }
  if (new Set(key).size < key.length) fail('A column is in the key twice');
}
