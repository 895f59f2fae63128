import { z } from 'zod';
import type { MessageRow, MessageStatus } from '../../conversations/message.entity.js';
import type { MessageDraft } from '../../conversations/messages.service.js';
import type { OpenAiContent, OpenAiItem, OpenAiItemList } from './openai.dto.js';
import { messageId } from './openai-ids.js';
import { contentSchema, type Said } from './parameters.js';

/** Items in one request that stores them. */
export const MOST_ITEMS = 20;

const ROLES = { user: 'user', assistant: 'assistant', system: 'system', developer: 'system' } as const;

/** A message as a client gives it; other kinds of items are told apart by their type, and refused. */
export const itemSchema = z.looseObject({
  type: z.literal('message', 'must be "message"; Engram keeps no other items').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: contentSchema,
});

export const saidOf = ({ role, content }: z.infer<typeof itemSchema>): Said => ({ role: ROLES[role], content });

export const draftOf = ({ role, content }: Said): MessageDraft => ({ role, content });

const STATUSES: Readonly<Record<MessageStatus, OpenAiItem['status']>> = {
  complete: 'completed',
  streaming: 'in_progress',
  failed: 'incomplete',
  stopped: 'incomplete',
  interrupted: 'incomplete',
};

export const outputText = (text: string): OpenAiContent => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: [],
});

export function itemOf({ id, role, status, content }: MessageRow): OpenAiItem {
  const said: OpenAiContent = role === 'assistant' ? outputText(content) : { type: 'input_text', text: content };
  return {
    id: messageId(id),
    type: 'message',
    status: STATUSES[status],
    role,
    content: content === '' ? [] : [said],
  };
}

export const itemList = (rows: readonly MessageRow[], hasMore: boolean): OpenAiItemList =>
  listOf(rows.map(itemOf), hasMore);

/** The form of every list. */
export const listOf = <T extends { id: string }>(data: T[], hasMore: boolean) => ({
  object: 'list' as const,
  data,
  has_more: hasMore,
  first_id: data[0]?.id ?? '',
  last_id: data.at(-1)?.id ?? '',
});
