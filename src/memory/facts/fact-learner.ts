import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Db } from '../../database/db.js';
import { ModelError } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import { FactsStore } from './facts.store.js';
import { LearningStore, type Mark, type Unread } from './learning.store.js';
import { changesOf, type Lesson } from './lessons.js';
import { readByModel } from './model-reader.js';
import { readMessage, type Step } from './rules/read-message.js';

/** Messages read in one step. */
const BATCH = 100;
/** Of one user; what is said beyond it is not learned until something is deleted. */
export const MOST_FACTS = 5_000;

/**
 * Learns facts from what users wrote, never from anything else: messages with the role `user` and the type `text`, in the
 * order they were said. How far a conversation was read is stored with what was learned from it, in one transaction, so
 * that each message teaches exactly once, on however many instances and however often it is tried.
 */
@Injectable()
export class FactLearner {
  private readonly log = new Logger('memory');
  private readonly working = new Map<string, Promise<number>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: Db,
    private readonly facts: FactsStore,
    private readonly store: LearningStore,
    private readonly models: Models,
    private readonly config: Config,
  ) {}

  /** Learns from all that the user said up to now; how many facts are new. Safe to call at any time, and twice. */
  async learn(userId: string): Promise<number> {
    const before = this.working.get(userId) ?? Promise.resolve(0);
    const work = before.catch(() => 0).then(() => this.learnAll(userId));
    this.working.set(userId, work);
    try {
      return await work;
    } finally {
      if (this.working.get(userId) === work) this.working.delete(userId);
    }
  }

  /** What is under way ends without having learned; it is learned after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.working.values());
  }

  private async learnAll(userId: string): Promise<number> {
    let learned = 0;
    while (this.config.memory.learning && !this.stopping.signal.aborted) {
      const { learning, learnSince } = await this.store.settings(userId);
      if (!learning) break;
      const unread = await this.store.unread(userId, learnSince, BATCH);
      if (unread.length === 0) break;
      const lessons = await this.lessonsOf(unread);
      learned += await this.take(userId, lessons, marksOf(unread));
    }
    return learned;
  }

  private async lessonsOf(unread: readonly Unread[]): Promise<Lesson[]> {
    const lessons: Lesson[] = [];
    for (const { conversationId, id, content, createdAt } of unread) {
      if (id === null || content === null || createdAt === null) continue;
      const steps = await this.read(content);
      if (steps.length > 0) lessons.push({ conversationId, messageId: id, saidAt: createdAt, steps });
    }
    return lessons;
  }

  private async read(message: string): Promise<Step[]> {
    const model = this.models.get(null);
    if (model === null) return readMessage(message);
    try {
      return await readByModel(message, model, this.stopping.signal);
    } catch (error) {
      if (!(error instanceof ModelError) || this.stopping.signal.aborted) throw error;
      this.log.debug(`facts are read by rules: ${error.message}`);
      return readMessage(message);
    }
  }

  /** All of it or nothing; nothing too where another instance was there first. */
  private async take(userId: string, lessons: readonly Lesson[], marks: readonly Mark[]): Promise<number> {
    if (lessons.length === 0) {
      await this.store.advance(userId, marks);
      return 0;
    }
    return this.db.tx(async () => {
      const { learning, learnSince } = await this.store.locked(userId);
      if (!learning || !(await this.store.isAt(userId, marks))) return 0;
      const present = await this.store.present(
        userId,
        lessons.map(({ messageId }) => messageId),
      );
      const known = await this.facts.known(userId);
      const { facts, sources, removed } = changesOf(
        known,
        lessons.filter(
          ({ messageId, saidAt }) => present.has(messageId) && (learnSince === null || saidAt > learnSince),
        ),
      );
      await this.store.advance(userId, marks);
      if (removed.length > 0) await this.facts.removeAmong(userId, removed);
      const room = facts.slice(0, Math.max(0, MOST_FACTS - known.length));
      const dropped = new Set(facts.slice(room.length).map(({ id }) => id));
      const kept = sources.filter(({ factId }) => !dropped.has(factId));
      if (kept.length > 0) await this.facts.addLearned(userId, room, kept);
      return room.length;
    });
  }
}

/** How far each conversation is read after this batch: to its end, unless the batch ends before. */
function marksOf(unread: readonly Unread[]): Mark[] {
  const isWhole = unread.length < BATCH;
  const marks = new Map<string, Mark>();
  for (const { conversationId, fromSeq, lastSeq, seq } of unread) {
    marks.set(conversationId, { conversationId, fromSeq, seq: isWhole || seq === null ? lastSeq : seq });
  }
  return [...marks.values()];
}
