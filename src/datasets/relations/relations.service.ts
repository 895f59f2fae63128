import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { notFound, Problem } from '../../common/problem.js';
import { type Known, KnownDatasets } from '../known-datasets.service.js';
import type { DatasetProfile } from '../profile.js';
import { likeness } from './candidates.js';
import { wordsOf } from '../csv/words.js';
import { RelatedDatasets } from './related-datasets.service.js';
import { notUnique, reasonAgainst, RelationChecks } from './relation-checks.service.js';
import { isBetween, RelationFinder } from './relation-finder.service.js';
import { isUnique, RelationMeasures } from './relation-measures.service.js';
import { nameFor } from './relation-names.js';
import type { RelationStatus } from './relation.entity.js';
import { type RelationRow, RelationsStore } from './relations.store.js';

/** A relation with the data sets at its ends. */
export interface RelationBetween {
  readonly relation: RelationRow;
  readonly from: DatasetProfile;
  readonly to: DatasetProfile;
}

export interface GivenRelation {
  readonly column: string;
  readonly toDatasetId: string;
  readonly toColumn: string;
  readonly name?: string | undefined;
}

export interface RelationChange {
  readonly status?: Exclude<RelationStatus, 'suggested'> | undefined;
  readonly name?: string | undefined;
}

/** Relations of data sets: what a person says of them, and what is true of them now. */
@Injectable()
export class RelationsService {
  private readonly log = new Logger('Relations');

  constructor(
    private readonly store: RelationsStore,
    private readonly known: KnownDatasets,
    private readonly related: RelatedDatasets,
    private readonly checks: RelationChecks,
    private readonly finder: RelationFinder,
    private readonly measures: RelationMeasures,
  ) {}

  /** Those from and to a data set, suggestions among them, as the rows are now. @throws {404} dataset_not_found */
  async list(actor: Actor, id: string): Promise<RelationBetween[]> {
    await this.known.row(actor, id);
    await this.finder.look(actor, id);
    const found: RelationBetween[] = [];
    for (const relation of await this.store.all(actor.id)) {
      if (relation.fromId !== id && relation.toId !== id) continue;
      const ends = await this.endsOf(actor, relation);
      if (ends !== null) found.push(await this.current(actor, relation, ends));
    }
    return found;
  }

  /**
   * What a person knows of two data sets; it is confirmed by that.
   * @throws {403} admin_only (between shared ones)
   * @throws {404} dataset_not_found
   * @throws {409} relation_name_taken
   * @throws {422} relation_unfit · key_not_unique · query_too_slow
   */
  async add(actor: Actor, id: string, given: GivenRelation, isFirst = true): Promise<RelationBetween> {
    const { column, toDatasetId, toColumn } = given;
    const [from, to] = [await this.known.to(actor, id), await this.known.to(actor, toDatasetId.toLowerCase())];
    const owner = ownerOf(actor, from, to);
    const ends = { fromId: from.profile.id, fromColumn: column, toId: to.profile.id, toColumn };
    if (ends.fromId === ends.toId) throw unfit('toDatasetId', 'A data set is not related to itself.');
    const against = reasonAgainst(from.profile, column, to.profile, toColumn);
    if (against !== null) throw unfit('column', against);
    const all = await this.store.all(actor.id);
    const before = all.find((each) => each.shared === (owner === null) && isBetween(each, ends));
    if (before !== undefined) {
      return this.decide(actor, id, before.id, { status: 'confirmed', name: given.name });
    }
    const subject = new Set(wordsOf(to.profile.name));
    const names = likeness(column, toColumn, subject);
    const measures = await this.measures.of(from.profile, column, to.profile, toColumn, names);
    if (!isUnique(measures)) throw ambiguous(notUnique(to.profile, toColumn, measures));
    const name = given.name ?? nameFor(from.profile, to.profile, column, all);
    if (given.name !== undefined) requireNoColumn(from.profile, given.name);
    requireFree(all, ends.fromId, name, null);
    requireMatch(to.profile, toColumn, measures);
    const relation = { id: newId(), name, ...ends, status: 'confirmed', origin: 'given', measures } as const;
    if (!(await this.store.insert(owner, relation))) {
      // The same one, or another of that name, was found in the background a moment ago.
      if (isFirst) return this.add(actor, id, given, false);
      throw nameTaken(name);
    }
    this.related.forget();
    return this.one(actor, id, relation.id);
  }

  /**
   * Confirms or rejects it, or calls it otherwise.
   * @throws {403} admin_only (between shared ones)
   * @throws {404} dataset_not_found · relation_not_found
   * @throws {409} relation_changed · relation_name_taken
   * @throws {422} relation_unfit · key_not_unique · query_too_slow
   */
  async decide(actor: Actor, id: string, relationId: string, change: RelationChange): Promise<RelationBetween> {
    const { relation, from, to } = await this.changeable(actor, id, relationId);
    const name = change.name ?? relation.name;
    if (name !== relation.name) {
      requireNoColumn(from, name);
      requireFree(await this.store.all(actor.id), relation.fromId, name, relation.id);
    }
    const status = change.status ?? relation.status;
    if (status === 'confirmed' && !isUnique(relation.measures)) {
      const against = reasonAgainst(from, relation.fromColumn, to, relation.toColumn);
      if (against !== null) throw unfit('status', against);
      throw ambiguous(notUnique(to, relation.toColumn, relation.measures));
    }
    const { measures } = relation;
    if (change.status === 'confirmed') requireMatch(to, relation.toColumn, measures);
    const reason = status === relation.status ? relation.reason : null;
    if (!(await this.store.update(relation.shared ? null : actor.id, relation, { name, status, measures, reason }))) {
      throw new Problem(409, 'relation_changed', 'The relation was changed meanwhile; look at it and try again.');
    }
    this.related.forget();
    return this.one(actor, id, relationId);
  }

  /** @throws {403} admin_only (between shared ones) @throws {404} dataset_not_found · relation_not_found */
  async remove(actor: Actor, id: string, relationId: string): Promise<void> {
    const { relation } = await this.changeable(actor, id, relationId);
    if (!(await this.store.remove(relation.shared ? null : actor.id, relationId))) {
      throw notFound('relation', relationId);
    }
    this.related.forget();
  }

  /**
   * A data set or other rows have come: what is known of its relations is counted again, and others are looked for, beside
   * requests. Whoever uploaded it does not wait, and does not hear of a failure.
   */
  later(actor: Actor, id: string): void {
    void this.list(actor, id).catch((error: unknown) => {
      const gone = error instanceof Problem && error.status === 404;
      if (!gone) this.log.warn(`no relations were looked for: ${(error as Error).message}`);
    });
  }

  private async changeable(actor: Actor, id: string, relationId: string): Promise<RelationBetween> {
    const found = await this.one(actor, id, relationId);
    if (found.relation.shared) requireAdmin(actor);
    return found;
  }

  private async one(actor: Actor, id: string, relationId: string): Promise<RelationBetween> {
    await this.known.row(actor, id);
    const relation = (await this.store.all(actor.id)).find((each) => each.id === relationId);
    if (relation === undefined || (relation.fromId !== id && relation.toId !== id)) {
      throw notFound('relation', relationId);
    }
    const ends = await this.endsOf(actor, relation);
    if (ends === null) throw notFound('relation', relationId);
    return this.current(actor, relation, ends);
  }

  /** null: one of them is there no more, or not for this user. */
  private async endsOf(
    actor: Actor,
    { fromId, toId }: RelationRow,
  ): Promise<{ readonly from: DatasetProfile; readonly to: DatasetProfile } | null> {
    try {
      const [from, to] = await Promise.all([this.known.to(actor, fromId), this.known.to(actor, toId)]);
      return { from: from.profile, to: to.profile };
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  private async current(
    actor: Actor,
    relation: RelationRow,
    { from, to }: { readonly from: DatasetProfile; readonly to: DatasetProfile },
  ): Promise<RelationBetween> {
    const checked = await this.checks.checked(actor, relation, from, to);
    if (checked !== relation) this.related.forget();
    return { relation: checked, from, to };
  }
}

/** Between shared data sets it is for everybody, and administrators say so; else it is the user's own. */
function ownerOf(actor: Actor, from: Known, to: Known): string | null {
  if (!from.shared || !to.shared) return actor.id;
  requireAdmin(actor);
  return null;
}

function requireAdmin(actor: Actor): void {
  if (actor.role === 'admin') return;
  throw new Problem(
    403,
    'admin_only',
    'Relations between shared data sets are made and changed by administrators only.',
  );
}

function requireFree(all: readonly RelationRow[], fromId: string, name: string, own: string | null): void {
  if (all.some((each) => each.fromId === fromId && each.name === name && each.id !== own)) throw nameTaken(name);
}

/** One that a person chooses must not be taken for a column. @throws {422} relation_unfit */
function requireNoColumn({ columns }: DatasetProfile, name: string): void {
  if (columns.every((column) => column.name.toLowerCase() !== name.toLowerCase())) return;
  throw unfit('name', `A column of this data set is called “${name}”; choose another name for the relation.`);
}

/** @throws {422} relation_unfit (no row would find a partner) */
function requireMatch({ title }: DatasetProfile, column: string, { given, matched }: RelationRow['measures']): void {
  if (given > 0 && matched === 0)
    throw unfit('toColumn', `No row finds a partner in “${column}” of ${title}; no value of the column is there.`);
}

const nameTaken = (name: string): Problem =>
  new Problem(
    409,
    'relation_name_taken',
    `Another relation of this data set is called "${name}"; choose another name.`,
  );
const unfit = (path: string, message: string): Problem =>
  new Problem(422, 'relation_unfit', message, { errors: [{ path, message }] });
const ambiguous = (reason: string): Problem =>
  new Problem(
    422,
    'key_not_unique',
    `${reason} A row could have several partners, and would be counted once for each of them.`,
    { errors: [{ path: 'toColumn', message: reason }] },
  );
