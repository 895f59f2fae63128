import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Backend } from '../backend.js';
import { About, type Asked, type Expected } from './asking.js';
import { Dice } from './dice.js';
import { ENGLISH, vocabularyIn } from './languages/vocabulary.js';
import { Translator } from './languages/translator.js';
import type { Wording } from './languages/wording.js';
import { judge, type Verdict } from './judge.js';
import { GROUPED } from './questions/grouped.js';
import { PLAIN } from './questions/plain.js';
import { TALKS } from './questions/talks.js';
import { relatedTablesOf } from './related.js';
import { type Table, tableOf } from './table.js';

/** What came of one question. */
export interface Outcome {
  readonly seed: number;
  /** The first lines of the table. */
  readonly head: string;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly confidence: number;
  /** The questions before it in the conversation, and itself. */
  readonly questions: readonly string[];
  readonly expected: Expected;
  readonly got: unknown;
  readonly query: unknown;
  readonly text: string;
}

/** Questions of every kind that the table allows, the same for the same seed; in the language of the wording, those that it has words for. */
export function questionsAbout(table: Table, wording?: Wording): readonly Asked[] {
  const about = new About(table, new Dice(table.seed + 7_919));
  const makers = [...PLAIN, ...GROUPED];
  const chosen = [...about.dice.some(makers, 14), ...about.dice.some(TALKS, 3)];
  const asked = chosen.flatMap((maker) => maker(about) ?? []);
  if (wording === undefined) return asked;
  const translator = new Translator(wording, table, new Dice(table.seed + 104_729));
  return asked.flatMap((one) => translated(one, translator) ?? []);
}

function translated(asked: Asked, translator: Translator): Asked | null {
  const turns = asked.turns.map((turn) => ({ ...turn, question: translator.question(turn.question) }));
  return turns.every((turn): turn is Asked['turns'][number] => turn.question !== null) ? { ...asked, turns } : null;
}

/** Uploads tables made from these seeds, asks about each, and judges the answers. */
export async function survey(backend: Backend, seeds: readonly number[], wording?: Wording): Promise<Outcome[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-generated-'));
  const outcomes: Outcome[] = [];
  const vocabulary = wording === undefined ? ENGLISH : vocabularyIn(wording);
  try {
    for (const seed of seeds) {
      const table = tableOf(seed, vocabulary);
      const file = `${String(seed)}.csv`;
      writeFileSync(path.join(directory, file), table.csv);
      const id = await backend.upload(directory, { id: String(seed), title: table.title, file });
      for (const one of questionsAbout(table, wording)) outcomes.push(...(await ask(backend, [id], table, one)));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return outcomes;
}

/** The same about tables that belong to a second one each: by columns of that one, which the first has not. */
export async function surveyRelated(backend: Backend, seeds: readonly number[]): Promise<Outcome[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-generated-'));
  const outcomes: Outcome[] = [];
  const upload = (title: string, csv: string, name: string): Promise<string> => {
    writeFileSync(path.join(directory, name), csv);
    return backend.upload(directory, { id: name, title, file: name });
  };
  try {
    for (const seed of seeds) {
      const { fact, key, partner, joined } = relatedTablesOf(seed);
      const to = await upload(partner.title, partner.csv, `${String(seed)}-partner.csv`);
      const from = await upload(fact.title, fact.csv, `${String(seed)}.csv`);
      await backend.relate(from, key[0], to, key[1]);
      for (const one of questionsAbout(joined)) {
        if (!one.turns.some(({ question }, at) => at === 0 && isAbout(joined, question))) continue;
        const asked = { ...one, kind: `joined: ${one.kind}` };
        outcomes.push(...(await ask(backend, [to, from], fact, asked)));
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return outcomes;
}

/** "How many different regions are there?" is a question of the second table alone. */
function isAbout({ columns, theme }: Table, question: string): boolean {
  const own = columns.filter(({ kind }) => kind !== 'category').map(({ said }) => said);
  return [...own, theme.rows, theme.row].some((name) => question.toLowerCase().includes(name.toLowerCase()));
}

async function ask(backend: Backend, ids: readonly string[], table: Table, { kind, turns }: Asked): Promise<Outcome[]> {
  const conversation = await backend.pipelineOnly(ids);
  const outcomes: Outcome[] = [];
  for (const [at, { question, expected }] of turns.entries()) {
    const answered = await conversation(question);
    outcomes.push({
      seed: table.seed,
      head: table.csv.split('\n').slice(0, 3).join(' ⏎ '),
      kind: turns.length === 1 ? kind : `${kind} ${String(at + 1)}`,
      verdict: judge(answered, expected),
      confidence: answered.record?.intent.confidence ?? 0,
      questions: turns.slice(0, at + 1).map((turn) => turn.question),
      expected,
      got: answered.record?.answer ?? answered.result?.rows.slice(0, 12) ?? null,
      query: answered.record?.query ?? null,
      text: answered.text,
    });
  }
  return outcomes;
}
