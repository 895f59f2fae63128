import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Backend } from './backend.js';
import type { DocumentsBackend } from './documents-backend.js';
import { syntheticDocuments } from './documents-synthetic.js';
import { recallAt } from './documents-score.js';
import type { MemoryData } from './memory-score.js';

const USAGE = `npm run eval:documents -- --data FILE [options]   or   --synthetic

  --data FILE      conversations with questions, as eval:memory takes them
  --synthetic      documents that are made for it: the same sentences about different things
  --limit N        only the first N questions
  --undated        without a heading for each day
  --refusals       whether "not in the documents" is said where it is so, and only there: each question is asked of its
                   own document and of another one
  --database URL   a server; an embedded one when left out

Each conversation becomes one document with a paragraph for each message; recall@k is the share of the messages that hold the
answer within k messages' worth of the passages' text.`;

const DEPTHS = [5, 10, 20];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    synthetic: { type: 'boolean', default: false },
    limit: { type: 'string' },
    undated: { type: 'boolean', default: false },
    refusals: { type: 'boolean', default: false },
    database: { type: 'string' },
  },
});
if (values.data === undefined && !values.synthetic) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const { conversations, questions } =
  values.data === undefined ? syntheticDocuments(1, 8) : (JSON.parse(readFileSync(values.data, 'utf8')) as MemoryData);
const asked = questions
  .filter(({ evidence }) => evidence.length > 0)
  .slice(0, values.limit === undefined ? undefined : Number(values.limit));

const backend = await Backend.open(values.database);
try {
  const documents = backend.documents({ dated: !values.undated });
  const needed = new Set(asked.map(({ conversationId }) => conversationId));
  for (const conversation of conversations) if (needed.has(conversation.id)) await documents.load(conversation);
  if (values.refusals) await refusals(documents);
  const groups = new Map<string, number[][]>();
  const times: number[] = [];
  for (const { query, conversationId, category, evidence } of asked) {
    const { places, ms } = await documents.ask(query, conversationId);
    times.push(ms);
    const row = DEPTHS.map((k) => recallAt(places, evidence, k));
    for (const group of [category, 'ALL']) groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  process.stdout.write(`${'category'.padEnd(26)} questions${DEPTHS.map((k) => `recall@${k}`.padStart(10)).join('')}\n`);
  const names = [...groups.keys()].filter((name) => name !== 'ALL').sort();
  for (const name of [...names, 'ALL']) {
    const rows = groups.get(name) ?? [];
    const means = DEPTHS.map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0) / Math.max(1, rows.length));
    const shown = means.map((mean) => (100 * mean).toFixed(1).padStart(10)).join('');
    process.stdout.write(`${name.padEnd(26)}${String(rows.length).padStart(10)}${shown}\n`);
  }
  times.sort((a, b) => a - b);
  const msAt = (part: number): string => (times[Math.floor(part * times.length)] ?? 0).toFixed(1);
  process.stdout.write(`a search took ${msAt(0.5)} ms (median), ${msAt(0.95)} ms (95 %)\n`);
} finally {
  await backend.close();
}

/** Whether it is refused what cannot be answered, and nothing else; and whether what is quoted is what was asked for. */
async function refusals(documents: DocumentsBackend): Promise<void> {
  const ids = conversations.map(({ id }) => id);
  const tally = { refused: 0, right: 0, others: 0, unanswerable: 0 };
  for (const { query, conversationId, evidence } of asked) {
    const own = await documents.quotes(query, conversationId);
    if (own === null) tally.refused++;
    else if (own.some((id) => evidence.includes(id))) tally.right++;
    const other = ids[(ids.indexOf(conversationId) + 1) % ids.length] ?? '';
    if ((await documents.quotes(query, other)) === null) tally.others++;
  }
  const unanswerable = questions.filter(({ evidence }) => evidence.length === 0);
  for (const { query, conversationId } of unanswerable)
    if ((await documents.quotes(query, conversationId)) === null) tally.unanswerable++;
  const share = (count: number, of: readonly unknown[]): string =>
    `${((100 * count) / Math.max(1, of.length)).toFixed(1)} % of ${of.length}`;
  process.stdout.write(
    [
      `refused, of another document: ${share(tally.others, asked)}`,
      `refused, unanswerable:        ${share(tally.unanswerable, unanswerable)}`,
      `refused, answerable:          ${share(tally.refused, asked)}`,
      `quoted from the evidence:     ${share(tally.right, asked)}\n\n`,
    ].join('\n'),
  );
}
