import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, type Json, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';

interface Column extends Json {
  name: string;
  type: string;
  unit: string | null;
  formula: string | null;
  problem: string | null;
  distinct: number;
  nulls: number;
  min: unknown;
  max: unknown;
}
interface View extends Json {
  id: string;
  version: number;
  columnCount: number;
  columns: Column[];
  report: { notes: { column: string | null; note: string }[] };
}

/* By region, North: revenue 1,000, cost 700; South: revenue 500, cost 450. A mean of rows is something else than a ratio of sums. */
const SALES = `region,product,day,revenue,cost,note,"Rebate (USD)"
North,Lamp,2023-02-01,900,600,a,10
North,Desk,2023-03-01,100,100,b,
South,Lamp,2023-02-11,400,380,c,5
South,Desk,2024-03-01,100,70,d,0
South,Bulb,2024-04-01,0,0,e,0
`;

let app: TestApp;
let user: Client;
let other: Client;
beforeAll(async () => {
  app = await startApp();
  [user, other] = [await registered(app), await registered(app)];
});
afterAll(() => app.close());

const sales = async (csv = SALES, client = user): Promise<string> =>
  (await client.ok<View>('POST', '/api/v1/datasets', fileForm(csv, { title: 'Sales' }))).id;
const define = (id: string, measure: Json, client = user): Promise<View> =>
  client.ok<View>('POST', `/api/v1/datasets/${id}/measures`, measure);
const columnOf = (view: View, name: string): Column | undefined => view.columns.find((column) => column.name === name);
const ask = (id: string, query: string): Promise<{ message: { content: string; metadata: Json } }> =>
  user.ok('POST', '/api/v1/chat/messages', { query, datasetIds: [id] });
const rows = async (id: string, body: Json): Promise<unknown[][]> =>
  (await user.ok<{ rows: unknown[][] }>('POST', `/api/v1/datasets/${id}/query`, body)).rows;

const RATIO = {
  name: 'margin',
  formula: '(sum(revenue) - sum(cost)) / sum(revenue) * 100',
  unit: '%',
  synonyms: ['profit rate'],
  higherIsBetter: true,
};
const of = (aggregate: string, column: string): Json => ({ value: { aggregate, of: { column } } });
const region = { column: 'region' };

describe('a measure', () => {
  it('of sums is a number of all rows of a group, whatever a query aggregates it by', async () => {
    const id = await sales();
    const made = await define(id, RATIO);
    expect(columnOf(made, 'margin')).toMatchObject({
      label: 'Margin',
      type: 'number',
      role: 'measure',
      unit: '%',
      formula: RATIO.formula,
      problem: null,
      distinct: 4,
      nulls: 1,
      min: 0,
      max: expect.closeTo(33.3333, 3),
    });
    expect([made.version, made.columnCount]).toEqual([2, 7]);
    for (const aggregate of ['avg', 'sum']) {
      const select = [{ value: region }, of(aggregate, 'margin')];
      expect(await rows(id, { select, groupBy: [region] })).toEqual([
        ['North', 30],
        ['South', 10],
      ]);
    }
    expect(await rows(id, { select: [of('avg', 'margin'), of('max', 'margin')] })).toEqual([
      [expect.closeTo(23.3333, 3), expect.closeTo(33.3333, 3)],
    ]);
    const lamps = { compare: '=', left: { column: 'product' }, right: { literal: 'Lamp' } };
    const filtered = { aggregate: 'avg', of: { column: 'margin' }, where: lamps };
    expect(await rows(id, { select: [{ value: filtered }] })).toEqual([[expect.closeTo(24.61538, 4)]]);
    // Above that of all rows together.
    const above = {
      compare: '>',
      left: { column: 'margin' },
      right: { scalar: { aggregate: 'avg', of: { column: 'margin' } } },
    };
    expect(await rows(id, { select: [{ value: { column: 'product' } }], where: above })).toEqual([['Lamp'], ['Desk']]);
    const having = { compare: '>', left: { aggregate: 'avg', of: { column: 'margin' } }, right: { literal: 20 } };
    expect(await rows(id, { select: [{ value: region }], groupBy: [region], having })).toEqual([['North']]);
  });

  it('of single rows is aggregated as a column is; a division by zero has no value', async () => {
    const id = await sales();
    await define(id, { name: 'profit', formula: 'revenue - cost', defaultAggregate: 'sum' });
    const made = await define(id, { name: 'rate', formula: '(revenue - cost) / revenue' });
    expect([columnOf(made, 'profit')?.type, columnOf(made, 'rate')?.nulls]).toEqual(['integer', 1]);
    const select = [{ value: region }, of('sum', 'profit'), of('avg', 'rate'), of('count', 'rate')];
    expect(await rows(id, { select, groupBy: [region] })).toEqual([
      ['North', 300, expect.closeTo(0.16667, 4), 2],
      ['South', 50, expect.closeTo(0.175, 4), 2],
    ]);
    const plain = await user.ok<{ data: { values: Json }[] }>('GET', `/api/v1/datasets/${id}/rows`);
    expect(plain.data.map(({ values }) => [values['profit'], values['rate']])).toEqual([
      [300, expect.closeTo(0.3333, 3)],
      [0, 0],
      [20, 0.05],
      [30, 0.3],
      [0, null],
    ]);
  });

  it('takes functions, counts and names of several words', async () => {
    const id = await sales();
    const value = async (name: string, formula: string): Promise<unknown> => {
      await define(id, { name, formula });
      return (await rows(id, { select: [of('avg', name)] }))[0]?.[0];
    };
    expect(await value('a', 'sum(revenue) / count()')).toBe(300);
    expect(await value('b', 'sum("Rebate (USD)") / count("Rebate (USD)")')).toBe(3.75);
    expect(await value('c', 'sum(revenue) / count_distinct(product)')).toBe(500);
    expect(await value('d', '-abs(cost - revenue) * 2')).toBe(-140);
    expect(await value('e', 'percent_change(sum(cost), sum(revenue))')).toBeCloseTo(30.4348, 3);
    expect(await value('f', 'max(revenue) - median(revenue)')).toBe(800);
  });

  it('is asked for as any column is, and the answer says how it is worked out', async () => {
    const id = await sales();
    await define(id, RATIO);
    const byRegion = await ask(id, 'margin by region in 2023');
    expect(byRegion.message.content).toContain('**30.0 %**');
    expect(byRegion.message.content).toContain('**5.0 %**');
    expect(byRegion.message.content).toContain(`How I read it: Margin = ${RATIO.formula}.`);
    const best = await ask(id, 'which product has the highest profit rate?');
    expect(best.message.content).toContain('**Lamp**');
    expect(best.message.content).toContain('24.6 %');
    const chart = await ask(id, 'show a bar chart of margin by product');
    expect(JSON.stringify(chart.message.metadata)).toContain('Margin (%)');
    for (const { message } of [byRegion, best, chart]) {
      const { numbers, supported } = message.metadata['grounded'] as { numbers: number; supported: number };
      expect(supported).toBe(numbers);
    }
  });

  it('of sums is one of groups in a conversation, too, where each row is a thing with a number of its own', async () => {
    const head = 'order_id,region,product,year,revenue,cost\n';
    // In percent: North 25, South 12.5; Lamp 30, Desk 7.5; 2023 30, 2024 7.5; all 18.75.
    const orders = [
      ['North', 'Lamp', 2023, 300, 200],
      ['North', 'Desk', 2024, 100, 100],
      ['South', 'Lamp', 2023, 100, 80],
      ['South', 'Desk', 2024, 300, 270],
    ];
    const id = await sales(head + orders.map((row, i) => `${i + 1},${row.join(',')}\n`).join(''));
    await define(id, RATIO);
    for (const [question, ...parts] of [
      ['margin over the years as a line chart', 'Margin by year: 2023 **30.0 %** and 2024 **7.5 %**'],
      ['which product has the highest margin?', '**Lamp** has the highest margin, 30.0 %'],
      ['which region has the worst margin?', '**South** has the lowest margin, 12.5 %'],
      ['products with a margin above 20', '**Lamp**'],
      ['how many products have a margin above 20?', '**1** different product whose margin is above 20'],
      ['how many products have a margin above 20 in 2024?', '**0**'],
      ['how did margin change from 2023 to 2024?', 'worsened by 22.5 percentage points'],
      ['margin', 'The margin is **18.8 %**'],
      ['margin of Lamp', 'The margin for Lamp is **30.0 %**'],
      ['what is the highest margin?', 'highest margin of a single row'],
    ] as const) {
      const { content, metadata } = (await ask(id, question)).message;
      for (const part of parts) expect([question, content]).toEqual([question, expect.stringContaining(part)]);
      const grounded = metadata['grounded'] as { numbers: number; supported: number };
      expect([question, grounded.supported]).toEqual([question, grounded.numbers]);
    }
  });

  it('that cannot be is refused with the place', async () => {
    const id = await sales();
    const cases: [string, number, RegExp][] = [
      ['revenue -', 10, /ends too early/],
      ['revenue - costs', 11, /no column "costs"/],
      ['revenue ^ 2', 8, /"\^" is not understood/],
      ['sum(revenue) - cost', 16, /aggregate/],
      ['sum(sum(revenue))', 5, /works over rows/],
      ['note * 2', 1, /text; only numbers/],
      ['1 + 2', 1, /names no column/],
      ['drop(revenue)', 1, /no function "drop"/],
      ['revenue.constructor("x")()', 1, /no function/],
      ['this', 1, /not understood/],
      ['revenue; cost', 10, /ends here/],
      ['if (revenue) cost', 1, /not a formula/],
      ['Rebate (USD', 12, /ends too early/],
      ['abs(revenue, cost)', 1, /takes 1/],
      ['`revenue`', 1, /not understood/],
      ['1n * revenue', 1, /not understood/],
    ];
    for (const [formula, position, message] of cases) {
      const { status, body } = await user.call('POST', `/api/v1/datasets/${id}/measures`, { name: 'm', formula });
      expect([formula, status, body['code'], body['position']]).toEqual([formula, 422, 'formula_invalid', position]);
      expect(body['detail']).toMatch(message);
    }
    await define(id, RATIO);
    const code = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: Json, client = user) => {
      const answer = await client.call(method, `/api/v1/datasets/${id}/measures${path}`, body);
      return [answer.status, answer.body['code']];
    };
    expect(await code('POST', '', { name: 'REVENUE', formula: 'cost' })).toEqual([409, 'measure_exists']);
    expect(await code('POST', '', { name: 'double', formula: 'margin * 2' })).toEqual([422, 'formula_invalid']);
    expect(await code('POST', '', { name: 'x y', formula: 'cost' })).toEqual([400, 'validation_failed']);
    expect(await code('POST', '', { name: 'x', formula: 'cost', synonyms: ['revenue'] })).toEqual([
      422,
      'synonym_taken',
    ]);
    expect(await code('POST', '', { name: 'x', formula: 'cost' }, other)).toEqual([404, 'dataset_not_found']);
    expect(await code('PATCH', '/revenue', { unit: '%' })).toEqual([404, 'measure_not_found']);
    expect(await code('DELETE', '/none')).toEqual([404, 'measure_not_found']);
    const stale = await user.call(
      'PATCH',
      `/api/v1/datasets/${id}/measures/margin`,
      { unit: 'x' },
      { 'if-match': '"1"' },
    );
    expect([stale.status, stale.body['code']]).toEqual([412, 'version_mismatch']);
    const huge = await user.call('POST', `/api/v1/datasets/${id}/measures`, {
      name: 'huge',
      formula: `revenue${' * 1e300 * revenue'.repeat(3)}`,
    });
    expect([huge.status, huge.body['code']]).toEqual([422, 'query_invalid']);
  });

  it('can be changed and deleted; each version keeps its own', async () => {
    const id = await sales();
    await define(id, RATIO);
    const path = `/api/v1/datasets/${id}/measures/margin`;
    const changed = await user.ok<View>('PATCH', path, {
      formula: 'sum(revenue) - sum(cost)',
      unit: null,
      label: 'Gain',
    });
    expect(columnOf(changed, 'margin')).toMatchObject({
      label: 'Gain',
      synonyms: ['profit rate'],
      max: 300,
      unit: null,
    });
    const select = [of('avg', 'margin')];
    expect(await rows(id, { select })).toEqual([[350]]);
    expect(await rows(id, { select, version: 2 })).toEqual([[expect.closeTo(23.3333, 3)]]);
    const named = await user.ok<View>('PATCH', `/api/v1/datasets/${id}`, {
      columns: [{ name: 'margin', label: 'Surplus' }],
    });
    expect(columnOf(named, 'margin')).toMatchObject({ label: 'Surplus', formula: 'sum(revenue) - sum(cost)' });
    const role = await user.call('PATCH', `/api/v1/datasets/${id}`, {
      columns: [{ name: 'margin', role: 'dimension' }],
    });
    expect([role.status, role.body['code']]).toEqual([422, 'column_role_unfit']);
    const gone = await user.ok<View>('DELETE', path);
    expect(columnOf(gone, 'margin')).toBeUndefined();
  });
});

describe('new rows', () => {
  const refresh = (id: string, csv: string, fields: Record<string, string>): Promise<View> =>
    user.ok<View>('POST', `/api/v1/datasets/${id}/refresh`, fileForm(csv, fields));

  it('keep what the owner said and defined, whether they replace, append or change rows', async () => {
    const id = await sales();
    const said = {
      description: 'Net of tax',
      format: { decimals: 1, compact: false },
      synonyms: ['turnover'],
      unit: 'USD',
    };
    const meant = { label: 'Income', defaultAggregate: 'median', higherIsBetter: false };
    await user.ok('PATCH', `/api/v1/datasets/${id}`, { columns: [{ name: 'revenue', ...said, ...meant }] });
    await define(id, RATIO);
    const more = 'day,region,product,revenue,cost,note,"Rebate (USD)"\n2024-05-01,West,Lamp,100,50,f,1\n';
    for (const [csv, fields, west] of [
      [more, { mode: 'append' }, 50],
      [more.replace(',50,', ',75,'), { mode: 'upsert', key: 'day,region' }, 25],
      [more.replace(',50,', ',90,'), { mode: 'replace' }, 10],
    ] as const) {
      const made = await refresh(id, csv, fields);
      expect(columnOf(made, 'revenue')).toMatchObject({ ...said, ...meant });
      expect(columnOf(made, 'margin')).toMatchObject({ formula: RATIO.formula, problem: null, unit: '%' });
      const where = { compare: '=', left: region, right: { literal: 'West' } };
      expect(await rows(id, { select: [of('avg', 'margin')], where })).toEqual([[west]]);
    }
  });

  it('without a column of a measure leave it with what is wrong, until the column is back', async () => {
    const id = await sales();
    await define(id, RATIO);
    const made = await refresh(id, SALES.replace(',cost,', ',costs,'), { mode: 'replace' });
    expect(columnOf(made, 'margin')?.problem).toContain('There is no column "cost"');
    expect(made.report.notes).toContainEqual({ column: 'margin', note: expect.stringContaining('no column "cost"') });
    const asked = await user.call('POST', `/api/v1/datasets/${id}/query`, { select: [of('avg', 'margin')] });
    expect([asked.status, asked.body['code']]).toEqual([422, 'query_invalid']);
    expect((await ask(id, 'margin by region')).message.content).not.toContain('30.0');
    const back = await refresh(id, SALES, { mode: 'replace' });
    expect(columnOf(back, 'margin')?.problem).toBeNull();
    expect(await rows(id, { select: [of('max', 'margin')] })).toEqual([[expect.closeTo(33.3333, 3)]]);
    const taken = await refresh(id, SALES.replace(',note,', ',margin,'), { mode: 'replace' });
    expect(columnOf(taken, 'margin')).toMatchObject({ type: 'text', formula: null });
  });
});
