import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf } from '../../../../test/support/turn.js';
import type { Expression } from '../../../datasets/query/analytical-query.js';
import { retrieve } from '../retrieve/retrieve.js';
import type { Finding } from '../turn.js';
import { analyze } from './analyze.js';

const column = (name: string): Expression => ({ column: name });
/** Hours of sleep gained with two drugs: Student (1908). */
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

async function compared(first: readonly number[], second: readonly number[]): Promise<Finding | undefined> {
  const table = aTable(
    { drug: { type: 'text', role: 'dimension' }, extra: { type: 'number', role: 'measure', decimals: 1 } },
    [...first.map((value) => ['one', value]), ...second.map((value) => ['two', value])],
  );
  const turn = aTurn(table, {
    select: [{ value: column('drug') }, { value: { aggregate: 'avg', of: column('extra') } }],
    groupBy: [column('drug')],
  });
  return analyze(await retrieve(turn, portOf(table))).findings.find(({ text }) => text.includes('Welch'));
}

describe('the averages of two groups', () => {
  it('whose rows differ as much as they do could be apart by chance', async () => {
    const found = await compared(FIRST, SECOND);
    expect(found?.text).toContain('could be chance (Welch’s t = 1.86, p = 0.079, 10 and 10 rows; 95 % interval −0.2');
    expect(found?.support.map(({ result, rows }) => [result, rows.length])).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  it('far apart are told to be more than that', async () => {
    const found = await compared(
      FIRST,
      SECOND.map((value) => value + 5),
    );
    expect(found?.text).toContain('more than chance would make');
    expect(found?.values['pValue']).toBeLessThan(0.001);
  });

  it('of four rows are not tested, nor of rows that are all alike', async () => {
    expect(await compared(FIRST.slice(0, 4), SECOND)).toBeUndefined();
    expect(await compared([1, 1, 1, 1, 1], [2, 2, 2, 2, 2])).toBeUndefined();
  });
});
