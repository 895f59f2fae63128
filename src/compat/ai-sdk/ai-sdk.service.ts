import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ChatService } from '../../chat/chat.service.js';
import type { SendOptions } from '../../chat/intake.service.js';
import { RunsService } from '../../chat/runs/runs.service.js';
import type { Actor } from '../../common/actor.js';
import { isUuid } from '../../common/ids.js';
import { asProblem } from '../../common/problem.filter.js';
import { notFound } from '../../common/problem.js';
import { BranchesService } from '../../conversations/branches/branches.service.js';
import type { ConversationRow } from '../../conversations/conversation.entity.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { DatasetsService } from '../../datasets/datasets.service.js';
import type { ChatRequest } from './chat-request.js';
import { type Answering, type UiChunk, uiChunks } from './ui-chunks.js';
import { type SourcesOf, type UiMessage, uiId, uiMessage, versionId } from './ui-message.js';

const RUNS_OF_A_CHAT = 100;

/** `useChat`'s chats are conversations; its ids are the client's ids of conversations and messages. */
@Injectable()
export class AiSdkService {
  constructor(
    private readonly chat: ChatService,
    private readonly runs: RunsService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly branches: BranchesService,
    private readonly datasets: DatasetsService,
  ) {}

  /**
   * Takes what the user did as a turn; the same thing done twice is one turn.
   * @throws {404} conversation_not_found, message_not_found, persona_not_found, dataset_not_found
   * @throws {409} persona_inactive, run_active
   * @throws {422} idempotency_mismatch, persona_mismatch
   */
  async take(actor: Actor, request: ChatRequest, options: SendOptions): Promise<Answering> {
    const conversation = await this.conversations.find(actor, request.chatId);
    if (request.trigger === 'regenerate-message') return this.regenerate(actor, conversation, request, options);
    const { messageId } = request;
    const edited =
      conversation === null || messageId === undefined ? null : await this.current(actor, conversation.id, messageId);
    return edited === null
      ? this.send(actor, conversation, request, options)
      : this.edit(actor, edited, request, options);
  }

  /** The run at work in a chat; null: there is none, or no such chat. */
  async active(actor: Actor, chatId: string): Promise<Answering | null> {
    const conversation = await this.conversations.find(actor, chatId);
    const run = conversation === null ? null : await this.runs.activeOf(actor.id, conversation.id);
    return run === null ? null : { ...run, runId: run.id };
  }

  /** Ends what is at work in a chat, and what waits. @throws {404} conversation_not_found */
  async stop(actor: Actor, chatId: string): Promise<void> {
    const { id: conversationId } = await this.owned(actor, chatId);
    const { data } = await this.runs.list(actor, { conversationId, active: true, limit: RUNS_OF_A_CHAT });
    // Those that wait came last and stand first, so that none begins when the one before it ends.
    for (const { id } of data) await this.runs.stop(actor, id);
  }

  /** The last messages of a chat's active path, oldest first. @throws {404} conversation_not_found */
  async stored(actor: Actor, chatId: string, limit: number): Promise<UiMessage[]> {
    const { id } = await this.owned(actor, chatId);
    const rows = await this.messages.recent(actor.id, id, limit);
    return Promise.all(rows.map((row) => uiMessage(row, this.sourcesFor(actor))));
  }

  /** The whole answer from its beginning, going on live. What goes wrong on the way ends it with an `error` chunk. */
  async *chunks(actor: Actor, answering: Answering, signal: AbortSignal): AsyncGenerator<UiChunk> {
    const events = this.runs.events(actor, answering.runId, 0, signal);
    let begun = false;
    try {
      for await (const chunk of uiChunks(answering, events, this.sourcesFor(actor))) {
        yield chunk;
        begun = true;
      }
    } catch (error) {
      if (!begun) throw error;
      const detail = asProblem(error)?.detail ?? 'The answer could not be read to its end; load the page again.';
      yield { type: 'error', errorText: detail };
    }
  }

  private send(
    actor: Actor,
    conversation: ConversationRow | null,
    { chatId, asked, messageId, persona, datasetIds }: ChatRequest,
    options: SendOptions,
  ): Promise<Answering> {
    if (asked === null) throw notFound('message', messageId ?? '');
    const send = {
      query: asked.text,
      clientId: asked.id ?? messageId,
      conversationId: conversation?.id,
      persona,
      datasetIds,
    };
    return this.chat.send(actor, send, { ...options, conversationClientId: chatId });
  }

  /** The client keeps the id of what it edits, so an edit that came twice is told by what it says. */
  private async edit(
    actor: Actor,
    edited: MessageRow,
    { asked, messageId, datasetIds }: ChatRequest,
    options: SendOptions,
  ): Promise<Answering> {
    const { text: query, id = messageId } = asked ?? { text: edited.content };
    if (edited.role === 'user' && edited.content === query) return this.again(actor, edited, datasetIds, options);
    const digest = createHash('sha256').update(`${edited.id}\n${query}`).digest('base64url');
    // A client that gave the new version an id of its own knows it by that one.
    const clientId = id === undefined || id === messageId ? versionId(messageId ?? edited.id, digest) : id;
    return this.chat.edit(actor, edited.conversationId, edited.id, { query, clientId, datasetIds }, options);
  }

  /** The answer that there is, or is being worked out; a new one where it came to nothing. */
  private async again(
    actor: Actor,
    { id, conversationId, active }: MessageRow,
    datasetIds: string[] | undefined,
    options: SendOptions,
  ): Promise<Answering> {
    if (!active) await this.branches.switchTo(actor, conversationId, id);
    const run = await this.runs.latestOf(actor.id, conversationId, id);
    return run !== null && ['queued', 'running', 'completed'].includes(run.status)
      ? { ...run, runId: run.id }
      : this.chat.regenerate(actor, conversationId, id, { datasetIds }, options);
  }

  private async regenerate(
    actor: Actor,
    conversation: ConversationRow | null,
    request: ChatRequest,
    options: SendOptions,
  ): Promise<Answering> {
    const { asked, messageId, datasetIds } = request;
    // A first question that never came through, and is tried again.
    if (conversation === null && asked !== null) return this.send(actor, null, request, options);
    if (conversation === null) throw notFound('conversation', request.chatId);
    const target = await this.toRegenerate(actor, conversation, messageId, asked?.id);
    if (target === null && asked !== null) return this.send(actor, conversation, request, options);
    if (target === null) throw notFound('message', messageId ?? '');
    const atWork = () => this.atWork(actor, target);
    return (
      (await atWork()) ??
      this.chat.regenerate(actor, conversation.id, target.id, { datasetIds }, options).catch(async (error: unknown) => {
        // It may have come twice at the same moment.
        const first = await atWork();
        if (first === null) throw error;
        return first;
      })
    );
  }

  /** The run at work on the question that a message is, or answers. */
  private async atWork(actor: Actor, { id, role, parentId, conversationId }: MessageRow): Promise<Answering | null> {
    const run = await this.runs.activeOf(actor.id, conversationId);
    const isOfIt = run !== null && run.userMessageId === (role === 'user' ? id : parentId);
    return isOfIt ? { ...run, runId: run.id } : null;
  }

  /** The message named, else the question that the client sends last, else the end of the conversation. */
  private async toRegenerate(
    actor: Actor,
    { id, tailId }: ConversationRow,
    messageId: string | undefined,
    askedId: string | undefined,
  ): Promise<MessageRow | null> {
    for (const named of [messageId, askedId]) {
      const found = named === undefined ? null : await this.current(actor, id, named);
      if (found !== null) return found;
    }
    const isNamed = messageId !== undefined || askedId !== undefined;
    return isNamed || tailId === null ? null : this.messages.find(actor.id, id, tailId);
  }

  /** The message that the client knows by this id; of an edited one the version that is shown. */
  private async current(actor: Actor, conversationId: string, id: string): Promise<MessageRow | null> {
    const named = isUuid(id) ? await this.messages.find(actor.id, conversationId, id.toLowerCase()) : null;
    const first = named ?? (await this.messages.ofClientId(actor.id, id));
    if (first === null || first.conversationId !== conversationId || first.active) {
      return first?.conversationId === conversationId ? first : null;
    }
    const siblings = await this.branches.siblings(actor, conversationId, first.id);
    const versions = siblings.filter((version) => uiId(version) === id);
    return versions.find(({ active }) => active) ?? versions.at(-1) ?? first;
  }

  private async owned(actor: Actor, chatId: string): Promise<ConversationRow> {
    const conversation = await this.conversations.find(actor, chatId);
    if (conversation === null) throw notFound('conversation', chatId);
    return conversation;
  }

  private sourcesFor(actor: Actor): SourcesOf {
    return (ids) => this.datasets.profilesAmong(actor, ids);
  }
}
