/**
 * What the database is asked, kept in test/snapshots/statements.sql so that a review sees every change; and the entities
 * against the migrations. Works on an embedded database of its own. `--check` fails where something drifted.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { keep } from './lib/keep.mjs';

const { createApp } = await import('../dist/src/app.js');
const { loadConfig } = await import('../dist/src/config/config.js');
const { IngestService } = await import('../dist/src/documents/ingestion/ingest.service.js');
const { IngestionStore } = await import('../dist/src/documents/ingestion/ingestion.store.js');
const { EmbeddedCluster } = await import('../dist/src/database/embedded/cluster.js');

const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-sql-'));
chmodSync(directory, 0o755);
const cluster = await EmbeddedCluster.open({ directory, user: null, settings: { fsync: 'off' } });
const settings = {
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: 'only for this run',
  JWT_SECRET: 'only for this run, and long enough to be taken',
  LOG_LEVEL: 'error',
  RATE_LIMIT_PER_MINUTE: '0',
  // These work in the background, at no moment of their own.
  MEMORY_LEARNING: 'false',
  MEMORY_INDEX_SECONDS: '0',
  MEMORY_SUMMARIES: 'false',
  CONVERSATION_TITLES: 'false',
  RUN_LEASE_SECONDS: '600',
  DOCUMENT_READING: 'false',
  REPORTS_MAKING: 'false',
};
const app = await createApp(loadConfig(settings), cluster.url, { docs: false });
try {
  await entitiesAgainstMigrations();
  await keep('test/snapshots/statements.sql', await statements());
} finally {
  await app.close();
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function entitiesAgainstMigrations() {
  const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
  if (upQueries.length === 0) {
    console.log('entities: as the migrations make them');
    return;
  }
  console.error(
    `The entities want another schema than the migrations make:\n${upQueries.map(({ query }) => `  ${query}`).join('\n')}`,
  );
  process.exitCode = 1;
}

/** Plays the main routes once and notes the statements behind each. */
async function statements() {
  let noted = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (statement, ...rest) {
    const text = typeof statement === 'string' ? statement : statement?.text;
    // A new connection of a pool says its settings first; when that is depends on the moment.
    if (typeof text === 'string' && !text.startsWith('SET ')) {
      noted.push({ text, ofData: this.connectionParameters.application_name === 'engram data sets' });
    }
    return query.call(this, statement, ...rest);
  };
  const fastify = app.getHttpAdapter().getInstance();
  const sections = [];
  let token;
  /** What is kept for seconds (personas, data sets) is read just before, so that it does not depend on the moment. */
  let warm;
  const bearer = () => (token === undefined ? {} : { authorization: `Bearer ${token}` });
  function section(title) {
    // Queries of data run on connections of their own, at the side: they come last, since which is first is chance.
    const texts = noted.toSorted((a, b) => Number(a.ofData) - Number(b.ofData)).map(({ text }) => tidy(text));
    sections.push(`-- ${title}: ${texts.length} statement${texts.length === 1 ? '' : 's'}\n${texts.join('\n')}\n`);
  }
  async function call(title, method, url, payload) {
    await warm?.();
    noted = [];
    const answer = await fastify.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload }),
      headers: bearer(),
    });
    if (answer.statusCode >= 400) throw new Error(`${title}: ${answer.statusCode} ${answer.body}`);
    await new Promise((resolve) => setTimeout(resolve, 50)); // what is written after the answer
    section(title);
    return answer.body === '' ? null : answer.json();
  }

  const account = { email: 'reader@example.com', password: 'only for this run', name: 'Reader' };
  ({ accessToken: token } = await call('register', 'POST', '/api/v1/auth/register', account));
  const other = await fastify.inject({ method: 'POST', url: '/api/v1/conversations', payload: {}, headers: bearer() });
  warm = () =>
    fastify.inject({
      method: 'POST',
      url: '/api/v1/chat/messages',
      payload: { conversationId: other.json().id, query: 'Average score by income group in 2019' },
      headers: bearer(),
    });
  /** What an instance does in the background with the document that waits. */
  async function readDocument() {
    noted = [];
    const upload = await app.get(IngestionStore).claim(15);
    await app.get(IngestService).ingest(upload, new AbortController().signal);
    section('a document read');
  }
  await call('who am I', 'GET', '/api/v1/users/me');
  const { id } = await call('a new conversation', 'POST', '/api/v1/conversations', {});
  const of = `/api/v1/conversations/${id}`;
  const pair = {
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello to you' },
    ],
  };
  await call('a message appended', 'POST', `${of}/messages`, { role: 'user', content: 'Hello' });
  await call('a turn appended', 'POST', `${of}/messages`, pair);
  await call('the list of conversations', 'GET', '/api/v1/conversations?limit=20');
  await call('one conversation', 'GET', of);
  await call('the last messages', 'GET', `${of}/messages?limit=10`);
  await call('an analytical turn', 'POST', '/api/v1/chat/messages', {
    conversationId: id,
    query: 'Show me education sector health in 2024',
  });
  await call('an analytical turn that follows up', 'POST', '/api/v1/chat/messages', {
    conversationId: id,
    query: 'Which region is the lowest?',
  });
  await call('a search in memory, with what is new indexed first', 'GET', '/api/v1/memory/search?q=education');
  await call('a search in memory', 'GET', '/api/v1/memory/search?q=education');
  await call('the latest results', 'GET', '/api/v1/memory/results');
  await call('past results about something', 'GET', '/api/v1/memory/results?q=education');
  await call('personas', 'GET', '/api/v1/personas');
  await call('data sets', 'GET', '/api/v1/datasets');
  const { id: collectionId } = await call('a new collection', 'POST', '/api/v1/collections', { name: 'Reports' });
  const text = { collectionId, name: 'report.txt', text: 'The crane broke in March.' };
  const document = await call('a document added, to be read later', 'POST', '/api/v1/documents/text', text);
  await readDocument();
  await call('a search in documents', 'GET', '/api/v1/documents/search?q=crane');
  await call('a passage in its place', 'GET', `/api/v1/documents/${document.id}/passages/1`);
  await call('documents', 'GET', '/api/v1/documents');
  await call('a document deleted', 'DELETE', `/api/v1/documents/${document.id}`);
  await call('a conversation deleted', 'DELETE', of);
  pg.Client.prototype.query = query;
  return sections.join('\n');
}

/** One layout, and no names that differ from run to run. */
function tidy(text) {
  return `${text
    .replace(/\b[0-9a-f]{8}_?-?(?:[0-9a-f]{4}_?-?){3}[0-9a-f]{12}\b/g, '<id>')
    .replace(/"d_[0-9a-f_]+"/g, '"d_<id>"')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n  ')};`;
}
