import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Backend } from './backend.js';
import { memoryTable, type MemoryData, type Ranking } from './memory-score.js';

const USAGE = `Loads long conversations into the backend's own services, asks recall, and tells whether it found the messages that
hold the answer.

  npm run eval:memory -- --data FILE [options]

  --data FILE      { name, conversations: [{ id, messages: [{ id, author, role, content, createdAt }] }],
                     questions: [{ id, conversationId, query, category, evidence: [message id] }] }
  --out FILE       where the rankings go, one JSON line a question: { id, ranked: [message ids, best first], ms }
  --scorer         only scores the rankings in --out
  --off            without recall: the newest messages
  --all            searches all conversations of the file at once, not only the question's own
  --limit N        only the first N questions
  --database URL   a server; an embedded one when left out`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    scorer: { type: 'boolean', default: false },
    off: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    limit: { type: 'string' },
    database: { type: 'string' },
  },
});
const { data: file, out, scorer, off, all, limit, database } = values;
if (file === undefined || (scorer && out === undefined)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const given = JSON.parse(readFileSync(file, 'utf8')) as MemoryData;
const set = { ...given, questions: given.questions.slice(0, limit === undefined ? undefined : Number(limit)) };
const rankings = scorer && out !== undefined ? rankingsIn(out) : await ask(set);
if (out !== undefined && !scorer)
  writeFileSync(out, rankings.map((ranking) => `${JSON.stringify(ranking)}\n`).join(''));
process.stdout.write(`${memoryTable(set, rankings)}\n`);

function rankingsIn(path: string): Ranking[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Ranking);
}

async function ask({ conversations, questions }: MemoryData): Promise<Ranking[]> {
  const backend = await Backend.open(database);
  try {
    const memory = await backend.memory();
    for (const [at, conversation] of conversations.entries()) {
      await memory.load(conversation);
      progress(`${at + 1} of ${conversations.length} conversations`);
    }
    const indexing = performance.now();
    await memory.indexed();
    const seconds = (performance.now() - indexing) / 1000;
    const messages = conversations.reduce((sum, conversation) => sum + conversation.messages.length, 0);
    process.stdout.write(`\n${messages} messages indexed in ${seconds.toFixed(1)} s\n`);
    const rankings: Ranking[] = [];
    for (const { id, conversationId, query } of questions) {
      const { ranked, ms } = await memory.ask(query, conversationId, { off, all });
      rankings.push({ id, ranked, ms });
      progress(`${rankings.length} of ${questions.length} questions`);
    }
    return rankings;
  } finally {
    await backend.close();
  }
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
}
