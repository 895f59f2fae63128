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
  const rows = (result?.rows ?? []).filter((row) => row[0] !== null || row.length === 1);
  return fits(record.answer, rows, expected) ? 'right' : 'wrong';
}

function fits(answer: Scalar | readonly Scalar[], rows: readonly (readonly Scalar[])[], expected: Expected): boolean {
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
