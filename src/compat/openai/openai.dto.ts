import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Optional } from '../../common/optional.js';

/** Which part of a list. */
export class ListOpenAi {
  /** Only what comes after this one: the `last_id` of the page before. */
  @Optional()
  @IsString()
  @MaxLength(64)
  after?: string;

  /** How many to give at most, 1 to 100. */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  /** `desc`, newest first, when left out. */
  @Optional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';

  /** Taken, and without effect: items hold all that there is. */
  @Optional()
  include?: unknown;

  @ApiProperty({ type: 'string', required: false, description: 'The same.' })
  @Optional()
  'include[]'?: unknown;
}

/** How to read a response. */
export class ReadOpenAiResponse {
  /** As server-sent events, to its end. */
  @Optional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  stream?: boolean;

  /** With `stream`: only events with a higher `sequence_number`. */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  starting_after?: number;

  /** Taken, and without effect. */
  @Optional()
  include_obfuscation?: unknown;

  /** Taken, and without effect. */
  @Optional()
  include?: unknown;

  @ApiProperty({ type: 'string', required: false, description: 'The same.' })
  @Optional()
  'include[]'?: unknown;
}

/** A persona that one may talk to. */
export class OpenAiModel {
  /** Its name.
   * @example "transformation_analyst" */
  id: string;
  /** @example "model" */
  object: 'model';
  /** Seconds since 1970.
   * @example 1795200000 */
  created: number;
  /** @example "engram" */
  owned_by: 'engram';
}

export class OpenAiModelList {
  /** @example "list" */
  object: 'list';
  data: OpenAiModel[];
}

export class OpenAiConversation {
  /** @example "conv_019ab0c15a107d2c9a410c9e8d7f6b51" */
  id: string;
  /** @example "conversation" */
  object: 'conversation';
  /** Seconds since 1970.
   * @example 1795200000 */
  created_at: number;
  /** `title` and `persona` (the model) are Engram's.
   * @example { "title": "Sector health", "persona": "transformation_analyst" } */
  metadata: Record<string, string>;
}

export class OpenAiConversationList {
  /** @example "list" */
  object: 'list';
  data: OpenAiConversation[];
  has_more: boolean;
  first_id: string;
  last_id: string;
}

export class OpenAiDeleted {
  id: string;
  /** @example "conversation.deleted" */
  object: string;
  /** @example true */
  deleted: true;
}

export class OpenAiContent {
  /** `output_text` of the assistant, `input_text` of others. */
  type: 'input_text' | 'output_text';
  text: string;
  @ApiPropertyOptional({ type: 'array', items: { type: 'object' }, description: 'Of `output_text`: always empty.' })
  annotations?: never[];
  @ApiPropertyOptional({ type: 'array', items: { type: 'object' }, description: 'Of `output_text`: always empty.' })
  logprobs?: never[];
}

/** A message. */
export class OpenAiItem {
  /** @example "msg_019ab0c15a1e7b6e8f0a3f1d2c4b5a60" */
  id: string;
  /** @example "message" */
  type: 'message';
  status: 'in_progress' | 'completed' | 'incomplete';
  /** `system` also of an answer that failed. */
  role: 'user' | 'assistant' | 'system';
  content: OpenAiContent[];
}

export class OpenAiItemList {
  /** @example "list" */
  object: 'list';
  data: OpenAiItem[];
  has_more: boolean;
  first_id: string;
  last_id: string;
}

export class OpenAiUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/** The run of one turn. */
export class OpenAiResponse {
  /** @example "resp_019ab0c15a107d2c9a410c9e8d7f6b52" */
  id: string;
  /** @example "response" */
  object: 'response';
  /** Seconds since 1970.
   * @example 1795200000 */
  created_at: number;
  completed_at: number | null;
  /** `cancelled`: it was stopped; `incomplete`: the server stopped before it was done. */
  status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'incomplete';
  error: { code: 'server_error'; message: string } | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  incomplete_details: null;
  background: boolean;
  /** Where its messages are.
   * @example { "id": "conv_019ab0c15a107d2c9a410c9e8d7f6b51" } */
  conversation: { id: string };
  previous_response_id: string | null;
  /** Name of the persona.
   * @example "transformation_analyst" */
  model: string;
  /** The answer, one message; empty before there is one, and when it failed. */
  output: OpenAiItem[];
  /** Of the language model; zeros where none was asked. */
  usage: OpenAiUsage;
  metadata: Record<string, string>;
  @ApiProperty({ type: 'string', nullable: true })
  instructions: null;
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  tools: never[];
  tool_choice: 'auto';
  truncation: 'disabled';
  parallel_tool_calls: boolean;
  @ApiProperty({ type: 'object', additionalProperties: true })
  text: { format: { type: 'text' } };
  @ApiProperty({ type: 'object', additionalProperties: true })
  reasoning: { effort: null; summary: null };
  temperature: number;
  top_p: number;
  presence_penalty: number;
  frequency_penalty: number;
  top_logprobs: number;
  max_output_tokens: number | null;
  max_tool_calls: number | null;
  store: true;
  service_tier: 'default';
  safety_identifier: string | null;
  prompt_cache_key: string | null;
  user?: string;
}
