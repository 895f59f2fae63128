import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Problem } from '../common/problem.js';
import type { Companion } from '../conversations/companion.js';
import type { ConversationRow } from '../conversations/conversation.entity.js';
import { ConversationsService, mismatch } from '../conversations/conversations.service.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { type Appended, type MessageDraft, MessagesService } from '../conversations/messages.service.js';
import { Db } from '../database/db.js';
import { constraintOf, type Ticket, ticketOf } from './repeats.service.js';
import type { RunRow } from './runs/run.entity.js';
import { RunsService } from './runs/runs.service.js';
import { type NewRun, runStarted, RunsStore } from './runs/runs.store.js';
import { type Sources, type Turn, TurnsService } from './turns.service.js';

/** How a send is to be taken, beside what it says. */
export interface SendOptions {
  /** A repeat with the same key is the same send. */
  readonly idempotencyKey?: string | undefined;
  /** The client says that it got no answer to an earlier attempt: the same send within the last minutes is that attempt. */
  readonly isRetry?: boolean | undefined;
  /** What to do while another run of the conversation is at work. */
  readonly onBusy?: 'reject' | 'queue' | undefined;
  /** The client's own id of the conversation that is made where the request names none. */
  readonly conversationClientId?: string | undefined;
  /** What was said before the question; stored with it, all or nothing. */
  readonly earlier?: readonly MessageDraft[] | undefined;
  /** Kept with the run for the client, as it is; nothing here reads it. */
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

/** Messages that one statement stores; its text is prepared once for each number of them. */
const CHUNK = 20;

/** What is to be stored and answered. */
export interface Order {
  readonly digest: string;
  /** null: a new conversation. */
  readonly conversation: ConversationRow | null;
  readonly sources: Sources;
  /** null: the question is stored already, and answered anew. */
  readonly question: { readonly content: string; readonly clientId: string | undefined } | null;
  /** What it follows; undefined: the end of the active path. */
  readonly parent: MessageRow | null | undefined;
  readonly datasetIds: readonly string[] | undefined;
}

/** What is to be stored of a send. */
interface Appending {
  readonly earlier: readonly MessageDraft[];
  readonly drafts: readonly MessageDraft[];
  /** Of the conversation, where it is made. */
  readonly clientId: string | undefined;
}

/**
 * Takes turns in. The question, an empty answer and the run that fills it are stored and committed together; then the run
 * goes on by itself, and whoever asked may watch it, leave, or come back.
 */
@Injectable()
export class IntakeService {
  constructor(
    private readonly db: Db,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly turns: TurnsService,
    private readonly runs: RunsService,
    private readonly store: RunsStore,
  ) {}

  /**
   * Stores it all, and begins. Where the conversation is busy: waits its turn, or is refused.
   * @throws {409} run_active
   * @throws {503} shutting_down
   */
  async take(actor: Actor, order: Order, options: SendOptions): Promise<Ticket> {
    if (this.runs.draining) throw shuttingDown();
    try {
      const stored = await this.stored(actor, order, options, 'running');
      if (!stored.repeated) this.turns.start({ ...stored, actor, sources: order.sources });
      return ticketOf(stored.run, stored.repeated);
    } catch (error) {
      if (constraintOf(error) !== 'runs_active') throw error;
      const conversation = order.conversation ?? (await this.madeMeanwhile(actor, options));
      if (conversation === null) throw error;
      if (options.onBusy === 'queue') {
        const { run, repeated } = await this.stored(actor, { ...order, conversation }, options, 'queued');
        await this.turns.startQueued(actor.id, run.conversationId); // it may have become free in the meantime
        return ticketOf(run, repeated);
      }
      const active = await this.runs.activeOf(actor.id, conversation.id);
      throw runActive(active);
    }
  }

  /** Another first message to a conversation of the same client id came in at the same moment, and made it. */
  private async madeMeanwhile(actor: Actor, { conversationClientId }: SendOptions): Promise<ConversationRow | null> {
    return conversationClientId === undefined ? null : this.conversations.find(actor, conversationClientId);
  }

  private async stored(
    actor: Actor,
    order: Order,
    { idempotencyKey, conversationClientId, earlier = [], echo }: SendOptions,
    status: 'running' | 'queued',
  ): Promise<Pick<Turn, 'run' | 'question' | 'erasures'> & { answer: MessageRow; repeated: boolean }> {
    const userMessageId = order.question === null ? (order.parent?.id ?? '') : newId();
    const started: NewRun = {
      id: newId(),
      userMessageId,
      status,
      instanceId: this.runs.instanceId,
      request: { ...(order.datasetIds && { datasetIds: order.datasetIds }), ...(echo && { echo }) },
      digest: order.digest,
      idempotencyKey: idempotencyKey ?? null,
    };
    const drafts: MessageDraft[] = [
      ...(order.question === null ? [] : [{ id: userMessageId, role: 'user' as const, ...order.question }]),
      { role: 'assistant', content: '', status: 'streaming' },
    ];
    const appending = { earlier, drafts, clientId: conversationClientId };
    const { messages, repeated, conversation } = await this.append(actor, order, appending, started);
    const { erasures } = conversation;
    const question = order.question === null ? order.parent : messages[0];
    const answer = messages.at(-1);
    if (question === undefined || question === null || answer === undefined)
      throw new Error('an append gave no message');
    const { conversationId } = answer;
    if (!repeated)
      return { run: runRow(actor.id, conversationId, answer.id, started), question, answer, erasures, repeated };
    // The same send was stored a moment before; the run that went with this one was not.
    const run = await this.store.ofMessage(actor.id, conversationId, question.id);
    if (run === null) throw mismatch(order.question?.clientId ?? '');
    return { run, question, answer, erasures, repeated };
  }

  private append(actor: Actor, order: Order, { earlier, drafts, clientId }: Appending, run: NewRun): Promise<Appended> {
    const companion = runStarted(run);
    if (order.conversation !== null && earlier.length === 0) {
      return this.appendTo(actor, order.conversation.id, order.parent, drafts, companion);
    }
    // A new conversation and its first messages are one transaction; a message alone, with its run, is one statement.
    return this.db.tx(async () => {
      const { id } =
        order.conversation ??
        (await this.conversations.create(actor, { persona: order.sources.persona.id, clientId })).conversation;
      let after = order.conversation === null ? undefined : order.parent;
      for (let from = 0; from < earlier.length; from += CHUNK) {
        await this.appendTo(actor, id, after, earlier.slice(from, from + CHUNK));
        after = undefined;
      }
      const appended = await this.appendTo(actor, id, after, drafts, companion);
      // Stored a moment before, by the same send: then not what came before it either.
      if (appended.repeated && earlier.length > 0) throw mismatch(order.question?.clientId ?? '');
      return appended;
    });
  }

  private appendTo(
    actor: Actor,
    id: string,
    parent: MessageRow | null | undefined,
    drafts: readonly MessageDraft[],
    companion: Companion | null = null,
  ): Promise<Appended> {
    return parent === undefined
      ? this.messages.append(actor.id, id, drafts, companion)
      : this.messages.appendAfter(parent?.id ?? null, actor.id, id, drafts, companion);
  }
}

const runRow = (userId: string, conversationId: string, messageId: string, run: NewRun): RunRow => ({
  ...run,
  userId,
  conversationId,
  messageId,
  error: null,
  stopRequested: false,
  logged: false,
  lastSeq: 0,
  startedAt: new Date(),
  finishedAt: null,
});

const shuttingDown = (): Problem =>
  new Problem(503, 'shutting_down', 'This server is being stopped; send again in a moment.', { retryAfterSeconds: 1 });

export const runActive = (run: RunRow | null, orElse = ', or send with onBusy=queue'): Problem =>
  new Problem(409, 'run_active', `An answer is being worked out in this conversation; wait for it, stop it${orElse}.`, {
    members: run === null ? {} : { runId: run.id, conversationId: run.conversationId },
    headers: { 'x-should-retry': 'false' },
  });
