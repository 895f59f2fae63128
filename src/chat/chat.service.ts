import { Injectable, Logger } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limits.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Problem } from '../common/problem.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { ConversationRow } from '../conversations/conversation.entity.js';
import { MessageView } from '../conversations/message.dto.js';
import { mismatch } from '../conversations/conversations.service.js';
import { type Appended, MessagesService } from '../conversations/messages.service.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { Db } from '../database/db.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import type { DatasetProfile } from '../datasets/profile.js';
import type { Persona } from '../personas/persona.entity.js';
import { PersonasService } from '../personas/personas.service.js';
import type { SendMessage, TurnView } from './chat.dto.js';
import { HistoryService } from './history.service.js';
import { PipelineError, runPipeline, type Piped } from './pipeline/run-pipeline.js';
import type { PastTurn } from './pipeline/turn.js';
import { type Emit, deltas } from './run-events.js';
import type { RunError } from './runs/run.entity.js';
import { runFinished, runStarted, RunsStore } from './runs/runs.store.js';
import { ANALYSIS, recordOf, type TurnRecord } from './turn-record.js';
import { turnView } from './turn-view.js';

/** What a turn needs to know before it is stored. */
interface Prepared {
  /** null: a new one is to be made. */
  readonly conversationId: string | null;
  readonly persona: Persona;
  readonly datasets: readonly DatasetProfile[];
  readonly history: readonly PastTurn[];
}

interface Stored {
  readonly runId: string;
  readonly userMessage: MessageRow;
  readonly repeated: boolean;
}

/**
 * One turn. The question is stored and committed first; then the pipeline thinks, with no transaction open; then the
 * answer is stored. What goes wrong in between becomes a message that says so, and the conversation goes on.
 */
@Injectable()
export class ChatService {
  private readonly log = new Logger('chat');

  constructor(
    private readonly db: Db,
    private readonly personas: PersonasService,
    private readonly datasets: DatasetsService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly history: HistoryService,
    private readonly runs: RunsStore,
    private readonly limits: RateLimits,
  ) {}

  /**
   * @throws {404} conversation_not_found, persona_not_found, dataset_not_found
   * @throws {409} persona_inactive, run_active
   * @throws {422} idempotency_mismatch, persona_mismatch
   * @throws {429} rate_limited
   */
  async send(actor: Actor, request: SendMessage, emit: Emit = () => undefined): Promise<TurnView> {
    const earlier = await this.earlier(actor, request);
    if (earlier !== null) return this.again(actor, request, earlier, emit);
    this.limits.spend(actor.id); // after it, so that a repeated send always gets the first one's answer
    const prepared = await this.prepare(actor, request);
    const stored = await this.store(actor, request, prepared);
    if (stored.repeated) return this.again(actor, request, stored.userMessage, emit);
    const { conversationId } = stored.userMessage;
    emit('run.started', { runId: stored.runId, conversationId });
    emit('message.stored', { conversationId, message: MessageView.of(stored.userMessage) });
    return this.answer(actor, request, prepared, stored, emit);
  }

  /** The message that an earlier send with the same client id stored. */
  private async earlier(actor: Actor, { clientId, query, conversationId }: SendMessage): Promise<MessageRow | null> {
    if (clientId === undefined) return null;
    const message = await this.messages.ofClientId(actor.id, clientId);
    if (message === null) return null;
    if (message.content !== query || (conversationId ?? message.conversationId) !== message.conversationId) {
      throw mismatch(clientId);
    }
    return message;
  }

  /** The first result once more; where the process died before there was one, the question is answered now. */
  private async again(actor: Actor, request: SendMessage, userMessage: MessageRow, emit: Emit): Promise<TurnView> {
    const run = await this.runs.ofMessage(actor.id, userMessage.conversationId, userMessage.id);
    if (run === null) throw mismatch(userMessage.clientId ?? '');
    if (run.status === 'interrupted') {
      const { conversationId } = userMessage;
      const prepared = await this.prepare(actor, { ...request, conversationId });
      if (await this.runs.resume(actor.id, run.id)) {
        emit('run.started', { runId: run.id, conversationId });
        emit('message.stored', { conversationId, message: MessageView.of(userMessage) });
        return this.answer(actor, request, prepared, { runId: run.id, userMessage, repeated: true }, emit);
      }
    }
    if (run.message_id === null) {
      throw new Problem(409, 'run_active', 'This message was taken before and is being answered; read its run.', {
        members: { runId: run.id, conversationId: userMessage.conversationId },
        headers: { 'x-should-retry': 'false' },
      });
    }
    const message = await this.messages.get(actor.id, userMessage.conversationId, run.message_id);
    const view = turnView(run.id, userMessage, message);
    emit('run.started', { runId: run.id, conversationId: userMessage.conversationId });
    emit('message.stored', { conversationId: userMessage.conversationId, message: view.userMessage });
    this.emitEnd(view, run.error, emit);
    return view;
  }

  /** Everything that can refuse the request is asked before anything is stored. */
  private async prepare(actor: Actor, request: SendMessage): Promise<Prepared> {
    const { conversationId = null } = request;
    const conversation = conversationId === null ? null : await this.conversations.owned(actor, conversationId);
    const [persona, history] =
      conversation === null
        ? [await this.personas.active(request.persona), []]
        : await Promise.all([this.personaOf(conversation, request.persona), this.history.of(conversation)]);
    return { conversationId, persona, history, datasets: await this.datasetsFor(actor, persona, request.datasetIds) };
  }

  /** Those asked for, or 404; else those of the persona that are still there; else all that the actor may see. */
  private async datasetsFor(
    actor: Actor,
    persona: Persona,
    asked?: readonly string[],
  ): Promise<readonly DatasetProfile[]> {
    if (asked === undefined && persona.defaultDatasetIds.length > 0) {
      const usual = await this.datasets.profilesAmong(actor, persona.defaultDatasetIds);
      if (usual.length > 0) return usual;
    }
    return this.datasets.profilesFor(actor, asked);
  }

  private async personaOf({ personaId }: ConversationRow, asked: string | undefined): Promise<Persona> {
    const persona = await this.personas.active(personaId);
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

  /** Transaction 1: the question and its run. */
  private async store(actor: Actor, request: SendMessage, prepared: Prepared): Promise<Stored> {
    const { query, clientId } = request;
    const runId = newId();
    const append = (conversationId: string): Promise<Appended> =>
      this.messages.append(actor.id, conversationId, [{ role: 'user', content: query, clientId }], runStarted(runId));
    try {
      // A new conversation and its first message are one transaction; a message alone, with its run, is one statement.
      const { messages, repeated } = await (prepared.conversationId === null
        ? this.db.tx(async () => {
            const { conversation } = await this.conversations.create(actor, { persona: prepared.persona.id });
            return append(conversation.id);
          })
        : append(prepared.conversationId));
      const [userMessage] = messages;
      if (userMessage === undefined) throw new Error('an append gave no message');
      return { runId, userMessage, repeated };
    } catch (error) {
      // The same send came in at the same moment and was first, perhaps with a new conversation of its own.
      const userMessage = await this.earlier(actor, request);
      if (userMessage === null) throw error;
      return { runId, userMessage, repeated: true };
    }
  }

  private async answer(
    actor: Actor,
    request: SendMessage,
    prepared: Prepared,
    stored: Stored,
    emit: Emit,
  ): Promise<TurnView> {
    let turn: Piped;
    try {
      turn = await runPipeline(
        {
          question: request.query,
          askedAt: stored.userMessage.createdAt,
          persona: prepared.persona,
          datasets: prepared.datasets,
          history: prepared.history,
        },
        { run: (query) => this.datasets.run(actor, query) },
        (name, phase, detail) => emit(phase === 'started' ? 'step.started' : 'step.completed', { name, ...detail }),
      );
    } catch (error) {
      return this.failed(actor, stored, error, emit);
    }
    for (const text of deltas(turn.text)) emit('answer.delta', { text });
    if (turn.visualization !== null) emit('visualization', turn.visualization);
    const message = await this.finish(actor, stored, {
      role: 'assistant',
      type: ANALYSIS,
      content: turn.text,
      metadata: recordOf(turn, stored.runId, turn.timings),
    });
    this.history.add(stored.userMessage, message);
    const view = turnView(stored.runId, stored.userMessage, message);
    this.emitEnd(view, null, emit);
    return view;
  }

  /** A layer failed: the user may know a code and a plain sentence, the log has the rest. */
  private async failed(actor: Actor, stored: Stored, error: unknown, emit: Emit): Promise<TurnView> {
    const known = safeError(error);
    this.log.error(error instanceof PipelineError && error.cause instanceof Error ? error.cause : error);
    const message = await this.finish(
      actor,
      stored,
      {
        role: 'system',
        type: 'error',
        status: 'failed',
        content: known.message,
        metadata: { runId: stored.runId, code: known.code, layer: known.layer },
      },
      known,
    );
    const view = turnView(stored.runId, stored.userMessage, message);
    this.emitEnd(view, known, emit);
    return view;
  }

  /** Transaction 2: the answer and the end of its run, in one statement. */
  private async finish(
    actor: Actor,
    { runId, userMessage }: Stored,
    draft: {
      role: 'assistant' | 'system';
      type: string;
      status?: 'failed';
      content: string;
      metadata: TurnRecord | Record<string, unknown>;
    },
    error: RunError | null = null,
  ): Promise<MessageRow> {
    const { messages } = await this.messages.append(
      actor.id,
      userMessage.conversationId,
      [{ ...draft, metadata: { ...draft.metadata } }],
      runFinished(runId, error === null ? 'completed' : 'failed', error),
    );
    const [message] = messages;
    if (message === undefined) throw new Error('an append gave no message');
    return message;
  }

  private emitEnd(view: TurnView, error: RunError | null, emit: Emit): void {
    emit('message.completed', { conversationId: view.conversationId, message: view.message });
    if (error === null) emit('run.completed', { runId: view.runId, status: 'completed' });
    else emit('run.failed', { runId: view.runId, status: 'failed', error });
  }
}

function safeError(error: unknown): RunError {
  const layer = error instanceof PipelineError ? error.layer : null;
  const cause = error instanceof PipelineError ? error.cause : error;
  if (cause instanceof Problem) return { code: cause.code, message: cause.detail, layer };
  return {
    code: 'answer_failed',
    message:
      'Something went wrong while answering this question. Your message is stored; ask again, or put it another way.',
    layer,
  };
}
