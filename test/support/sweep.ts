import { analyze } from '../../src/chat/pipeline/analyze/analyze.js';
import { retrieve } from '../../src/chat/pipeline/retrieve/retrieve.js';
import type { Mark, Understanding, Visualization } from '../../src/chat/pipeline/turn.js';
import { visualize } from '../../src/chat/pipeline/visualize/visualize.js';
import type { Scalar } from '../../src/common/scalar.js';
import type { AnalyticalQuery, Expression } from '../../src/datasets/query/analytical-query.js';
import { aTable, aTurn, portOf, type Table } from './turn.js';

/* Hard cases for pictures: many and few names, long and foreign ones, values of every size, gaps, many series, all grains of time. */

export interface Case {
  readonly name: string;
  readonly table: Table;
  readonly query: Omit<AnalyticalQuery, 'datasetId'>;
  readonly understanding: Partial<Understanding>;
}

const column = (name: string): Expression => ({ column: name });
const total: Expression = { aggregate: 'sum', of: column('amount') };
const average: Expression = { aggregate: 'avg', of: column('amount') };

const NAMES: Readonly<Record<string, (index: number) => string>> = {
  short: (index) => `T${index + 1}`,
  words: (index) =>
    ['Education', 'Healthcare', 'Infrastructure', 'Economy', 'Environment'][index % 5] + ` ${index + 1}`,
  long: (index) =>
    `Department of ${['Agriculture, Fisheries', 'Foreign Trade', 'Public Works'][index % 3]} and Rural Development of the ${index + 1}. Northern District`,
  unicode: (index) =>
    ['Ελλάδα', 'Česko – východ', 'Österreich', '日本国東京都', 'Москва', 'São Tomé'][index % 6] + ` ${index + 1}`,
  unbroken: (index) => `${'Donaudampfschifffahrtsgesellschaft'.repeat(2)}${index}`,
};

/** Deterministic, and without a pattern that hides crossings. */
const noise = (index: number): number => ((index * 7919 + 104729) % 1000) / 1000;

const VALUES: Readonly<Record<string, (index: number) => number | null>> = {
  plain: (index) => Math.round(20 + 80 * noise(index)),
  negative: (index) => Math.round(1000 * (noise(index) - 0.6)) / 10,
  allNegative: (index) => -Math.round(10 + 900 * noise(index)),
  huge: (index) => Math.round(9e12 * noise(index)) + 1e9,
  tiny: (index) => (1 + noise(index)) * 1e-7,
  skewed: (index) => Math.round(10 ** (6 * noise(index))),
  missing: (index) => (index % 3 === 1 ? null : Math.round(50 * noise(index))),
  same: () => 42,
  zero: () => 0,
};

const COLUMNS = {
  name: { type: 'text', role: 'dimension' },
  series: { type: 'text', role: 'dimension' },
  amount: { type: 'number', role: 'measure', unit: 'million euros' },
} as const;

function categories(count: number, names: string, values: string, series = 1): Table {
  const rows: Scalar[][] = [];
  for (let index = 0; index < count; index++)
    for (let line = 0; line < series; line++)
      rows.push([
        NAMES[names]?.(index) ?? '',
        NAMES['words']?.(line) ?? '',
        VALUES[values]?.(index * 13 + line) ?? null,
      ]);
  return aTable(COLUMNS, rows, { title: 'Accounts' });
}

const GRAINS: Readonly<Record<string, (index: number) => Scalar>> = {
  year: (index) => 1965 + index,
  month: (index) => `${2015 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`,
  day: (index) => new Date(Date.UTC(2024, 1, 1 + index)).toISOString().slice(0, 10),
  hour: (index) => new Date(Date.UTC(2024, 1, 1, index)).toISOString().slice(0, 19),
};

function times(count: number, grain: string, values: string, series: number, gap: boolean): Table {
  const rows: Scalar[][] = [];
  for (let index = 0; index < count; index++) {
    if (gap && index > 1 && index < 5) continue;
    for (let line = 0; line < series; line++)
      rows.push([
        GRAINS[grain]?.(index) ?? null,
        NAMES['words']?.(line) ?? '',
        VALUES[values]?.(index * 3 + line * 17) ?? null,
      ]);
  }
  const type = grain === 'year' ? 'integer' : grain === 'hour' ? 'datetime' : 'date';
  return aTable({ when: { type, role: 'temporal' }, series: COLUMNS.series, amount: COLUMNS.amount }, rows, {
    title: 'Accounts',
  });
}

const grouped = (value: Expression, ...by: Expression[]): Case['query'] => ({
  select: [...by.map((each) => ({ value: each })), { value }],
  groupBy: by,
});

const chart = (mark: Mark | undefined): Partial<Understanding> => (mark === undefined ? {} : { chart: { mark } });

/** Every case once; some 200. */
export function sweep(): Case[] {
  const cases: Case[] = [];
  const valueNames = Object.keys(VALUES);
  const nameKinds = Object.keys(NAMES);
  let turn = 0;
  const next = (list: readonly string[]): string => list[turn++ % list.length] ?? '';
  for (const mark of [undefined, 'bar', 'arc', 'point', 'tick', 'line'] as const)
    for (const count of [1, 2, 3, 7, 8, 12, 20, 31, 60]) {
      const [names, values] = [next(nameKinds), next(valueNames)];
      cases.push({
        name: `${mark ?? 'any'} of ${count} ${names} names, ${values}`,
        table: categories(count, names, values),
        query: grouped(count % 2 === 0 ? total : average, column('name')),
        understanding: chart(mark),
      });
    }
  for (const values of valueNames)
    for (const names of ['short', 'long'])
      cases.push({
        name: `any of 6 ${names} names, ${values}`,
        table: categories(6, names, values),
        query: grouped(total, column('name')),
        understanding: {},
      });
  for (const mark of ['bar', 'rect', 'boxplot'] as const)
    for (const series of [2, 3, 6, 12])
      for (const count of [2, 5, 14, 40]) {
        const [names, values] = [next(nameKinds), next(valueNames)];
        cases.push({
          name: `${mark} of ${count} ${names} names by ${series}, ${values}`,
          table: categories(count, names, values, series),
          query:
            mark === 'boxplot'
              ? { select: [{ value: column('name') }, { value: column('amount') }] }
              : grouped(series === 3 ? total : average, column('name'), column('series')),
          understanding: chart(mark),
        });
      }
  for (const values of ['plain', 'skewed', 'huge', 'missing'])
    cases.push({
      name: `points of 30 pairs, ${values}`,
      table: aTable(
        { name: COLUMNS.name, size: { type: 'number', role: 'measure' }, amount: COLUMNS.amount },
        [...Array(30).keys()].map((index) => [
          NAMES['words']?.(index) ?? '',
          VALUES['skewed']?.(index * 31) ?? null,
          VALUES[values]?.(index) ?? null,
        ]),
        { title: 'Accounts' },
      ),
      query: { select: [{ value: column('size') }, { value: column('amount') }] },
      understanding: { intent: { kind: 'correlation', confidence: 1 } },
    });
  for (const grain of Object.keys(GRAINS))
    for (const count of [2, 6, 13, 40])
      for (const [series, mark] of [
        [1, undefined],
        [2, undefined],
        [5, 'area'],
        [12, undefined],
        [1, 'bar'],
      ] as const) {
        const values = next(valueNames);
        const when: Expression = grain === 'month' ? { column: 'when', grain: 'month' } : column('when');
        cases.push({
          name: `${mark ?? 'any'} over ${count} ${grain}s, ${series} series, ${values}`,
          table: times(count, grain, values, series, count === 13),
          query: series === 1 ? grouped(total, when) : grouped(average, when, column('series')),
          understanding: chart(mark),
        });
      }
  return cases;
}

export async function pictureOf({ table, query, understanding }: Case): Promise<Visualization | null> {
  return visualize(analyze(await retrieve(aTurn(table, query, understanding), portOf(table)))).visualization;
}
