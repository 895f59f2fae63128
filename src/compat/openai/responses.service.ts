import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ChatService } from '../../chat/chat.service.js';
import type { Ticket } from '../../chat/repeats.service.js';
import { isOver, RunsService } from '../../chat/runs/runs.service.js';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import type { Attempt } from './completions.service.js';
import { draftOf, itemSchema, listOf, itemOf, saidOf } from './items.js';
import type { ListOpenAi, OpenAiItemList } from './openai.dto.js';
import { messageId, responseId, uuidOf } from './openai-ids.js';
import { metadataSchema, modelSchema, questionOf, unsupported } from './parameters.js';
import { inOpenAiTerms, notServed, parameterProblem } from './problems.js';
import { type Echo, echoOf, type Told } from './response-view.js';
import { TurnsTold } from './turns-told.service.js';

/** Messages that one request may bring. */
const MOST_INPUT = 100;

const conversationSchema = z.union([z.string().max(64), z.looseObject({ id: z.string().max(64) })]);

export const responseSchema = z.looseObject({
  model: modelSchema,
  input: z.union([z.string(), z.array(itemSchema).min(1).max(MOST_INPUT)]),
  conversation: conversationSchema.nullish(),
  previous_response_id: z.string().max(64).nullish(),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  store: z.boolean().nullish(),
  metadata: metadataSchema,
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  user: z.string().max(512).nullish(),
});
export type ResponseRequest = z.infer<typeof responseSchema>;

/** Responses: a run of ours each. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly chat: ChatService,
    private readonly runs: RunsService,
    private readonly messages: MessagesService,
    private readonly conversations: ConversationsService,
    private readonly turns: TurnsTold,
  ) {}

  /**
   * @throws {400} unsupported_parameter, mutually_exclusive_parameters
   * @throws {404} conversation_not_found, response_not_found
   */
  async take(actor: Actor, request: ResponseRequest, attempt: Attempt): Promise<Ticket> {
    const { model, input, store } = request;
    if (store === false) throw unsupported('store', ' It keeps every turn; delete its conversation afterwards.');
    const said = typeof input === 'string' ? [{ role: 'user' as const, content: input }] : input.map(saidOf);
    const { question, earlier } = questionOf(said, 'input');
    const place = await this.placeOf(actor, request);
    return inOpenAiTerms(
      () =>
        this.chat.send(
          actor,
          { query: question, ...(model && { persona: model }), ...place.at },
          {
            ...attempt,
            echo: echoIn(request, earlier.length + 1),
            ...(earlier.length > 0 && { earlier: earlier.map(draftOf) }),
          },
        ),
      place.named,
    );
  }

  /** @throws {404} response_not_found */
  async read(actor: Actor, id: string): Promise<Told> {
    return inOpenAiTerms(async () => this.turns.of(actor, uuidOf('resp', id)), { what: 'response', id });
  }

  /** Ends it, wherever it is worked on; one that has ended stays as it is. @throws {404} response_not_found */
  async cancel(actor: Actor, id: string): Promise<Told> {
    return inOpenAiTerms(
      async () => {
        const { id: runId } = await this.runs.stop(actor, uuidOf('resp', id));
        return this.turns.of(actor, runId);
      },
      { what: 'response', id },
    );
  }

  /**
   * Deletes a response that is all there is in its conversation, with that.
   * @throws {404} response_not_found
   * @throws {409} response_active
   * @throws {404} not_served: there is more in its conversation
   */
  async remove(actor: Actor, id: string): Promise<void> {
    const { run, conversation } = await this.read(actor, id);
    if (!isOver(run)) {
      throw new Problem(409, 'response_active', 'This response is being worked out; cancel it first.', {
        headers: { 'x-should-retry': 'false' },
      });
    }
    if (conversation.lastSeq > (echoOf(run).items ?? 1) + 1) {
      throw notServed('deleting one response of a longer conversation; delete the conversation');
    }
    await this.conversations.remove(actor, conversation.id);
  }

  /** The messages that the request brought. @throws {404} response_not_found */
  async inputItems(
    actor: Actor,
    id: string,
    { after, limit = 20, order = 'desc' }: ListOpenAi,
  ): Promise<OpenAiItemList> {
    const { run } = await this.read(actor, id);
    const question = await this.messages.get(actor.id, run.conversationId, run.userMessageId);
    const rows: MessageRow[] = [question];
    const items = echoOf(run).items ?? 1;
    // They were stored together, under numbers one after the other; those that are missing were erased.
    for (let next = question.parentId; items > rows.length && next !== null;) {
      const row: MessageRow = await this.messages.get(actor.id, run.conversationId, next);
      if (row.seq <= question.seq - items) break;
      rows.push(row);
      next = row.parentId;
    }
    if (order === 'asc') rows.reverse();
    const from = after === undefined ? 0 : rows.findIndex((row) => messageId(row.id) === after) + 1;
    if (after !== undefined && from === 0) throw noPlace(after);
    const page = rows.slice(from, from + limit);
    return listOf(page.map(itemOf), from + limit < rows.length);
  }

  /** Where a new turn is put: after a response, at the end of a conversation, or in a new one. */
  private async placeOf(
    actor: Actor,
    { conversation, previous_response_id: previous }: ResponseRequest,
  ): Promise<{
    at: { conversationId?: string; parentId?: string };
    named?: { what: string; id: string };
  }> {
    if (conversation !== undefined && conversation !== null) {
      if (previous !== undefined && previous !== null) {
        throw parameterProblem(
          400,
          'mutually_exclusive_parameters',
          'previous_response_id',
          'Give conversation or previous_response_id, not both.',
        );
      }
      const id = typeof conversation === 'string' ? conversation : conversation.id;
      return { at: { conversationId: uuidOf('conv', id) }, named: { what: 'conversation', id } };
    }
    if (previous === undefined || previous === null) return { at: {} };
    const { run } = await this.read(actor, previous);
    return { at: { conversationId: run.conversationId, parentId: run.messageId } };
  }
}

export const noPlace = (after: string): Problem =>
  parameterProblem(
    400,
    'cursor_invalid',
    'after',
    `${after} is not in this list; leave after out to start at its beginning.`,
  );

function echoIn(request: ResponseRequest, items: number): Echo {
  const { background, metadata, previous_response_id: previous, max_output_tokens: maxOutputTokens, user } = request;
  return {
    items,
    ...(background === true && { background }),
    ...(metadata && { metadata }),
    ...(previous && { previous: responseId(uuidOf('resp', previous)) }),
    ...(maxOutputTokens && { maxOutputTokens }),
    ...(user && { user }),
  };
}
