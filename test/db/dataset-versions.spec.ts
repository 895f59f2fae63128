import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../src/database/db.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Answer, type Client, type Json, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';
import { workbook } from '../support/workbook.js';

let app: TestApp;
let user: Client;
let other: Client;
let admin: Client;
beforeAll(async () => {
  app = await startApp({ DATASET_VERSIONS_KEPT: '3' });
  [user, other, admin] = [await registered(app), await registered(app), await administrator(app)];
});
afterAll(() => app.close());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly distinct: number;
  readonly max: unknown;
  readonly values: string[] | null;
  readonly unit: string | null;
}
interface View extends Json {
  readonly id: string;
  readonly version: number;
  readonly rowCount: number;
  readonly columns: Column[];
}

const SALES = 'Region,Day,Units\nNorth,2024-01-01,1\nSouth,2024-01-02,2\n';
const made = (content: string | Uint8Array = SALES, fields = {}): Promise<View> =>
  user.ok<View>('POST', '/api/v1/datasets', fileForm(content, fields));
const refresh = (
  id: string,
  content: string | Uint8Array,
  fields: Record<string, string>,
  client = user,
  headers = {},
): Promise<Answer<View>> =>
  client.call<View>('POST', `/api/v1/datasets/${id}/refresh`, fileForm(content, fields), headers);
const rowsOf = async (id: string, version = ''): Promise<unknown[][]> => {
  const { data } = await user.ok<{ data: { values: Json }[] }>('GET', `/api/v1/datasets/${id}/rows${version}`);
  return data.map(({ values }) => Object.values(values));
};
const units = async (id: string, version?: number): Promise<unknown> => {
  const select = [{ value: { aggregate: 'sum', of: { column: 'Units' } } }];
  const { rows, datasetVersion } = await user.ok<{ rows: unknown[][]; datasetVersion: number }>(
    'POST',
    `/api/v1/datasets/${id}/query`,
    { select, ...(version !== undefined && { version }) },
  );
  return [rows[0]?.[0], datasetVersion];
};
const tables = async (): Promise<number> =>
  Number(
    (await app.app.get(Db).once(`SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'dataset_rows'`))[0]?.['n'],
  );

describe('a refresh', () => {
  it('adds rows, whatever the order of the columns, and counts anew what the columns hold', async () => {
    const { id } = await made();
    const answer = await refresh(id, 'Units,Region,Day\n40,North,2024-02-01\n,East,2024-02-02\n', { mode: 'append' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
    expect(answer.body).toMatchObject({ id, version: 2, rowCount: 4, rowsAdded: 2, rowsUpdated: 0 });
    expect(answer.body['preview']).toEqual([
      { row: 1, values: { Region: 'North', Day: '2024-02-01', Units: 40 } },
      { row: 2, values: { Region: 'East', Day: '2024-02-02', Units: null } },
    ]);
    expect(answer.body.columns).toMatchObject([
      { name: 'Region', distinct: 3, values: ['North', 'South', 'East'] },
      { name: 'Day', min: '2024-01-01', max: '2024-02-02', distinct: 4 },
      { name: 'Units', distinct: 3, nulls: 1, max: 40 },
    ]);
    expect(await rowsOf(id)).toEqual([
      ['North', '2024-01-01', 1],
      ['South', '2024-01-02', 2],
      ['North', '2024-02-01', 40],
      ['East', '2024-02-02', null],
    ]);
    expect([await units(id), await units(id, 1)]).toEqual([
      [43, 2],
      [3, 1],
    ]);
  });

  it('puts rows in the place of those with the same key, and adds the others', async () => {
    const { id } = await made();
    const answer = await refresh(id, 'Region,Day,Units\nEast,2024-01-02,7\nSouth,2024-01-02,9\n', {
      mode: 'upsert',
      key: '["Region","Day"]',
    });
    expect(answer.body).toMatchObject({ version: 2, rowCount: 3, rowsAdded: 1, rowsUpdated: 1 });
    expect(await rowsOf(id)).toEqual([
      ['North', '2024-01-01', 1],
      ['South', '2024-01-02', 9],
      ['East', '2024-01-02', 7],
    ]);
    expect(await rowsOf(id, '?version=1')).toHaveLength(2);
  });

  it('replaces all rows, even by other columns of another format, and keeps what the owner said', async () => {
    const { id, name } = await made();
    await user.ok('PATCH', `/api/v1/datasets/${id}`, {
      columns: [
        { name: 'Units', unit: 'kg', synonyms: ['weight'] },
        { name: 'Day', label: 'Date of sale' },
      ],
    });
    const file = workbook([
      {
        name: 'S',
        rows: [
          ['Units', 'Day', 'Shop'],
          [5, 'Monday', 'A'],
          [6, 'Friday', 'B'],
        ],
      },
    ]);
    const answer = await refresh(id, file, { mode: 'replace' });
    expect(answer.body).toMatchObject({ id, name, version: 3, rowCount: 2 });
    expect(answer.body.columns).toMatchObject([
      { name: 'Units', unit: 'kg', synonyms: ['weight'], edited: ['unit', 'synonyms'], max: 6 },
      { name: 'Day', type: 'text', label: 'Day', edited: [] },
      { name: 'Shop' },
    ]);
    expect([await units(id), await units(id, 2), await units(id, 1)]).toEqual([
      [11, 3],
      [3, 2],
      [3, 1],
    ]);
  });

  it('that does not fit changes nothing, and says why', async () => {
    const { id } = await made();
    const before = await tables();
    const cases: [string, Record<string, string>, number, string, string][] = [
      ['Region,Units\nNorth,1\n', { mode: 'append' }, 422, 'columns_differ', 'lacks "Day"'],
      ['Region,Day,Units,X\nNorth,2024-01-01,1,1\n', { mode: 'append' }, 422, 'columns_differ', '"X"'],
      ['Region,Day,Units\nNorth,2024-01-01,many\n', { mode: 'append' }, 422, 'columns_differ', '"Units" is text'],
      ['Region,Day,Units\nNorth,2024-01-01,1.5\n', { mode: 'append' }, 422, 'columns_differ', '"Units" is number'],
      [SALES, { mode: 'upsert' }, 422, 'key_unknown', 'needs the key'],
      [SALES, { mode: 'upsert', key: 'Nothing' }, 422, 'key_unknown', '"Nothing"'],
      [SALES, { mode: 'append', key: 'Region' }, 422, 'key_unknown', 'upsert'],
      [`${SALES}North,2024-01-05,3\n`, { mode: 'upsert', key: 'Region' }, 422, 'key_not_unique', 'rows 1, 3'],
      [`${SALES},2024-01-05,3\n`, { mode: 'upsert', key: 'Region' }, 422, 'key_missing', 'Row 3'],
      [SALES, { mode: 'merge' }, 400, 'validation_failed', 'mode'],
      ['', { mode: 'replace' }, 422, 'file_empty', 'empty'],
    ];
    for (const [content, fields, status, code, part] of cases) {
      const answer = await refresh(id, content, fields);
      expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
        status,
        code,
        expect.stringContaining(part),
      ]);
    }
    expect((await refresh(id, SALES, { mode: 'append' }, user, { 'if-match': '"7"' })).status).toBe(412);
    expect([await tables(), await units(id)]).toEqual([before, [3, 1]]);
    const { data } = await user.ok<{ data: Json[] }>('GET', `/api/v1/datasets/${id}/versions`);
    expect(data).toHaveLength(1);
  });

  it('of two at once, one wins and the other is told', async () => {
    const { id } = await made();
    const more = `Region,Day,Units\n${'West,2024-03-01,1\n'.repeat(2_000)}`;
    const answers = await Promise.all([1, 2].map(() => refresh(id, more, { mode: 'append' })));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect([
      [200, 200],
      [200, 409],
    ]).toContainEqual(statuses);
    const count = statuses.filter((status) => status === 200).length;
    expect(await units(id)).toEqual([3 + 2_000 * count, 1 + count]);
  });

  it('is for nobody else, and of a shared one for administrators', async () => {
    const { id } = await made();
    expect((await refresh(id, SALES, { mode: 'append' }, other)).status).toBe(404);
    expect((await other.call('GET', `/api/v1/datasets/${id}/versions`)).status).toBe(404);
    const shared = await admin.ok<View>('POST', '/api/v1/datasets', fileForm(SALES, { shared: 'true' }));
    expect((await refresh(shared.id, SALES, { mode: 'append' })).status).toBe(403);
    expect((await refresh(shared.id, SALES, { mode: 'append' }, admin)).body).toMatchObject({ rowCount: 4 });
    expect([await units(shared.id), await units(shared.id, 1)]).toEqual([
      [6, 2],
      [3, 1],
    ]);
    await admin.ok('DELETE', `/api/v1/datasets/${shared.id}`);
  });
});

describe('the versions', () => {
  it('are listed, and the rows of the last ones are kept', async () => {
    const { id } = await made();
    const before = await tables();
    for (const n of [1, 2, 3]) await refresh(id, `Region,Day,Units\nWest,2024-02-0${n},${n}\n`, { mode: 'append' });
    await user.ok('PATCH', `/api/v1/datasets/${id}`, { title: 'Renamed' });
    const { data } = await user.ok<{ data: Json[] }>('GET', `/api/v1/datasets/${id}/versions`);
    expect(data.map(({ version, how, rowCount, readable }) => [version, how, rowCount, readable])).toEqual([
      [5, 'edit', 5, true],
      [4, 'append', 5, true],
      [3, 'append', 4, true],
      [2, 'append', 3, true],
      [1, 'upload', 2, false],
    ]);
    expect(data[1]?.['report']).toMatchObject({ format: 'csv', badLineCount: 0 });
    expect(await units(id, 2)).toEqual([4, 2]);
    for (const version of [1, 77]) {
      const answer = await user.call('POST', `/api/v1/datasets/${id}/query`, {
        select: [{ value: { column: 'Units' } }],
        version,
      });
      expect([answer.status, answer.body['code']]).toEqual([404, 'dataset_version_not_found']);
    }
    const page = await user.ok<{ data: Json[]; nextCursor: string }>('GET', `/api/v1/datasets/${id}/versions?limit=2`);
    const next = await user.ok<{ data: Json[] }>(
      'GET',
      `/api/v1/datasets/${id}/versions?limit=2&cursor=${page.nextCursor}`,
    );
    expect([...page.data, ...next.data].map(({ version }) => version)).toEqual([5, 4, 3, 2]);
    expect(await tables()).toBe(before + 2);
    await user.ok('DELETE', `/api/v1/datasets/${id}`);
    expect(await tables()).toBe(before - 1);
  });

  it('go with the account of their owner', async () => {
    const before = await tables();
    const gone = await registered(app);
    const { id } = await gone.ok<View>('POST', '/api/v1/datasets', fileForm(SALES));
    await refresh(id, SALES, { mode: 'append' }, gone);
    expect(await tables()).toBe(before + 2);
    await app.app.get(Db).once('DELETE FROM users WHERE id = $1', [gone.user.id]);
    expect(await tables()).toBe(before);
  });

  it('are what an answer names, which shows what it was worked out from after a refresh too', async () => {
    const { id } = await made(SALES, { title: 'Shop units' });
    const ask = (): Promise<Json> =>
      user.ok('POST', '/api/v1/chat/messages', { query: 'total units by region in shop units', datasetIds: [id] });
    const first = (await ask()) as { evidence: { primary: { datasetVersion: number; rows: unknown[][] } } };
    await refresh(id, 'Region,Day,Units\nNorth,2024-02-01,100\n', { mode: 'append' });
    const second = (await ask()) as typeof first;
    expect([first.evidence.primary.datasetVersion, second.evidence.primary.datasetVersion]).toEqual([1, 2]);
    const { rows, datasetVersion, ...rest } = first.evidence.primary as unknown as {
      rows: unknown[][];
      datasetVersion: number;
      query: Json;
    };
    const again = await user.ok<{ rows: unknown[][] }>('POST', `/api/v1/datasets/${id}/query`, {
      ...rest.query,
      version: datasetVersion,
    });
    expect(again.rows).toEqual(rows);
    expect(second.evidence.primary.rows).not.toEqual(rows);
  });
});
