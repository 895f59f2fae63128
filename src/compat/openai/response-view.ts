import type { ModelUse } from '../../chat/pipeline/model/speaker.js';
import type { RunRow, RunStatus } from '../../chat/runs/run.entity.js';
import type { ConversationRow } from '../../conversations/conversation.entity.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { itemOf } from './items.js';
import type { OpenAiResponse, OpenAiUsage } from './openai.dto.js';
import { conversationId, responseId } from './openai-ids.js';

/** What a client asked for that has no effect here but is told again with the response. */
export type Echo = {
  readonly background?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly previous?: string;
  readonly maxOutputTokens?: number;
  readonly user?: string;
  /** How many messages the request brought, the question among them. */
  readonly items?: number;
};

/** A run with what there is of its turn. */
export interface Told {
  readonly run: RunRow;
  readonly message: MessageRow;
  readonly conversation: ConversationRow;
}

const STATUSES: Readonly<Record<RunStatus, OpenAiResponse['status']>> = {
  queued: 'queued',
  running: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  stopped: 'cancelled',
  interrupted: 'incomplete',
};

export const echoOf = ({ request }: Pick<RunRow, 'request'>): Echo => request.echo ?? {};

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

export function responseOf({ run, message, conversation }: Told): OpenAiResponse {
  const { background = false, metadata = {}, previous, maxOutputTokens, user } = echoOf(run);
  const said = message.role === 'assistant' && message.content !== '' && message.status !== 'streaming';
  return {
    id: responseId(run.id),
    object: 'response',
    created_at: seconds(message.createdAt),
    completed_at: run.status === 'completed' && run.finishedAt !== null ? seconds(run.finishedAt) : null,
    status: STATUSES[run.status],
    error: run.error === null ? null : { code: 'server_error', message: run.error.message },
    incomplete_details: null,
    background,
    conversation: { id: conversationId(run.conversationId) },
    previous_response_id: previous ?? null,
    model: conversation.personaName,
    output: said ? [itemOf(message)] : [],
    usage: usageOf(message),
    metadata: { ...metadata },
    instructions: null,
    tools: [],
    tool_choice: 'auto',
    truncation: 'disabled',
    parallel_tool_calls: true,
    text: { format: { type: 'text' } },
    reasoning: { effort: null, summary: null },
    temperature: 1,
    top_p: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    top_logprobs: 0,
    max_output_tokens: maxOutputTokens ?? null,
    max_tool_calls: null,
    store: true,
    service_tier: 'default',
    safety_identifier: null,
    prompt_cache_key: null,
    ...(user !== undefined && { user }),
  };
}

/** The response as it was when its run began. */
export const atWork = (told: Told, status: 'queued' | 'in_progress'): OpenAiResponse => ({
  ...responseOf(told),
  status,
  completed_at: null,
  error: null,
  output: [],
  usage: NONE,
});

const usage = (inputTokens: number, outputTokens: number): OpenAiUsage => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens,
});
const NONE = usage(0, 0);

/** Tokens of the language model that had a part in the answer; without one, none were used. */
export function usageOf({ metadata }: Pick<MessageRow, 'metadata'>): OpenAiUsage {
  const used = (metadata['model'] as Partial<ModelUse> | undefined)?.usage;
  return used === undefined || used === null ? NONE : usage(used.inputTokens, used.outputTokens);
}
