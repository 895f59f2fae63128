import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';

const PLACES = [
  ['Europe', 'Norway', 'Oslo'],
  ['Europe', 'Norway', 'Bergen'],
  ['Europe', 'Spain', 'Madrid'],
  ['Europe', 'Spain', 'Sevilla'],
  ['Asia', 'Japan', 'Tokyo'],
  ['Asia', 'Japan', 'Osaka'],
  ['Asia', 'India', 'Delhi'],
  ['Asia', 'India', 'Mumbai'],
] as const;
const sales = Array.from({ length: 64 }, (_, i) => {
  const [area, country, city] = PLACES[i % PLACES.length] ?? PLACES[0];
  const month = String((i % 12) + 1).padStart(2, '0');
  return {
    area,
    country,
    city,
    product: ['Lamp', 'Desk', 'Chair'][(i * 5) % 3],
    day: `2024-${month}-03`,
    revenue: ((i * 29) % 70) + 5,
  };
});
const CSV = ['area,country,city,product,day,revenue', ...sales.map((sale) => Object.values(sale).join(','))].join('\n');
type Sale = (typeof sales)[number];
function totals(key: (sale: Sale) => string, passes: (sale: Sale) => boolean = () => true): [string, number][] {
  const sums = new Map<string, number>();
  for (const sale of sales.filter(passes)) sums.set(key(sale), (sums.get(key(sale)) ?? 0) + sale.revenue);
  return [...sums];
}

let app: TestApp;
let user: Client;
let id: string;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
  id = (await user.ok<{ id: string }>('POST', '/api/v1/datasets', fileForm(CSV, { title: 'Sales' }))).id;
});
afterAll(() => app.close());

interface Turn {
  readonly conversationId: string;
  readonly message: { content: string; metadata: { grounded: { numbers: number; supported: number } } };
  readonly evidence: { readonly primary: { rows: unknown[][] } | null };
}
async function talk(...questions: readonly string[]): Promise<unknown[][][]> {
  const answers: unknown[][][] = [];
  let conversationId: string | undefined;
  for (const query of questions) {
    const turn = await user.ok<Turn>('POST', '/api/v1/chat/messages', {
      query,
      ...(conversationId && { conversationId }),
    });
    ({ conversationId } = turn);
    const { grounded } = turn.message.metadata;
    expect([query, grounded.supported]).toEqual([query, grounded.numbers]);
    answers.push(turn.evidence.primary?.rows ?? []);
  }
  return answers;
}
const sorted = (rows: readonly (readonly unknown[])[] | undefined): unknown[] =>
  [...(rows ?? [])].map((row) => JSON.stringify(row)).sort();
const levels = async (): Promise<unknown> =>
  (await user.ok<{ data: unknown }>('GET', `/api/v1/datasets/${id}/hierarchies`)).data;
const set = (columns: object[]): Promise<{ status: number; body: Record<string, unknown> }> =>
  user.call('PATCH', `/api/v1/datasets/${id}`, { columns });

it('finds levels in the rows, and goes up and down along them', async () => {
  expect(await levels()).toEqual([
    { column: 'country', parent: 'area', status: 'suggested', holds: true },
    { column: 'city', parent: 'country', status: 'suggested', holds: true },
  ]);
  const [, country, city, again] = await talk(
    'What is the total revenue by area?',
    'drill down',
    'break it down further',
    'roll it up',
  );
  expect(sorted(country)).toEqual(sorted(totals((sale) => sale.country)));
  expect(sorted(city)).toEqual(sorted(totals((sale) => sale.city)));
  expect(sorted(again)).toEqual(sorted(country));
});

it('says that there is nothing below the last level', async () => {
  const ask = (query: string, conversationId?: string): Promise<Turn> =>
    user.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...(conversationId && { conversationId }) });
  const { conversationId } = await ask('What is the total revenue by city?');
  const last = await ask('drill down', conversationId);
  expect(last.evidence.primary).toBeNull();
  expect(last.message.content).toContain('There is no level below city.');
});

it('goes down into what is named, or won, or was kept', async () => {
  const asia = ({ area }: Sale): boolean => area === 'Asia';
  const [, into] = await talk('What is the total revenue by area?', 'drill down into Asia');
  expect(sorted(into)).toEqual(sorted(totals(({ country }) => country, asia)));
  const [, kept] = await talk('What is the total revenue for Asia?', 'break it down by the next level');
  expect(sorted(kept)).toEqual(sorted(totals(({ country }) => country, asia)));
  const [best, won] = await talk('Which country has the highest total revenue?', 'drill down');
  expect(sorted(won)).toEqual(
    sorted(
      totals(
        ({ city }) => city,
        ({ country }) => country === best?.[0]?.[0],
      ),
    ),
  );
});

it('goes along the steps of time, and above the highest level to all of it', async () => {
  const [month, quarter, all] = await talk(
    'What is the total revenue by month?',
    'one level up',
    'Show the total revenue by area',
  );
  expect(month).toHaveLength(12);
  expect(quarter).toHaveLength(4);
  expect(all).toHaveLength(2);
  const [, whole] = await talk('Show the total revenue by area', 'roll up');
  expect(whole).toEqual([[totals(() => 'all')[0]?.[1]]]);
});

it('is the owner’s to say: a level, or that there is none', async () => {
  const wrong = await set([{ name: 'area', parent: 'nowhere' }]);
  expect([wrong.status, wrong.body]).toMatchObject([422, { code: 'column_parent_unfit' }]);
  const measure = await set([{ name: 'city', parent: 'revenue' }]);
  expect([measure.status, measure.body]).toMatchObject([422, { code: 'column_parent_unfit' }]);
  const twice = await set([
    { name: 'city', unit: 'a' },
    { name: 'city', unit: 'b' },
  ]);
  expect([twice.status, twice.body]).toMatchObject([422, { code: 'column_twice' }]);
  const round = await set([
    { name: 'area', parent: 'city' },
    { name: 'city', parent: 'area' },
  ]);
  expect([round.status, round.body]).toMatchObject([422, { code: 'column_parent_unfit' }]);
  const said = await set([
    { name: 'city', parent: null },
    { name: 'product', parent: 'area' },
  ]);
  expect(said.status).toBe(200);
  expect(await levels()).toEqual([
    { column: 'country', parent: 'area', status: 'suggested', holds: true },
    { column: 'product', parent: 'area', status: 'confirmed', holds: false },
  ]);
  const [, product] = await talk('What is the total revenue by area?', 'drill down');
  expect(sorted(product)).toEqual(sorted(totals((sale) => sale.product ?? '')));
});

it('goes along the levels of a related data set, too', async () => {
  const shops = PLACES.flatMap(([area, country], i) => [
    { id: i * 2, district: `${country} ${i % 2 === 0 ? 'east' : 'west'}`, land: country, zone: area },
    { id: i * 2 + 1, district: `${country} ${i % 2 === 0 ? 'east' : 'west'}`, land: country, zone: area },
  ]);
  const bills = Array.from({ length: 50 }, (_, i) => ({ shop: (i * 7) % shops.length, amount: ((i * 17) % 40) + 1 }));
  const upload = async (title: string, header: string, rows: readonly object[]): Promise<string> => {
    const csv = [header, ...rows.map((row) => Object.values(row).join(','))].join('\n');
    return (await user.ok<{ id: string }>('POST', '/api/v1/datasets', fileForm(csv, { title }))).id;
  };
  const to = await upload('Shops', 'id,district,land,zone', shops);
  const from = await upload('Bills', 'shop_id,amount', bills);
  await user.ok('POST', `/api/v1/datasets/${from}/relations`, { column: 'shop_id', toDatasetId: to, toColumn: 'id' });
  const by = (key: 'district' | 'land'): [string, number][] => {
    const sums = new Map<string, number>();
    for (const { shop, amount } of bills) {
      const name = shops[shop]?.[key] ?? '';
      sums.set(name, (sums.get(name) ?? 0) + amount);
    }
    return [...sums];
  };
  const [, land, district] = await talk('What is the total amount by zone?', 'drill down', 'break it down further');
  expect(sorted(land)).toEqual(sorted(by('land')));
  expect(sorted(district)).toEqual(sorted(by('district')));
});
