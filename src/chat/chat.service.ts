import { Injectable } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limits.js';
import type { Actor } from '../common/actor.js';
import { Problem } from '../common/problem.js';
import type { ConversationRow } from '../conversations/conversation.entity.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { Persona } from '../personas/persona.entity.js';
import { PersonasService } from '../personas/personas.service.js';
import type { SendMessage, TurnView } from './chat.dto.js';
import { RunsService } from './runs/runs.service.js';
import { RunsStore } from './runs/runs.store.js';
import { IntakeService, runActive, type SendOptions } from './intake.service.js';
import { digestOf, RepeatsService, type Ticket, ticketOf } from './repeats.service.js';
import { turnView } from './turn-view.js';
import { TurnsService } from './turns.service.js';

/** What a user can do with turns: send, edit, have answered anew, go on with one, and get the whole of it. */
@Injectable()
export class ChatService {
  constructor(
    private readonly personas: PersonasService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly turns: TurnsService,
    private readonly runs: RunsService,
    private readonly store: RunsStore,
    private readonly limits: RateLimits,
    private readonly repeats: RepeatsService,
    private readonly intake: IntakeService,
  ) {}

  /**
   * @throws {400} parent_not_found
   * @throws {404} conversation_not_found, persona_not_found, dataset_not_found
   * @throws {409} persona_inactive, run_active
   * @throws {422} idempotency_mismatch, persona_mismatch
   * @throws {429} rate_limited
   * @throws {503} shutting_down
   */
  async send(actor: Actor, request: SendMessage, options: SendOptions = {}): Promise<Ticket> {
    const { idempotencyKey: key, isRetry, earlier, echo } = options;
    const asked = { ...request, earlier, echo };
    const digest = digestOf('send', asked);
    const inNew = digestOf('send', { ...asked, conversationId: undefined });
    const send = { key, isRetry, clientId: request.clientId, digests: [digest, inNew] };
    return this.repeats.once(actor, send, async () => {
      const { conversationId, query, clientId, parentId, datasetIds } = request;
      const conversation = conversationId === undefined ? null : await this.conversations.owned(actor, conversationId);
      const parent =
        typeof parentId === 'string' && conversation !== null
          ? await this.messages.find(actor.id, conversation.id, parentId.toLowerCase())
          : undefined;
      if (typeof parentId === 'string' && (parent === undefined || parent === null)) throw noParent(parentId);
      const persona = await this.personaFor(conversation, request.persona);
      return this.intake.take(
        actor,
        {
          digest,
          conversation,
          sources: { persona, datasets: await this.turns.datasetsFor(actor, persona, datasetIds) },
          question: { content: query, clientId },
          parent: parentId === null ? null : parent,
          datasetIds,
        },
        options,
      );
    });
  }

  /**
   * Asks a question in other words: a new version of it beside the old one, which is kept with all that followed.
   * @throws {400} not_a_question
   * @throws {404} message_not_found
   */
  async edit(
    actor: Actor,
    conversationId: string,
    messageId: string,
    {
      query,
      clientId,
      datasetIds,
    }: { query: string; clientId?: string | undefined; datasetIds?: string[] | undefined },
    options: SendOptions = {},
  ): Promise<Ticket> {
    const digest = digestOf('edit', { conversationId, messageId, query, datasetIds });
    const send = { key: options.idempotencyKey, clientId, digests: [digest] };
    return this.repeats.once(actor, send, async () => {
      const { message: old, conversation, persona } = await this.place(actor, conversationId, messageId);
      if (old.role !== 'user') {
        throw new Problem(400, 'not_a_question', 'Only what the user said can be edited; an answer is regenerated.');
      }
      const parent = old.parentId === null ? null : await this.messages.get(actor.id, conversationId, old.parentId);
      const sources = { persona, datasets: await this.turns.datasetsFor(actor, persona, datasetIds) };
      const question = { content: query, clientId };
      return this.intake.take(actor, { digest, conversation, sources, question, parent, datasetIds }, options);
    });
  }

  /**
   * Answers a question anew: a new version of the answer beside the old one, which is kept.
   * @param messageId the answer, or the question
   * @throws {400} not_an_answer
   * @throws {404} message_not_found
   */
  async regenerate(
    actor: Actor,
    conversationId: string,
    messageId: string,
    { datasetIds }: { datasetIds?: string[] | undefined } = {},
    options: SendOptions = {},
  ): Promise<Ticket> {
    const digest = digestOf('regenerate', { conversationId, messageId, datasetIds });
    const send = { key: options.idempotencyKey, clientId: undefined, digests: [digest] };
    return this.repeats.once(actor, send, async () => {
      const { message, conversation, persona } = await this.place(actor, conversationId, messageId);
      const parent =
        message.role === 'user' || message.parentId === null
          ? message
          : await this.messages.get(actor.id, conversationId, message.parentId);
      if (parent.role !== 'user') {
        throw new Problem(400, 'not_an_answer', 'Only the answer to something that the user said can be given anew.');
      }
      const sources = { persona, datasets: await this.turns.datasetsFor(actor, persona, datasetIds) };
      return this.intake.take(actor, { digest, conversation, sources, question: null, parent, datasetIds }, options);
    });
  }

  /**
   * Goes on with a run that was interrupted or stopped: the same run, the same message.
   * @throws {404} run_not_found
   * @throws {409} run_not_resumable, run_active
   */
  async resume(actor: Actor, runId: string): Promise<Ticket> {
    this.limits.spend(actor.id);
    const run = await this.runs.get(actor, runId);
    const resumed = await this.store.resume(actor.id, runId, this.runs.instanceId);
    if (resumed !== null) {
      await this.turns.takeUp(resumed);
      return ticketOf(resumed, true);
    }
    const active = await this.runs.activeOf(actor.id, run.conversationId);
    if (active !== null) throw runActive(active);
    throw new Problem(
      409,
      'run_not_resumable',
      `This run is ${run.status}; only an interrupted or stopped one goes on.`,
    );
  }

  /** The whole turn, once it has ended. A repeated send whose first run was interrupted is answered now. */
  async result(actor: Actor, ticket: Ticket, signal: AbortSignal): Promise<TurnView> {
    let outcome = await this.runs.outcome(actor, ticket.runId, signal);
    if (ticket.repeated && outcome.run.status === 'interrupted') {
      await this.repeats.takeUp(actor, outcome.run);
      outcome = await this.runs.outcome(actor, ticket.runId, signal);
    }
    return turnView(outcome.run, outcome.question, outcome.message);
  }

  /** The conversation and the message, or 404, and who answers there. */
  private async place(
    actor: Actor,
    conversationId: string,
    messageId: string,
  ): Promise<{ conversation: ConversationRow; message: MessageRow; persona: Persona }> {
    const message = await this.messages.get(actor.id, conversationId, messageId);
    const conversation = await this.conversations.owned(actor, conversationId);
    return { message, conversation, persona: await this.personas.active(conversation.personaId) };
  }

  private async personaFor(conversation: ConversationRow | null, asked: string | undefined): Promise<Persona> {
    if (conversation === null) return this.personas.active(asked);
    const persona = await this.personas.active(conversation.personaId);
    if (asked !== undefined && (await this.personas.find(asked)).id !== persona.id) {
      throw new Problem(
        422,
        'persona_mismatch',
        `This conversation is with ${persona.displayName}; start a new one to talk to another persona.`,
        { errors: [{ path: 'persona', message: `persona must be ${persona.name} here, or left out` }] },
      );
    }
    return persona;
  }
}

const noParent = (id: string): Problem =>
  new Problem(400, 'parent_not_found', `There is no message ${id} in this conversation.`, {
    errors: [{ path: 'parentId', message: 'parentId must be a message of this conversation' }],
  });
