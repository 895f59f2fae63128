import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf, type Table } from '../../../../test/support/turn.js';
import type { AnalyticalQuery, Expression } from '../../../datasets/query/analytical-query.js';
import { analyze } from '../analyze/analyze.js';
import { retrieve } from '../retrieve/retrieve.js';
import type { Composed, Understanding } from '../turn.js';
import { visualize } from '../visualize/visualize.js';
import { compose } from './compose.js';

const column = (name: string): Expression => ({ column: name });
const average: Expression = { aggregate: 'avg', of: column('score') };
const equals = (name: string, value: string | number) => ({
  compare: '=' as const,
  left: column(name),
  right: { literal: value },
});

const health = aTable(
  {
    field: { type: 'text', role: 'dimension' },
    land: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    score: { type: 'number', role: 'measure', higherIsBetter: true },
  },
  [
    ['Schools', 'Norway', 2023, 80.5],
    ['Schools', 'Chad', 2023, 20.5],
    ['Clinics', 'Norway', 2023, 90.5],
    ['Clinics', 'Chad', 2023, 40.5],
    ['Schools', 'Norway', 2024, 82.5],
    ['Schools', 'Chad', 2024, 24.5],
    ['Clinics', 'Norway', 2024, 91.5],
    ['Roads', 'Norway', 2023, 70.5],
  ],
  { title: 'Public services', source: 'Statistics office, 2025; changes: rounded' },
);

type Query = Omit<AnalyticalQuery, 'datasetId'> | null;
async function composed(
  query: Query,
  understanding: Partial<Understanding> = {},
  table: Table = health,
): Promise<Composed> {
  return compose(visualize(analyze(await retrieve(aTurn(table, query, understanding), portOf(table)))));
}
const textOf = async (
  query: Query,
  understanding: Partial<Understanding> = {},
  table: Table = health,
): Promise<string> => (await composed(query, understanding, table)).text;

describe('an answer', () => {
  it('leads with the number asked for, and ends with the source', async () => {
    expect(
      await textOf(
        { select: [{ value: average }], where: { and: [equals('field', 'Schools'), equals('year', 2024)] } },
        { expects: 'value' },
      ),
    ).toBe(
      'The average score for Schools in 2024 is **53.5**.\n\nSince 2023 it improved by 3.0 (5.9 %) from 50.5.\n\nSource: Statistics office, 2025.',
    );
  });

  it('names the winner, the number that decided it, and the next', async () => {
    const text = await textOf(
      {
        select: [{ value: column('land') }, { value: average }],
        where: equals('year', 2023),
        groupBy: [column('land')],
        orderBy: [{ by: average, direction: 'asc' }],
        limit: 1,
      },
      { expects: 'value' },
    );
    expect(text).toMatch(/^\*\*Chad\*\* has the lowest average score in 2023, 30\.5; next is Norway with 80\.5\./);
  });

  it('marks the name of the winner, not the same digits within a number', async () => {
    const table = aTable(
      { person: { type: 'integer', role: 'identifier' }, pay: { type: 'number', role: 'measure' } },
      [
        [6, 596462],
        [1, 476090],
      ],
    );
    const pay = column('pay');
    const text = await textOf(
      {
        select: [{ value: column('person') }],
        orderBy: [{ by: pay, direction: 'desc' }],
        limit: 1,
      },
      { expects: 'value' },
      table,
    );
    expect(text).toContain('476,090');
    expect(text).toContain('**6**');
  });

  it('compares two groups in one line', async () => {
    const text = await textOf({
      select: [{ value: column('field') }, { value: average }],
      where: equals('year', 2023),
      groupBy: [column('field')],
    });
    expect(text.split('\n')[0]).toBe(
      'Average score by field in 2023: Roads **70.5**, Clinics **65.5** and Schools **50.5**.',
    );
  });

  it('lists groups, longest lists cut', async () => {
    const many = aTable(
      { team: { type: 'text', role: 'dimension' }, score: { type: 'integer', role: 'measure' } },
      [...Array(14).keys()].map((index) => [`Team ${String.fromCharCode(65 + index)}`, index]),
    );
    const text = await textOf(
      {
        select: [{ value: column('team') }, { value: { aggregate: 'sum', of: column('score') } }],
        groupBy: [column('team')],
      },
      {},
      many,
    );
    expect(text.split('\n').slice(0, 12)).toEqual([
      'Total score by team:',
      ...[...'NMLKJIHGFE'].map((letter, index) => `- Team ${letter}: **${13 - index}**`),
      '- and 4 more',
    ]);
  });

  it('lists names, each once', async () => {
    const select = [{ value: column('land') }];
    expect(await textOf({ select, where: equals('field', 'Schools') }, { expects: 'values' })).toMatch(
      /^2 different lands in 4 rows for Schools: \*\*Norway\*\* \(2 times\) and \*\*Chad\*\* \(2 times\)\./,
    );
    expect(await textOf({ select, where: equals('field', 'Roads') }, { expects: 'values' })).toMatch(
      /^Land for Roads: \*\*Norway\*\*\./,
    );
  });

  it('shows plain rows by what tells them apart', async () => {
    const text = await textOf({
      select: ['field', 'land', 'year', 'score'].map((name) => ({ value: column(name) })),
      where: { and: [equals('field', 'Clinics'), equals('year', 2023)] },
    });
    expect(text.split('\n').slice(0, 3)).toEqual([
      '2 rows for Clinics in 2023:',
      '- **Norway**: score 90.5',
      '- **Chad**: score 40.5',
    ]);
  });

  it('shows one row as its fields', async () => {
    expect(
      await textOf({
        select: [{ value: column('land') }, { value: column('score') }],
        where: equals('field', 'Roads'),
      }),
    ).toMatch(/^Land: \*\*Norway\*\*, Score: \*\*70\.5\*\*\./);
  });

  it('counts rows with the right number', async () => {
    const count: Expression = { aggregate: 'count', of: null };
    expect(await textOf({ select: [{ value: count }], where: equals('field', 'Roads') }, { expects: 'value' })).toMatch(
      /^There is \*\*1\*\* row for Roads\./,
    );
    expect(await textOf({ select: [{ value: count }], where: equals('land', 'Chad') }, { expects: 'value' })).toMatch(
      /^There are \*\*3\*\* rows for Chad\./,
    );
  });

  it('tells how the question was read', async () => {
    expect(await textOf({ select: [{ value: average }] }, { reading: 'all years are taken together' })).toContain(
      'How I read it: All years are taken together.',
    );
  });

  it('says when there is nothing, which filter is to blame, and what there is', async () => {
    expect(
      await textOf(
        { select: [{ value: average }], where: { and: [equals('field', 'Roads'), equals('year', 2024)] } },
        { expects: 'value' },
      ),
    ).toBe(
      'Public services has no rows for Roads in 2024. Fields with data in 2024: Schools and Clinics. Years with data for Roads: 2023.',
    );
  });

  it('is a refusal when the one thing asked for is not there', async () => {
    const { text, understanding, answer } = await composed(
      { select: [{ value: column('land') }], where: equals('year', 2030) },
      { expects: 'value' },
    );
    expect(answer).toBeNull();
    expect(understanding.refusal).toEqual({ code: 'no_rows', reason: text.split(' Years')[0], suggestions: [] });
  });

  it('may be that none are there, and refuses only where the reading is unsure', async () => {
    const none: Query = { select: [{ value: column('land') }], where: equals('year', 2030) };
    const count: Query = { select: [{ value: { aggregate: 'count', of: null } }], where: equals('year', 2030) };
    const read = (confidence: number): Partial<Understanding> => ({ intent: { kind: 'lookup', confidence } });
    for (const [query, expects] of [
      [none, 'values'],
      [count, 'value'],
    ] as const) {
      expect((await composed(query, { ...read(1), expects })).understanding.refusal).toBeNull();
      const unsure = await composed(query, { ...read(0.7), expects });
      expect(unsure.understanding.refusal?.code).toBe('no_rows');
      expect(unsure.text).toMatch(/^Public services has no rows in 2030\./);
    }
  });

  it('says when rows were found but none has a value', async () => {
    const empty = aTable({ land: { type: 'text', role: 'dimension' }, score: { type: 'number', role: 'measure' } }, [
      ['Chad', null],
    ]);
    expect(
      await textOf({ select: [{ value: average }], where: equals('land', 'Chad') }, { expects: 'value' }, empty),
    ).toBe('There is no score for Chad: no row has a value.');
  });
});

describe('talk', () => {
  const kind = (kind: Understanding['intent']['kind']): Partial<Understanding> => ({ intent: { kind, confidence: 1 } });

  it('greets with what can be asked', async () => {
    expect(await textOf(null, kind('small_talk'))).toBe(
      'Hello, I am Analyst. Ask me about Public services. For example: “What is the average score?”',
    );
  });

  it('helps with the columns there are', async () => {
    const text = await textOf(null, kind('help'));
    expect(text).toContain('**Public services**: 8 rows, with score, by field and land, from 2023 to 2024');
    expect(text).toContain('- What is the average score?');
  });

  it('refuses with the reason, and what would work', async () => {
    const refusal = {
      code: 'not_in_data' as const,
      reason: 'There is no column for rain',
      suggestions: ['What is the average score?', 'B?', 'C?', 'D?'],
    };
    expect(await textOf(null, { refusal })).toBe(
      'There is no column for rain.\n\nYou could ask:\n- What is the average score?\n- B?\n- C?',
    );
  });

  it('asks for a data set where there is none', async () => {
    const turn = await retrieve({ ...aTurn(health, null, kind('help')), datasets: [] }, portOf(health));
    expect(compose(visualize(analyze(turn))).text).toContain('upload a CSV file');
  });
});

it('writes no number that is not in the evidence, the findings or the question', async () => {
  const total: Expression = { aggregate: 'sum', of: column('score') };
  const queries: Query[] = [
    { select: [{ value: average }], where: equals('year', 2024) },
    { select: [{ value: column('field') }, { value: total }], groupBy: [column('field')] },
    { select: [{ value: column('year') }, { value: average }], groupBy: [column('year')] },
    {
      select: [{ value: column('land') }, { value: column('field') }, { value: average }],
      groupBy: [column('land'), column('field')],
    },
    { select: [{ value: column('land') }, { value: column('score') }] },
  ];
  for (const query of queries) {
    const turn = await composed(query);
    expect([turn.text, turn.grounded?.unsupported]).toEqual([turn.text, []]);
  }
});
