import { Injectable, Logger } from '@nestjs/common';
import { Problem } from '../common/problem.js';
import { Config } from '../config/config.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { LanguageModel } from '../llm/language-model.js';
import { Models } from '../llm/models.service.js';
import type { Persona } from '../personas/persona.entity.js';
import type { Speaker } from './pipeline/model/speaker.js';

/** Messages before the question that a model is given, and how long they may be together, in characters. */
const WINDOW_MESSAGES = 20;
const WINDOW_CHARACTERS = 24_000;

/** Finds the language model that a turn speaks through. */
@Injectable()
export class SpeakersService {
  private readonly log = new Logger('chat');

  constructor(
    private readonly models: Models,
    private readonly messages: MessagesService,
    private readonly config: Config,
  ) {}

  /** null: there is no language model, and the answer is composed by rules alone. */
  async of(persona: Persona, question: MessageRow): Promise<Speaker | null> {
    const model = this.modelOf(persona);
    if (model === null) return null;
    return {
      model,
      systemPrompt: persona.systemPrompt,
      temperature: persona.temperature,
      window: await this.windowBefore(question),
      deadline: performance.now() + this.config.llm.timeoutMs,
    };
  }

  /** A persona's provider may have been taken out of the settings since: then there is none, rather than no answer. */
  private modelOf({ name, model }: Persona): LanguageModel | null {
    try {
      return this.models.get(model);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn(`persona ${name} speaks through a language model that is not set up: ${error.detail}`);
      return null;
    }
  }

  private async windowBefore({ userId, conversationId, seq, parentId }: MessageRow): Promise<Speaker['window']> {
    if (parentId === null) return [];
    const rows = await this.messages.recent(userId, conversationId, WINDOW_MESSAGES, { before: seq, members: [] });
    let room = WINDOW_CHARACTERS;
    const window: { role: 'user' | 'assistant'; content: string }[] = [];
    for (const { role, content } of rows.toReversed()) {
      room -= content.length;
      if (room < 0) break;
      if (role !== 'system' && content !== '') window.unshift({ role, content });
    }
    return window;
  }
}
