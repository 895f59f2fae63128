import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { decodeCursor, type Page, toPage } from '../../common/page.js';
import { notFound, Problem } from '../../common/problem.js';
import { Db } from '../../database/db.js';
import type { FactKind } from './fact.entity.js';
import { FactLearner, MOST_FACTS } from './fact-learner.js';
import { type FactFilter, type FactRow, FactsStore, type HeldFact } from './facts.store.js';
import { LearningStore } from './learning.store.js';
import { keyOf } from './rules/key.js';

/** What is known about users: for the user to see and change, and for the turn to use. */
@Injectable()
export class FactsService {
  constructor(
    private readonly db: Db,
    private readonly store: FactsStore,
    private readonly learning: LearningStore,
    private readonly learner: FactLearner,
  ) {}

  /** Newest first. @throws {400} cursor_invalid */
  async list({ id }: Pick<Actor, 'id'>, filter: FactFilter, limit: number, cursor?: string): Promise<Page<FactRow>> {
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const rows = await this.store.list(id, filter, limit + 1, before);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  /** @throws {404} fact_not_found */
  async get({ id: userId }: Pick<Actor, 'id'>, id: string): Promise<FactRow> {
    const fact = await this.store.find(userId, id);
    if (fact === null) throw notFound('fact', id);
    return fact;
  }

  /** @throws {409} too_many_facts */
  async add(
    actor: Pick<Actor, 'id'>,
    { statement, kind = 'other', key }: { statement: string; kind?: FactKind; key?: string },
  ): Promise<FactRow> {
    const id = newId();
    await this.db.tx(async () => {
      await this.learning.locked(actor.id);
      await this.checkRoom(actor.id);
      const text = statement.trim();
      const fact = { id, kind, key: key ?? keyOf(kind, text), value: text, statement: text, enabled: true };
      await this.store.addOwn(actor.id, fact, null);
    });
    return this.get(actor, id);
  }

  /**
   * Another statement is a new version; the one before stays, superseded.
   * @throws {404} fact_not_found
   * @throws {409} fact_superseded, too_many_facts
   */
  async edit(
    actor: Pick<Actor, 'id'>,
    id: string,
    { statement, enabled }: { statement?: string; enabled?: boolean },
  ): Promise<FactRow> {
    const edited = await this.db.tx(async () => {
      await this.learning.locked(actor.id);
      const fact = await this.get(actor, id);
      const text = statement?.trim() ?? fact.statement;
      if (text === fact.statement) {
        if (enabled !== undefined) await this.store.setEnabled(actor.id, id, enabled);
        return id;
      }
      if (!fact.isCurrent) {
        throw new Problem(409, 'fact_superseded', 'Something newer took the place of this fact; edit that instead.');
      }
      await this.checkRoom(actor.id);
      const version = { ...fact, id: newId(), value: text, statement: text, enabled: enabled ?? fact.enabled };
      await this.store.addOwn(actor.id, version, id);
      return version.id;
    });
    return this.get(actor, edited);
  }

  /** @throws {404} fact_not_found */
  async remove({ id: userId }: Pick<Actor, 'id'>, id: string): Promise<void> {
    const removed = await this.db.tx(async () => {
      await this.learning.locked(userId);
      return this.store.remove(userId, id);
    });
    if (removed === 0) throw notFound('fact', id);
  }

  /** Everything, for good; what was said up to now is not learned again. */
  async removeAll({ id }: Pick<Actor, 'id'>): Promise<void> {
    await this.db.tx(async () => {
      const { learning } = await this.learning.locked(id);
      await this.learning.setLearning(id, learning, true);
      await this.store.removeAll(id);
    });
  }

  async settings({ id }: Pick<Actor, 'id'>): Promise<{ learning: boolean }> {
    const { learning } = await this.learning.settings(id);
    return { learning };
  }

  async setLearning({ id }: Pick<Actor, 'id'>, learning: boolean): Promise<{ learning: boolean }> {
    await this.db.tx(async () => {
      const before = await this.learning.locked(id);
      await this.learning.setLearning(id, learning, learning && !before.learning);
    });
    return { learning };
  }

  /** The facts that hold, at most `limit`, of each kind the latest first; notes that they are used now. */
  async forTurn(userId: string, limit: number): Promise<HeldFact[]> {
    const facts = await this.holding(userId, new Date(), limit);
    await this.noteUse(
      userId,
      facts.map(({ id }) => id),
    );
    return facts;
  }

  /** The same for any moment, without a note of it: what was known and held then and is still there. */
  holding(userId: string, at: Date, limit: number): Promise<HeldFact[]> {
    return this.store.holding(userId, at, limit);
  }

  async noteUse(userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.store.noteUse(userId, ids);
  }

  /** Learns from all that the user said up to now; how many facts are new. Safe to call at any time, and twice. */
  learn(userId: string): Promise<number> {
    return this.learner.learn(userId);
  }

  private async checkRoom(userId: string): Promise<void> {
    if ((await this.store.count(userId)) < MOST_FACTS) return;
    throw new Problem(409, 'too_many_facts', `At most ${MOST_FACTS} facts are kept; delete some first.`);
  }
}
