import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { notFound } from '../common/problem.js';
import { type DatasetRow, DatasetsStore, type DatasetSummaryRow } from './datasets.store.js';
import { usableColumns } from './measures/measures.js';
import type { DatasetProfile } from './profile.js';

/** Another instance's change may take this long to be seen here; every turn asks what data sets there are. */
const FRESH_MS = 3_000;
/** Data sets that a question is about when it names none. */
const MAX_OFFERED = 50;

export interface Known {
  readonly shared: boolean;
  readonly profile: DatasetProfile;
}

/** What is known here of data sets, so that not every turn has to read it. */
@Injectable()
export class KnownDatasets {
  /** One object for each (id, version), so that what others derive from a profile can be kept by the object. */
  private readonly profiles = new LRUCache<string, Known>({ max: 500 });
  private readonly visible = new LRUCache<string, Promise<Known>>({ max: 5_000, ttl: FRESH_MS });
  private readonly offered = new LRUCache<string, Promise<readonly DatasetSummaryRow[]>>({ max: 5_000, ttl: FRESH_MS });

  constructor(private readonly store: DatasetsStore) {}

  /** What a question may be about that names none. */
  offeredTo(actor: Actor): Promise<readonly DatasetSummaryRow[]> {
    const known = this.offered.get(actor.id);
    if (known !== undefined) return known;
    const rows = this.store.summaries(actor.id, MAX_OFFERED, null).then((summaries) => {
      // What is known of these versions, for whichever user, need not be read again for this one.
      for (const { id, version } of summaries) {
        const profile = this.profiles.get(`${id} ${version}`);
        if (profile !== undefined) this.visible.set(`${actor.id} ${id}`, Promise.resolve(profile));
      }
      return summaries;
    });
    rows.catch(() => this.offered.delete(actor.id));
    this.offered.set(actor.id, rows);
    return rows;
  }

  /** The profile of one that the actor may see. */
  to(actor: Actor, id: string): Promise<Known> {
    const key = `${actor.id} ${id}`;
    const known = this.visible.get(key);
    if (known !== undefined) return known;
    const found = this.row(actor, id).then((row) => this.kept(row));
    found.catch(() => this.visible.delete(key));
    this.visible.set(key, found);
    return found;
  }

  /** As it is in the database now. @throws {404} dataset_not_found */
  async row(actor: Actor, id: string): Promise<DatasetRow> {
    const row = isUuid(id) ? await this.store.find(actor.id, id) : null;
    if (row === null) throw notFound('dataset', id);
    return row;
  }

  private kept(row: DatasetRow): Known {
    const key = `${row.id} ${row.version}`;
    const known = this.profiles.get(key);
    if (known !== undefined) return known;
    const { id, version, name, title, description, source, licence, rowCount, rowsId, external } = row;
    const columns = usableColumns(row.columns);
    const made = {
      shared: row.shared,
      profile: { id, version, name, title, description, source, licence, rowCount, columns, rowsId, external },
    };
    this.profiles.set(key, made);
    return made;
  }

  /** What is kept of it here is out of date. */
  forget(id: string): void {
    for (const key of this.visible.keys()) if (key.endsWith(id)) this.visible.delete(key);
    this.offered.clear();
  }

  /** There is one more, or one less. */
  forgetOffers(): void {
    this.offered.clear();
  }
}
