import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createClient } from '@redis/client';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config/config.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { MessagesService } from '../../src/conversations/messages.service.js';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { PersonasService } from '../../src/personas/personas.service.js';
import { ChatService } from '../../src/chat/chat.service.js';
import { DataSource } from 'typeorm';

const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-bench-'));
chmodSync(directory, 0o755);
const cluster = await EmbeddedCluster.open({ directory, user: null });
const app = await createApp(loadConfig({ LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '0', JWT_SECRET: 'x'.repeat(40), MEMORY_LEARNING:'false', MEMORY_INDEX_SECONDS:'0' }), cluster.url, { docs: false });
const redis = createClient({ url: 'redis://127.0.0.1:6379', RESP: 2 as const });
await redis.connect();
try {
  const source = app.get(DataSource);
  const [{ id }] = await source.query(`SELECT id FROM users LIMIT 1`);
  const actor = { id, email: 'a', role: 'admin' as const };
  const chat = app.get(ChatService);
  let conversationId: string | undefined;
  const qs = ['Show me education sector health in 2024', 'Compare it with healthcare', 'And in 2020?', 'Which region is the lowest?', 'Show that as a trend since 2015', 'Average score by sector in 2019', 'Top 5 countries by score in 2021', 'And in 2018?', 'Only Africa', 'As a bar chart'];
  for (const query of qs) {
    const ticket = await chat.send(actor, { conversationId, query } as never);
    await chat.result(actor, ticket, AbortSignal.timeout(10000));
    conversationId = ticket.conversationId;
  }
  // 200 users, 30 conversations
  await source.query(`INSERT INTO users (id,email,name,password_hash) SELECT ('00000000-0000-7000-8000-'||lpad(to_hex(u),12,'0'))::uuid, 'u'||u||'@x.org','u','x' FROM generate_series(1,200) u`);
  await source.query(`INSERT INTO conversations (user_id,id,persona_id,tail_id,tail_before_id,last_activity_at,created_at,message_count,last_seq,title,last_message_preview)
    SELECT ('00000000-0000-7000-8000-'||lpad(to_hex(u),12,'0'))::uuid, ('00000000-0001-7000-'||lpad(to_hex(k),4,'0')||'-'||lpad(to_hex(u),12,'0'))::uuid, persona_id,NULL,NULL, last_activity_at - k*interval '1 minute',created_at,message_count,last_seq,title,last_message_preview FROM conversations, generate_series(1,200) u, generate_series(1,30) k WHERE id=$1`, [conversationId]);
  await source.query(`INSERT INTO messages (user_id,conversation_id,seq,id,parent_id,role,type,status,content,metadata,created_at)
    SELECT ('00000000-0000-7000-8000-'||lpad(to_hex(u),12,'0'))::uuid, ('00000000-0001-7000-'||lpad(to_hex(1),4,'0')||'-'||lpad(to_hex(u),12,'0'))::uuid, seq, gen_random_uuid(), NULL, role,type,status,content,metadata,created_at FROM messages, generate_series(1,200) u WHERE conversation_id=$1`, [conversationId]);
  await source.query('ANALYZE');
  const hex = (n: number) => n.toString(16).padStart(12, '0');
  const user = (u: number) => ({ id: `00000000-0000-7000-8000-${hex(u)}` });
  const conv = (u: number) => `00000000-0001-7000-0001-${hex(u)}`;
  const conversations = app.get(ConversationsService), messages = app.get(MessagesService), personas = app.get(PersonasService);
  const reads: Record<string, (u: number) => Promise<unknown>> = {
    list20: (u) => conversations.list(user(u), 20),
    last10: (u) => messages.page(user(u), conv(u), { order: 'desc', limit: 10 }),
    conversation: (u) => conversations.owned(user(u), conv(u)),
    turn: async (u) => { const c = await conversations.owned(user(u), conv(u)); return [c, await personas.active(c.personaId)]; },
  };
  const N = 4000, C = 8;
  const measure = async (f: (u: number) => unknown) => {
    let i = 0; const lat: number[] = [];
    const c0 = process.cpuUsage(), t0 = performance.now();
    await Promise.all(Array.from({ length: C }, async () => { while (i < N) { const u = (i++ % 200) + 1; const s = performance.now(); await f(u); lat.push(performance.now() - s); } }));
    const c = process.cpuUsage(c0); lat.sort((a, b) => a - b);
    return { cpu: (c.user + c.system) / N, p50: lat[N >> 1]! * 1000, per: N / (performance.now() - t0) * 1000 };
  };
  for (const [name, read] of Object.entries(reads)) {
    const local = new Map<number, unknown>(); 
    let bytes = 0;
    for (let u = 1; u <= 200; u++) { const v = await read(u); local.set(u, v); const t = JSON.stringify(v); bytes = t.length; await redis.set(`b:${name}:${u}`, t); await redis.set(`g:${u}`, `token-${u}`); }
    await redis.set('g:all', 'x');
    const kinds: Record<string, (u: number) => unknown> = {
      now: read,
      local: async (u) => local.get(u),
      redisValue: async (u) => JSON.parse((await redis.get(`b:${name}:${u}`)) as string),
      redisGen: async (u) => { const g = await redis.mGet(['g:all', `g:${u}`]); return g[1] === `token-${u}` ? local.get(u) : null; },
    };
    const all: Record<string, { cpu: number; p50: number; per: number }[]> = {};
    for (let round = 0; round < 5; round++) for (const [k, f] of Object.entries(kinds)) { (all[k] ??= []).push(await measure(f)); }
    for (const [k, v] of Object.entries(all)) { const med = (p: 'cpu'|'p50'|'per') => v.slice(1).map((x) => x[p]).sort((a, b) => a - b)[2]!; console.log(name, bytes, k, 'cpu', med('cpu').toFixed(1), 'p50us', med('p50').toFixed(0), 'per s', med('per').toFixed(0)); }
  }
} finally {
  await app.close(); await cluster.stop(); redis.destroy(); rmSync(directory, { recursive: true, force: true });
}
