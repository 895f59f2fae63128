import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { type Known, KnownDatasets } from '../known-datasets.service.js';
import { isElsewhere } from '../profile.js';
import { candidates } from './candidates.js';
import { containment, RelationMeasures, uniqueness } from './relation-measures.service.js';
import { nameFor } from './relation-names.js';
import { type RelationRow, RelationsStore } from './relations.store.js';

/** Suggested when this part of the values has a partner; less is enough where the names leave no doubt. */
const MOSTLY = 0.8;
const HALF = 0.5;
const NAMES_LEAVE_NO_DOUBT = 0.9;
/** Nearly unique: worth showing, with what stands in the way of confirming it. */
const NEARLY_UNIQUE = 0.98;
/** Pairs of columns whose rows are looked at, for one data set with another. */
const MOST_PAIRS = 4;

/** Looks for relations between the data sets that a user may see, one data set after the other, and keeps them as suggestions. */
@Injectable()
export class RelationFinder implements OnApplicationShutdown {
  private readonly looked = new LRUCache<string, Promise<void>>({ max: 2_000 });
  private work: Promise<unknown> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly store: RelationsStore,
    private readonly known: KnownDatasets,
    private readonly measures: RelationMeasures,
  ) {}

  /** Settles when all that there is was looked at; at once when it was before, in these versions. */
  async look(actor: Actor, id: string): Promise<void> {
    const offered = await this.known.offeredTo(actor);
    const others = offered.filter((other) => other.id !== id);
    const own = await this.known.to(actor, id);
    const versions = [own.profile, ...others].map((each) => `${each.id} ${each.version}`).sort();
    const key = `${actor.id} ${actor.role} ${id} ${versions.join()}`;
    const before = this.looked.get(key);
    if (before !== undefined) return before;
    const work = this.after(this.work, actor, own, others);
    this.work = work.catch(() => this.looked.delete(key));
    this.looked.set(key, work);
    return work;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.work;
  }

  private async after(
    before: Promise<unknown>,
    actor: Actor,
    own: Known,
    others: readonly { readonly id: string }[],
  ): Promise<void> {
    await before;
    for (const { id } of others) {
      await setImmediate(); // requests come first
      if (!this.isStopping) await this.between(actor, own, id);
    }
  }

  private async between(actor: Actor, own: Known, otherId: string): Promise<void> {
    const other = await this.known.to(actor, otherId).catch(() => null);
    if (other === null || isElsewhere(own.profile) || isElsewhere(other.profile)) return;
    const shared = own.shared && other.shared;
    if (shared && actor.role !== 'admin') return;
    await this.from(actor, shared ? null : actor.id, own, other);
    await this.from(actor, shared ? null : actor.id, other, own);
  }

  private async from(actor: Actor, owner: string | null, from: Known, to: Known): Promise<void> {
    const pairs = candidates(from.profile, to.profile).slice(0, MOST_PAIRS);
    if (pairs.length === 0) return;
    const before = await this.store.all(actor.id);
    for (const { left, right, names } of pairs) {
      const ends = { fromId: from.profile.id, fromColumn: left.name, toId: to.profile.id, toColumn: right.name };
      if (before.some((each) => isBetween(each, ends))) continue;
      const measures = await this.measures.of(from.profile, left.name, to.profile, right.name, names).catch(() => null);
      if (measures === null || uniqueness(measures) < NEARLY_UNIQUE) continue;
      if (containment(measures) < (names >= NAMES_LEAVE_NO_DOUBT ? HALF : MOSTLY)) continue;
      const name = nameFor(from.profile, to.profile, left.name, before, pairs.length > 1);
      const relation = { id: newId(), name, ...ends, status: 'suggested', origin: 'found', measures } as const;
      if (await this.store.insert(owner, relation)) before.push({ ...relation, ...NEW, shared: owner === null });
    }
  }
}

const NEW = { reason: null, createdAt: new Date(0), updatedAt: new Date(0) };

type Ends = Pick<RelationRow, 'fromId' | 'fromColumn' | 'toId' | 'toColumn'>;
export const isBetween = (relation: Ends, ends: Ends): boolean =>
  relation.fromId === ends.fromId &&
  relation.fromColumn === ends.fromColumn &&
  relation.toId === ends.toId &&
  relation.toColumn === ends.toColumn;
