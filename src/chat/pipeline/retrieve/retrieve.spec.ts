import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf } from '../../../../test/support/turn.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import type { Entity, PastTurn } from '../turn.js';
import { bestDimension } from './context-queries.js';
import { retrieve, type RetrievalPort } from './retrieve.js';

const column = (name: string): Expression => ({ column: name });
const average: Expression = { aggregate: 'avg', of: column('score') };
const equals = (name: string, value: string | number): Condition => ({
  compare: '=',
  left: column(name),
  right: { literal: value },
});

const rows = ['North', 'South', 'East'].flatMap((region) =>
  [...Array(12).keys()].flatMap((index) =>
    [2020, 2021, 2022].map((year) => [`${region} ${index}`, region, year, index + year - 2020]),
  ),
);
const table = aTable(
  {
    shop: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    score: { type: 'integer', role: 'measure' },
  },
  rows,
);
const { profile } = table;

/** Runs on the table in memory and keeps what it was asked. */
function recording(
  fail: (query: AnalyticalQuery, index: number) => boolean = () => false,
): RetrievalPort & { readonly asked: AnalyticalQuery[] } {
  const asked: AnalyticalQuery[] = [];
  const { run } = portOf(table);
  return {
    asked,
    run: (query) => {
      asked.push(query);
      return fail(query, asked.length - 1) ? Promise.reject(new Error('too slow')) : run(query);
    },
  };
}
const purposes = async (query: Omit<AnalyticalQuery, 'datasetId'>): Promise<string[]> =>
  (await retrieve(aTurn(table, query), recording())).evidence.context.map(({ purpose }) => purpose);

describe('context', () => {
  it('of a single number is its parts and the year before', async () => {
    expect(await purposes({ select: [{ value: average }], where: equals('year', 2021) })).toEqual([
      'breakdown',
      'previous',
    ]);
  });

  it('of averages by group is how many values stand behind each', async () => {
    expect(
      await purposes({ select: [{ value: column('region') }, { value: average }], groupBy: [column('region')] }),
    ).toEqual(['sample']);
  });

  it('of a ratio of sums is not how its rows spread: they have none', async () => {
    const ratio = {
      formula: 'sum(score) / count()',
      level: 'group',
      expression: { op: '/', left: { aggregate: 'sum', of: column('score') }, right: { aggregate: 'count', of: null } },
    } as const;
    const columns = profile.columns.map((each) => (each.name === 'score' ? { ...each, computed: ratio } : each));
    const query = { select: [{ value: column('region') }, { value: average }], groupBy: [column('region')] };
    const turn = await retrieve(aTurn({ ...table, profile: { ...profile, columns } }, query), recording());
    expect(turn.evidence.context).toEqual([]);
  });

  it('of a winner is who else was near', async () => {
    const turn = await retrieve(
      aTurn(table, {
        select: [{ value: column('shop') }],
        orderBy: [{ by: column('score'), direction: 'desc' }],
        limit: 1,
      }),
      recording(),
    );
    expect(turn.evidence.context.map(({ purpose, result }) => [purpose, result.rows.length])).toEqual([
      ['ranking', 10],
    ]);
  });

  it('of nothing found is what there is instead, condition by condition', async () => {
    const turn = await retrieve(
      aTurn(table, { select: [{ value: average }], where: { and: [equals('region', 'North'), equals('year', 1990)] } }),
      recording(),
    );
    expect(turn.evidence.context.map(({ purpose, result }) => [purpose, result.rows.map(([value]) => value)])).toEqual([
      ['available', []],
      ['available', [2022, 2021, 2020]],
    ]);
  });

  it('of plain rows is nothing', async () => {
    expect(await purposes({ select: [{ value: column('shop') }] })).toEqual([]);
  });

  it('never takes more than three queries, and none that fails fails the turn', async () => {
    const port = recording((_, index) => index > 0);
    const turn = await retrieve(aTurn(table, { select: [{ value: average }], where: equals('year', 2021) }), port);
    expect(turn.evidence.primary?.rows).toEqual([[6.5]]);
    expect(turn.evidence.context).toEqual([]);
    expect(port.asked.length).toBeLessThanOrEqual(4);
  });

  it('is not fetched when the question’s own query fails', async () => {
    const port = recording(() => true);
    await expect(retrieve(aTurn(table, { select: [{ value: average }] }), port)).rejects.toThrow('too slow');
    expect(port.asked.length).toBe(1);
  });
});

describe('the dimension that a number is told by', () => {
  it('has few values', () => {
    expect(bestDimension(undefined, profile)?.name).toBe('region');
  });

  it('is not one that the filter fixes', () => {
    expect(bestDimension(equals('region', 'North'), profile)?.name).toBe('year');
  });

  it('is the one that the filter names several values of', () => {
    expect(bestDimension({ in: [2020, 2021], left: column('year') }, profile)?.name).toBe('year');
  });

  it('is time when the filter names one of many', () => {
    expect(bestDimension(equals('shop', 'North 1'), profile)?.name).toBe('year');
  });
});

it('reads nothing for a turn without a query', async () => {
  const port = recording();
  const turn = await retrieve(aTurn(table, null), port);
  expect([turn.evidence.primary, port.asked]).toEqual([null, []]);
});

it('finds the earlier turns of the conversation about the same things, latest first', async () => {
  const region = (value: string): Entity => ({
    text: value,
    start: 0,
    end: 1,
    kind: 'value',
    column: 'region',
    value,
    score: 1,
  });
  const understood = aTurn(table, null, { entities: [region('North')] });
  const past = (messageId: string, entities: readonly Entity[]): PastTurn => ({
    messageId,
    question: messageId,
    understanding: { ...understood.understanding, entities },
    result: null,
    answer: 1,
  });
  const history = [
    past('a', [region('north')]),
    past('b', [region('South')]),
    past('c', [region('North'), region('East')]),
  ];
  const turn = await retrieve({ ...understood, history }, recording());
  expect(turn.evidence.pastResults).toEqual([
    { messageId: 'c', shared: ['region=north'], answer: 1 },
    { messageId: 'a', shared: ['region=north'], answer: 1 },
  ]);
});

describe('earlier results of other conversations', () => {
  const query = { select: [{ value: average }], where: equals('year', 2021) };
  const earlier = { messageId: 'm', conversationId: 'c', at: '2025-03-03T00:00:00.000Z', shared: [], answer: 5 };

  it('keep those of their rows that are others now', async () => {
    const now = await portOf(table).run({ datasetId: profile.id, ...query });
    const past = (was: readonly (readonly number[])[]): RetrievalPort => ({
      ...recording(),
      past: () => Promise.resolve([{ ...earlier, was }]),
    });
    const turn = await retrieve(aTurn(table, query), past([[5]]));
    expect(turn.evidence.pastResults).toEqual([{ ...earlier, was: [[5]] }]);
    const same = await retrieve(aTurn(table, query), past(now.rows as number[][]));
    expect(same.evidence.pastResults).toEqual([{ ...earlier, was: [] }]);
  });

  it.each([
    ['fail', () => Promise.reject(new Error('gone'))],
    ['are late', () => Promise.resolve(null)],
  ])('do no harm where they %s', async (_, past) => {
    const { evidence } = await retrieve(aTurn(table, query), { ...recording(), past });
    expect(evidence.primary?.rows).toHaveLength(1);
    expect(evidence).toMatchObject({ pastResults: [], pastUnknown: true });
  });
});

describe('a histogram', () => {
  const bins: Expression = { column: 'score', bin: 7 };
  const histogram = (fitted?: true) =>
    aTurn(
      table,
      {
        select: [{ value: bins }, { value: { aggregate: 'count', of: null } }],
        groupBy: [bins],
        orderBy: [{ by: bins, direction: 'asc' }],
      },
      { chart: { mark: 'bar', fitted } },
    );

  it('has bins fitted to its numbers, whose spread comes with it', async () => {
    const { evidence, understanding } = await retrieve(histogram(true), recording());
    // 108 values from 0 to 13 with quartiles 3.75 and 9.25: 2 × 5.5 / ∛108 = 2.3, and 2.5 is nearer than 2.
    expect(understanding.query?.groupBy).toEqual([{ column: 'score', bin: 2.5 }]);
    expect(evidence.primary?.query.groupBy).toEqual(understanding.query?.groupBy);
    expect(evidence.context.map(({ purpose }) => purpose)).toEqual(['distribution']);
  });

  it('keeps bins that were asked for, and those there are when the spread is not known', async () => {
    expect((await retrieve(histogram(), recording())).understanding.query?.groupBy).toEqual([bins]);
    const failed = await retrieve(
      histogram(true),
      recording((_, index) => index === 0),
    );
    expect(failed.evidence.primary?.query.groupBy).toEqual([bins]);
  });
});
