import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { KnownDatasets } from '../known-datasets.service.js';
import { type DatasetProfile, isElsewhere, type JoinedDataset } from '../profile.js';
import { isUnique } from './relation-measures.service.js';
import { relatedColumns } from './related-columns.js';
import { RelationChecks } from './relation-checks.service.js';
import { type RelationRow, RelationsStore } from './relations.store.js';

/** As long as other instances' changes of data sets take to be seen. */
const FRESH_MS = 3_000;
/** From the data set asked to one that is related to a related one. */
const MOST_HOPS = 2;
const MOST_JOINED = 12;
/** Columns that a question may be about besides a data set's own. */
const MOST_COLUMNS = 400;

type Asked = Pick<RelationRow, 'status'>['status'];

/** Data sets with the columns of those that they are related to. */
@Injectable()
export class RelatedDatasets {
  private readonly relations = new LRUCache<string, Promise<readonly RelationRow[]>>({ max: 5_000, ttl: FRESH_MS });
  /** One object for the same content, so that what others derive from a profile can be kept by the object. */
  private readonly extended = new LRUCache<string, DatasetProfile>({ max: 500 });

  constructor(
    private readonly store: RelationsStore,
    private readonly known: KnownDatasets,
    private readonly checks: RelationChecks,
  ) {}

  /**
   * The data set with the columns of those that it is related to: n:1, so that no row of it comes twice. Whether a column is unique
   * over there is known of exactly the rows that are joined.
   */
  async with(actor: Actor, profile: DatasetProfile): Promise<DatasetProfile> {
    const all = await this.of(actor);
    if (isElsewhere(profile) || !all.some(({ fromId }) => fromId === profile.id)) return profile;
    const joined = await this.joinedTo(actor, profile, all, ['confirmed']);
    const offered = await this.joinedTo(actor, profile, all, ['confirmed', 'suggested']);
    const suggested = offered.length > joined.length ? this.kept(profile, offered) : undefined;
    return joined.length === 0 && suggested === undefined ? profile : this.kept(profile, joined, suggested);
  }

  /** What is kept here of relations is out of date. */
  forget(): void {
    this.relations.clear();
  }

  private of(actor: Actor): Promise<readonly RelationRow[]> {
    const known = this.relations.get(actor.id);
    if (known !== undefined) return known;
    const rows = this.store.all(actor.id);
    rows.catch(() => this.relations.delete(actor.id));
    this.relations.set(actor.id, rows);
    return rows;
  }

  private async joinedTo(
    actor: Actor,
    profile: DatasetProfile,
    all: readonly RelationRow[],
    statuses: readonly Asked[],
  ): Promise<JoinedDataset[]> {
    const joined: JoinedDataset[] = [];
    let ends = [{ prefix: '', profile, path: [profile.id] }];
    for (let hop = 0; hop < MOST_HOPS && ends.length > 0; hop++) {
      const next: typeof ends = [];
      for (const end of ends) {
        for (const relation of all) {
          if (relation.fromId !== end.profile.id || end.path.includes(relation.toId)) continue;
          // What nobody has confirmed is offered from the data set itself only.
          if (!(hop === 0 ? statuses : ['confirmed']).includes(relation.status) || joined.length >= MOST_JOINED)
            continue;
          const to = await this.partner(actor, relation, end.profile);
          if (to === null) continue;
          const name = `${end.prefix}${relation.name}`;
          const left = `${end.prefix}${relation.fromColumn}`;
          const without = withoutPartner(relation, end.profile);
          joined.push({ name, relationId: relation.id, profile: to, left, right: relation.toColumn, without });
          next.push({ prefix: `${name}.`, profile: to, path: [...end.path, to.id] });
        }
      }
      ends = next;
    }
    return joined;
  }

  /** The related data set, when it may be joined just now: it is there, and so are the columns, and the right one is unique. */
  private async partner(actor: Actor, relation: RelationRow, from: DatasetProfile): Promise<DatasetProfile | null> {
    const to = (await this.known.to(actor, relation.toId).catch(ignoreMissing))?.profile;
    if (to === undefined || isElsewhere(to)) return null;
    const left = from.columns.find(({ name }) => name === relation.fromColumn);
    const right = to.columns.find(({ name }) => name === relation.toColumn);
    if (left === undefined || left.type !== right?.type) return null;
    if (relation.measures.toRowsId === (to.rowsId ?? to.id)) return isUnique(relation.measures) ? to : null;
    const checked = await this.checks.checked(actor, relation, from, to);
    if (checked !== relation) this.forget();
    return checked.status === relation.status && isUnique(checked.measures) ? to : null;
  }

  private kept(profile: DatasetProfile, joined: readonly JoinedDataset[], suggested?: DatasetProfile): DatasetProfile {
    const key = JSON.stringify([
      profile.id,
      profile.version,
      keyOf(joined),
      suggested && keyOf(suggested.joined ?? []),
    ]);
    const known = this.extended.get(key);
    if (known !== undefined) return known;
    const related = relatedColumns(profile, joined).slice(0, MOST_COLUMNS);
    const made = { ...profile, joined, related, ...(suggested && { suggested }) };
    this.extended.set(key, made);
    return made;
  }
}

const keyOf = (joined: readonly JoinedDataset[]): unknown =>
  joined.map(({ profile: { id, version }, ...join }) => [id, version, join]);

/** Of other rows than were counted, at least one may have none. */
const withoutPartner = ({ measures }: RelationRow, { rowsId, id }: DatasetProfile): number =>
  Math.max(measures.rows - measures.matched, measures.fromRowsId === (rowsId ?? id) ? 0 : 1);

const ignoreMissing = (error: unknown): null => {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
};
