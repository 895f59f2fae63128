import { isUuid } from '../../common/ids.js';
import { notFound } from '../../common/problem.js';

/*
 * Ids in OpenAI's form are ours in other clothes, so that nothing needs to be looked up: `conv_` of a conversation, `msg_`
 * of a message, `resp_` and `chatcmpl-` of a run, and then the UUID's 32 digits.
 */

const bare = (uuid: string): string => uuid.replaceAll('-', '');

export const conversationId = (uuid: string): string => `conv_${bare(uuid)}`;
export const messageId = (uuid: string): string => `msg_${bare(uuid)}`;
export const responseId = (runId: string): string => `resp_${bare(runId)}`;
export const completionId = (runId: string): string => `chatcmpl-${bare(runId)}`;

const KINDS = { conv: 'conversation', msg: 'message', resp: 'response' } as const;

/** The UUID in an id of the given kind. @throws {404} where it is no id of ours: there is nothing under it */
export function uuidOf(kind: keyof typeof KINDS, id: string): string {
  const [, digits = ''] = new RegExp(`^${kind}_([0-9a-f]{32})$`).exec(id) ?? [];
  const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (isUuid(uuid)) return uuid;
  throw notFound(KINDS[kind], id);
}
