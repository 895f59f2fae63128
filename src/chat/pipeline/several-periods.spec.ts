import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../test/support/talk.js';
import { aTable } from '../../../test/support/turn.js';

const MONTHS = ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06'];
const takings = (at: number): number => 40_000 + at * 1_000;
const table = aTable(
  {
    order_date: { type: 'date', role: 'temporal' },
    product: { type: 'text', role: 'dimension' },
    revenue: { type: 'number', role: 'measure', defaultAggregate: 'sum', unit: '€' },
  },
  MONTHS.flatMap((month, at) => [
    [`${month}-03`, 'Desk', takings(at)],
    [`${month}-17`, 'Lamp', takings(at)],
  ]),
  { title: 'Sales', name: 'sales' },
);
const sum = (...at: number[]): number => at.reduce((total, one) => total + 2 * takings(one), 0);
const first = (rows: readonly (readonly unknown[])[]): unknown => rows[0]?.[0];

describe('several periods of one column', () => {
  it.each([
    ['revenue in May and June 2025', sum(4, 5)],
    ['revenue in April, May and June 2025', sum(3, 4, 5)],
    ['revenue in Q1 or Q2 2025', sum(0, 1, 2, 3, 4, 5)],
    ['revenue from April to May 2025', sum(3, 4)],
    ['change from April to May 2025', sum(4) - sum(3)],
    ['How did revenue change between Q1 and Q2 2025?', sum(3, 4, 5) - sum(0, 1, 2)],
    ['difference in revenue between April and May 2025', sum(4) - sum(3)],
  ])('%s: both', async (question, value) => {
    expect(first(await new Talk(table).rows(question))).toBe(value);
  });

  it.each([
    [
      'revenue Q1 vs Q2 2025',
      [
        ['2025-Q1', sum(0, 1, 2)],
        ['2025-Q2', sum(3, 4, 5)],
      ],
    ],
    [
      'Compare Q1 2025 with Q2 2025',
      [
        ['2025-Q1', sum(0, 1, 2)],
        ['2025-Q2', sum(3, 4, 5)],
      ],
    ],
    [
      'Compare revenue of April 2025 with May 2025',
      [
        ['2025-04', sum(3)],
        ['2025-05', sum(4)],
      ],
    ],
    [
      'Compare May 2025 with June',
      [
        ['2025-05', sum(4)],
        ['2025-06', sum(5)],
      ],
    ],
  ])('%s: side by side', async (question, rows) => {
    expect(await new Talk(table).rows(question)).toEqual(rows);
  });

  it('are not answered with one number where no grain tells the two apart', async () => {
    const done = await new Talk(table).ask('revenue from January to February 2025 vs April to May 2025');
    expect(done.understanding.refusal).not.toBeNull();
  });

  it.each([
    ['revenue in May 2025', 'compare it with June 2025'],
    ['revenue by product', 'compare May and June 2025'],
  ])('%s, %s: side by side', async (before, question) => {
    const talk = new Talk(table);
    await talk.ask(before);
    expect(await talk.rows(question)).toEqual([
      ['2025-05', sum(4)],
      ['2025-06', sum(5)],
    ]);
  });

  it('stay conditions that all must hold where they overlap', async () => {
    expect(first(await new Talk(table).rows('revenue in Q2 2025 since June 2025'))).toBe(sum(5));
  });
});
