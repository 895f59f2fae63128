import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Actor } from '../common/actor.js';
import { requireVersion, versionMismatch } from '../common/etag.js';
import { newId } from '../common/ids.js';
import { notFound, Problem } from '../common/problem.js';
import type { Scalar } from '../common/scalar.js';
import { Db } from '../database/db.js';
import { changeColumns, type ColumnChange } from './change-columns.js';
import { copyTransaction } from './copy-transaction.js';
import { DatasetQueries } from './dataset-queries.js';
import { nameOf } from './dataset-name.js';
import { type DatasetRow, DatasetsStore, type DatasetSummaryRow } from './datasets.store.js';
import { Levels } from './hierarchies/levels.service.js';
import { type Known, KnownDatasets } from './known-datasets.service.js';
import type { ColumnProfile, DatasetProfile } from './profile.js';
import type { AnalyticalQuery } from './query/analytical-query.js';
import type { ResultSet } from './query/result-set.js';
import type { ReadTable } from './read/read-apart.js';
import { withFile } from './read/with-file.js';
import { RelatedDatasets } from './relations/related-datasets.service.js';
import { loadRows } from './upload/load-rows.js';
import { VersionsStore } from './versions/versions.store.js';

const PREVIEW_ROWS = 20;

/** What a person says about a table when they upload it. */
export interface About {
  readonly title: string;
  readonly description?: string | undefined;
  readonly source?: string | undefined;
  readonly licence?: string | undefined;
  /** For everybody; administrators only. */
  readonly shared?: boolean | undefined;
  /** Of a workbook: a sheet's name, or its place from 1; the first that holds a table when left out. */
  readonly sheet?: string | undefined;
}

interface New extends About {
  readonly name?: string;
  readonly columns?: readonly ColumnChange[];
}

export interface DatasetChange {
  readonly title?: string | undefined;
  readonly description?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly licence?: string | null | undefined;
  readonly columns?: readonly ColumnChange[] | undefined;
}

export interface Added {
  readonly dataset: DatasetRow;
  /** The first rows, as they were understood. */
  readonly preview: readonly (readonly Scalar[])[];
}

@Injectable()
export class DatasetsService {
  constructor(
    private readonly db: Db,
    private readonly store: DatasetsStore,
    private readonly known: KnownDatasets,
    private readonly versions: VersionsStore,
    private readonly queries: DatasetQueries,
    private readonly related: RelatedDatasets,
    private readonly levels: Levels,
  ) {}

  /**
   * What a question may be about: exactly the ones asked for, in that order, else the actor's own, newest first, and then the
   * shared ones (50 in all).
   * @throws {404} dataset_not_found
   */
  async profilesFor(actor: Actor, ids?: readonly string[]): Promise<DatasetProfile[]> {
    const wanted = ids ?? (await this.known.offeredTo(actor)).map(({ id }) => id);
    const known = await Promise.all(
      wanted.map((id) => {
        const found = this.known.to(actor, id);
        // One that was deleted a moment ago is still in the list that was kept.
        return ids === undefined ? found.catch(() => null) : found;
      }),
    );
    return this.withRelated(actor, known);
  }

  /** The data sets, one of them with the levels of its columns as its rows have them. */
  async withLevels(profiles: readonly DatasetProfile[], id: string): Promise<readonly DatasetProfile[]> {
    const at = profiles.findIndex((profile) => profile.id === id);
    const profile = profiles[at];
    return profile === undefined ? profiles : profiles.with(at, await this.levels.with(profile));
  }

  /** Those of `ids` that there (still) are and that the actor may see. */
  async profilesAmong(actor: Actor, ids: readonly string[]): Promise<DatasetProfile[]> {
    const known = await Promise.all(ids.map((id) => this.known.to(actor, id).catch(ignoreMissing)));
    return this.withRelated(actor, known);
  }

  private withRelated(actor: Actor, known: readonly (Known | null)[]): Promise<DatasetProfile[]> {
    return Promise.all(known.flatMap((one) => (one === null ? [] : [this.related.with(actor, one.profile)])));
  }

  /**
   * Over its rows as they are, or as they were at `version`.
   * @throws {404} dataset_not_found · dataset_version_not_found
   * @throws {422} query_invalid · query_too_slow
   */
  async run(actor: Actor, query: AnalyticalQuery, version?: number): Promise<ResultSet> {
    const known = await this.known.to(actor, query.datasetId);
    if (version !== undefined && version !== known.profile.version) {
      const then = await this.profileAt(actor, known, version);
      return this.queries.run(query, await this.related.with(actor, then));
    }
    const profile = await this.related.with(actor, known.profile);
    try {
      return await this.queries.run(query, profile);
    } catch (error) {
      // Another instance may have refreshed it, or a related one, a moment ago and given up the rows that are known here.
      if (!(error instanceof Problem) || error.code !== 'dataset_not_found') throw error;
      for (const id of [profile.id, ...(profile.joined ?? []).map((join) => join.profile.id)]) this.forget(id);
      const now = await this.related.with(actor, (await this.known.to(actor, query.datasetId)).profile);
      if (now === profile) throw error;
      return this.queries.run(query, now);
    }
  }

  /** Up to `limit + 1`: own ones newest first, then shared ones. */
  list(actor: Actor, limit: number, after: readonly [number, string] | null): Promise<DatasetSummaryRow[]> {
    return this.store.summaries(actor.id, limit + 1, after);
  }

  /** @throws {404} dataset_not_found */
  get(actor: Actor, id: string): Promise<DatasetRow> {
    return this.known.row(actor, id);
  }

  /** Up to `limit + 1` rows after row number `after`. @throws {404} dataset_not_found · dataset_version_not_found */
  async rows(
    actor: Actor,
    id: string,
    limit: number,
    after: number,
    version?: number,
  ): Promise<{ columns: readonly ColumnProfile[]; rows: { rowNumber: number; values: Scalar[] }[] }> {
    const known = await this.known.to(actor, id);
    const profile = version === undefined ? known.profile : await this.profileAt(actor, known, version);
    return { columns: profile.columns, rows: await this.queries.rows(profile, after, limit + 1) };
  }

  /**
   * Reads the file at `path` and keeps it as a new data set; all of it or nothing.
   * @throws {403} admin_only (a shared one)
   * @throws {422} what is wrong with the file (`readFile`, `readApart`); `rows_too_wide`
   */
  async add(actor: Actor, path: string, about: About): Promise<Added> {
    if (about.shared === true) requireAdmin(actor);
    const added = await this.addFor(actor, path, about);
    if (added === null) throw new Error('nothing was added');
    this.known.forgetOffers();
    return added;
  }

  /** `actor` null: it comes with Engram. `first` runs in the same transaction; false from it, and nothing is added: null. */
  addFor(
    actor: Actor | null,
    path: string,
    about: New,
    first: (client: PoolClient) => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<Added | null> {
    return withFile(path, { sheet: about.sheet }, PREVIEW_ROWS, (read) => this.keep(actor, read, about, first));
  }

  private async keep(
    actor: Actor | null,
    read: ReadTable,
    about: New,
    first: (client: PoolClient) => Promise<boolean>,
  ): Promise<Added | null> {
    const table = about.columns === undefined ? read : { ...read, columns: changeColumns(read.columns, about.columns) };
    const { title, description = null, source = null, licence = null } = about;
    const id = newId();
    const isKept = await copyTransaction(this.db, async (client) => {
      if (!(await first(client))) return false;
      const owner = about.shared === true ? null : (actor?.id ?? null);
      const { rowCount, columns, report } = table;
      const name = about.name ?? nameOf(title);
      await this.store.insert(client, owner, actor?.id ?? null, {
        id,
        name,
        title,
        description,
        source,
        licence,
        rowCount,
        columns,
        report,
      });
      await loadRows(client, id, table);
      await this.versions.insert(client, owner, id, {
        version: 1,
        how: 'upload',
        rowsId: id,
        rowCount,
        columns,
        report,
      });
      return true;
    });
    if (!isKept) return null;
    const dataset = await this.store.find(actor?.id ?? id, id);
    if (dataset === null) throw notFound('dataset', id);
    return { dataset, preview: table.preview };
  }

  /**
   * Changes what `change` names; a change is a version.
   * @throws {403} admin_only (a shared one)
   * @throws {404} dataset_not_found
   * @throws {412} version_mismatch
   * @throws {422} column_unknown · column_role_unfit · column_parent_unfit
   */
  async edit(actor: Actor, id: string, change: DatasetChange, accepted: readonly number[] | null): Promise<DatasetRow> {
    const before = await this.changeable(actor, id);
    requireVersion(accepted, before.version);
    const { title, description, source, licence } = { ...before, ...given(change) };
    const columns = change.columns === undefined ? before.columns : changeColumns(before.columns, change.columns);
    const content = { title, description, source, licence, columns };
    const isChanged = (Object.keys(content) as (keyof typeof content)[]).some(
      (key) => JSON.stringify(content[key]) !== JSON.stringify(before[key]),
    );
    if (!isChanged) return before;
    if (!(await this.store.update(before.shared ? null : actor.id, id, before.version, content))) {
      throw versionMismatch((await this.get(actor, id)).version);
    }
    this.forget(id);
    return this.get(actor, id);
  }

  /**
   * Deletes it with its rows.
   * @throws {403} admin_only (a shared one)
   * @throws {404} dataset_not_found
   */
  async remove(actor: Actor, id: string): Promise<void> {
    const { shared } = await this.changeable(actor, id);
    if (!(await this.store.remove(shared ? null : actor.id, id))) throw notFound('dataset', id);
    this.forget(id);
  }

  /**
   * One that the actor may change.
   * @throws {403} admin_only (a shared one)
   * @throws {404} dataset_not_found
   */
  async changeable(actor: Actor, id: string): Promise<DatasetRow> {
    const row = await this.get(actor, id);
    if (row.shared) requireAdmin(actor);
    return row;
  }

  private async profileAt(actor: Actor, { shared, profile }: Known, version: number): Promise<DatasetProfile> {
    if (version === profile.version) return profile;
    const found = await this.versions.readable(shared ? null : actor.id, profile.id, version);
    if (found !== null) return { ...profile, ...found, version };
    throw new Problem(
      404,
      'dataset_version_not_found',
      `Version ${version} of this data set is not there, or its rows are kept no more.`,
    );
  }

  /** What is kept of it here is out of date. */
  forget(id: string): void {
    this.known.forget(id);
  }
}

const ignoreMissing = (error: unknown): null => {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
};

function requireAdmin(actor: Actor): void {
  if (actor.role === 'admin') return;
  throw new Problem(403, 'admin_only', 'Shared data sets are made and changed by administrators only.');
}

/** Without the fields that a request left out. */
const given = (change: DatasetChange): Partial<DatasetRow> =>
  Object.fromEntries(
    (['title', 'description', 'source', 'licence'] as const)
      .filter((key) => change[key] !== undefined)
      .map((key) => [key, change[key]]),
  );
