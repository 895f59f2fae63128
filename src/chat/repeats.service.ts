import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limits.js';
import type { Actor } from '../common/actor.js';
import { mismatch } from '../conversations/conversations.service.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { RunRow } from './runs/run.entity.js';
import { RunsService } from './runs/runs.service.js';
import { RunsStore } from './runs/runs.store.js';
import { TurnsService } from './turns.service.js';

/** A turn that was taken: the question is stored, and its run goes on by itself. */
export interface Ticket {
  readonly runId: string;
  readonly conversationId: string;
  readonly userMessageId: string;
  readonly messageId: string;
  /** It was taken before: this is the first one. */
  readonly repeated: boolean;
}

/** What a send may be known by. */
export interface Send {
  readonly key: string | undefined;
  readonly clientId: string | undefined;
  /** The client says that it comes again, though under no name: then its body is what it is known by. */
  readonly isRetry?: boolean | undefined;
  /** Of its body; that of the first one must be among them. */
  readonly digests: readonly string[];
}

/** Clients try again within seconds, and give up within minutes. */
const RETRIED_WITHIN_SECONDS = 15 * 60;

/** A send that comes again is the first one: its run, its answer, whatever became of the process that took it. */
@Injectable()
export class RepeatsService {
  constructor(
    private readonly messages: MessagesService,
    private readonly turns: TurnsService,
    private readonly runs: RunsService,
    private readonly store: RunsStore,
    private readonly limits: RateLimits,
  ) {}

  /** Looks for the first one of a repeated send, before the user's rate limit is asked; else takes this one. */
  async once(actor: Actor, send: Send, take: () => Promise<Ticket>): Promise<Ticket> {
    const earlier = await this.earlier(actor, send);
    if (earlier !== null) return earlier;
    this.limits.spend(actor.id);
    try {
      return await take();
    } catch (error) {
      // The same send came in at the same moment and was first, perhaps with a new conversation of its own.
      const first = await this.earlier(actor, send);
      if (first === null) throw error;
      return first;
    }
  }

  private async earlier(actor: Actor, { key, clientId, isRetry, digests }: Send): Promise<Ticket | null> {
    const attempt = isRetry === true ? await this.store.recent(actor.id, digests, RETRIED_WITHIN_SECONDS) : null;
    const run = attempt ?? (await this.firstRun(actor, key, clientId));
    if (run === null) return null;
    if (!digests.includes(run.digest ?? '')) throw mismatch(clientId ?? key ?? '', clientId === undefined);
    if (run.status === 'interrupted') await this.takeUp(actor, run);
    return ticketOf(run, true);
  }

  private async firstRun(actor: Actor, key: string | undefined, clientId: string | undefined): Promise<RunRow | null> {
    const ofKey = key === undefined ? null : await this.store.ofKey(actor.id, key);
    if (ofKey !== null || clientId === undefined) return ofKey;
    const message = await this.messages.ofClientId(actor.id, clientId);
    if (message === null) return null;
    const run = await this.store.ofMessage(actor.id, message.conversationId, message.id);
    if (run === null) throw mismatch(clientId); // a message that was stored without asking for an answer
    return run;
  }

  /** Goes on with a run that was interrupted, where its conversation is free. */
  async takeUp(actor: Actor, run: RunRow): Promise<void> {
    const resumed = await this.store.resume(actor.id, run.id, this.runs.instanceId);
    if (resumed !== null) await this.turns.takeUp(resumed);
  }
}

export const ticketOf = (run: RunRow, repeated: boolean): Ticket => ({
  runId: run.id,
  conversationId: run.conversationId,
  userMessageId: run.userMessageId,
  messageId: run.messageId,
  repeated,
});

/** Tells one request from another; members that are left out and members that are undefined are the same. */
export const digestOf = (operation: string, body: object): string => {
  const members = Object.entries(body)
    .filter(([name, value]) => value !== undefined && name !== 'clientId')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([operation, members]))
    .digest('base64url');
};

export const constraintOf = (error: unknown): unknown => (error as { constraint?: unknown } | null)?.constraint;
