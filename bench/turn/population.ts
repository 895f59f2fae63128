import { createHmac } from 'node:crypto';

/*
 * Who and what is in the database under test, by number, so that any process can name a row without asking for it.
 * Users 1 to 1,000; conversations 1 to 50,000, the one numbered c belonging to user (c - 1) mod 1,000 + 1.
 */

export const USERS = 1_000;
export const CONVERSATIONS = 50_000;

/** So many conversations of each of these lengths come first; the others have 6 to 26 messages. */
export const LENGTHS = [10_000, 1_000, 10] as const;
export const OF_EACH_LENGTH = 20;

const hex = (number: number): string => number.toString(16).padStart(12, '0');

export const userId = (user: number): string => `00000000-0000-7000-8000-${hex(user)}`;
export const sessionId = (user: number): string => `00000000-0002-7000-8000-${hex(user)}`;
export const conversationId = (conversation: number): string => `00000000-0001-7000-8000-${hex(conversation)}`;
export const ownerOf = (conversation: number): number => ((conversation - 1) % USERS) + 1;

/** Number of a random conversation of the user. */
export function conversationOf(user: number, random: () => number): number {
  return user + USERS * Math.floor(random() * (CONVERSATIONS / USERS));
}

/** The numbers of the conversations that had this length when they were made. */
export function conversationsOfLength(length: (typeof LENGTHS)[number]): number[] {
  const first = LENGTHS.indexOf(length) * OF_EACH_LENGTH + 1;
  return Array.from({ length: OF_EACH_LENGTH }, (_, index) => first + index);
}

export const SECRET = 'the secret of a server that only this benchmark talks to';

/** An access token as the server under test signs them (HS256), good for a day. */
export function tokenOf(user: number): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ role: 'user', sid: sessionId(user), sub: userId(user), iat: now, exp: now + 86_400 })}`;
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}
