import { Injectable, Logger } from '@nestjs/common';
import { RateLimits } from '../../auth/rate-limits.js';
import type { Actor } from '../../common/actor.js';
import { requireVersion, versionMismatch } from '../../common/etag.js';
import type { ConversationRow } from '../../conversations/conversation.entity.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { ModelError } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import { titleOf } from './key-phrases.js';
import { titleByModel } from './model-title.js';

/** Messages at the beginning of the path among which the first question and its answer are looked for. */
const BEGINNING = 10;

/** Automatic titles: what a conversation is about, by a language model or by its key phrases. */
@Injectable()
export class TitlesService {
  private readonly log = new Logger('memory');

  constructor(
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly models: Models,
    private readonly limits: RateLimits,
  ) {}

  /** A better title in place of an automatic one. What the user named, also in the meantime, stays. */
  async improve(userId: string, conversationId: string, signal: AbortSignal): Promise<void> {
    const conversation = await this.conversations.find({ id: userId }, conversationId);
    if (conversation === null || conversation.titleBy === 'user') return;
    await this.entitle(conversation, { accepted: null, replace: false }, signal);
  }

  /**
   * Makes one now. A title that the user gave stays, unless it is to be replaced. A conversation in which the user said nothing yet stays
   * as it is.
   * @throws {404} conversation_not_found
   * @throws {412} version_mismatch
   */
  async make(
    actor: Pick<Actor, 'id'>,
    conversationId: string,
    { accepted, replace }: { accepted: readonly number[] | null; replace: boolean },
    signal: AbortSignal,
  ): Promise<ConversationRow> {
    this.limits.spend(actor.id);
    const conversation = await this.conversations.owned(actor, conversationId);
    requireVersion(accepted, conversation.version);
    if (conversation.titleBy === 'user' && !replace) return conversation;
    // What the user writes over it in the meantime is not what was to be replaced.
    const only = conversation.titleBy === 'user' ? [conversation.version] : accepted;
    const named = await this.entitle(conversation, { accepted: only, replace }, signal);
    if (named !== null) return named;
    const now = await this.conversations.owned(actor, conversationId);
    if (accepted !== null && !accepted.includes(now.version)) throw versionMismatch(now.version);
    return now;
  }

  private async entitle(
    { userId, id, erasures }: ConversationRow,
    how: { readonly accepted: readonly number[] | null; readonly replace: boolean },
    signal: AbortSignal,
  ): Promise<ConversationRow | null> {
    const { data } = await this.messages.page({ id: userId }, id, { order: 'asc', limit: BEGINNING });
    const question = data.find(({ role }) => role === 'user');
    if (question === undefined) return null;
    const answer = data.find(({ role, status }) => role === 'assistant' && status === 'complete') ?? null;
    const title = (await this.byModel(question, answer, signal)) ?? titleOf(question.content);
    if (title === '') return null;
    const titleSeq = Math.max(question.seq, answer?.seq ?? 0);
    return this.conversations.entitle({ id: userId }, id, { title, titleSeq, erasures, ...how });
  }

  private async byModel(question: MessageRow, answer: MessageRow | null, signal: AbortSignal): Promise<string | null> {
    const model = this.models.get(null);
    if (model === null) return null;
    try {
      return await titleByModel(question.content, answer?.content ?? null, model, signal);
    } catch (error) {
      if (!(error instanceof ModelError) || signal.aborted) throw error;
      this.log.debug(`a title is made of key phrases: ${error.message}`);
      return null;
    }
  }
}
