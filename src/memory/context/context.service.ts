import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { DatasetsService } from '../../datasets/datasets.service.js';
import type { LanguageModel } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import type { Persona } from '../../personas/persona.entity.js';
import { PersonasService } from '../../personas/personas.service.js';
import { FactsService } from '../facts/facts.service.js';
import { type Budget, buildContext, type Candidates, type Context, QuestionTooLong } from './build-context.js';
import { type Asked, CandidatesService } from './candidates.service.js';
import { ContextView } from './context.dto.js';
import { type SeenContext, seenIn, seenOf } from './seen-context.js';
import { type Tokenizer, tokenizerOf } from '../../text/tokenizer.js';

/** null: none is set up. */
type Speaking = Pick<LanguageModel, 'provider' | 'model'> | null;

/** What fitted once fits again, however the room is shared out today. */
const ALL: Budget['shares'] = { facts: 1, window: 1, results: 1, recalled: 1, summary: 1 };

/** What a language model gets to know for one question. */
@Injectable()
export class ContextService {
  private readonly log = new Logger('memory');

  constructor(
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly personas: PersonasService,
    private readonly datasets: DatasetsService,
    private readonly candidates: CandidatesService,
    private readonly facts: FactsService,
    private readonly models: Models,
    private readonly config: Config,
  ) {}

  /**
   * For an answer: what is sent, and what the answer is to keep of it. Notes that the facts in it are used.
   * @throws {422} question_too_long
   */
  async of(asked: Asked, model: Speaking): Promise<Context & { seen: SeenContext }> {
    const context = fit(await this.candidates.of(asked), this.budget, await tokenizerFor(model));
    const used = context.parts.find(({ kind }) => kind === 'facts')?.sources ?? [];
    await this.facts.noteUse(asked.userId, used);
    return { ...context, seen: seenOf(context, asked) };
  }

  /**
   * What would be sent, were this asked now.
   * @throws {404} conversation_not_found
   * @throws {422} question_too_long
   */
  async preview(actor: Actor, conversationId: string, question: string): Promise<ContextView> {
    const { personaId, lastSeq } = await this.conversations.owned(actor, conversationId);
    const persona = await this.personas.active(personaId);
    const moment = { userId: actor.id, conversationId, question, before: lastSeq + 1, askedAt: new Date() };
    return this.view(persona, { ...moment, persona, datasets: await this.titlesFor(actor) }, null);
  }

  /**
   * What the answer (or the one to this question) saw, or would have seen where no model had to do with it; what was erased since is not in it.
   * @throws {400} not_an_answer
   * @throws {404} message_not_found
   */
  async ofMessage(actor: Actor, conversationId: string, messageId: string): Promise<ContextView> {
    const message = await this.messages.get(actor.id, conversationId, messageId);
    const { question, answer } = await this.turnOf(actor, message);
    const { personaId } = await this.conversations.owned(actor, conversationId);
    const seen = answer === null ? null : seenIn(answer.metadata);
    const persona = await this.personas.find(seen?.persona.id ?? personaId);
    const asked = {
      userId: actor.id,
      conversationId,
      question: question.content,
      before: question.seq,
      askedAt: question.createdAt,
      persona: seen === null ? persona : await this.personas.asOf(persona, seen.persona.version),
      datasets: seen?.datasets ?? (await this.titlesFor(actor)),
    };
    return this.view(persona, asked, seen);
  }

  private async turnOf(
    actor: Actor,
    message: MessageRow,
  ): Promise<{ question: MessageRow; answer: MessageRow | null }> {
    const { conversationId, parentId, seq } = message;
    if (message.role === 'user') {
      const after = await this.messages.following(actor.id, conversationId, seq);
      return { question: message, answer: after?.parentId === message.id ? after : null };
    }
    const parent = parentId === null ? null : await this.messages.find(actor.id, conversationId, parentId);
    if (parent?.role === 'user') return { question: parent, answer: message };
    throw new Problem(400, 'not_an_answer', 'Only what the user said, and the answer to it, has a context.');
  }

  /** @param seen null: what there is */
  private async view(persona: Persona, asked: Asked, seen: SeenContext | null): Promise<ContextView> {
    const model = this.modelOf(persona);
    const tokenizer = await tokenizerFor(model);
    const now = fit(await this.candidates.of(asked), this.budget, tokenizer);
    const context = seen === null ? now : await this.again(asked, seen, now, tokenizer);
    return ContextView.of(context, tokenizer.name, model === null ? null : `${model.provider}/${model.model}`);
  }

  /** As it was, with what was left out as far as that can be told today. */
  private async again(asked: Asked, seen: SeenContext, now: Context, tokenizer: Tokenizer): Promise<Context> {
    const context = fit(await this.candidates.again(asked, seen), { total: seen.budget, shares: ALL }, tokenizer);
    const told = new Set(context.parts.flatMap(({ sources }) => sources));
    const left = now.left.filter(({ reason, sources }) => reason !== 'no room' || !sources.some((id) => told.has(id)));
    return { ...context, left };
  }

  /** A persona's provider may have been taken out of the settings since: then there is none, rather than no answer. */
  modelOf({ name, model }: Pick<Persona, 'name' | 'model'>): LanguageModel | null {
    try {
      return this.models.get(model);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn(`persona ${name} speaks through a language model that is not set up: ${error.detail}`);
      return null;
    }
  }

  private get budget(): Budget {
    return { total: this.config.context.tokens, shares: this.config.context.shares };
  }

  private async titlesFor(actor: Actor): Promise<string[]> {
    return (await this.datasets.profilesFor(actor)).map(({ title }) => title);
  }
}

const tokenizerFor = (model: Speaking): Promise<Tokenizer> => tokenizerOf(model?.model ?? null);

/** @throws {422} question_too_long */
function fit(candidates: Candidates, budget: Budget, tokenizer: Tokenizer): Context {
  try {
    return buildContext(candidates, budget, (text) => tokenizer.count(text));
  } catch (error) {
    if (!(error instanceof QuestionTooLong)) throw error;
    throw new Problem(422, 'question_too_long', `${error.message} Ask it in fewer words.`, {
      errors: [{ path: 'question', message: 'question must fit into the model’s context' }],
    });
  }
}
