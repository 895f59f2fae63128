import type { Outcome } from './survey.js';

const BINS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01];

export const sureAndWrong = ({ verdict, confidence }: Outcome): boolean => verdict === 'wrong' && confidence > 0.9;

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : ((100 * part) / whole).toFixed(1));

/** Kinds of questions with what was not right, the worst first; then how often each confidence is right. */
export function report(outcomes: readonly Outcome[]): string {
  const of = (verdict: Outcome['verdict'], from: readonly Outcome[] = outcomes) =>
    from.filter((one) => one.verdict === verdict).length;
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
  const lines = kinds
    .map((kind) => [kind, outcomes.filter((one) => one.kind === kind)] as const)
    .map(([kind, all]) => ({ kind, all, bad: all.length - of('right', all) }))
    .filter(({ bad }) => bad > 0)
    .sort((left, right) => right.bad - left.bad)
    .map(
      ({ kind, all }) =>
        `${kind.padEnd(36)} ${String(all.length).padStart(5)} ${percent(of('right', all), all.length).padStart(6)} right, ${String(of('wrong', all))} wrong, ${String(of('refused', all))} refused`,
    );
  const answered = outcomes.filter(({ verdict }) => verdict === 'right' || verdict === 'wrong');
  const bins = BINS.slice(0, -1).map((low, at) => {
    const high = BINS[at + 1] ?? 1;
    const inside = answered.filter(
      ({ confidence }) => confidence > low && (confidence <= high || at === BINS.length - 2),
    );
    return `| ${low.toFixed(2)}–${Math.min(1, high).toFixed(2)} | ${String(inside.length).padStart(5)} | ${percent(of('right', inside), inside.length).padStart(5)} |`;
  });
  return [
    ...lines,
    '',
    '| confidence | answers | right, % |',
    '|---|---:|---:|',
    ...bins,
    '',
    `${String(outcomes.length)} questions: ${percent(of('right'), outcomes.length)} % right, ${percent(of('wrong'), outcomes.length)} % wrong, ` +
      `${percent(of('refused'), outcomes.length)} % refused, ${String(of('failed'))} failed; ` +
      `${String(outcomes.filter(sureAndWrong).length)} wrong with a confidence above 0.9`,
  ].join('\n');
}

/** One answer that is not right, with all that is needed to see why. */
export function told(outcome: Outcome): string {
  const { seed, head, kind, verdict, confidence, questions, expected, got, query, text } = outcome;
  return [
    `[${verdict} ${confidence.toFixed(2)}] seed ${String(seed)}, ${kind}: ${questions.join(' › ')}`,
    `  table    ${head}`,
    `  expected ${JSON.stringify(expected)}`,
    `  got      ${JSON.stringify(got)}`,
    `  query    ${JSON.stringify(query)}`,
    `  text     ${text.replaceAll('\n', ' ').slice(0, 300)}`,
  ].join('\n');
}
