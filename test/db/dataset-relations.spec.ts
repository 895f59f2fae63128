import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../src/database/db.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Answer, type Client, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';

let app: TestApp;
let other: Client;
let admin: Client;
beforeAll(async () => {
  app = await startApp();
  [other, admin] = [await registered(app), await administrator(app)];
});
afterAll(() => app.close());

interface Relation {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly origin: string;
  readonly from: { readonly datasetId: string; readonly column: string };
  readonly to: { readonly datasetId: string; readonly column: string };
  readonly reason: string | null;
  readonly coverage: number;
  readonly uniqueness: number;
  readonly rowsWithout: number;
}
interface Result {
  readonly rows: unknown[][];
  readonly matchedRows: number | null;
  readonly sql: string;
  readonly columns: { name: string; label: string }[];
  readonly joined?: { name: string; datasetId: string; datasetVersion: number }[];
}

const CUSTOMERS =
  'id,name,segment,country_code,credit\n1,Ada,Enterprise,NO,100\n2,Ben,Small,SE,50\n3,Cleo,Enterprise,NO,70\n4,Dan,Small,,10\n';
/** Row 5 names a customer that is not there, row 6 none. */
const ORDERS =
  'order_id,customer_id,product,revenue\n11,1,Pen,10\n12,1,Ink,20\n13,2,Pen,30\n14,3,Ink,40\n15,9,Pen,5\n16,,Ink,7\n';
const COUNTRIES = 'country_code,country\nNO,Norway\nSE,Sweden\n';

const upload = async (user: Client, content: string, title: string, more = {}): Promise<string> =>
  (await user.ok<{ id: string }>('POST', '/api/v1/datasets', fileForm(content, { title, ...more }))).id;
const relations = async (user: Client, id: string): Promise<Relation[]> =>
  (await user.ok<{ data: Relation[] }>('GET', `/api/v1/datasets/${id}/relations`)).data;
const change = (user: Client, id: string, relation: string, body: object): Promise<Answer<Relation>> =>
  user.call<Relation>('PATCH', `/api/v1/datasets/${id}/relations/${relation}`, body);
const query = (user: Client, id: string, body: object): Promise<Answer<Result>> =>
  user.call<Result>('POST', `/api/v1/datasets/${id}/query`, body);
const refresh = (user: Client, id: string, content: string, mode = 'replace'): Promise<unknown> =>
  user.ok('POST', `/api/v1/datasets/${id}/refresh`, fileForm(content, { mode }));

const SUM = { aggregate: 'sum', of: { column: 'revenue' } };
const BY_SEGMENT = {
  select: [{ value: { column: 'customers.segment' } }, { value: SUM }, { value: { aggregate: 'count', of: null } }],
  groupBy: [{ column: 'customers.segment' }],
};

interface Shop {
  readonly user: Client;
  readonly orders: string;
  readonly customers: string;
  readonly relation: Relation;
}
/** A user with orders and customers, their relation as it was found. */
async function shop(): Promise<Shop> {
  const user = await registered(app);
  const customers = await upload(user, CUSTOMERS, 'Customers');
  const orders = await upload(user, ORDERS, 'Orders');
  const [relation] = await relations(user, orders);
  if (relation === undefined) throw new Error('nothing was found');
  return { user, orders, customers, relation };
}
async function confirmed(): Promise<Shop> {
  const made = await shop();
  expect((await change(made.user, made.orders, made.relation.id, { status: 'confirmed' })).status).toBe(200);
  return made;
}

describe('relations between data sets', () => {
  it('are found by names and values, with the numbers that speak for them, and are the same from both sides', async () => {
    const { user, orders, customers, relation } = await shop();
    expect(relation).toMatchObject({
      name: 'customers',
      status: 'suggested',
      origin: 'found',
      shared: false,
      from: { datasetId: orders, title: 'Orders', column: 'customer_id' },
      to: { datasetId: customers, title: 'Customers', column: 'id' },
      coverage: 0.8,
      uniqueness: 1,
      rows: 6,
      rowsWithout: 2,
      score: 0.85,
      examples: { found: ['1', '2', '3'], missing: ['9'] },
      reason: null,
    });
    expect(await relations(user, orders)).toEqual([relation]);
    expect(await relations(user, customers)).toEqual([relation]);
  });

  it('are looked for after an upload, with nobody waiting', async () => {
    const user = await registered(app);
    await upload(user, CUSTOMERS, 'Customers');
    await upload(user, ORDERS, 'Orders');
    const found = (): Promise<unknown[]> =>
      app.app.get(Db).once('SELECT id FROM dataset_relations WHERE user_id = $1', [user.user.id]);
    for (let n = 0; n < 100 && (await found()).length === 0; n++) await new Promise((done) => setTimeout(done, 50));
    expect(await found()).toHaveLength(1);
  });

  it('are used when they are confirmed, and not before or after', async () => {
    const { user, orders, relation } = await shop();
    expect((await query(user, orders, BY_SEGMENT)).status).toBe(422);
    await change(user, orders, relation.id, { status: 'confirmed' });
    expect((await query(user, orders, BY_SEGMENT)).status).toBe(200);
    expect((await change(user, orders, relation.id, { status: 'rejected' })).body.status).toBe('rejected');
    const answer = await query(user, orders, BY_SEGMENT);
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'query_invalid' }]);
    // What was rejected is not suggested again.
    expect(await relations(user, orders)).toMatchObject([{ status: 'rejected' }]);
    await user.ok('DELETE', `/api/v1/datasets/${orders}/relations/${relation.id}`);
    expect(await relations(user, orders)).toEqual([]);
  });

  it('can be given by hand, under a name, where names and values say nothing', async () => {
    const { user, customers } = await shop();
    const calls = await upload(user, 'day,who,minutes\n2024-01-01,2,3\n2024-01-02,2,4\n2024-01-03,1,9\n', 'Calls');
    expect(await relations(user, calls)).toEqual([]);
    const path = `/api/v1/datasets/${calls}/relations`;
    const given = { column: 'who', toDatasetId: customers, toColumn: 'id', name: 'caller' };
    expect(await user.ok('POST', path, given)).toMatchObject({ status: 'confirmed', origin: 'given', name: 'caller' });
    const asked = await query(user, calls, {
      select: [{ value: { column: 'caller.name' } }, { value: { aggregate: 'sum', of: { column: 'minutes' } } }],
      groupBy: [{ column: 'caller.name' }],
    });
    expect(asked.body.rows).toEqual([
      ['Ada', 9],
      ['Ben', 7],
    ]);
    for (const [body, code] of [
      [{ ...given, column: 'whom' }, 'relation_unfit'],
      [{ ...given, column: 'day' }, 'relation_unfit'],
      [{ ...given, toDatasetId: calls, toColumn: 'who' }, 'relation_unfit'],
      [{ ...given, toColumn: 'credit', column: 'minutes' }, 'relation_name_taken'],
      [{ ...given, name: '2nd-rate' }, 'validation_failed'],
      [{ column: 'day', toDatasetId: calls, toColumn: 'day' }, 'relation_unfit'],
    ] as const) {
      expect([body, (await user.call('POST', path, body)).body]).toMatchObject([body, { code }]);
    }
    // No caller has such a number, and a name of a column would be taken for it.
    const far = await upload(user, 'key,word\n701,a\n702,b\n703,c\n', 'Words');
    for (const [body, at] of [
      [{ column: 'who', toDatasetId: far, toColumn: 'key', name: 'far' }, 'toColumn'],
      [{ column: 'minutes', toDatasetId: customers, toColumn: 'id', name: 'Day' }, 'name'],
    ] as const) {
      const refused = await user.call('POST', path, body);
      expect([refused.status, refused.body]).toMatchObject([422, { code: 'relation_unfit', errors: [{ path: at }] }]);
    }
    const [caller] = await relations(user, calls);
    const renamed = await change(user, calls, caller?.id ?? '', { name: 'minutes' });
    expect([renamed.status, renamed.body]).toMatchObject([422, { code: 'relation_unfit' }]);
    const twice = await upload(user, 'key,word\n1,a\n1,b\n2,c\n', 'Words');
    const several = await user.call('POST', path, { column: 'who', toDatasetId: twice, toColumn: 'key' });
    expect([several.status, several.body]).toMatchObject([422, { code: 'key_not_unique' }]);
    expect(several.body['detail']).toContain('3 rows have 2 different values');
  });

  it('belong to those who may read both data sets', async () => {
    const { user, orders, customers, relation } = await confirmed();
    const foreign = await upload(other, CUSTOMERS, 'Customers');
    const path = `/api/v1/datasets/${orders}/relations`;
    expect((await other.call('GET', path)).status).toBe(404);
    expect((await other.call('PATCH', `${path}/${relation.id}`, { status: 'rejected' })).status).toBe(404);
    expect((await other.call('DELETE', `${path}/${relation.id}`)).status).toBe(404);
    expect((await other.call('DELETE', `/api/v1/datasets/${foreign}/relations/${relation.id}`)).status).toBe(404);
    const theirs = { column: 'customer_id', toDatasetId: foreign, toColumn: 'id' };
    expect((await user.call('POST', path, theirs)).body).toMatchObject({ code: 'dataset_not_found' });
    expect((await relations(user, customers))[0]?.status).toBe('confirmed');
  });

  it('between shared data sets are the administrator’s, for everybody; from an own one to a shared one, the user’s', async () => {
    const shared = { shared: 'true' };
    const customers = await upload(admin, CUSTOMERS.replaceAll('segment', 'branch'), 'Clients', shared);
    const orders = await upload(admin, ORDERS.replaceAll('customer_id', 'client_id'), 'Sales', shared);
    const [found] = await relations(admin, orders);
    expect(found).toMatchObject({ name: 'clients', shared: true, from: { column: 'client_id' } });
    expect((await change(other, orders, found?.id ?? '', { status: 'confirmed' })).body).toMatchObject({
      code: 'admin_only',
    });
    await change(admin, orders, found?.id ?? '', { status: 'confirmed' });
    const branches = { select: [{ value: { column: 'clients.branch' } }], distinct: true };
    expect((await query(other, orders, branches)).body.rows).toEqual([['Enterprise'], ['Small'], [null]]);
    const own = await upload(other, 'client,note\nAda,good\nBen,bad\nAda,fine\n', 'Notes');
    const [mine] = await relations(other, own);
    expect(mine).toMatchObject({ shared: false, name: 'clients', to: { datasetId: customers, column: 'name' } });
    expect((await relations(admin, customers)).map(({ id }) => id)).not.toContain(mine?.id);
    // Everybody's go with a shared data set.
    await admin.ok('DELETE', `/api/v1/datasets/${customers}`);
    expect(await relations(other, own)).toEqual([]);
    await admin.ok('DELETE', `/api/v1/datasets/${orders}`);
  });

  it('go with either data set', async () => {
    const { user, orders, customers } = await confirmed();
    const left = async (): Promise<unknown> =>
      (await app.app.get(Db).once('SELECT id FROM dataset_relations WHERE user_id = $1', [user.user.id])).length;
    expect(await left()).toBe(1);
    await user.ok('DELETE', `/api/v1/datasets/${customers}`);
    expect([await left(), (await query(user, orders, BY_SEGMENT)).status]).toEqual([0, 422]);
  });
});

describe('a query over related data sets', () => {
  it('keeps every row once, with or without a partner, and names both data sets', async () => {
    const { user, orders, customers } = await confirmed();
    const { body } = await query(user, orders, BY_SEGMENT);
    expect(body.rows).toEqual([
      ['Enterprise', 70, 3],
      ['Small', 30, 1],
      [null, 12, 2],
    ]);
    expect(body.matchedRows).toBe(6);
    expect(body.joined).toMatchObject([{ name: 'customers', datasetId: customers, datasetVersion: 1 }]);
    const plain = await query(user, orders, { select: [{ value: SUM }] });
    expect([plain.body.rows, plain.body.joined, plain.body.sql.includes('JOIN')]).toEqual([[[112]], undefined, false]);
  });

  it('filters, sorts, calculates and counts by related columns, in inner queries as well', async () => {
    const { user, orders } = await confirmed();
    const rows = async (body: object): Promise<unknown> => (await query(user, orders, body)).body.rows ?? 'refused';
    const count = { value: { aggregate: 'count', of: null } };
    const enterprise = {
      compare: '=',
      left: { column: 'customers.segment' },
      right: { literal: 'enterprise' },
    };
    expect(await rows({ select: [{ value: SUM }, count], where: enterprise })).toEqual([[70, 3]]);
    expect(await rows({ select: [count], where: { missing: true, left: { column: 'customers.id' } } })).toEqual([[2]]);
    expect(
      await rows({
        select: [{ value: { column: 'order_id' } }, { value: { column: 'Customers.Name' } }],
        orderBy: [{ by: { column: 'customers.credit' }, direction: 'asc' }],
        limit: 2,
      }),
    ).toEqual([
      [13, 'Ben'],
      [14, 'Cleo'],
    ]);
    const inLine = { op: '*', left: { column: 'revenue' }, right: { column: 'customers.credit' } };
    expect(await rows({ select: [{ value: { aggregate: 'sum', of: inLine } }] })).toEqual([[7300]]);
    const average = { scalar: { aggregate: 'avg', of: { column: 'revenue' }, where: enterprise } };
    expect(
      await rows({ select: [count], where: { compare: '>', left: { column: 'revenue' }, right: average } }),
    ).toEqual([[2]]);
    const inner = { select: { column: 'product' }, where: enterprise, groupBy: [{ column: 'product' }] };
    expect(
      await rows({
        select: [count],
        where: {
          inQuery: { ...inner, having: { compare: '>', left: SUM, right: { literal: 50 } } },
          left: { column: 'product' },
        },
      }),
    ).toEqual([[3]]);
    expect(
      await rows({
        select: [{ value: { column: 'customers.segment' } }, { value: SUM }],
        groupBy: [{ column: 'customers.segment' }],
        having: { compare: '>', left: SUM, right: { literal: 20 } },
        orderBy: [{ by: SUM, direction: 'asc' }],
        limit: 1,
        withTies: true,
      }),
    ).toEqual([['Small', 30]]);
    const wrong = await query(user, orders, { select: [{ value: { column: 'customers.sector' } }] });
    expect([wrong.status, wrong.body]).toMatchObject([422, { code: 'query_invalid' }]);
  });

  it('goes on to what is related to a related data set', async () => {
    const { user, orders, customers } = await confirmed();
    await upload(user, COUNTRIES, 'Countries');
    const found = (await relations(user, customers)).find(({ from }) => from.datasetId === customers);
    expect(found).toMatchObject({ name: 'countries', from: { column: 'country_code' } });
    await change(user, customers, found?.id ?? '', { status: 'confirmed' });
    const by = { column: 'customers.countries.country' };
    const { body } = await query(user, orders, { select: [{ value: by }, { value: SUM }], groupBy: [by] });
    expect(body.rows).toEqual([
      ['Norway', 70],
      ['Sweden', 30],
      [null, 12],
    ]);
    expect(body.joined?.map(({ name }) => name)).toEqual(['customers', 'customers.countries']);
  });

  it('sees new rows of either side, and earlier ones of its own', async () => {
    const { user, orders, customers } = await confirmed();
    await refresh(user, customers, 'id,name,segment,country_code,credit\n9,Eve,Public,NO,5\n', 'append');
    const now = (await query(user, orders, BY_SEGMENT)).body;
    expect([now.rows.at(1), now.joined?.[0]?.datasetVersion]).toEqual([['Public', 5, 1], 2]);
    expect(await relations(user, orders)).toMatchObject([{ status: 'confirmed', coverage: 1, rowsWithout: 1 }]);
    await refresh(user, orders, 'order_id,customer_id,product,revenue\n17,9,Pen,100\n', 'append');
    expect((await query(user, orders, BY_SEGMENT)).body.rows).toContainEqual(['Public', 105, 2]);
    expect((await query(user, orders, { ...BY_SEGMENT, version: 1 })).body.rows).toContainEqual(['Public', 5, 1]);
    expect(await relations(user, orders)).toMatchObject([{ rows: 7, rowsWithout: 1 }]);
  });

  it('is never multiplied: a key that tells rows apart no more puts the relation back, with the reason', async () => {
    const { user, orders, customers, relation } = await confirmed();
    await refresh(user, customers, `${CUSTOMERS}1,Ada again,Small,NO,1\n`);
    expect((await query(user, orders, BY_SEGMENT)).status).toBe(422);
    const [now] = await relations(user, orders);
    expect(now).toMatchObject({ status: 'suggested', uniqueness: 0.8 });
    expect(now?.reason).toBe('“id” of Customers does not tell its rows apart: 5 rows have 4 different values.');
    const again = await change(user, orders, relation.id, { status: 'confirmed' });
    expect([again.status, again.body]).toMatchObject([422, { code: 'key_not_unique' }]);
    await refresh(user, customers, CUSTOMERS);
    expect((await change(user, orders, relation.id, { status: 'confirmed' })).body).toMatchObject({ reason: null });
    expect((await query(user, orders, BY_SEGMENT)).body.rows[0]).toEqual(['Enterprise', 70, 3]);
    // A column that is gone.
    await refresh(user, customers, 'number,segment\n1,Small\n2,Small\n');
    expect((await query(user, orders, BY_SEGMENT)).status).toBe(422);
    expect(await relations(user, orders)).toMatchObject([
      { status: 'suggested', reason: 'Customers has no column “id”.' },
    ]);
  });
});
