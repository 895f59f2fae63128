import { beforeAll, describe, expect, it } from '@jest/globals';
import { meanScore, sampleTable, sectorScores } from '../../../test/support/sector-scores.js';
import { aTable, portOf, type Table } from '../../../test/support/turn.js';
import { datasetReport } from './dataset-report.js';
import { rowsShown } from '../report.js';
import type { Material } from './material.js';

const LIMITS = { rows: 5, sections: 20 };
const PERSONA = { name: 'analyst', displayName: 'Analyst', starterQuestions: [], color: '#4F46E5' };

const reportOf = (table: Table, steps: [number, string][] = [], limits = {}): Promise<Material> =>
  datasetReport(table.profile, PERSONA, portOf(table), { rows: 5, sections: 20, ...limits }, (part, step) => {
    steps.push([part, step]);
    return Promise.resolve();
  });

describe('the report of the sample', () => {
  const steps: [number, string][] = [];
  const scores = sectorScores();
  let report: Material;
  beforeAll(async () => {
    report = await reportOf(sampleTable(), steps);
  });

  it('bears out every number that it writes', () => {
    expect(report.grounded.unsupported).toEqual([]);
    expect(report.grounded.supported).toBe(report.grounded.numbers);
    expect(report.grounded.numbers).toBeGreaterThan(50);
  });

  it('gives figures as they are worked out from the file', () => {
    expect(report.scope).toBe(`${scores.length.toLocaleString('en-US')} rows, 2015 to 2024`);
    expect(report.figures.find(({ label }) => label === 'Average score')?.value).toBe(
      `${meanScore(scores, () => true).toFixed(1)} points`,
    );
    const [now, then] = [2024, 2023].map((year) => meanScore(scores, (row) => row.year === year));
    const change = Math.abs((now ?? 0) - (then ?? 0)).toFixed(1);
    expect(report.figures[1]?.note).toContain(`${now?.toFixed(1)} points in 2024, −${change} points on 2023`);
  });

  it('compares no parts of a year that has hardly begun, and says so where it tells of changes', () => {
    const parts = report.sections.find(({ heading }) => heading.startsWith('Average score by year and region'));
    expect(parts?.table?.rows.flat()).not.toContain('2024');
    expect(parts?.text).not.toContain('2024');
    expect(report.summary.at(-1)).toMatch(/2024 rests on \d+ rows only/);
  });

  it('says of a change whether it is a trend', () => {
    expect(report.summary[0]).toMatch(/From 2015 to 2024 .+\. The trend is upward: .+ Mann–Kendall/);
  });

  it('says what each finding of the summary is about', () => {
    for (const line of report.summary) expect(line).toMatch(/^\*\*Average score by [^*]+:\*\* /);
  });

  it('shows the first rows of each table, and how many there are', () => {
    const countries = report.sections.find(({ heading }) => heading.endsWith('country: the highest'));
    expect(countries?.table).toMatchObject({
      of: 10,
      columns: [{ label: 'Country' }, { label: 'Average score (points)' }],
    });
    expect(countries?.table?.rows).toHaveLength(5);
  });

  it('shows the last periods of a course of time, the newest among them', () => {
    const years = report.sections.find(({ heading }) => heading === 'Average score by year');
    expect(years?.table).toMatchObject({ of: 10, fromEnd: true });
    expect(years?.table?.rows.map(([year]) => year)).toEqual(['2020', '2021', '2022', '2023', '2024']);
    expect(years?.table === null || years === undefined ? null : rowsShown(years.table)).toBe('The last 5 of 10 rows.');
  });

  it('tells how far it is', () => {
    const parts = steps.map(([part]) => part);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(steps.map(([, step]) => step)).toContain('Average score by region');
  });

  it('names its source, its queries and its statistics', () => {
    expect(report.sources[0]?.details.join()).toContain('World Development Indicators');
    expect(report.method.join()).toContain('“Average score by region”');
    expect(report.method.join()).toContain('Mann and Kendall');
  });
});

describe('the report of another table', () => {
  const rows = [...Array(30).keys()].map((at) => [
    `2024-0${1 + (at % 6)}-1${at % 10}`,
    ['Oak', 'Elm', 'Ash'][at % 3] ?? '',
    at % 4 === 0 ? null : at,
  ]);
  const table = aTable(
    {
      day: { type: 'date', role: 'temporal' },
      tree: { type: 'text', role: 'dimension' },
      height: { type: 'integer', role: 'measure', unit: 'm' },
    },
    rows,
  );

  it('counts what is missing, over all rows', async () => {
    const report = await reportOf(table);
    const missing = report.sections.find(({ heading }) => heading === 'Missing values');
    const empty = rows.filter(([, , height]) => height === null).length;
    expect(missing?.text).toContain(`${empty} of 30 rows`);
    expect(report.grounded.unsupported).toEqual([]);
  });

  it('passes over what cannot be answered, and names it', async () => {
    const port = portOf(table);
    const failing: typeof port = {
      run: (query) =>
        query.groupBy?.length === 1 && JSON.stringify(query.groupBy).includes('tree')
          ? Promise.reject(new Error('slow'))
          : port.run(query),
    };
    const report = await datasetReport(table.profile, PERSONA, failing, { rows: 5, sections: 20 }, () =>
      Promise.resolve(),
    );
    expect(report.sections.map(({ heading }) => heading)).not.toContain('Average height by tree');
    expect(report.method.at(-1)).toContain('Average height by tree');
  });

  it('goes without key figures where they take too long', async () => {
    const port = portOf(table);
    const slow: typeof port = {
      run: (query) => (query.groupBy === undefined ? Promise.reject(new Error('slow')) : port.run(query)),
    };
    const report = await datasetReport(table.profile, PERSONA, slow, LIMITS, () => Promise.resolve());
    expect(report.figures).toEqual([]);
    expect(report.sections.length).toBeGreaterThan(1);
    expect(report.method.at(-1)).toContain('the key figures');
  });

  it('stops at the sections that are asked for', async () => {
    expect((await reportOf(table, [], { sections: 1 })).sections.filter(({ chart }) => chart !== null)).toHaveLength(1);
  });

  it('of texts alone counts rows', async () => {
    const texts = aTable(
      { tree: { type: 'text', role: 'dimension' } },
      rows.map(([, tree]) => [tree ?? null]),
    );
    const report = await reportOf(texts);
    expect(report.sections[0]?.table?.rows).toContainEqual(['Oak', '10']);
    expect(report.grounded.unsupported).toEqual([]);
  });
});
