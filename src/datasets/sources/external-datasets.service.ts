import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { notFound, Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { Db } from '../../database/db.js';
import { keepEdits } from '../change-columns.js';
import { copyTransaction } from '../copy-transaction.js';
import { labelOf } from '../csv/words.js';
import { nameOf } from '../dataset-name.js';
import { type DatasetRow, DatasetsStore } from '../datasets.store.js';
import { KnownDatasets } from '../known-datasets.service.js';
import { measureNotes, storedColumns, withMeasures } from '../measures/measures.js';
import type { DatasetProfile, ExternalTable } from '../profile.js';
import type { FileReport } from '../read/report.js';
import { VersionsStore } from '../versions/versions.store.js';
import { type ProfiledTable, profileTable } from './profile-table.js';
import { type OpenSource, SourcePools } from './source-pools.js';
import { SourcesStore, type TableOfSource } from './sources.store.js';
import { type Ask, shapeOfTable, type TableShape } from './tables.js';

/** What a person says about a table when they make a data set of it. */
export interface AboutTable {
  readonly schema: string;
  readonly table: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

export interface LookedAgain {
  readonly tables: number;
  /** Those whose columns or values are others now. */
  readonly changed: number;
  readonly failed: readonly { readonly datasetId: string; readonly message: string }[];
}

/** Data sets whose rows stay in an external source. */
@Injectable()
export class ExternalDatasets {
  private readonly log = new Logger('sources');
  /** When each was looked at last by this instance, whatever came of it. */
  private readonly looked = new Map<string, number>();

  constructor(
    private readonly db: Db,
    private readonly config: Config,
    private readonly pools: SourcePools,
    private readonly sources: SourcesStore,
    private readonly store: DatasetsStore,
    private readonly versions: VersionsStore,
    private readonly known: KnownDatasets,
  ) {}

  /**
   * Makes a data set of a table or view: everybody's (`owner` null), or one user's. Its rows stay where they are.
   * @throws {404} source_not_found · source_table_not_found
   * @throws {422} source_table_unfit, and what `sourceProblem` says
   */
  async create(owner: string | null, creator: string, sourceId: string, about: AboutTable): Promise<DatasetRow> {
    const open = await this.pools.open(sourceId);
    const { shape, profiled } = await this.looksLike(open, about);
    const id = newId();
    const title = about.title ?? labelOf(about.table);
    const external = externalOf(open, about, shape);
    const { rowCount, columns, notes } = profiled;
    const report = reportOf(notes);
    await copyTransaction(this.db, async (client) => {
      await this.store.insert(client, owner, creator, {
        id,
        name: nameOf(title),
        title,
        description: about.description ?? shape.comment,
        source: `${open.source.name} (${about.schema}.${about.table})`,
        licence: null,
        rowCount,
        columns,
        report,
        external,
      });
      const version = { version: 1, how: 'source', rowsId: id, rowCount, columns, report } as const;
      await this.versions.insert(client, owner, id, version);
    });
    this.known.forgetOffers();
    const made = await this.store.find(creator, id);
    if (made === null) throw notFound('dataset', id);
    return made;
  }

  /** Looks again at every table of a source that a data set was made of. @throws {404} source_not_found */
  async refresh(sourceId: string): Promise<LookedAgain> {
    const open = await this.pools.open(sourceId);
    const tables = await this.sources.tables(sourceId);
    let changed = 0;
    const failed: { datasetId: string; message: string }[] = [];
    for (const table of tables) {
      try {
        if (await this.lookAgain(open, table)) changed++;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        failed.push({ datasetId: table.id, message: error.detail });
      }
    }
    return { tables: tables.length, changed, failed };
  }

  /** Begins to look again, in the background, where that is due. */
  freshen({ id, external }: DatasetProfile, owner: string | null): void {
    if (external === undefined || external === null) return;
    const last = Math.max(Date.parse(external.lookedAt), this.looked.get(id) ?? 0);
    if (Date.now() - last < this.config.sources.refreshMs) return;
    this.looked.set(id, Date.now());
    this.pools
      .open(external.sourceId)
      .then((open) => this.lookAgain(open, { userId: owner, id, external }))
      .catch((error: unknown) => {
        this.log.warn(`${external.sourceName}: ${error instanceof Problem ? error.code : 'could not be looked at'}`);
      });
  }

  /**
   * Whether anything is other than before. What the owner said and defined stays. Columns and how they are read change together, with
   * the version: a query never takes one column for another.
   */
  private async lookAgain(open: OpenSource, { userId, id, external: place }: TableOfSource): Promise<boolean> {
    const { shape, profiled } = await this.looksLike(open, place);
    const before = await this.store.find(userId ?? id, id);
    const was = before?.external ?? null;
    if (before === null || was === null) return false;
    const external = externalOf(open, place, shape);
    const columns = withMeasures(keepEdits(profiled.columns, storedColumns(before.columns)), before.columns);
    const { rowCount } = profiled;
    const report = reportOf([...profiled.notes, ...measureNotes(columns)]);
    const isSame =
      rowCount === before.rowCount &&
      isDeepStrictEqual(stored([columns, external.columns, external.key]), [before.columns, was.columns, was.key]);
    const isChanged = await copyTransaction(this.db, async (client) => {
      if (isSame) {
        await this.store.setExternal(client, userId, id, before.version, external);
        return false;
      }
      const content = { rowsId: before.rowsId, rowCount, columns, report };
      // Changed meanwhile, by an edit or another instance: the next look takes that into account.
      if (!(await this.store.replaceRows(client, userId, id, before.version, content))) return false;
      const version = before.version + 1;
      await this.store.setExternal(client, userId, id, version, external);
      await this.versions.insert(client, userId, id, { ...content, version, how: 'source' });
      return true;
    });
    this.known.forget(id);
    return isChanged;
  }

  private async looksLike(
    open: OpenSource,
    { schema, table }: Pick<ExternalTable, 'schema' | 'table'>,
  ): Promise<{ readonly shape: TableShape; readonly profiled: ProfiledTable }> {
    const ask: Ask = (text, values) => this.pools.query(open, text, values);
    const shape = await shapeOfTable(ask, open.source.schemas, schema, table);
    return { shape, profiled: await profileTable(ask, { schema, table }, shape) };
  }
}

/** As the database would give it back: it keeps no order of members, and none that are left out. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const externalOf = (
  { source }: OpenSource,
  { schema, table }: Pick<ExternalTable, 'schema' | 'table'>,
  { columns, key }: TableShape,
): ExternalTable => ({
  sourceId: source.id,
  sourceName: source.name,
  schema,
  table,
  columns: columns.map(({ name, read }) => ({ name, read })),
  key,
  lookedAt: new Date().toISOString(),
});

const reportOf = (notes: FileReport['notes']): FileReport => ({
  format: 'postgresql',
  encoding: null,
  delimiter: null,
  quote: null,
  header: true,
  skippedRows: 0,
  badLines: [],
  badLineCount: 0,
  notes,
});
