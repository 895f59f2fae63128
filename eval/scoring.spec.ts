import { describe, expect, it } from '@jest/globals';
import { judgeChart } from './scoring/charts.js';
import { judgeMeaning } from './scoring/followups.js';
import { judgeAnswers, judgeNumber, judgeRows } from './scoring/tables.js';
import type { ChartGold, DialogueGold, Prediction } from './scoring/types.js';
import { numeric, same, sameBag } from './scoring/values.js';

const about = { id: 'q', stratum: {} };

describe('values', () => {
  it('reads numbers as people write them', () => {
    expect(['$1,200', '(12.5)', '7 %', '−3', 'three', ''].map(numeric)).toEqual([1200, -12.5, 7, -3, null, null]);
  });

  it.each([
    [4, 4.0000001, true],
    [1000, 1001, false],
    [33.333, 33.34, true],
    [33.3, 33.4, false],
    ['Tue', 'tuesday', true],
    ['2024-03-01T00:00:00Z', '2024-03-01', true],
    ['north', 'south', false],
    [null, '', true],
  ])('%p for %p: %p', (predicted, gold, expected) => {
    expect(same(predicted, gold)).toBe(expected);
  });

  it('compares bags of rows without regard to order, each row once', () => {
    expect(
      sameBag(
        [
          ['b', 2],
          ['a', 1],
        ],
        [
          ['a', 1],
          ['b', 2],
        ],
      ),
    ).toBe(true);
    expect(
      sameBag(
        [
          ['a', 1],
          ['a', 1],
        ],
        [
          ['a', 1],
          ['b', 1],
        ],
      ),
    ).toBe(false);
  });
});

describe('charts', () => {
  const gold: ChartGold = {
    ...about,
    suite: 'charts',
    chart: { mark: 'bar', color: null, bin: null, sort: { by: 'y', direction: 'desc' } },
    points: [
      ['red', 3],
      ['blue', 1],
    ],
  };
  const values = [
    { colour: 'blue', n: 1 },
    { colour: 'red', n: 3 },
  ];
  const spec = (mark: string, sort: unknown) => ({
    data: { values },
    mark: { type: mark },
    encoding: { x: { field: 'colour', type: 'nominal', sort }, y: { field: 'n', type: 'quantitative' } },
  });
  const judged = (vegaLite: Prediction['vegaLite'], named = true) =>
    judgeChart({ id: 'q', vegaLite }, { ...gold, chart: { ...gold.chart, markNamed: named } });

  it('needs the points and the mark, and the order to be strict', () => {
    expect(judged(spec('bar', '-y'))).toEqual({ right: true, strict: true });
    expect(judged(spec('bar', null))).toEqual({ right: true, strict: false });
    expect(judged(spec('line', '-y')).right).toBe(false);
    expect(judged(spec('line', '-y'), false).right).toBe(true);
    expect(judged(null)).toEqual({ right: false, strict: false });
  });

  it('takes bars that lie down', () => {
    const { x, y } = spec('bar', '-x').encoding;
    expect(judged({ data: { values }, mark: 'bar', encoding: { x: y, y: x } })).toEqual({ right: true, strict: true });
  });

  it('works out aggregates of an encoding, and refuses to guess at transforms', () => {
    const rows = ['red', 'red', 'blue', 'red'].map((colour) => ({ colour }));
    const counted = {
      data: { values: rows },
      mark: 'bar',
      encoding: { x: { field: 'colour' }, y: { aggregate: 'count' } },
    };
    expect(judged(counted).right).toBe(true);
    expect(judged({ ...counted, transform: [{ filter: 'true' }] }).right).toBe(false);
  });
});

describe('rows and answers', () => {
  const gold: DialogueGold = {
    ...about,
    suite: 'dialogue',
    ordered: true,
    rows: [
      ['a', 1],
      ['b', 2],
    ],
  };
  const judged = (rows: Prediction['rows']) => judgeRows({ id: 'q', rows }, gold);

  it('lets columns come in another order, with a few more', () => {
    expect(
      judged([
        [1, 'a'],
        [2, 'b'],
      ]),
    ).toEqual({ right: true, strict: true });
    expect(
      judged([
        [2, 'b'],
        [1, 'a'],
      ]),
    ).toEqual({ right: true, strict: false });
    expect(
      judged([
        ['a', true, 1],
        ['b', true, 2],
      ]),
    ).toEqual({ right: true, strict: false });
    expect(
      judged([
        ['a', 2],
        ['b', 1],
      ]).right,
    ).toBe(false);
    expect(judged([['a', 1]]).right).toBe(false);
  });

  it('compares answers as a set, and takes rows of one column for an answer', () => {
    const table = { ...about, suite: 'tableqa' as const, answer: ['x', '2'] };
    expect(judgeAnswers({ id: 'q', answer: [2, 'X'] }, table).right).toBe(true);
    expect(judgeAnswers({ id: 'q', rows: [['x'], [2]] }, table).right).toBe(true);
    expect(judgeAnswers({ id: 'q', answer: null }, table).right).toBe(false);
  });

  it('takes a share in percent', () => {
    const share = { ...about, suite: 'finance' as const, answer: [0.141], program: 'divide(1, 2)' };
    expect(judgeNumber({ id: 'q', answer: 0.1411 }, share).right).toBe(true);
    expect(judgeNumber({ id: 'q', answer: 14.1 }, share).right).toBe(true);
    expect(judgeNumber({ id: 'q', answer: 1.41 }, share).right).toBe(false);
    expect(judgeNumber({ id: 'q', answer: 14.1 }, { ...share, program: 'subtract(1, 2)' }).right).toBe(false);
  });
});

describe('the meaning of a picture', () => {
  const table = {
    columns: ['Kind', 'Weight'],
    rows: [
      ['cat', '4'],
      ['dog', '20'],
      ['dog', ''],
    ],
  };
  const gold = {
    ...about,
    suite: 'followups' as const,
    mark: 'bar',
    channels: { x: { column: 'kind', aggregate: null }, y: { column: 'Weight', aggregate: 'mean' } },
    filters: [['Weight', '>', [5]]] as [string, string, number[]][],
  };
  const chart = { mark: 'bar', x: { column: 'Kind', aggregate: null }, y: { column: 'Weight', aggregate: 'avg' } };

  it('compares columns, aggregates and the rows that are left', () => {
    const filters = [
      { column: 'Kind', op: '=', value: 'dog' },
      { column: 'Weight', op: '>=', value: 20 },
    ];
    expect(judgeMeaning({ id: 'q', chart, filters }, gold, table)).toEqual({ right: true, strict: true });
    expect(judgeMeaning({ id: 'q', chart: { ...chart, mark: 'line' }, filters }, gold, table).strict).toBe(false);
    expect(judgeMeaning({ id: 'q', chart, filters: [] }, gold, table).right).toBe(false);
    const other = { ...chart, y: { column: 'Weight', aggregate: 'max' } };
    expect(judgeMeaning({ id: 'q', chart: other, filters }, gold, table).right).toBe(false);
  });
});
