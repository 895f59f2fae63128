import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { excerpt } from '../../common/excerpt.js';
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
import { factLine, quoted } from '../facts/render-facts.js';
import { ShortTermService } from '../short-term/short-term.service.js';
import { FactsService } from '../facts/facts.service.js';
import {
  buildContext,
  type Context,
  type Piece,
  QuestionTooLong,
  SHARES,
  type WindowMessage,
} from './build-context.js';
import { ContextView } from './context.dto.js';
import { tokenizerOf } from '../../text/tokenizer.js';

/** Messages before the question that may come into the window. */
const WINDOW_MESSAGES = 100;
/** What was said lately in other conversations that may come in, and how much of each. */
const MOST_LATELY = 5;
const LATELY_LENGTH = 300;
/** Facts about the user that may come in. */
const MOST_FACTS = 40;

/** Where a question stands: in which conversation, and after which of its messages. */
export interface Asked {
  readonly userId: string;
  readonly conversationId: string;
  readonly question: string;
  /** Only messages with a lower number count. */
  readonly before: number;
  readonly askedAt: Date;
  readonly persona: Pick<Persona, 'systemPrompt'>;
  /** Titles of the data sets that may be asked about. */
  readonly datasets: readonly string[];
  /** null: none is set up. */
  readonly model: Pick<LanguageModel, 'provider' | 'model'> | null;
}

/** What a language model gets to know for one question. */
@Injectable()
export class ContextService {
  private readonly log = new Logger('memory');

  constructor(
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly personas: PersonasService,
    private readonly datasets: DatasetsService,
    private readonly facts: FactsService,
    private readonly shortTerm: ShortTermService,
    private readonly models: Models,
    private readonly config: Config,
  ) {}

  /**
   * For an answer: notes that the facts in it are used.
   * @throws {422} question_too_long
   */
  async of(asked: Asked): Promise<{ context: Context; tokenizer: string }> {
    const made = await this.make(asked);
    const used = made.context.parts.find(({ kind }) => kind === 'facts')?.sources ?? [];
    await this.facts.noteUse(asked.userId, used);
    return made;
  }

  private async make(asked: Asked): Promise<{ context: Context; tokenizer: string }> {
    const tokenizer = await tokenizerOf(asked.model?.model ?? null);
    const window = await this.windowOf(asked);
    const candidates = {
      rules: rulesOf(asked),
      question: asked.question,
      window,
      facts: await this.factsOf(asked),
      results: [],
      recalled: await this.latelyOf(asked),
      summary: null,
    };
    const budget = { total: this.config.contextTokens, shares: SHARES };
    try {
      return { context: buildContext(candidates, budget, (text) => tokenizer.count(text)), tokenizer: tokenizer.name };
    } catch (error) {
      if (!(error instanceof QuestionTooLong)) throw error;
      throw new Problem(422, 'question_too_long', `${error.message} Ask it in fewer words.`, {
        errors: [{ path: 'question', message: 'question must fit into the model’s context' }],
      });
    }
  }

  /**
   * What would be sent, were this asked now.
   * @throws {404} conversation_not_found
   * @throws {422} question_too_long
   */
  async preview(actor: Actor, conversationId: string, question: string): Promise<ContextView> {
    const { personaId, lastSeq } = await this.conversations.owned(actor, conversationId);
    const persona = await this.personas.active(personaId);
    return this.view(actor, persona, { conversationId, question, before: lastSeq + 1, askedAt: new Date() });
  }

  /**
   * What the answer (or the one to this question) saw, or would have seen where no model had to do with it; what was erased since is not in it.
   * @throws {400} not_an_answer
   * @throws {404} message_not_found
   */
  async ofMessage(actor: Actor, conversationId: string, messageId: string): Promise<ContextView> {
    const message = await this.messages.get(actor.id, conversationId, messageId);
    const question = await this.questionOf(actor, message);
    const { personaId } = await this.conversations.owned(actor, conversationId);
    const persona = await this.personas.find(personaId);
    return this.view(actor, persona, {
      conversationId,
      question: question.content,
      before: question.seq,
      askedAt: question.createdAt,
    });
  }

  private async questionOf(actor: Actor, message: MessageRow): Promise<MessageRow> {
    if (message.role === 'user') return message;
    const parent =
      message.parentId === null ? null : await this.messages.find(actor.id, message.conversationId, message.parentId);
    if (parent?.role === 'user') return parent;
    throw new Problem(400, 'not_an_answer', 'Only what the user said, and the answer to it, has a context.');
  }

  private async view(
    actor: Actor,
    persona: Persona,
    asked: Pick<Asked, 'conversationId' | 'question' | 'before' | 'askedAt'>,
  ): Promise<ContextView> {
    const model = this.modelOf(persona);
    const profiles = await this.datasets.profilesFor(actor);
    const { context, tokenizer } = await this.make({
      ...asked,
      userId: actor.id,
      persona,
      datasets: profiles.map(({ title }) => title),
      model,
    });
    return ContextView.of(context, tokenizer, model === null ? null : `${model.provider}/${model.model}`);
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

  private async factsOf({ userId, askedAt }: Asked): Promise<Piece[]> {
    const facts = await this.facts.holding(userId, askedAt, MOST_FACTS);
    return facts.map((fact) => ({ text: factLine(fact), sources: [fact.id, ...fact.sources] }));
  }

  /** What the user said lately in other conversations, the latest first. */
  private async latelyOf({ userId, conversationId, askedAt }: Asked): Promise<Piece[]> {
    const said = await this.shortTerm.recent(userId, {
      exceptConversationId: conversationId,
      limit: MOST_LATELY,
      at: askedAt,
    });
    return said.map(({ messageId, content, saidAt }) => ({
      text: `${saidAt.toISOString().slice(0, 10)}, in another conversation, the user said: ${quoted(excerpt(content, LATELY_LENGTH))}`,
      sources: [messageId],
    }));
  }

  /** Turns of the active path, oldest first; what was said without an answer, or answered without a question, is one too. */
  private async windowOf({ userId, conversationId, before }: Asked): Promise<WindowMessage[][]> {
    const rows = await this.messages.recent(userId, conversationId, WINDOW_MESSAGES, { before, members: [] });
    const turns: WindowMessage[][] = [];
    for (const { id, role, content, status } of rows) {
      if (role === 'system' || content === '' || status === 'failed') continue;
      if (role === 'user' || turns.length === 0) turns.push([]);
      turns.at(-1)?.push({ id, role, content });
    }
    return turns;
  }
}

/** The persona's prompt, and what every model must know beside it. */
export function rulesOf({ persona, askedAt, datasets }: Pick<Asked, 'persona' | 'askedAt' | 'datasets'>): string {
  const about =
    datasets.length === 0
      ? 'There is no data set to answer from.'
      : `Data sets that questions can be asked about: ${datasets.join('; ')}.`;
  return `${persona.systemPrompt}\n\nToday is ${askedAt.toISOString().slice(0, 10)}. ${about} Figures of these come from queries only: state none as if it came from them unless it is given to you here.`;
}
