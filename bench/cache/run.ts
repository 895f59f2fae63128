import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createClient } from '@redis/client';
import { createApp } from '../../src/app.js';
import { ChatService } from '../../src/chat/chat.service.js';
import { loadConfig } from '../../src/config/config.js';
import { ConversationView } from '../../src/conversations/conversation.dto.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { MessageView } from '../../src/conversations/message.dto.js';
import { MessagesService } from '../../src/conversations/messages.service.js';
import { Db } from '../../src/database/db.js';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { PersonasService } from '../../src/personas/personas.service.js';

/*
 * What a read costs this process when it is answered from the database, from memory, or with the help of Redis: CPU and latency,
 * all in one process and by turns, with answers of real turns. `npm run bench:cache -- [redis://…]`
 */

const REDIS = process.argv[2] ?? 'redis://127.0.0.1:6379/13';
const USERS = 200;
const READS = 4_000;
const AT_ONCE = 8;
const ROUNDS = 5;

const QUESTIONS = [
  'Show me education sector health in 2024',
  'Compare it with healthcare',
  'And in 2020?',
  'Which region is the lowest?',
  'Show that as a trend since 2015',
  'Average score by sector in 2019',
];

type Read = (user: number) => unknown;

const idOf = (user: number): string => `00000000-0000-7000-8000-${user.toString(16).padStart(12, '0')}`;
const conversationOf = (user: number): string => `00000000-0001-7000-0001-${user.toString(16).padStart(12, '0')}`;

const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-bench-'));
chmodSync(directory, 0o755);
const cluster = await EmbeddedCluster.open({ directory, user: null });
const settings = {
  LOG_LEVEL: 'warn',
  RATE_LIMIT_PER_MINUTE: '0',
  MEMORY_LEARNING: 'false',
  MEMORY_INDEX_SECONDS: '0',
  ADMIN_PASSWORD: 'nobody signs in here',
  DATA_DIR: directory,
};
const app = await createApp(loadConfig(settings), cluster.url, { docs: false });
const redis = createClient({ url: REDIS, RESP: 2 });
redis.on('error', () => undefined);
await redis.connect();
try {
  await seed(app);
  const { model } = os.cpus()[0] ?? {};
  console.log(`${os.cpus().length} cores (${model}), load ${os.loadavg()[0]?.toFixed(1)}, Node ${process.version}\n`);
  console.log('| read | bytes | from | CPU µs | p50 µs | a second |\n|---|---:|---|---:|---:|---:|');
  for (const [name, read] of Object.entries(readsOf(app))) await compare(name, read);
} finally {
  await app.close();
  await cluster.stop();
  redis.destroy();
  rmSync(directory, { recursive: true, force: true });
}

/** A conversation of real turns, copied: 30 for each user, one of them with its messages. */
async function seed(app: NestFastifyApplication): Promise<void> {
  const db = app.get(Db);
  const chat = app.get(ChatService);
  const admin = await db.one<{ id: string }>('SELECT id FROM users');
  const actor = { id: admin?.id ?? '', email: '', role: 'admin' as const };
  let conversationId: string | undefined;
  for (const query of QUESTIONS) {
    const ticket = await chat.send(actor, { query, ...(conversationId !== undefined && { conversationId }) });
    await chat.result(actor, ticket, AbortSignal.timeout(30_000));
    ({ conversationId } = ticket);
  }
  const user = `('00000000-0000-7000-8000-' || lpad(to_hex(u), 12, '0'))::uuid`;
  const conversation = (k: string): string =>
    `('00000000-0001-7000-' || lpad(to_hex(${k}), 4, '0') || '-' || lpad(to_hex(u), 12, '0'))::uuid`;
  await db.query(
    `INSERT INTO users (id, email, password_hash) SELECT ${user}, u || '@example.com', '' FROM generate_series(1, ${USERS}) u`,
  );
  await db.query(
    `INSERT INTO conversations (user_id, id, persona_id, last_activity_at, message_count, last_seq, title, last_message_preview)
     SELECT ${user}, ${conversation('k')}, persona_id, last_activity_at - k * interval '1 minute', message_count, last_seq, title,
       last_message_preview
     FROM conversations, generate_series(1, ${USERS}) u, generate_series(1, 30) k WHERE id = $1`,
    [conversationId],
  );
  await db.query(
    `INSERT INTO messages (user_id, conversation_id, seq, id, role, type, status, content, metadata, created_at)
     SELECT ${user}, ${conversation('1')}, seq, gen_random_uuid(), role, type, status, content, metadata, created_at
     FROM messages, generate_series(1, ${USERS}) u WHERE conversation_id = $1`,
    [conversationId],
  );
  await db.query('ANALYZE');
}

/** Each read as the text that is sent, or as what a turn works with. */
function readsOf(app: NestFastifyApplication): Record<string, (user: number) => Promise<string>> {
  const conversations = app.get(ConversationsService);
  const messages = app.get(MessagesService);
  const personas = app.get(PersonasService);
  return {
    'the list (20)': async (user) => {
      const { data, ...rest } = await conversations.list({ id: idOf(user) }, 20);
      return JSON.stringify({ ...rest, data: data.map(ConversationView.of) });
    },
    'the last 10 messages': async (user) => {
      const page = await messages.page({ id: idOf(user) }, conversationOf(user), { order: 'desc', limit: 10 });
      return JSON.stringify({ ...page, data: page.data.map(MessageView.of) });
    },
    "a turn's conversation and persona": async (user) => {
      const conversation = await conversations.owned({ id: idOf(user) }, conversationOf(user));
      return JSON.stringify([conversation, await personas.active(conversation.personaId)]);
    },
  };
}

async function compare(name: string, read: (user: number) => Promise<string>): Promise<void> {
  const memory = new Map<number, string>();
  let bytes = 0;
  await redis.set('bench:anybody', 'tag');
  for (let user = 1; user <= USERS; user++) {
    const text = await read(user);
    bytes = text.length;
    memory.set(user, text);
    await redis.set(`bench:value:${user}`, text);
    await redis.set(`bench:tag:${user}`, `tag-${user}`);
  }
  const ways: Record<string, Read> = {
    'the database': read,
    memory: (user) => memory.get(user),
    "Redis's value": (user) => redis.get(`bench:value:${user}`),
    "Redis's value, as an object": async (user) => JSON.parse((await redis.get(`bench:value:${user}`)) ?? '') as object,
    "memory, by Redis's tag": async (user) => {
      const [, tag] = await redis.mGet(['bench:anybody', `bench:tag:${user}`]);
      return tag === `tag-${user}` ? memory.get(user) : null;
    },
  };
  const samples = new Map<string, Sample[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, of] of Object.entries(ways)) {
      const sample = await measured(of);
      if (round > 0) samples.get(way)?.push(sample); // the first one warms up
    }
  }
  for (const [way, of] of samples) {
    const median = (key: keyof Sample): number => of.map((one) => one[key]).sort((a, b) => a - b)[of.length >> 1] ?? 0;
    console.log(
      `| ${name} | ${bytes} | ${way} | ${median('cpu').toFixed(1)} | ${median('p50').toFixed(0)} | ${median('perSecond').toFixed(0)} |`,
    );
  }
}

interface Sample {
  /** Microseconds of this process for one read. */
  readonly cpu: number;
  /** Microseconds. */
  readonly p50: number;
  readonly perSecond: number;
}

async function measured(read: Read): Promise<Sample> {
  const took: number[] = [];
  let next = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const reader = async (): Promise<void> => {
    while (next < READS) {
      const user = (next++ % USERS) + 1;
      const asked = performance.now();
      await read(user);
      took.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  const { user, system } = process.cpuUsage(cpu);
  took.sort((a, b) => a - b);
  return {
    cpu: (user + system) / READS,
    p50: (took[READS >> 1] ?? 0) * 1_000,
    perSecond: (READS * 1_000) / (performance.now() - started),
  };
}
