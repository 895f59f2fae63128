import type { Scalar } from '../../src/common/scalar.js';
import type { Answered } from '../prediction.js';
import { judgeRows } from '../scoring/tables.js';
import { same, sameBag } from '../scoring/values.js';
import type { Expected } from './asking.js';

export type Verdict = 'right' | 'wrong' | 'refused' | 'failed';

/** Whether an answer is the one worked out from the rows: numbers to 0.1 %, lists and rows in any order. */
export function judge({ record, result }: Answered, expected: Expected): Verdict {
  if (record === null) return 'failed';
  if (record.refusal !== null || record.query === null) return 'refused';
  const keys = 'rows' in expected ? (expected.rows[0]?.length ?? 1) - 1 : 1;
  // Rows without a name of their own may be shown or left out.
  const rows = (result?.rows ?? []).filter((row) => row.length === 1 || !row.slice(0, keys).includes(null));
  return fits(record.answer, rows, expected) ? 'right' : 'wrong';
}

function fits(answer: Scalar | readonly Scalar[], rows: readonly (readonly Scalar[])[], expected: Expected): boolean {
  if ('rows' in expected && keyed(rows, expected.rows)) return true;
  if ('rows' in expected)
    return judgeRows({ id: '', rows }, { id: '', suite: 'dialogue', stratum: {}, rows: expected.rows, ordered: false })
      .right;
  if ('set' in expected) {
    const wanted = expected.set.map((value) => [value]);
    const lists: Scalar[][] = [
      ...(Array.isArray(answer) ? [answer as Scalar[]] : answer === null ? [] : [[answer as Scalar]]),
      ...(rows[0] ?? []).map((_, at) => rows.map((row) => row[at] ?? null)),
    ];
    return lists.some((list) =>
      sameBag(
        list.map((value) => [value]),
        wanted,
      ),
    );
  }
  const said = Array.isArray(answer) ? null : (answer as Scalar);
  const values = said === null && rows.length === 1 ? (rows[0] ?? []) : [said];
  return [expected.one, ...(expected.also ?? [])].some((wanted) => values.some((value) => same(value, wanted)));
}

/** Each row is found by its keys, and has the number. Many numbers that are nearly the same confuse a comparison of bags. */
function keyed(rows: readonly (readonly Scalar[])[], wanted: readonly (readonly Scalar[])[]): boolean {
  const spare = (rows[0]?.length ?? 0) - (wanted[0]?.length ?? 0);
  if (rows.length !== wanted.length || spare < 0 || spare > 4) return false;
  return wanted.every((want) => {
    const found = rows.find((row) => want.slice(0, -1).every((key, at) => same(row[at], key)));
    return found !== undefined && found.slice(want.length - 1).some((value) => same(value, want.at(-1)));
  });
}
