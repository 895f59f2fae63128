import { judgeChart } from './scoring/charts.js';
import { judgeMeaning } from './scoring/followups.js';
import { judgeAnswers, judgeNumber, judgeRows } from './scoring/tables.js';
import type { Gold, Judgement, Prediction, Suite } from './scoring/types.js';
import { type Questions, readTable } from './suite.js';

export interface Scored extends Judgement {
  readonly id: string;
  readonly suite: Suite;
  readonly conversation: string;
  readonly followUp: boolean;
  readonly outcome: 'right' | 'wrong' | 'refused';
}

export interface SuiteScore {
  readonly suite: Suite;
  readonly questions: number;
  /** Shares of the questions, 0–1. */
  readonly right: number;
  readonly strict: number | null;
  readonly wrong: number;
  readonly refused: number;
  /** Right among the turns that are not the first of their conversation; null where there are none. */
  readonly followUps: number | null;
  /** Conversations of which every turn was right; null where all have one turn. */
  readonly everyTurn: number | null;
}

/** Judges every question that has gold. One without a prediction, or with one that is not an answer, counts as refused. */
export function score(
  { directory, datasets, questions, gold }: Questions,
  predictions: readonly Prediction[],
): Scored[] {
  const byId = new Map(predictions.map((prediction) => [prediction.id, prediction]));
  const asked = new Map(questions.map((question) => [question.id, question]));
  const tables = new Map(datasets.map((dataset) => [dataset.id, dataset]));
  const tableOf = (id: string) => {
    const dataset = tables.get(asked.get(id)?.dataset ?? '');
    return dataset === undefined ? { columns: [], rows: [] } : readTable(directory, dataset);
  };
  return gold.map((wanted) => {
    const { id, suite } = wanted;
    const question = asked.get(id);
    const about = { id, suite, conversation: question?.conversation ?? id, followUp: (question?.turn ?? 0) > 0 };
    const prediction = byId.get(id);
    if (prediction === undefined || (prediction.status ?? 'answered') !== 'answered') {
      return { ...about, right: false, strict: false, outcome: 'refused' };
    }
    const judgement = judge(prediction, wanted, () => tableOf(id));
    return { ...about, ...judgement, outcome: judgement.right ? 'right' : 'wrong' };
  });
}

function judge(prediction: Prediction, gold: Gold, table: () => Parameters<typeof judgeMeaning>[2]): Judgement {
  switch (gold.suite) {
    case 'charts':
      return judgeChart(prediction, gold);
    case 'dialogue':
      return judgeRows(prediction, gold);
    case 'tableqa':
      return judgeAnswers(prediction, gold);
    case 'finance':
      return judgeNumber(prediction, gold);
    case 'followups':
      return judgeMeaning(prediction, gold, table());
  }
}

export function summarise(scored: readonly Scored[]): SuiteScore[] {
  return [...new Set(scored.map(({ suite }) => suite))].map((suite) => {
    const rows = scored.filter((one) => one.suite === suite);
    const later = rows.filter(({ followUp }) => followUp);
    const conversations = new Map<string, boolean>();
    for (const { conversation, right } of rows) {
      conversations.set(conversation, right && (conversations.get(conversation) ?? true));
    }
    const judgedStrictly = rows.some(({ strict, outcome }) => strict !== undefined && outcome !== 'refused');
    return {
      suite,
      questions: rows.length,
      right: share(rows, ({ right }) => right),
      strict: judgedStrictly ? share(rows, ({ strict }) => strict === true) : null,
      wrong: share(rows, ({ outcome }) => outcome === 'wrong'),
      refused: share(rows, ({ outcome }) => outcome === 'refused'),
      followUps: later.length === 0 ? null : share(later, ({ right }) => right),
      everyTurn: later.length === 0 ? null : share([...conversations.values()], (every) => every),
    };
  });
}

const share = <T>(list: readonly T[], test: (one: T) => boolean): number =>
  list.filter(test).length / Math.max(1, list.length);

/** The table that the command prints, in percent; Markdown, so that it can be kept as it is. */
export function scoreTable(scores: readonly SuiteScore[]): string {
  const percent = (part: number | null) => (part === null ? '–' : (100 * part).toFixed(1));
  const rows = scores.map(({ suite, questions, right, strict, followUps, everyTurn, wrong, refused }) => [
    suite,
    String(questions),
    ...[right, strict, followUps, everyTurn, wrong, refused].map(percent),
  ]);
  return markdownTable(
    ['suite', 'questions', 'right', 'strict', 'follow-ups', 'every turn right', 'wrong', 'not answered'],
    rows,
  );
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
