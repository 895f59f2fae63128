import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { v7 } from 'uuid';

/*
 * The least that a server of these three routes can be: `node:http`, `pg`, a token checked with `node:crypto`, the fields
 * looked at, the same prepared statements as the product's (given in STATEMENTS), the same answers. No framework.
 */

interface Statements {
  readonly append: string;
  readonly list: string;
  readonly last: string;
}

const statements = JSON.parse(process.env['STATEMENTS'] ?? '{}') as Statements;
const secret = process.env['JWT_SECRET'] ?? '';
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_SIZE']),
});

const run = async (name: keyof Statements, values: unknown[]): Promise<Record<string, unknown>[]> =>
  (await pool.query<Record<string, unknown>>({ name, text: statements[name], values })).rows;

interface Draft {
  readonly role: string;
  readonly content: string;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const MESSAGES = /^\/api\/v1\/conversations\/([0-9a-f-]{36})\/messages$/;

async function answer(request: IncomingMessage): Promise<[number, unknown]> {
  const user = userOf(request.headers.authorization ?? '');
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, conversation] = MESSAGES.exec(url.pathname) ?? [];
  if (conversation !== undefined && request.method === 'POST') {
    return [201, { messages: await append(user, conversation, draftsOf(await bodyOf(request))) }];
  }
  const limit = Number(url.searchParams.get('limit') ?? '20');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refused(400, 'limit must be 1 to 100');
  if (conversation !== undefined) {
    const rows = await run('last', [user, conversation, 2_147_483_647, limit + 1]);
    if (rows.length === 0) throw new Refused(404, 'There is no such conversation here.');
    return [200, pageOf(rows, limit, messageOf, 'seq')];
  }
  if (url.pathname === '/api/v1/conversations') {
    const rows = await run('list', [user, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit + 1]);
    return [200, pageOf(rows, limit, conversationOf, 'id')];
  }
  throw new Refused(404, 'There is nothing here.');
}

function userOf(authorization: string): string {
  const [, head, body, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization) ?? [];
  const given = Buffer.from(signature ?? '', 'base64url');
  const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Refused(401, 'Sign in first.');
  const { sub, exp } = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as { sub: string; exp: number };
  if (exp * 1000 < Date.now()) throw new Refused(401, 'The token has run out.');
  return sub;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

function draftsOf(body: unknown): Draft[] {
  const { messages } = body as { messages?: unknown };
  if (!Array.isArray(messages) || messages.length !== 2) throw new Refused(400, 'messages must be a turn');
  for (const { role, content } of messages as Draft[]) {
    if (role !== 'user' && role !== 'assistant') throw new Refused(400, 'role must be user or assistant');
    if (typeof content !== 'string' || content.length < 1 || content.length > 100_000)
      throw new Refused(400, 'content');
  }
  return messages as Draft[];
}

async function append(user: string, conversation: string, drafts: readonly Draft[]): Promise<unknown[]> {
  const ids = drafts.map(() => v7());
  const first = drafts.find(({ role }) => role === 'user');
  const [target] = await run('append', [
    user,
    conversation,
    drafts.at(-1)?.content.slice(0, 120),
    first?.content.slice(0, 50) ?? null,
    ids.at(-1),
    [],
    ...drafts.flatMap(({ role, content }, place) => [ids[place], role, 'text', 'complete', content, '{}', null]),
  ]);
  if (target === undefined) throw new Refused(404, 'There is no such conversation here.');
  const before = Number(target['lastSeq']) - drafts.length;
  return drafts.map(({ role, content }, place) =>
    messageOf({
      id: ids[place],
      conversationId: conversation,
      parentId: ids[place - 1] ?? target['tailBeforeId'],
      seq: before + place + 1,
      role,
      type: 'text',
      status: 'complete',
      content,
      metadata: {},
      clientId: null,
      createdAt: target['lastActivityAt'],
    }),
  );
}

const messageOf = ({
  id,
  conversationId,
  parentId,
  seq,
  role,
  type,
  status,
  content,
  metadata,
  clientId,
  createdAt,
}: Record<string, unknown>) => ({
  id,
  conversationId,
  parentId,
  seq,
  role,
  type,
  status,
  content,
  metadata,
  clientId,
  createdAt,
});

const conversationOf = (row: Record<string, unknown>) => ({
  id: row['id'],
  clientId: row['clientId'],
  title: row['title'],
  persona: {
    id: row['personaId'],
    name: row['personaName'],
    displayName: row['personaDisplayName'],
    color: row['personaColor'],
    icon: row['personaIcon'],
  },
  messageCount: row['messageCount'],
  lastMessageAt: row['lastActivityAt'],
  lastMessagePreview: row['lastMessagePreview'],
  version: row['version'],
  createdAt: row['createdAt'],
  updatedAt: row['updatedAt'],
});

function pageOf(
  rows: Record<string, unknown>[],
  limit: number,
  view: (row: Record<string, unknown>) => unknown,
  key: string,
): unknown {
  const more = rows.length > limit;
  const last = rows[limit - 1];
  const nextCursor = more && last !== undefined ? Buffer.from(JSON.stringify([last[key]])).toString('base64url') : null;
  return { data: rows.slice(0, limit).map(view), hasMore: more, nextCursor };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-request-id': randomBytes(16).toString('hex'),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) => send(response, status, body),
    (error: unknown) =>
      send(response, error instanceof Refused ? error.status : 500, {
        detail: error instanceof Error ? error.message : 'unknown',
      }),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
