import { type ApiBodyOptions, ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Optional } from '../../common/optional.js';
import type { UiMessage } from './ui-message.js';

/** Which messages. */
export class ListUiMessages {
  /** The last ones, at most this many.
   * @example 100 */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number = 100;
}

/** A message as `useChat` keeps it. */
export class UiMessageView {
  /** @example "a1B2c3D4e5F6g7H8" */
  id: string;
  /** @example "user" */
  role: 'user' | 'assistant' | 'system';
  /** `createdAt`; of an answer also `conversationId`, `runId`, `userMessageId`, `status`, `insights` and `usage`. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: object;
  /** `text`, `data-visualization` (a Vega-Lite specification), `data-result` (columns and rows), `source-document`. */
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  parts: readonly object[];

  static of(this: void, { id, role, metadata, parts }: UiMessage): UiMessageView {
    return { id, role, metadata, parts };
  }
}

type Schema = Extract<ApiBodyOptions, { schema: unknown }>['schema'];

const MESSAGE: Schema = {
  type: 'object',
  required: ['role', 'parts'],
  additionalProperties: true,
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 128 },
    role: { type: 'string', enum: ['user', 'assistant', 'system'] },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type'],
        additionalProperties: true,
        properties: { type: { type: 'string' }, text: { type: 'string' } },
      },
    },
  },
};

/** The body of a request is checked by hand, since clients may add fields of their own to it. */
export const CHAT_REQUEST: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['id'],
    additionalProperties: true,
    properties: {
      id: {
        type: 'string',
        minLength: 1,
        maxLength: 128,
        description: "The chat: the client's id, or a conversation's.",
      },
      trigger: { type: 'string', enum: ['submit-message', 'regenerate-message'], default: 'submit-message' },
      messageId: { type: 'string', nullable: true, description: 'The message that is edited, or answered anew.' },
      message: MESSAGE,
      messages: { type: 'array', items: MESSAGE },
      persona: { type: 'string', maxLength: 64, description: 'Name or id of the persona of a new chat.' },
      datasetIds: { type: 'array', maxItems: 20, items: { type: 'string', format: 'uuid' } },
    },
  },
  examples: {
    submit: {
      summary: 'A question',
      value: {
        id: 'a1B2c3D4e5F6g7H8',
        trigger: 'submit-message',
        message: {
          id: 'h8G7f6E5d4C3b2A1',
          role: 'user',
          parts: [{ type: 'text', text: 'Show me education sector health in 2024' }],
        },
      },
    },
  },
};
