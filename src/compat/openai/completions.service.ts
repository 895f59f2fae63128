import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ChatService } from '../../chat/chat.service.js';
import type { Ticket } from '../../chat/repeats.service.js';
import type { Actor } from '../../common/actor.js';
import { BranchesService } from '../../conversations/branches/branches.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { PersonasService } from '../../personas/personas.service.js';
import { draftOf } from './items.js';
import {
  contentSchema,
  metadataSchema,
  modelSchema,
  MOST_MESSAGES,
  questionOf,
  type Said,
  visible,
} from './parameters.js';
import { inOpenAiTerms } from './problems.js';

const messageSchema = z.looseObject({
  role: z.enum(['user', 'assistant', 'system', 'developer'], 'must be user, assistant, system or developer'),
  content: contentSchema.nullish(),
});

export const completionSchema = z.looseObject({
  model: modelSchema,
  messages: z.array(messageSchema).min(1).max(MOST_MESSAGES),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  metadata: metadataSchema,
});
export type CompletionRequest = z.infer<typeof completionSchema>;

/** How a send came in. */
export interface Attempt {
  readonly idempotencyKey: string | undefined;
  readonly isRetry: boolean;
}

/**
 * Chat completions. Their clients keep the conversation and send all of it each time; here it is kept too, so each call is
 * one turn more in the conversation that what was said before belongs to. That is found by its words.
 */
@Injectable()
export class CompletionsService {
  constructor(
    private readonly chat: ChatService,
    private readonly messages: MessagesService,
    private readonly branches: BranchesService,
    private readonly personas: PersonasService,
  ) {}

  /** @throws what `ChatService.send` does, in OpenAI's terms */
  async take(actor: Actor, { model, messages }: CompletionRequest, attempt: Attempt): Promise<Ticket> {
    return inOpenAiTerms(async () => {
      const persona = await this.personas.active(model ?? undefined);
      const { question, earlier } = questionOf(messages.flatMap(saidOf), 'messages');
      const end = await this.endOf(actor, persona.id, earlier);
      const threadId = threadIdOf(persona.id, [...earlier, { role: 'user', content: question }]);
      const known = await this.messages.ofClientId(actor.id, threadId);
      const isRepeat = attempt.isRetry || attempt.idempotencyKey !== undefined;
      if (!isRepeat && end !== null && known?.parentId === end.id) {
        return this.chat.regenerate(actor, known.conversationId, known.id);
      }
      return this.chat.send(
        actor,
        {
          query: question,
          persona: persona.id,
          ...(end === null ? {} : { conversationId: end.conversationId, parentId: end.id }),
          ...(known === null && { clientId: threadId }),
        },
        { ...attempt, ...(end === null && earlier.length > 0 && { earlier: earlier.map(draftOf) }) },
      );
    });
  }

  /** The stored answer that these messages end with; null: they are not a conversation of ours. */
  private async endOf(actor: Actor, personaId: string, earlier: readonly Said[]): Promise<MessageRow | null> {
    const answer = earlier.at(-1);
    if (answer?.role !== 'assistant') return null;
    const question = await this.messages.ofClientId(actor.id, threadIdOf(personaId, earlier.slice(0, -1)));
    if (question === null) return null;
    const answers = await this.branches.following(actor, question.conversationId, question.id);
    return (
      answers.findLast(({ role, content }) => role === 'assistant' && inShort(content) === inShort(answer.content)) ??
      null
    );
  }
}

/** Instructions to a model are the persona's business, and are left out. */
function saidOf({ role, content }: CompletionRequest['messages'][number]): Said[] {
  return role === 'user' || role === 'assistant' ? [{ role, content: content ?? '' }] : [];
}

/** Clients trim. */
const inShort = (content: string): string => content.replaceAll(/\s+/g, ' ').trim();

/**
 * What a question is called that came in with all that was said before it. Of several with the same words the first one has
 * the name.
 */
function threadIdOf(personaId: string, said: readonly Said[]): string {
  const words = JSON.stringify([personaId, ...visible(said).map(({ role, content }) => [role, inShort(content)])]);
  return `chat-${createHash('sha256').update(words).digest('base64url')}`;
}
