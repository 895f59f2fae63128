import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Table } from './scoring/followups.js';
import type { Gold, Suite } from './scoring/types.js';

/** A directory of questions over tables: `datasets.json`, `questions.jsonl`, `tables/`, and `gold.jsonl` where there are answers. */
export interface Questions {
  readonly directory: string;
  readonly datasets: readonly Dataset[];
  readonly questions: readonly Question[];
  /** Empty when the directory has none. */
  readonly gold: readonly Gold[];
}

export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** Relative to the directory. */
  readonly file: string;
}

export interface Question {
  readonly id: string;
  readonly suite: Suite;
  readonly dataset: string;
  /** Questions of one conversation are asked in the file's order. */
  readonly conversation: string;
  readonly turn: number;
  readonly question: string;
}

export interface Selection {
  readonly suite?: string | undefined;
  /** At most so many conversations of each suite. */
  readonly limit?: number | undefined;
}

export function readQuestions(directory: string, { suite, limit }: Selection = {}): Questions {
  const all = readLines<Question>(path.join(directory, 'questions.jsonl')).filter(
    (one) => suite === undefined || one.suite === suite,
  );
  const taken = new Map<Suite, Set<string>>();
  const questions = all.filter(({ suite, conversation }) => {
    const conversations = taken.get(suite) ?? new Set<string>();
    taken.set(suite, conversations);
    if (!conversations.has(conversation) && conversations.size >= (limit ?? Infinity)) return false;
    conversations.add(conversation);
    return true;
  });
  const goldFile = path.join(directory, 'gold.jsonl');
  const asked = new Set(questions.map(({ id }) => id));
  const gold = existsSync(goldFile) ? readLines<Gold>(goldFile).filter(({ id }) => asked.has(id)) : [];
  const used = new Set(questions.map(({ dataset }) => dataset));
  const datasets = (JSON.parse(readFileSync(path.join(directory, 'datasets.json'), 'utf8')) as Dataset[]).filter(
    ({ id }) => used.has(id),
  );
  return { directory, datasets, questions, gold };
}

export function readTable(directory: string, dataset: Dataset): Table {
  const records: string[][] = parse(readFileSync(path.join(directory, dataset.file)), {
    relax_column_count: true,
    skip_empty_lines: true,
    bom: true,
  });
  const [columns = [], ...rows] = records;
  return { columns, rows };
}

export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}
