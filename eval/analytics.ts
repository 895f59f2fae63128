import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Backend, type Conversation } from './backend.js';
import { type PredictionLine, predictionOf } from './prediction.js';
import { type Scored, score, scoreTable, summarise } from './score.js';
import type { Prediction } from './scoring/types.js';
import { type Questions, readLines, readQuestions } from './suite.js';

const USAGE = `Asks every question of a directory of questions over tables, and scores the answers.

  npm run eval:analytics -- --data DIR --out FILE [options]

  --data DIR       datasets.json, questions.jsonl, tables/ and, to score, gold.jsonl
  --out FILE       where the predictions go, one JSON line a question
  --suite NAME     only the questions of this suite
  --limit N        at most N conversations of each suite
  --database URL   an existing database, where everything is left, instead of a temporary one
  --direct         the pipeline only, nothing stored (for quick work on its layers)
  --wrong FILE     also write the judgements of what was not right, one JSON line each
  --scorer         ask nothing: score the predictions that --out holds
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    suite: { type: 'string' },
    limit: { type: 'string' },
    database: { type: 'string' },
    direct: { type: 'boolean', default: false },
    wrong: { type: 'string' },
    scorer: { type: 'boolean', default: false },
  },
});
const { data, out, suite, limit, database, direct, wrong, scorer } = values;
if (data === undefined || out === undefined || (limit !== undefined && !(Number(limit) > 0))) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const asked = readQuestions(data, { suite, limit: limit === undefined ? undefined : Number(limit) });
const predictions: readonly Prediction[] = scorer ? readLines<Prediction>(out) : await ask(asked, out);
if (asked.gold.length > 0) {
  const scored = score(asked, predictions);
  process.stdout.write(`\n${scoreTable(summarise(scored))}\n`);
  if (wrong !== undefined)
    writeLines(
      wrong,
      scored.filter(({ right }) => !right),
    );
}

async function ask(questions: Questions, file: string): Promise<PredictionLine[]> {
  const backend = await Backend.open(database);
  try {
    const ids = new Map<string, string>();
    for (const dataset of questions.datasets) {
      ids.set(dataset.id, await backend.upload(questions.directory, dataset));
      progress(`${ids.size} of ${questions.datasets.length} tables`);
    }
    const conversations = new Map<string, Conversation>();
    const lines: PredictionLine[] = [];
    for (const question of questions.questions) {
      const datasetId = ids.get(question.dataset);
      if (datasetId === undefined)
        throw new Error(`${question.id} asks about ${question.dataset}, which datasets.json does not list`);
      const conversation =
        conversations.get(question.conversation) ??
        (direct ? await backend.pipelineOnly([datasetId]) : backend.conversation(datasetId));
      conversations.set(question.conversation, conversation);
      lines.push(predictionOf(question, await conversation(question.question)));
      progress(`${lines.length} of ${questions.questions.length} questions`);
    }
    writeLines(file, lines);
    reportTimes(lines);
    return lines;
  } finally {
    await backend.close();
  }
}

function writeLines(file: string, lines: readonly (PredictionLine | Scored)[]): void {
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
}

function reportTimes(lines: readonly PredictionLine[]): void {
  const ms = lines.map((line) => line.ms ?? 0).toSorted((left, right) => left - right);
  const at = (part: number) => (ms[Math.min(ms.length - 1, Math.floor(part * ms.length))] ?? 0).toFixed(1);
  const failed = lines.filter(({ code }) => code === 'failed').length;
  const grounded = lines.flatMap((line) => line.grounded ?? []);
  const sum = (each: 'numbers' | 'supported') => grounded.reduce((total, one) => total + one[each], 0);
  process.stdout.write(
    `\n${lines.length} questions, ${failed} failed; a question took ${at(0.5)} ms (median), ${at(0.95)} ms (95 %)\n${sum('supported')} of ${sum('numbers')} numbers in the answers are borne out by the evidence\n`,
  );
}
