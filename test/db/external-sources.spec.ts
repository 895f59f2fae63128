import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../src/common/problem.js';
import { DatasetsService } from '../../src/datasets/datasets.service.js';
import type { ResultSet } from '../../src/datasets/query/result-set.js';
import { SourcePools } from '../../src/datasets/sources/source-pools.js';
import { anyQuery } from '../support/any-query.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Client, type Json, registered } from '../support/client.js';
import { foreignDatabase, type ForeignDatabase } from '../support/foreign.js';
import { fileForm } from '../support/upload.js';

interface Source extends Json {
  id: string;
  warnings: string[];
}
interface View extends Json {
  id: string;
  version: number;
  rowCount: number;
  columns: (Json & { name: string })[];
  report: { format: string; notes: { column: string | null; note: string }[] };
}

const SETTINGS = {
  EXTERNAL_SOURCES_HOSTS: 'db.example.com, 127.0.0.1',
  SECRETS_KEY: 'a key for tests that is long enough',
};

let app: TestApp;
let admin: Client;
let user: Client;
let foreign: ForeignDatabase;
let source: Source;
beforeAll(async () => {
  foreign = await foreignDatabase();
  app = await startApp(SETTINGS);
  [admin, user] = [await administrator(app), await registered(app)];
  source = await register('Warehouse', { statementTimeoutMs: 1_000, rowLimit: 25 });
});
afterAll(async () => {
  await app.close();
  await foreign.drop();
});

const register = (name: string, more: Json = {}): Promise<Source> =>
  admin.ok<Source>('POST', '/api/v1/sources', { name, url: foreign.url, schemas: ['sales'], ...more });
const made = (table: string, more: Json = {}, of = source): Promise<View> =>
  admin.ok<View>('POST', `/api/v1/sources/${of.id}/datasets`, { schema: 'sales', table, shared: true, ...more });
const refused = async (client: Client, path: string, body: Json): Promise<unknown[]> => {
  const answer = await client.call('POST', `/api/v1/${path}`, body);
  expect(answer.text).not.toContain(foreign.password.slice(-16));
  return [answer.status, answer.body['code']];
};
const ask = (id: string, query: string) =>
  user.call<{ message: { content: string; type: string; metadata: Json } }>('POST', '/api/v1/chat/messages', {
    query,
    datasetIds: [id],
  });
const rows = async (id: string, body: Json): Promise<unknown[][]> =>
  (await user.ok<{ rows: unknown[][] }>('POST', `/api/v1/datasets/${id}/query`, body)).rows;
const of = (aggregate: string, column: string): Json => ({ value: { aggregate, of: { column } } });

describe('a source', () => {
  it('is registered where the operator allows its server, by administrators', async () => {
    const off = await startApp({}, app.database);
    const offAdmin = await administrator(off);
    expect(await refused(offAdmin, 'sources', { name: 'A', url: foreign.url })).toEqual([422, 'sources_off']);
    // What was registered before cannot be used either.
    const tables = await offAdmin.call('GET', `/api/v1/sources/${source.id}/tables`);
    expect([tables.status, tables.body['code']]).toEqual([422, 'sources_off']);
    await off.close();
    expect(await refused(user, 'sources', { name: 'A', url: foreign.url })).toEqual([403, 'admin_only']);
    const other = foreign.url.replace('127.0.0.1', '127.0.0.2');
    for (const [url, code] of [
      [other, 'source_not_allowed'],
      ['http://127.0.0.1/x', 'source_url_invalid'],
      ['postgres://u:p@127.0.0.1/', 'source_url_invalid'],
      ['postgres://127.0.0.1/x', 'source_url_invalid'],
      [`${foreign.url}&host=/var/run/postgresql`, 'source_url_invalid'],
      [`${foreign.url}&sslrootcert=/etc/passwd`, 'source_url_invalid'],
      [foreign.url.replace('disable', 'whatever'), 'source_url_invalid'],
      ['postgres://u:p@db.example.com%2f@127.0.0.9/x', 'source_not_allowed'],
      [foreign.url.replace(/127\.0\.0\.1(:\d+)?/, '127.0.0.1:1'), 'source_unavailable'],
      [foreign.url.replace('sslmode=disable', 'sslmode=verify-full'), 'source_unavailable'],
    ] as const) {
      expect([url, ...(await refused(admin, 'sources', { name: 'A', url }))]).toEqual([url, 422, code]);
    }
    expect(await refused(admin, 'sources', { name: 'Warehouse', url: foreign.url })).toEqual([
      409,
      'source_name_taken',
    ]);
    const schemas = (names: string[]) => refused(admin, 'sources', { name: 'A', url: foreign.url, schemas: names });
    expect(await schemas(['sales', 'none'])).toEqual([422, 'source_schema_unknown']);
    expect(await schemas(['pg_catalog'])).toEqual([400, 'validation_failed']);
    const owner = new URL(process.env['ENGRAM_TEST_SERVER'] ?? '');
    owner.searchParams.set('sslmode', 'disable');
    expect(await refused(admin, 'sources', { name: 'A', url: owner.href })).toEqual([422, 'source_role_unfit']);
  });

  it('never shows its password, and keeps it encrypted', async () => {
    expect(source).toMatchObject({
      name: 'Warehouse',
      host: '127.0.0.1',
      username: foreign.role,
      ssl: 'disable',
      rowLimit: 25,
    });
    expect(source.warnings).toEqual(['It may write to sales.loose.']);
    const seen = [await admin.call('GET', '/api/v1/sources'), await admin.call('GET', `/api/v1/sources/${source.id}`)];
    const stored = JSON.stringify(await app.database.query('SELECT * FROM external_sources'));
    for (const text of [JSON.stringify(source), ...seen.map((answer) => answer.text), stored])
      expect(text).not.toContain(foreign.password);
    expect(JSON.stringify(source)).not.toContain('secret');
    const other = await startApp({ ...SETTINGS, SECRETS_KEY: 'another key for tests, long enough too' }, app.database);
    const unreadable = await (await administrator(other)).call('GET', `/api/v1/sources/${source.id}/tables`);
    expect([unreadable.status, unreadable.body['code']]).toEqual([422, 'source_secret_unreadable']);
    await other.close();
  });

  it('can be given another password or limit, for every instance at once', async () => {
    const moved = await register('Moved');
    const { id } = await made('Orders', { title: 'Moved orders' }, moved);
    const second = await startApp(SETTINGS, app.database);
    const there = await administrator(second);
    const read = (client: Client) =>
      client.call<{ rows: unknown[]; code?: string }>('POST', `/api/v1/datasets/${id}/query`, {
        select: [{ value: { column: 'region' } }],
      });
    expect((await read(there)).body.rows).toHaveLength(61);
    const path = `/api/v1/sources/${moved.id}`;
    expect(await admin.ok('PATCH', path, { rowLimit: 7 })).toMatchObject({
      rowLimit: 7,
      maxConnections: 4,
      name: 'Moved',
    });
    for (const client of [admin, there]) expect((await read(client)).body.rows).toHaveLength(7);
    const wrong = await admin.call('PATCH', path, { url: foreign.url.replace(/:[^:@]+@/, ':wrong@') });
    // A server that trusts whoever comes from this machine asks for no password.
    if (wrong.status !== 200) expect([wrong.status, wrong.body['code']]).toEqual([422, 'source_refused']);
    await admin.ok('PATCH', path, { url: foreign.url });
    await admin.ok('DELETE', path);
    expect([(await read(there)).status, (await there.call('PATCH', path, {})).status]).toEqual([404, 404]);
    await second.close();
  });

  it('lists the tables and views that its role may read, of its schemas', async () => {
    const all: string[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/sources/${source.id}/tables?limit=3${cursor}`;
      const page = await admin.ok<{ data: { table: string; kind: string }[]; nextCursor: string | null }>('GET', path);
      all.push(...page.data.map(({ table, kind }) => `${table} ${kind}`));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(all).toEqual([
      'Orders table',
      'big table',
      'by_region view',
      'empty table',
      'loose table',
      'only_json table',
      'slow view',
    ]);
  });

  it('cannot be written to, whatever its role may do', async () => {
    const pools = app.app.get(SourcePools);
    const open = await pools.open(source.id);
    for (const text of [
      `INSERT INTO sales.loose VALUES (1, 'x')`,
      "SELECT set_config('transaction_read_only', 'off', false)",
      'SELECT 1; COMMIT; INSERT INTO sales.loose VALUES (1)',
      'WITH x AS (INSERT INTO sales.loose VALUES (1) RETURNING a) SELECT * FROM x',
    ])
      await expect(pools.query(open, text)).rejects.toMatchObject({ status: 422 });
    expect(await foreign.query('SELECT * FROM sales.loose')).toEqual([]);
    const [[readOnly, timeout, lock, idle, name] = []] = await pools.query(
      open,
      `SELECT current_setting('default_transaction_read_only'), current_setting('statement_timeout'), current_setting('lock_timeout'),
         current_setting('idle_in_transaction_session_timeout'), current_setting('application_name')`,
    );
    expect([readOnly, timeout, lock, idle, name]).toEqual(['on', '1s', '1s', '3s', 'engram external source']);
  });
});

describe('a table of a source', () => {
  it('becomes a data set that says where its rows are', async () => {
    const orders = await made('Orders');
    expect(orders).toMatchObject({
      title: 'Orders',
      description: 'Every order, one row each',
      source: 'Warehouse (sales.Orders)',
      rowCount: 61,
      external: { sourceName: 'Warehouse', schema: 'sales', table: 'Orders' },
      report: { format: 'postgresql' },
    });
    const column = (name: string) => orders.columns.find((one) => one.name === name);
    expect(orders.columns.map(({ name, type }) => [name, type])).toEqual([
      ['Order Id', 'integer'],
      ['region', 'text'],
      ['say "hi"', 'text'],
      ['revenue', 'number'],
      ['cost', 'number'],
      ['weight', 'number'],
      ['paid', 'boolean'],
      ['ordered', 'date'],
      ['seen', 'datetime'],
      ['noted', 'datetime'],
      ['mood', 'text'],
      ['token', 'text'],
    ]);
    expect(orders.report.notes.map(({ column: name, note }) => [name, note])).toEqual([
      ['extra', expect.stringContaining('jsonb')],
      ['tags', expect.stringContaining('text[]')],
    ]);
    expect(column('revenue')).toMatchObject({
      role: 'measure',
      description: 'What was billed',
      min: 101,
      max: 160,
      nulls: 1,
    });
    expect(column('weight')).toMatchObject({ min: 0.1, max: 6, decimals: 1 });
    expect(column('Order Id')).toMatchObject({ role: 'identifier', distinct: 61 });
    expect(column('region')?.['values']).toEqual(expect.arrayContaining(['North', 'South', 'Öst']));
    expect(column('mood')?.['values']).toEqual(expect.arrayContaining(['good', 'fair']));
    expect(column('cost')).toMatchObject({ nulls: 1, max: 66.5 });
    const first = await user.ok<{ data: { values: Json }[] }>('GET', `/api/v1/datasets/${orders.id}/rows?limit=1`);
    expect(first.data[0]?.values).toMatchObject({
      'Order Id': 1,
      region: 'South',
      paid: false,
      ordered: '2023-01-12',
      seen: '2024-02-29T05:00:00',
    });
  });

  it('answers as the same rows would here, whatever is asked', async () => {
    const there = await made('Orders', { title: 'There' }, await register('Roomy'));
    const names = there.columns.map(({ name }) => name);
    const cells = names.map((name) => {
      const column = `"${name.replaceAll('"', '""')}"`;
      if (name === 'seen') return `to_char(seen AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') AS seen`;
      if (name === 'noted') return `to_char(noted, 'YYYY-MM-DD"T"HH24:MI:SS') AS noted`;
      return name === 'cost' ? `CASE WHEN cost = 'NaN' THEN NULL ELSE cost END::text AS cost` : `${column}::text`;
    });
    const table = await foreign.query<Record<string, string | null>>(
      `SELECT ${cells.join(', ')} FROM sales."Orders" ORDER BY "Orders"."Order Id"`,
    );
    const file = JSON.stringify(table.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]))));
    const here = await admin.ok<View>(
      'POST',
      '/api/v1/datasets',
      fileForm(file, { title: 'Here', shared: 'true' }, 'a.json'),
    );
    expect(here.columns.map(({ name, type }) => [name, type])).toEqual(
      there.columns.map(({ name, type }) => [name, type]),
    );
    const datasets = app.app.get(DatasetsService);
    const actor = { ...user.user, role: 'user' } as const;
    const [one, two] = await datasets.profilesFor(actor, [there.id, here.id]);
    if (one === undefined || two === undefined) throw new Error('both are there');
    const outcome = (work: Promise<Pick<ResultSet, 'rows' | 'matchedRows'>>): Promise<unknown> =>
      work.then(
        // Sums of doubles depend on the order of the rows in their last digits.
        ({ rows: found, matchedRows }) => ({
          found: found.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(9)) : cell))),
          matchedRows,
        }),
        (error: unknown) => {
          if (error instanceof Problem) return error.code;
          throw error;
        },
      );
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(anyQuery(two), async (query) => {
        // Of a value that no row has: here it is known that nothing equals it, there missing values are not known to differ.
        const text = JSON.stringify(query);
        fc.pre(!/"not":|"negated":true/.test(text));
        // Where several come at one place of an order, either may be first; a correlation with a constant is what rounding makes of it.
        fc.pre(!/"window":"(?:change|percent_change|running)"|"correlation"/.test(text));
        const [left, right] = await Promise.all(
          [one, two].map((profile) => outcome(datasets.run(actor, { datasetId: profile.id, ...query }))),
        );
        if (typeof left !== 'string') ran++;
        expect(left).toEqual(right);
      }),
      { numRuns: 150 },
    );
    expect(ran).toBeGreaterThan(60);
  }, 120_000);

  it('is asked about in words, with measures of its own, and the answer names the source', async () => {
    const { id } = await made('Orders', { title: 'Shop orders' });
    await admin.ok('POST', `/api/v1/datasets/${id}/measures`, { name: 'gain', formula: 'sum(revenue) - sum(cost)' });
    const { status, body } = await ask(id, 'total revenue by region in 2023');
    const expected = await foreign.query<{ region: string; sum: string }>(
      `SELECT region, sum(revenue) FROM sales."Orders" WHERE extract(year FROM ordered) = 2023 GROUP BY 1 ORDER BY 2 DESC`,
    );
    expect(status).toBe(200);
    const top = Number(expected.find(({ region }) => region === 'South')?.sum);
    expect(body.message.content).toContain(`**${top.toLocaleString('en-US')}`);
    expect(body.message.content).toContain('Source: Warehouse (sales.Orders).');
    const [[gain] = []] = await rows(id, { select: [of('avg', 'gain')] });
    expect(gain).toBeGreaterThan(0);
    const where = { compare: '=', left: { column: 'region' }, right: { literal: 'SOUTH' } };
    expect(await rows(id, { select: [of('count', 'region')], where })).toEqual([[15]]);
    const result = await user.ok('POST', `/api/v1/datasets/${id}/query`, { select: [of('sum', 'revenue')] });
    expect(result['sql']).toContain('FROM "sales"."Orders"');
    const old = await user.call('POST', `/api/v1/datasets/${id}/query`, { select: [of('sum', 'revenue')], version: 1 });
    expect([old.status, old.body['code']]).toEqual([404, 'dataset_version_not_found']);
    const file = await admin.call(
      'POST',
      `/api/v1/datasets/${id}/refresh`,
      fileForm('a,b\n1,2\n', { mode: 'replace' }),
    );
    expect([file.status, file.body['code']]).toEqual([409, 'dataset_external']);
  });

  it('may be a view, empty, or large; what is none is told', async () => {
    const view = await made('by_region');
    expect(await rows(view.id, { select: [of('count', 'revenue'), of('max', 'revenue')] })).toEqual([[4, 1980]]);
    const empty = await made('empty');
    expect(empty.rowCount).toBe(0);
    expect((await ask(empty.id, 'how many rows are there?')).status).toBe(200);
    const big = await made('big');
    const column = (name: string) => big.columns.find((one) => one.name === name);
    expect(big.rowCount).toBe(30_000);
    expect([column('place')?.['distinct'], column('code')?.['values'], column('n')?.['max']]).toEqual([
      30,
      null,
      30_000,
    ]);
    expect(Number(column('code')?.['distinct'])).toBeGreaterThan(25_000);
    expect(await rows(big.id, { select: [of('sum', 'amount')] })).toEqual([[1_485_000]]);
    const all = await user.ok<{ rows: unknown[]; truncated: boolean }>('POST', `/api/v1/datasets/${big.id}/query`, {
      select: [{ value: { column: 'code' } }],
    });
    expect([all.rows.length, all.truncated]).toEqual([25, true]);
    const path = `sources/${source.id}/datasets`;
    const schema = 'sales';
    expect(await refused(admin, path, { schema, table: 'only_json' })).toEqual([422, 'source_table_unfit']);
    expect(await refused(admin, path, { schema, table: 'orders' })).toEqual([404, 'source_table_not_found']);
    expect(await refused(admin, path, { schema, table: 'secret' })).toEqual([404, 'source_table_not_found']);
    expect(await refused(admin, path, { schema: 'hidden', table: 'things' })).toEqual([404, 'source_table_not_found']);
    expect(await refused(admin, path, { schema, table: `Orders"; DROP TABLE sales.loose; --` })).toEqual([
      404,
      'source_table_not_found',
    ]);
    expect(await refused(admin, path, { schema, table: 'slow' })).toEqual([422, 'source_too_slow']);
    expect(await refused(user, path, { schema, table: 'Orders' })).toEqual([403, 'admin_only']);
    const own = await made('empty', { shared: false });
    expect((await user.call('GET', `/api/v1/datasets/${own.id}`)).status).toBe(404);
  });

  it('that is slow, changed or down is told in the answer, and works again afterwards', async () => {
    await foreign.query(
      `CREATE VIEW sales.soon AS SELECT n, place, amount FROM sales.big WHERE n < 50; GRANT SELECT ON sales.soon TO ${foreign.role}`,
    );
    const { id } = await made('soon');
    const told = async (): Promise<string> => {
      const { status, body } = await ask(id, 'average amount by place');
      expect(status).toBe(200);
      return body.message.content;
    };
    expect(await told()).toContain('Source: Warehouse');
    await foreign.query(
      'CREATE OR REPLACE VIEW sales.soon AS SELECT n, place, amount + 0 * length(pg_sleep(0.1)::text) AS amount FROM sales.big',
    );
    expect(await told()).toBe(
      'The source "Warehouse" did not answer in 1 s, and the query was stopped; ask about fewer rows or groups.',
    );
    await foreign.query('DROP VIEW sales.soon');
    expect(await told()).toContain('is not what it was');
    await foreign.setDown(true);
    expect(await told()).toContain('"Warehouse" cannot be reached at the moment');
    const query = await user.call('POST', `/api/v1/datasets/${id}/query`, { select: [of('avg', 'amount')] });
    expect([query.status, query.body['code']]).toEqual([422, 'source_unavailable']);
    await foreign.setDown(false);
    await foreign.query(
      `CREATE VIEW sales.soon AS SELECT n, place, amount FROM sales.big WHERE n < 50; GRANT SELECT ON sales.soon TO ${foreign.role}`,
    );
    expect(await told()).toContain('Source: Warehouse');
  });

  it('is looked at again: new values are known, what the owner said stays, lost columns are told', async () => {
    await foreign.query(
      `CREATE TABLE sales.towns (town text, people int, area int);
       INSERT INTO sales.towns VALUES ('Alm', 10, 2), ('Bro', 30, 3); GRANT SELECT ON sales.towns TO ${foreign.role}`,
    );
    const { id } = await made('towns');
    await admin.ok('PATCH', `/api/v1/datasets/${id}`, {
      columns: [{ name: 'people', label: 'Inhabitants', unit: 'people' }],
    });
    await admin.ok('POST', `/api/v1/datasets/${id}/measures`, { name: 'density', formula: 'sum(people) / sum(area)' });
    await foreign.query(`INSERT INTO sales.towns VALUES ('Cal', 50, 1)`);
    // Found although it is not listed yet.
    const where = { compare: '=', left: { column: 'town' }, right: { literal: 'cal' } };
    expect(await rows(id, { select: [of('sum', 'people')], where })).toEqual([[50]]);
    const path = `/api/v1/sources/${source.id}/refresh`;
    expect(await admin.ok('POST', path)).toMatchObject({ changed: 1 });
    const again = await admin.ok<View>('GET', `/api/v1/datasets/${id}`);
    expect([again.rowCount, again.version]).toEqual([3, 4]);
    expect(again.columns[0]?.['values']).toEqual(['Alm', 'Bro', 'Cal']);
    expect(again.columns[1]).toMatchObject({ label: 'Inhabitants', unit: 'people', max: 50 });
    expect((await ask(id, 'inhabitants of Cal')).body.message.content).toContain('50');
    expect(await admin.ok('POST', path)).toMatchObject({ changed: 0 });
    await foreign.query('ALTER TABLE sales.towns RENAME area TO size');
    const lost = await user.call('POST', `/api/v1/datasets/${id}/query`, { select: [of('avg', 'density')] });
    expect([lost.status, lost.body['code']]).toEqual([422, 'source_changed']);
    await admin.ok('POST', path);
    const after = await admin.ok<View>('GET', `/api/v1/datasets/${id}`);
    expect(after.columns.at(-1)).toMatchObject({
      name: 'density',
      problem: expect.stringContaining('no column "area"'),
    });
    expect(await rows(id, { select: [of('sum', 'size')] })).toEqual([[6]]);
  });

  it('is looked at again by itself when that is due', async () => {
    await foreign.query(
      `CREATE TABLE sales.due (town text, n int); INSERT INTO sales.due VALUES ('Alm', 1); GRANT SELECT ON sales.due TO ${foreign.role}`,
    );
    const { id } = await made('due');
    await foreign.query(`INSERT INTO sales.due VALUES ('Bro', 2)`);
    await app.database.query(
      `UPDATE shared_datasets SET external = jsonb_set(external, '{lookedAt}', '"2020-01-01T00:00:00Z"') WHERE id = '${id}'`,
    );
    const second = await startApp(SETTINGS, app.database);
    const there = new (user.constructor as typeof Client)(second.url, user.token, user.user);
    await there.ok('POST', `/api/v1/datasets/${id}/query`, { select: [of('sum', 'n')] });
    await expectSoon(async () => (await there.ok<View>('GET', `/api/v1/datasets/${id}`)).rowCount, 2);
    await second.close();
  });
});

async function expectSoon(look: () => Promise<unknown>, value: unknown): Promise<void> {
  for (let attempt = 0; attempt < 100 && (await look()) !== value; attempt++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await look()).toBe(value);
}

it('a source that is deleted takes its data sets and connections along', async () => {
  const other = await register('Short-lived');
  const { id } = await made('Orders', {}, other);
  expect(await rows(id, { select: [of('count', 'revenue')] })).toEqual([[60]]);
  const connections = async (): Promise<number> =>
    Number(
      (await foreign.query(`SELECT count(*) AS n FROM pg_stat_activity WHERE usename = '${foreign.role}'`))[0]?.['n'],
    );
  const { data } = await admin.ok<{ data: Source[] }>('GET', '/api/v1/sources');
  for (const one of data) if (one.id !== other.id) await admin.ok('DELETE', `/api/v1/sources/${one.id}`);
  expect(await connections()).toBeGreaterThan(0);
  await admin.ok('DELETE', `/api/v1/sources/${other.id}`);
  await expectSoon(connections, 0);
  expect((await user.call('GET', `/api/v1/datasets/${id}`)).status).toBe(404);
  expect((await user.call('POST', `/api/v1/datasets/${id}/query`, { select: [of('count', 'revenue')] })).status).toBe(
    404,
  );
  expect(await app.database.query('SELECT 1 FROM shared_datasets WHERE source_id IS NOT NULL')).toEqual([]);
  expect((await admin.call('DELETE', `/api/v1/sources/${other.id}`)).status).toBe(404);
});
