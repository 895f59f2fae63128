import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../src/database/db.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Client, type Json, registered } from '../support/client.js';

interface Page<T> {
  data: T[];
  hasMore: boolean;
  nextCursor: string | null;
}
interface Uploaded extends Json {
  id: string;
  name: string;
  version: number;
  rowCount: number;
  columns: { name: string; type: string; role: string; unit: string | null }[];
  report: { badLineCount: number; badLines: { line: number; column: string | null }[]; encoding: string };
  preview: { row: number; values: Record<string, unknown> }[];
}
interface Result extends Json {
  columns: { name: string; kind: string }[];
  rows: unknown[][];
  truncated: boolean;
  matchedRows: number | null;
}

let app: TestApp;
let user: Client;
let other: Client;
let admin: Client;
beforeAll(async () => {
  app = await startApp({ DATASET_ROW_LIMIT: '50', DATASET_QUERY_TIMEOUT_MS: '2000' });
  [user, other, admin] = [await registered(app), await registered(app), await administrator(app)];
});
afterAll(() => app.close());

function form(csv: string | Uint8Array, fields: Record<string, string> = {}, fileName = 'table.csv'): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', new Blob([typeof csv === 'string' ? csv : Buffer.from(csv)], { type: 'text/csv' }), fileName);
  return data;
}
const upload = (client: Client, csv: string | Uint8Array, fields?: Record<string, string>): Promise<Uploaded> =>
  client.ok<Uploaded>('POST', '/api/v1/datasets', form(csv, fields));
const tables = async (): Promise<number> =>
  Number(
    (await app.app.get(Db).once(`SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'dataset_rows'`))[0]?.['n'],
  );
const query = (client: Client, id: string, body: Json): Promise<Result> =>
  client.ok<Result>('POST', `/api/v1/datasets/${id}/query`, body);

const SALES = `Day,Region,Product,Units,"Price (USD)",Note
2024-01-05,North,Lamp,3,$19.50,
2024-01-20,south,Lamp,1,$19.50,late
2024-02-03,North,Chair,2,"$1,049.00",
2024-02-03,East,Chair,ten,$99.00,n/a
2024-03-31,South,Désk,4,$250.25,
${Array.from({ length: 30 }, (_, i) => `2024-04-${String((i % 28) + 1).padStart(2, '0')},West,Lamp,${i},$10.00,`).join('\n')}
`;

describe('an upload', () => {
  it('is kept as typed rows, with a report of how it was understood', async () => {
    const made = await upload(user, SALES, { title: 'Shop sales', source: 'The shop', licence: 'CC0' });
    expect(made).toMatchObject({
      name: 'shop_sales',
      title: 'Shop sales',
      source: 'The shop',
      licence: 'CC0',
      shared: false,
      version: 1,
      rowCount: 35,
    });
    expect(made.columns.map(({ name, type, role, unit }) => [name, type, role, unit])).toEqual([
      ['Day', 'date', 'temporal', null],
      ['Region', 'text', 'dimension', null],
      ['Product', 'text', 'dimension', null],
      ['Units', 'integer', 'measure', null],
      ['Price (USD)', 'number', 'measure', 'USD'],
      ['Note', 'text', 'dimension', null],
    ]);
    expect(made.report).toMatchObject({ badLineCount: 1, badLines: [{ line: 5, column: 'Units' }], encoding: 'utf-8' });
    expect(made.preview).toHaveLength(20);
    expect(made.preview[3]).toEqual({
      row: 4,
      values: { Day: '2024-02-03', Region: 'East', Product: 'Chair', Units: null, 'Price (USD)': 99, Note: 'n/a' },
    });
    const read = await user.call('GET', `/api/v1/datasets/${made.id}`);
    expect([read.status, read.headers.get('etag')]).toEqual([200, '"1"']);
    expect(read.body['report']).toEqual(made.report);
  });

  it('takes its title from the file, and a free name', async () => {
    const titles = [];
    for (let i = 0; i < 2; i++) {
      const made = await user.ok('POST', '/api/v1/datasets', form('a,b\n1,x\n', {}, 'my_own-table.csv'));
      titles.push([made['title'], made['name']]);
    }
    expect(titles).toEqual([
      ['My own-table', 'my_own_table'],
      ['My own-table', 'my_own_table_2'],
    ]);
  });

  it('that is no table is refused with what is wrong, and leaves nothing behind', async () => {
    const before = [await tables(), (await spooled()).length];
    const cases: [string | Uint8Array, number, string][] = [
      ['', 422, 'file_empty'],
      ['\n\n\n', 422, 'no_columns'],
      [new Uint8Array([80, 75, 3, 4, 0, 0, 8, 0, 1, 2, 3]), 422, 'xlsx_malformed'],
      [new Uint8Array([7, 75, 3, 4, 0, 0, 8, 0, 1, 2, 3]), 422, 'not_text'],
      [Array.from({ length: 2_001 }, (_, i) => `c${i}`).join(','), 422, 'too_many_columns'],
      [
        `${Array.from({ length: 1_900 }, (_, i) => `c${i}`).join(',')}\n${'1.5,'.repeat(1_899)}1.5\n`,
        422,
        'rows_too_wide',
      ],
    ];
    for (const [csv, status, code] of cases) {
      const answer = await user.call('POST', '/api/v1/datasets', form(csv));
      expect([code, answer.status, answer.body['code']]).toEqual([code, status, code]);
    }
    expect([await tables(), (await spooled()).length]).toEqual(before);
  });

  it('of a wrong form is refused', async () => {
    const two = form('a\n1\n');
    two.append('file', new Blob(['b\n2\n']), 'two.csv');
    const noFile = new FormData();
    noFile.append('title', 'x');
    const cases: [unknown, Record<string, string>, number][] = [
      [{ file: 'a,b' }, {}, 415],
      ['a,b\n1,2\n', { 'content-type': 'text/csv' }, 415],
      ['x', { 'content-type': 'multipart/form-data' }, 400],
      [two, {}, 400],
      [noFile, {}, 400],
      [form('a\n1\n', { title: ' ' }), {}, 400],
      [form('a\n1\n', { owner: 'me' }), {}, 400],
      [form('a\n1\n', { shared: 'true' }), {}, 403],
    ];
    for (const [i, [body, headers, status]] of cases.entries()) {
      const answer = await user.call('POST', '/api/v1/datasets', body, headers);
      expect([i, answer.status]).toEqual([i, status]);
    }
  });

  it('above the limit is refused', async () => {
    const small = await startApp({ UPLOAD_LIMIT_MB: '1' });
    try {
      const client = await registered(small);
      const answer = await client.call('POST', '/api/v1/datasets', form(`a,b\n${'1,two\n'.repeat(200_000)}`));
      expect([answer.status, answer.body['code']]).toEqual([413, 'too_large']);
    } finally {
      await small.close();
    }
  });
});

const spooled = async (): Promise<string[]> =>
  (await readdir(os.tmpdir())).filter((name) => name.startsWith(`engram-upload-${process.pid}-`));

describe('the rows', () => {
  it('come in pages that lose and repeat nothing, in the order of the file', async () => {
    const values = Array.from(
      { length: 257 },
      (_, i) => `${(i * 7919) % 1000},${i % 3 === 0 ? '' : `"x, ${i}\n""q"""`}`,
    );
    const { id } = await upload(user, `n,t\n${values.join('\n')}\n`);
    const seen: { row: number; values: { n: number; t: string | null } }[] = [];
    let cursor = '';
    do {
      const page: Page<(typeof seen)[number]> = await user.ok('GET', `/api/v1/datasets/${id}/rows?limit=100${cursor}`);
      seen.push(...page.data);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      expect(page.hasMore).toBe(cursor !== '');
    } while (cursor !== '');
    expect(seen.map(({ row }) => row)).toEqual(values.map((_, i) => i + 1));
    expect(seen.map((row) => row.values.n)).toEqual(values.map((_, i) => (i * 7919) % 1000));
    expect(seen.map((row) => row.values.t)).toEqual(values.map((_, i) => (i % 3 === 0 ? null : `x, ${i}\n"q"`)));
  });
});

describe('a query', () => {
  let id: string;
  beforeAll(async () => {
    ({ id } = await upload(user, SALES, { title: 'To ask' }));
  });

  it('answers with typed values, names and the rows it is over', async () => {
    const result = await query(user, id, {
      select: [
        { value: { column: 'Region' } },
        { value: { aggregate: 'sum', of: { column: 'Price (USD)' } }, as: 'total' },
      ],
      where: { in: ['NORTH', 'desk', ' south '], left: { column: 'region' } },
      groupBy: [{ column: 'Region' }],
      orderBy: [{ by: { column: 'total' }, direction: 'desc' }],
    });
    expect(result).toMatchObject({
      datasetId: id,
      columns: [
        { name: 'Region', kind: 'group', type: 'text', label: 'Region' },
        { name: 'total', kind: 'value', type: 'number', unit: 'USD' },
      ],
      rows: [
        ['North', 1068.5],
        ['South', 250.25],
        ['south', 19.5],
      ],
      matchedRows: 4,
      truncated: false,
    });
    expect(result['sql']).not.toContain('North');
  });

  it('is cut at the row limit, and says so', async () => {
    const all = await query(user, id, { select: [{ value: { column: 'Units' } }] });
    expect([all.rows.length, all.truncated]).toEqual([35, false]);
    const { id: long } = await upload(user, `n\n${Array.from({ length: 80 }, (_, i) => i).join('\n')}\n`);
    const cut = await query(user, long, { select: [{ value: { column: 'n' } }], limit: 60 });
    expect([cut.rows.length, cut.truncated]).toEqual([50, true]);
    const asked = await query(user, long, { select: [{ value: { column: 'n' } }], limit: 7 });
    expect([asked.rows.length, asked.truncated]).toEqual([7, false]);
  });

  it('that does not fit is refused with the part that is wrong', async () => {
    const cases: [Json, number, string, string][] = [
      [{ select: [{ value: { column: 'Regin' } }] }, 422, 'query_invalid', 'select.0.value.column'],
      [
        { select: [{ value: { aggregate: 'avg', of: { column: 'Region' } } }] },
        422,
        'query_invalid',
        'select.0.value.of',
      ],
      [{ select: [{ value: { aggregate: 'mean', of: null } }] }, 400, 'validation_failed', 'select.0.value.aggregate'],
      [{ select: [] }, 400, 'validation_failed', 'select'],
      [{ select: [{ value: { column: 'Day' } }], sql: 'drop' }, 400, 'validation_failed', ''],
      [
        { datasetId: '00000000-0000-7000-8000-000000000000', select: [{ value: { column: 'Day' } }] },
        422,
        'dataset_mismatch',
        'datasetId',
      ],
    ];
    for (const [body, status, code, at] of cases) {
      const answer = await user.call<{ code: string; errors: { path: string }[] }>(
        'POST',
        `/api/v1/datasets/${id}/query`,
        body,
      );
      expect([answer.status, answer.body.code, answer.body.errors[0]?.path]).toEqual([status, code, at]);
    }
  });

  it('that takes too long is stopped', async () => {
    const texts = Array.from({ length: 10_000 }, (_, i) => `text ${i} ${'y'.repeat(30)}`);
    const { id: long } = await upload(user, `t\n${texts.join('\n')}\n`);
    const or = Array.from({ length: 50 }, (_, i) => ({ text: 'contains', left: { column: 't' }, value: `no ${i}` }));
    const select = Array.from({ length: 15 }, () => ({
      value: { scalar: { aggregate: 'count', of: null, where: { or } } },
    }));
    const answer = await user.call('POST', `/api/v1/datasets/${long}/query`, { select });
    expect([answer.status, answer.body['code']]).toEqual([422, 'query_too_slow']);
  });
});

describe('who may see and change what', () => {
  it('shows a foreign data set to nobody', async () => {
    const { id } = await upload(user, 'a,b\n1,x\n', { title: 'Mine' });
    const select = [{ value: { column: 'a' } }];
    const routes: [string, string, unknown][] = [
      ['GET', '', undefined],
      ['PATCH', '', { title: 'Ours' }],
      ['DELETE', '', undefined],
      ['GET', '/rows', undefined],
      ['POST', '/query', { select }],
    ];
    for (const client of [other, admin]) {
      for (const [method, route, body] of routes) {
        const answer = await client.call(method, `/api/v1/datasets/${id}${route}`, body);
        expect([method, route, answer.status, answer.body['code']]).toEqual([method, route, 404, 'dataset_not_found']);
      }
      const listed = await client.ok<Page<Uploaded>>('GET', '/api/v1/datasets?limit=100');
      expect(listed.data.map((one) => one.id)).not.toContain(id);
    }
    expect((await query(user, id, { select })).rows).toEqual([[1]]);
  });

  it('lets administrators look after shared ones, and everybody ask them', async () => {
    const { id } = await upload(admin, 'a,b\n1,x\n', { title: 'For all', shared: 'true' });
    expect((await query(user, id, { select: [{ value: { column: 'b' } }] })).rows).toEqual([['x']]);
    for (const method of ['PATCH', 'DELETE']) {
      const answer = await user.call(
        method,
        `/api/v1/datasets/${id}`,
        method === 'PATCH' ? { title: 'Mine now' } : undefined,
      );
      expect([answer.status, answer.body['code']]).toEqual([403, 'admin_only']);
    }
    expect(await admin.ok('PATCH', `/api/v1/datasets/${id}`, { title: 'For everybody' })).toMatchObject({
      title: 'For everybody',
      version: 2,
    });
    const before = await tables();
    expect((await admin.call('DELETE', `/api/v1/datasets/${id}`)).status).toBe(204);
    expect(await tables()).toBe(before - 1);
    expect((await user.call('GET', `/api/v1/datasets/${id}`)).status).toBe(404);
  });

  it('lists own ones first, newest first, in pages', async () => {
    const reader = await registered(app);
    const ids = [];
    for (const title of ['one', 'two', 'three']) ids.unshift((await upload(reader, 'a\nx\n', { title })).id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await reader.ok<Page<Uploaded>>('GET', `/api/v1/datasets?limit=2${cursor}`);
      seen.push(...page.data.map(({ name }) => name));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['three', 'two', 'one', 'sector_health']);
  });
});

describe('a correction', () => {
  it('changes what columns mean, as a version', async () => {
    const { id } = await upload(user, SALES, { title: 'To correct' });
    const change = {
      description: 'What was sold',
      columns: [
        {
          name: 'Units',
          label: 'Pieces',
          unit: 'pieces',
          synonyms: ['items'],
          defaultAggregate: 'avg',
          higherIsBetter: true,
        },
      ],
    };
    const answer = await user.call('PATCH', `/api/v1/datasets/${id}`, change, { 'if-match': '"1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
    const { columns } = answer.body as unknown as Uploaded;
    expect(columns[3]).toMatchObject({ ...change.columns[0], type: 'integer', role: 'measure' });
    const stale = await user.call('PATCH', `/api/v1/datasets/${id}`, { title: 'Late' }, { 'if-match': '"1"' });
    expect([stale.status, stale.body['code'], stale.headers.get('etag')]).toEqual([412, 'version_mismatch', '"2"']);
    const same = await user.call('PATCH', `/api/v1/datasets/${id}`, { description: 'What was sold' });
    expect(same.headers.get('etag')).toBe('"2"');
    const result = await query(user, id, { select: [{ value: { aggregate: 'max', of: { column: 'Units' } } }] });
    expect(result).toMatchObject({
      datasetVersion: 2,
      columns: [{ label: 'Highest pieces', unit: 'pieces' }],
      rows: [[29]],
    });
  });

  it('that makes no sense is refused', async () => {
    const { id } = await upload(user, SALES, { title: 'Not to correct' });
    for (const [columns, code] of [
      [[{ name: 'Colour', role: 'dimension' }], 'column_unknown'],
      [[{ name: 'Region', role: 'measure' }], 'column_role_unfit'],
      [[{ name: 'Region', role: 'temporal' }], 'column_role_unfit'],
    ] as const) {
      const answer = await user.call('PATCH', `/api/v1/datasets/${id}`, { columns });
      expect([answer.status, answer.body['code']]).toEqual([422, code]);
    }
  });
});

describe('the sample', () => {
  const rows =
    readFileSync(path.resolve('samples/sector-health/sector_scores.csv'), 'utf8').trim().split('\n').length - 1;

  it('is there at first start, for everybody, with what its columns mean', async () => {
    const { data } = await other.ok<Page<Uploaded>>('GET', '/api/v1/datasets');
    const [sample] = data.filter(({ name }) => name === 'sector_health');
    expect(sample).toMatchObject({ title: 'Sector health', shared: true, licence: 'CC BY 4.0', rowCount: rows });
    const result = await query(other, String(sample?.id), {
      select: [{ value: { aggregate: 'avg', of: { column: 'score' } } }, { value: { aggregate: 'count', of: null } }],
      where: {
        and: [
          { compare: '=', left: { column: 'sector' }, right: { literal: 'education' } },
          { compare: '=', left: { column: 'year' }, right: { literal: '2024' } },
        ],
      },
    });
    expect(result.rows[0]?.[0]).toBeCloseTo(51.9, 1);
    expect(result).toMatchObject({ matchedRows: 141, columns: [{ unit: 'points' }, { name: 'count' }] });
  });

  it('stays away once it was deleted, and two starts load it once', async () => {
    const db = app.app.get(Db);
    const count = async (): Promise<number> =>
      Number((await db.once(`SELECT count(*) AS n FROM shared_datasets WHERE name LIKE 'sector_health%'`))[0]?.['n']);
    const { createApp } = await import('../../src/app.js');
    const { loadConfig } = await import('../../src/config/config.js');
    const config = loadConfig({
      LOG_LEVEL: 'silent',
      JWT_SECRET: 'x'.repeat(40),
      ADMIN_PASSWORD: 'long enough for this',
    });
    const start = async (times: number): Promise<void> => {
      const apps = await Promise.all(
        Array.from({ length: times }, () => createApp(config, app.database.url, { docs: false })),
      );
      await Promise.all(apps.map((one) => one.close()));
    };
    const [sample] = (await admin.ok<Page<Uploaded>>('GET', '/api/v1/datasets?limit=100')).data.filter(
      ({ name }) => name === 'sector_health',
    );
    await admin.ok('DELETE', `/api/v1/datasets/${String(sample?.id)}`);
    await start(1);
    expect(await count()).toBe(0);
    await db.once('DELETE FROM installed_samples');
    await start(2);
    expect(await count()).toBe(1);
  });
});
