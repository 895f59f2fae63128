import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { MessageRow } from '../conversations/message.entity.js';
import type { DatasetProfile } from '../datasets/profile.js';
import { ContextService } from '../memory/context/context.service.js';
import type { Persona } from '../personas/persona.entity.js';
import type { Speaker } from './pipeline/model/speaker.js';

/** Finds the language model that a turn speaks through, and what it is given. */
@Injectable()
export class SpeakersService {
  constructor(
    private readonly contexts: ContextService,
    private readonly config: Config,
  ) {}

  /** null: there is no language model, and the answer is composed by rules alone. */
  of(persona: Persona, datasets: readonly DatasetProfile[], question: MessageRow): Speaker | null {
    const model = this.contexts.modelOf(persona);
    if (model === null) return null;
    const { userId, conversationId, content, seq, createdAt } = question;
    return {
      model,
      systemPrompt: persona.systemPrompt,
      temperature: persona.temperature,
      context: () => {
        const titles = datasets.map(({ title }) => title);
        const asked = { userId, conversationId, question: content, before: seq, askedAt: createdAt };
        return this.contexts.of({ ...asked, persona, datasets: titles }, model);
      },
      deadline: performance.now() + this.config.llm.timeoutMs,
    };
  }
}
