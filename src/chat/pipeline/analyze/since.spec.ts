import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf, type Table } from '../../../../test/support/turn.js';
import type { Scalar } from '../../../common/scalar.js';
import type { AnalyticalQuery, Expression } from '../../../datasets/query/analytical-query.js';
import { compose } from '../compose/compose.js';
import { retrieve } from '../retrieve/retrieve.js';
import type { EarlierAsked, Finding } from '../turn.js';
import { visualize } from '../visualize/visualize.js';
import { checkFaithfulness } from '../faithfulness/check.js';
import { analyze } from './analyze.js';

const tableOf = (unit: string, values: readonly number[]): Table =>
  aTable(
    {
      sector: { type: 'text', role: 'dimension' },
      year: { type: 'integer', role: 'temporal' },
      score: { type: 'number', role: 'measure', unit, decimals: 1 },
    },
    ['Education', 'Healthcare', 'Energy', 'Water', 'Transport'].map((sector, at) => [sector, 2024, values[at] ?? 1]),
  );
const points = tableOf('points', [71.7, 60, 50, 40, 30]);
const score: Expression = { aggregate: 'avg', of: { column: 'score' } };
const one: Omit<AnalyticalQuery, 'datasetId'> = {
  select: [{ value: score }],
  where: { compare: '=', left: { column: 'sector' }, right: { literal: 'Education' } },
};
const bySector: Omit<AnalyticalQuery, 'datasetId'> = {
  select: [{ value: { column: 'sector' } }, { value: score }],
  groupBy: [{ column: 'sector' }],
};
const ASKED: EarlierAsked = { asks: 'value', period: null, isOfTalk: false };

async function told(
  query: Omit<AnalyticalQuery, 'datasetId'>,
  then: readonly (readonly Scalar[])[] | null,
  {
    table = points,
    earlier,
    at = '2025-03-03T10:00:00.000Z',
  }: { table?: Table; earlier?: EarlierAsked; at?: string } = {},
): Promise<{ found: Finding | undefined; text: string }> {
  const past = then === null ? [] : [{ messageId: 'm', conversationId: 'c', at, shared: [], answer: null, was: then }];
  const turn = await retrieve(aTurn(table, query, { expects: 'value', ...(earlier && { earlier }) }), {
    ...portOf(table),
    past: () => Promise.resolve(past),
  });
  const done = compose(visualize(analyze(turn)));
  const found = done.findings.find((each) => each.earlier === 'm');
  if (found) expect(checkFaithfulness(found.text, Object.values(found.values)).unsupported).toEqual([]);
  return { found, text: done.text };
}
const text = async (...given: Parameters<typeof told>): Promise<string | undefined> =>
  (await told(...given)).found?.text;

describe('what changed since the same was asked', () => {
  it('is said with the value then and how far it is from it', async () => {
    expect((await told(one, [[71]])).found).toMatchObject({
      kind: 'change',
      text: 'When you asked on 3 March 2025 it was 71.0 points; it is 0.7 points higher now.',
      support: [{ result: 0, rows: [0] }],
    });
    expect(await text(one, [[72.4]])).toContain('it was 72.4 points; it is 0.7 points lower now');
  });

  it('is in percentage points between percentages', async () => {
    const table = tableOf('%', [71.7]);
    expect(await text(one, [[71]], { table })).toContain('it was 71.0 %; it is 0.7 percentage points higher now');
  });

  it('is nothing where what is written is the same', async () => {
    expect(await text(one, [[71.7]])).toBeUndefined();
    expect(await text(one, [[71.7000001]])).toBeUndefined();
    expect(await text(one, null)).toBeUndefined();
  });

  it('is said by name, the largest first, of what was there then', async () => {
    expect(
      await text(bySector, [
        ['Education', 70],
        ['Healthcare', 61],
        ['Energy', 48.5],
        ['Water', 39],
        ['Space', 9],
      ]),
    ).toBe(
      'When you asked on 3 March 2025 Education was 70.0 points (1.7 points higher now), Energy was 48.5 points (1.5 points higher now) and Healthcare was 61.0 points (1.0 points lower now); 1 more value changed since.',
    );
  });

  it('is another name at the top', async () => {
    const top = { ...bySector, orderBy: [{ by: score, direction: 'desc' as const }], limit: 1 };
    expect(await text(top, [['Water', 80]])).toBe('When you asked on 3 March 2025 it was Water with 80.0 points.');
  });

  it('was earlier today', async () => {
    expect(await text(one, [[71]], { at: '2026-01-01T00:00:00.000Z' })).toMatch(/^When you asked earlier today it was/);
  });
});

describe('what it was, asked for', () => {
  it('comes first, also where nothing changed', async () => {
    expect((await told(one, [[71]], { earlier: ASKED })).text).toMatch(
      /^When you asked on 3 March 2025 it was 71\.0 points; it is 0\.7 points higher now\.\n\n/,
    );
    expect((await told(one, [[71.7]], { earlier: ASKED })).text).toMatch(
      /^When you asked on 3 March 2025 it was 71\.7 points, as it is now\.\n\n/,
    );
    expect((await told(one, [[null]], { earlier: ASKED })).text).toMatch(
      /^When you asked on 3 March 2025 there was no value\.\n\n/,
    );
    expect((await told(bySector, [['Education', 71.7]], { earlier: ASKED })).text).toMatch(
      /^When you asked on 3 March 2025 the result was the same as it is now\.\n\n/,
    );
  });

  it('is never made up', async () => {
    expect((await told(one, null, { earlier: ASKED })).text).toMatch(/^There is no earlier result about that\.\n\n/);
    const period = { from: '2025-03-01T00:00:00.000Z', to: '2025-04-01T00:00:00.000Z' };
    expect((await told(one, null, { earlier: { ...ASKED, period } })).text).toMatch(
      /^There is no earlier result about that from March 2025\.\n\n/,
    );
  });
});
