import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Backend } from '../../eval/backend.js';
import type { MemoryBackend } from '../../eval/memory-backend.js';
import { Author } from './author.js';

/** Messages of one conversation. */
const CONVERSATION = 200;
const SIZES = [1_000, 10_000, 100_000];

const { values } = parseArgs({
  options: { questions: { type: 'string', default: '200' }, largest: { type: 'string' }, database: { type: 'string' } },
});
const questions = Number(values.questions);
const largest = Number(values.largest ?? SIZES.at(-1));

const backend = await Backend.open(values.database);
try {
  const rows: string[] = [];
  const heavy = await backend.memory();
  const author = new Author(1);
  let stored = 0;
  for (const size of SIZES.filter((size) => size <= largest)) {
    const indexing = await grow(heavy, author, stored, size);
    rows.push(await measured(`one user's ${size.toLocaleString('en')}`, heavy, author, indexing));
    stored = size;
  }
  // What others said must not matter.
  const light = await backend.memory();
  const other = new Author(2);
  const spent = await grow(light, other, 0, 1_000);
  rows.push(await measured(`1,000 beside another's ${stored.toLocaleString('en')}`, light, other, spent));
  process.stdout.write(
    `\n| messages | in one conversation: p50 ms | p95 ms | in all: p50 ms | p95 ms | indexed a second |\n|---|--:|--:|--:|--:|--:|\n${rows.join('\n')}\n`,
  );
} finally {
  await backend.close();
}

/** Gives how many messages were indexed in a second. */
async function grow(memory: MemoryBackend, author: Author, from: number, to: number): Promise<number> {
  for (let at = from; at < to; at += CONVERSATION) {
    await memory.load({ id: `c${at}`, messages: author.conversation(CONVERSATION) });
    if (process.stderr.isTTY) process.stderr.write(`\r${at} messages `);
  }
  const started = performance.now();
  await memory.indexed();
  return ((to - from) * 1000) / (performance.now() - started);
}

async function measured(name: string, memory: MemoryBackend, author: Author, indexing: number): Promise<string> {
  const asked = Array.from({ length: questions + 20 }, () => author.question());
  const times = async (all: boolean): Promise<string> => {
    const ms: number[] = [];
    for (const [at, question] of asked.entries()) {
      const { ms: took } = await memory.ask(question, 'c0', { off: false, all });
      if (at >= 20) ms.push(took); // the first ones warm up the caches and the compiler
    }
    ms.sort((a, b) => a - b);
    const part = (share: number): string =>
      (ms[Math.min(ms.length - 1, Math.floor(share * ms.length))] ?? 0).toFixed(1);
    return `${part(0.5)} | ${part(0.95)}`;
  };
  return `| ${name} | ${await times(false)} | ${await times(true)} | ${Math.round(indexing).toLocaleString('en')} |`;
}
