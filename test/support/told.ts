import { FactsService } from '../../src/memory/facts/facts.service.js';
import type { TestApp } from './app.js';
import type { Client } from './client.js';

export interface FactBody {
  id: string;
  kind: string;
  key: string;
  statement: string;
  origin: string;
  rule: string | null;
  ruleVersion: number | null;
  model: string | null;
  confidence: number;
  enabled: boolean;
  current: boolean;
  validFrom: string;
  validTo: string | null;
  lastUsedAt: string | null;
  sources: { conversationId: string; messageId: string; quote: string; saidAt: string }[];
}

/** A new conversation in which the user says all of this. */
export async function told(user: Client, ...contents: string[]): Promise<string> {
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  for (const content of contents) await say(user, id, content);
  return id;
}

export const say = (
  user: Client,
  conversationId: string,
  content: string,
  role = 'user',
  more: object = {},
): Promise<{ id: string }> =>
  user.ok('POST', `/api/v1/conversations/${conversationId}/messages`, { role, content, ...more });

/** Until all that the user said was learned from, by this or in the background. */
export async function learned({ app }: TestApp, user: Client): Promise<void> {
  await app.get(FactsService).learn(user.user.id);
}

export const factsOf = async (user: Client, query = ''): Promise<FactBody[]> =>
  (await user.ok<{ data: FactBody[] }>('GET', `/api/v1/memory/facts?limit=100${query}`)).data;

/** What holds, in plain words. */
export const statements = async (user: Client, query = ''): Promise<string[]> =>
  (await factsOf(user, query)).map(({ statement }) => statement).sort();
