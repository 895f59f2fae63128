import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aTable, aTurn, evaluate, portOf, type Table } from '../../../../test/support/turn.js';
import type { Scalar } from '../../../common/scalar.js';
import type { AnalyticalQuery, Expression } from '../../../datasets/query/analytical-query.js';
import { retrieve } from '../retrieve/retrieve.js';
import type { Analyzed, Finding, Understanding } from '../turn.js';
import { checkFaithfulness } from '../faithfulness/check.js';
import { numbersIn } from '../words/numbers.js';
import { shapeOf } from '../words/shape.js';
import { analyze } from './analyze.js';
import { gapWords } from './points.js';
import { distributionOf } from './statistics/quantiles.js';
import { trendOf } from './statistics/trend.js';

const column = (name: string): Expression => ({ column: name });
const average: Expression = { aggregate: 'avg', of: column('score') };
const total: Expression = { aggregate: 'sum', of: column('score') };
const equals = (name: string, value: string | number) => ({
  compare: '=' as const,
  left: column(name),
  right: { literal: value },
});

const columns = {
  team: { type: 'text', role: 'dimension' },
  town: { type: 'text', role: 'dimension' },
  year: { type: 'integer', role: 'temporal' },
  score: { type: 'number', role: 'measure' },
  cost: { type: 'number', role: 'measure' },
} as const;

const scores = aTable(columns, [
  ['Red', 'Ulm', 2020, 10.5, 1],
  ['Red', 'Bonn', 2020, 12.5, 2],
  ['Blue', 'Ulm', 2020, 20.5, 4],
  ['Blue', 'Bonn', 2020, 22.5, 3],
  ['Red', 'Ulm', 2021, 14.5, 5],
  ['Red', 'Bonn', 2021, 16.5, 7],
  ['Blue', 'Ulm', 2021, 18.5, 6],
  ['Blue', 'Bonn', 2021, null, 9],
  ['Green', 'Ulm', 2021, 30.5, 8],
]);

async function analyzed(
  table: Table,
  query: Omit<AnalyticalQuery, 'datasetId'>,
  understanding: Partial<Understanding> = {},
): Promise<Analyzed> {
  return analyze(await retrieve(aTurn(table, query, understanding), portOf(table)));
}
const texts = ({ findings }: Analyzed): string[] => findings.map(({ text }) => text);
const grouped = (value: Expression, ...by: Expression[]): Omit<AnalyticalQuery, 'datasetId'> => ({
  select: [...by.map((each) => ({ value: each })), { value }],
  groupBy: by,
});

describe('the answer itself', () => {
  const list = { select: [{ value: column('team') }], where: equals('year', 2021) };

  it('is the first output of the first row when one fact is asked for', async () => {
    expect(
      (await analyzed(scores, { select: [{ value: average }], where: equals('team', 'Red') }, { expects: 'value' }))
        .answer,
    ).toBe(13.5);
  });

  it('is that of every row when a list is asked for', async () => {
    expect((await analyzed(scores, list, { expects: 'values' })).answer).toEqual([
      'Red',
      'Red',
      'Blue',
      'Blue',
      'Green',
    ]);
  });

  it('is nothing for a table, and where no row was found', async () => {
    expect((await analyzed(scores, list)).answer).toBeNull();
    expect((await analyzed(scores, { ...list, where: equals('year', 1999) }, { expects: 'values' })).answer).toBeNull();
  });
});

describe('a single number', () => {
  it('is told by its parts, with what is missing', async () => {
    const turn = await analyzed(
      scores,
      { select: [{ value: average }], where: equals('year', 2021) },
      { expects: 'value' },
    );
    expect(texts(turn)).toEqual([
      'The average score in 2021 is 20.0.',
      'By team, Green is highest with 30.5 and Red lowest with 15.5, a gap of 15.0.',
      '1 of the 5 rows have no score and are left out.',
      'Since 2020 it rose by 3.5 (21.2 %) from 16.5, over 4 rows then and 5 now.',
    ]);
    expect(turn.findings[0]).toMatchObject({
      kind: 'value',
      values: { value: 20 },
      support: [{ result: 0, rows: [0] }],
    });
  });

  it('is not compared with a year that the data does not have', async () => {
    const turn = await analyzed(scores, { select: [{ value: average }], where: equals('year', 2020) });
    expect(turn.findings.filter(({ kind }) => kind === 'change')).toEqual([]);
  });
});

describe('groups', () => {
  it('of two are told apart by their difference', async () => {
    const turn = await analyzed(scores, {
      ...grouped(average, column('team')),
      where: { in: ['Red', 'Blue'], left: column('team') },
    });
    expect(texts(turn)[0]).toBe('Blue is 7.0 above Red (51.9 % more).');
  });

  it('of two that are written alike are nearly equal', async () => {
    const near = aTable({ team: columns.team, score: columns.score }, [
      ['A', 40.00001],
      ['B', 40.00002],
    ]);
    expect(texts(await analyzed(near, grouped(average, column('team'))))[0]).toMatch(
      /^B and A are nearly equal at 40\./,
    );
  });

  it('that are sums are told by their share', async () => {
    expect(texts(await analyzed(scores, grouped(total, column('team'))))).toEqual([
      'Blue is highest with 61.5 and Green lowest with 30.5, a gap of 31.0.',
      'Blue makes up 42.1 % of the total of 146.0.',
    ]);
  });

  it('that are averages are never added up', async () => {
    const turn = await analyzed(scores, grouped(average, column('team')));
    expect(turn.findings.some(({ kind }) => kind === 'share')).toBe(false);
  });

  it('are called best and worst only where the data set says so', async () => {
    const better = aTable(
      { ...columns, score: { type: 'number', role: 'measure', higherIsBetter: false } },
      scores.rows.map((row) => Object.values(row)),
    );
    expect(texts(await analyzed(better, grouped(average, column('team'))))[0]).toMatch(
      /^Green is highest \(worst\) with 30\.5 and Red lowest \(best\)/,
    );
  });

  it('share a place when they are equal', async () => {
    const level = aTable({ team: columns.team, score: columns.score }, [
      ['A', 3],
      ['B', 3],
      ['C', 1],
    ]);
    expect(texts(await analyzed(level, grouped(average, column('team'))))[0]).toBe(
      'A and B are highest with 3.0 and C lowest with 1.0, a gap of 2.0.',
    );
  });

  it('far from the rest are named as outliers', async () => {
    const rows = [10, 11, 9, 10, 12, 10, 11, 9, 45].map((value, index) => [`T${index}`, value]);
    const turn = await analyzed(
      aTable({ team: columns.team, score: columns.score }, rows),
      grouped(average, column('team')),
    );
    expect(turn.findings.find(({ kind }) => kind === 'outlier')?.text).toBe(
      'T8 (45.0) is far from the rest: half of the 9 lie between 10.0 and 11.0.',
    );
  });

  it('cut to the first few are not called the lowest of all', async () => {
    const turn = await analyzed(scores, {
      ...grouped(total, column('team')),
      orderBy: [{ by: total, direction: 'desc' }],
      limit: 2,
    });
    expect(texts(turn)).toEqual(['Blue is 7.5 above Red (13.9 % more).']);
  });
});

describe('time', () => {
  const series = (values: readonly (number | null)[], from = 2010): Table =>
    aTable(
      { year: columns.year, score: columns.score },
      values.map((value, index) => [from + index, value]),
    );

  it('follows the many and not the few wild values', async () => {
    const turn = await analyzed(series([10, 11, 12, 13, 14, 15, 16, 17, 18, 90]), grouped(average, column('year')));
    expect(texts(turn).find((text) => text.startsWith('The trend'))).toMatch(
      /^The trend is upward: \+1\.00 a year in the median \(Theil–Sen; .*\); least squares, on which a few values weigh much, gives \+4\.\d+ \(R² 0\.\d+\)\.$/,
    );
  });

  it('is told by its ends, its trend and its extremes', async () => {
    const turn = await analyzed(series([10, 11, 12, 13, 14, 15.5]), grouped(average, column('year')));
    expect(texts(turn).slice(0, 2)).toEqual([
      'From 2010 to 2015 the average score rose by 5.5 (55.0 %), from 10.0 to 15.5.',
      'The trend is upward: 1.07 a year by least squares (R² 0.99; Mann–Kendall p = 0.003).',
    ]);
  });

  it('without a trend says so', async () => {
    const turn = await analyzed(series([10, 14, 9, 13, 10, 12]), grouped(average, column('year')));
    expect(turn.findings.find(({ kind }) => kind === 'trend')?.text).toMatch(
      /^There is no clear trend over the 6 years \(Mann–Kendall p = 1\.00; least squares/,
    );
  });

  it('with a hole names it', async () => {
    const turn = await analyzed(series([10, 11, null, 13, 14]), {
      ...grouped(average, column('year')),
      where: { missing: false, left: column('score') },
    });
    expect(texts(turn)).toContain('There is no value for 2012.');
  });

  it('of several series says who is ahead at the end', async () => {
    const turn = await analyzed(scores, {
      ...grouped(average, column('year'), column('team')),
      where: { in: ['Red', 'Blue'], left: column('team') },
    });
    expect(texts(turn)[0]).toBe('In 2021 Blue is ahead with 18.5, 3.0 above Red (15.5).');
  });
});

describe('two measures', () => {
  it('are correlated with n and p', async () => {
    const turn = await analyzed(scores, { select: [{ value: column('score') }, { value: column('cost') }] });
    expect(texts(turn)[0]).toBe(
      'There is no clear linear correlation between score and cost: r = 0.65 (95 % interval -0.10 to 0.93, n = 8, p = 0.081).',
    );
    expect(texts(turn)).toContain('1 of 9 rows lack one of the two.');
  });
});

describe('a superlative', () => {
  it('tells the number that decided it, and who comes next', async () => {
    const turn = await analyzed(
      scores,
      {
        select: [{ value: column('team') }],
        where: equals('year', 2021),
        orderBy: [{ by: column('score'), direction: 'desc' }],
        limit: 1,
      },
      { expects: 'value' },
    );
    expect(turn.answer).toBe('Green');
    expect(texts(turn)[0]).toBe('Green has the highest score in 2021, 30.5; next is Blue with 18.5.');
  });
});

/** Every number that simple arithmetic gives over the cells of the supporting rows. */
function derivable(turn: Analyzed, { support }: Finding): number[] {
  const rows = support.flatMap(({ result, rows: indexes }) => {
    const set = result === 0 ? turn.evidence.primary : turn.evidence.context[result - 1]?.result;
    return indexes.flatMap((index) => (set?.rows[index] === undefined ? [] : [{ set, row: set.rows[index] }]));
  });
  const numeric = (row: readonly Scalar[]): number[] => row.filter((cell) => typeof cell === 'number');
  const cells = rows.flatMap(({ row }) => numeric(row));
  const differences = cells.flatMap((a) => cells.map((b) => a - b));
  const relatives = cells.flatMap((a) => cells.filter((b) => b !== 0).map((b) => ((a - b) / Math.abs(b)) * 100));
  const trend = trendOf(
    rows.flatMap(({ row }): [number, number][] => {
      const [x, y] = numeric(row);
      return x === undefined || y === undefined ? [] : [[x, y]];
    }),
  );
  const counts = [...Array(Math.max(rows.length, turn.evidence.primary?.rows.length ?? 0) + 1).keys()];
  const sizes = support.map(
    ({ result }) =>
      (result === 0 ? turn.evidence.primary : turn.evidence.context[result - 1]?.result)?.matchedRows ?? 0,
  );
  // The value of a row is its last number, or the one before the count of its rows.
  const ofColumns = [-1, -2].flatMap((place) =>
    ofValues(
      rows.flatMap(({ row }) => numeric(row).at(place) ?? []),
      sizes,
    ),
  );
  const ofTrend = [trend?.slope ?? 0, trend?.medianSlope ?? 0, trend?.rSquared ?? 0, trend?.pValue ?? 0];
  return [...cells, ...differences, ...relatives, ...ofColumns, ...ofTrend, ...counts, ...sizes];
}

/** What can be worked out from one number a row; `sizes`: how many rows of the table the results are over. */
function ofValues(values: readonly number[], sizes: readonly number[]): number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  const descending = values.toSorted((a, b) => b - a);
  const shares = values.map((value) => (value / sum) * 100);
  const three = (descending.slice(0, 3).reduce((all, value) => all + value, 0) / sum) * 100;
  const { q1, median, q3, skew } = distributionOf(values);
  // Rows without a value: what the counts of a breakdown leave over.
  return [sum, ...shares, three, q1, median, q3, skew ?? 0, ...sizes.map((size) => size - sum)];
}

describe('every finding', () => {
  const anyTable = fc
    .array(
      fc.record({
        team: fc.constantFrom('Red', 'Blue', 'Green', 'Team 7', 'A1'),
        year: fc.integer({ min: 2015, max: 2024 }),
        score: fc.option(fc.integer({ min: -900, max: 9000 }), { freq: 8 }),
      }),
      { minLength: 2, maxLength: 40 },
    )
    .map((rows) =>
      aTable(
        { team: columns.team, year: columns.year, score: columns.score },
        rows.map(({ team, year, score }) => [team, year, score === null ? null : score / 10]),
      ),
    );
  const anyQuery = fc.constantFrom<Omit<AnalyticalQuery, 'datasetId'>>(
    { select: [{ value: average }] },
    { select: [{ value: total }], where: equals('year', 2020) },
    grouped(average, column('team')),
    grouped(total, column('team')),
    grouped(total, column('year')),
    grouped({ aggregate: 'count', of: null }, column('team')),
    grouped(average, column('year'), column('team')),
    grouped(average, column('team'), column('year')),
    { ...grouped(total, column('team')), orderBy: [{ by: total, direction: 'desc' }], limit: 3 },
    { select: [{ value: column('team') }], orderBy: [{ by: column('score'), direction: 'desc' }], limit: 1 },
    { select: [{ value: column('team') }, { value: column('score') }] },
  );

  it('says no number that is not among its values, and none that its rows do not give', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, anyQuery, async (table, query) => {
        const turn = await analyzed(table, query);
        for (const found of turn.findings) {
          const { unsupported } = checkFaithfulness(found.text, Object.values(found.values));
          expect([found.text, unsupported]).toEqual([found.text, []]);
          expect(found.support.length).toBeGreaterThan(0);
          const known = derivable(turn, found);
          for (const [name, value] of Object.entries(found.values)) {
            if (name.startsWith('name ') || name === 'pValue' || name === 'n') continue;
            const near = known.some(
              (each) => Math.abs(Math.abs(each) - Math.abs(value)) <= 1e-6 * Math.max(1, Math.abs(value)),
            );
            expect([found.text, name, value, near]).toEqual([found.text, name, value, true]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is sorted by interest, and there are few', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, anyQuery, async (table, query) => {
        const interests = (await analyzed(table, query)).findings.map(({ interest }) => interest);
        expect(interests).toEqual(interests.toSorted((a, b) => b - a));
        expect(interests.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 50 },
    );
  });

  it('is one sentence', async () => {
    const turn = await analyzed(scores, grouped(average, column('team')));
    for (const { text } of turn.findings) expect(text).toMatch(/^[A-Z0-9].*[.]$/);
    expect(numbersIn(texts(turn).join(' ')).length).toBeGreaterThan(0);
  });
});

it('writes a difference so that the numbers beside it do not contradict it', () => {
  const set = evaluate(gaps, { datasetId: 'table', select: [{ value: { column: 'score' } }] });
  const [y] = shapeOf(set, gaps.profile).fields;
  if (y === undefined) throw new Error('there is a column');
  // Written, 59.5 and 59.3 are 0.2 apart.
  expect(gapWords(59.33 - 59.47, y, [59.47, 59.33])).toBe('0.14');
  expect(gapWords(59.3 - 59.5, y, [59.5, 59.3])).toBe('0.2');
  expect(gapWords(-0.14, y)).toBe('0.1');
});

const gaps = aTable({ score: { type: 'number', role: 'measure', decimals: 1 } }, [[59.5], [59.3]]);
