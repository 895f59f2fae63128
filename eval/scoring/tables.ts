import type { DialogueGold, FinanceGold, Judgement, Prediction, TableGold } from './types.js';
import { numeric, type Row, same, sameBag, sameList, type Value } from './values.js';

/** Columns that a result may have beside the ones asked for. */
const EXTRA_COLUMNS = 4;
/** Ways of pairing columns that are tried before giving up; columns with equal values make many. */
const PAIRINGS = 200;

/** Right when the rows are gold's as a multiset, under some choice of the result's columns. `strict`: no more columns, and the order. */
export function judgeRows(prediction: Prediction, gold: DialogueGold): Judgement {
  const rows = rowsOf(prediction);
  const wanted = gold.rows;
  const [only] = wanted;
  const single =
    wanted.length === 1 && only?.length === 1 && isScalar(prediction.answer) && same(prediction.answer, only[0]);
  if (rows === null) return { right: false, strict: false };
  if (only === undefined) return { right: rows.length === 0, strict: rows.length === 0 };
  const extra = (rows[0]?.length ?? 0) - only.length;
  const sameSize = rows.length === wanted.length && extra >= 0;
  const matches = sameSize && extra <= EXTRA_COLUMNS && columnsMatch(rows, wanted, sameBag);
  const strict = matches && extra === 0 && (!gold.ordered || columnsMatch(rows, wanted, sameList));
  return { right: matches || single, strict };
}

/** Right when the answers are gold's as a multiset. */
export function judgeAnswers(prediction: Prediction, gold: TableGold): Judgement {
  const answers = answersOf(prediction);
  return {
    right:
      answers !== null &&
      sameBag(
        answers.map((value) => [value]),
        gold.answer.map((value) => [value]),
      ),
  };
}

/** Right when the one number is gold's to 0.1 % or its printed precision; a share may be given in percent. */
export function judgeNumber(prediction: Prediction, gold: FinanceGold): Judgement {
  const answers = answersOf(prediction);
  const [answer] = answers ?? [];
  const number = answers?.length === 1 ? numeric(answer) : null;
  const wanted = Number(gold.answer[0]);
  if (number === null) return { right: false };
  const near = (value: number) =>
    Math.abs(value - wanted) <= Math.max(1e-3 * Math.abs(wanted), Math.abs(wanted) < 10 ? 5.1e-4 : 5.1e-3);
  const inPercent = String(answer).trim().endsWith('%') || gold.program.includes('divide');
  return { right: same(number, wanted) || near(number) || (inPercent && near(number / 100)) };
}

function rowsOf({ rows, answer }: Prediction): readonly Row[] | null {
  if (rows) return rows;
  if (answer === undefined || answer === null) return null;
  return asList(answer).map((value) => [value]);
}

/** `answer`, or the rows where they have one column. */
function answersOf({ rows, answer }: Prediction): readonly Value[] | null {
  if (answer !== undefined && answer !== null) return asList(answer);
  if (rows && rows.length > 0 && rows.every((row) => row.length === 1)) return rows.map((row) => row[0]);
  return null;
}

const isScalar = (answer: Prediction['answer']): answer is Value => answer !== undefined && !Array.isArray(answer);
const asList = (answer: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(answer) ? (answer as Value[]) : [answer as Value];

/** Whether some choice of `rows`' columns, in any order, equals gold under `equal`. */
function columnsMatch(
  rows: readonly Row[],
  gold: readonly Row[],
  equal: (predicted: readonly Row[], gold: readonly Row[]) => boolean,
): boolean {
  const indexes = (row: Row | undefined) => [...(row ?? []).keys()];
  const candidates = indexes(gold[0]).map((wanted) =>
    indexes(rows[0]).filter((given) =>
      sameBag(
        rows.map((row) => [row[given]]),
        gold.map((row) => [row[wanted]]),
      ),
    ),
  );
  let tries = 0;
  const pick = (chosen: readonly number[]): boolean => {
    if (tries > PAIRINGS) return false;
    const next = candidates[chosen.length];
    if (next === undefined) {
      tries++;
      return equal(
        rows.map((row) => chosen.map((index) => row[index])),
        gold,
      );
    }
    return next.some((index) => !chosen.includes(index) && pick([...chosen, index]));
  };
  return pick([]);
}
