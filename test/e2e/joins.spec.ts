import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';

interface Turn {
  readonly conversationId: string;
  readonly message: {
    readonly content: string;
    readonly metadata: {
      readonly refusal: { code: string; reason: string; relation?: { datasetId: string; relationId: string } } | null;
      readonly grounded: { readonly numbers: number; readonly supported: number } | null;
    };
  };
  readonly evidence: {
    readonly primary: {
      readonly datasetId: string;
      readonly rows: unknown[][];
      readonly joined?: { readonly datasetId: string; readonly datasetVersion: number }[];
    } | null;
  };
}

const SEGMENTS = ['Enterprise', 'Small business', 'Public sector'];
const LANDS = ['Norway', 'Sweden', 'Denmark', 'Norway'];
const customers = ['Acme', 'Bolt', 'Cobalt', 'Delta', 'Echo', 'Fable', 'Gusto', 'Helix'].map((name, i) => ({
  id: i + 1,
  name,
  segment: SEGMENTS[i % 3] ?? '',
  country: LANDS[i % 4] ?? '',
  credit: (i + 1) * 1000,
}));
/** Those of customer 99 have no partner. */
const orders = Array.from({ length: 60 }, (_, i) => ({
  id: 1000 + i,
  date: `202${3 + (i % 2)}-0${(i % 9) + 1}-11`,
  customer: i % 20 === 7 ? 99 : ((i * 7) % 8) + 1,
  product: ['Lamp', 'Desk', 'Chair'][i % 3] ?? '',
  revenue: ((i * 37) % 90) + 10,
}));
type Order = (typeof orders)[number];
const customerOf = ({ customer }: Order): (typeof customers)[number] | undefined =>
  customers.find(({ id }) => id === customer);
const csv = (header: string, rows: readonly object[]): string =>
  [header, ...rows.map((row) => Object.values(row).join(','))].join('\n');
const CUSTOMERS = csv('id,name,segment,country,credit_limit', customers);
const ORDERS = csv('order_id,order_date,customer_id,product,revenue', orders);

/** Total revenue by a key, over orders that pass. */
function totals(
  key: (order: Order) => string | null,
  passes: (order: Order) => boolean = () => true,
): Map<unknown, number> {
  const sums = new Map<unknown, number>();
  for (const order of orders.filter(passes)) sums.set(key(order), (sums.get(key(order)) ?? 0) + order.revenue);
  return sums;
}

let app: TestApp;
let user: Client;
let ordersId: string;
let customersId: string;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
  customersId = await upload(CUSTOMERS, 'Customers');
  ordersId = await upload(ORDERS, 'Orders');
});
afterAll(() => app.close());

const upload = async (content: string, title: string): Promise<string> =>
  (await user.ok<{ id: string }>('POST', '/api/v1/datasets', fileForm(content, { title }))).id;

/** Asks one question after the other in one conversation; every number of an answer must be in its evidence. */
async function talk(...questions: readonly string[]): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const query of questions) {
    const conversationId = turns.at(-1)?.conversationId;
    const turn = await user.ok<Turn>('POST', '/api/v1/chat/messages', {
      query,
      ...(conversationId && { conversationId }),
    });
    const { grounded } = turn.message.metadata;
    expect([query, grounded?.supported]).toEqual([query, grounded?.numbers]);
    turns.push(turn);
  }
  return turns;
}
const rowsOf = (turn: Turn | undefined): Map<unknown, unknown> =>
  new Map(turn?.evidence.primary?.rows.map(([key, value]) => [key, value]));

describe('before anybody confirmed the relation', () => {
  it('says what would have to be confirmed, instead of guessing', async () => {
    const { data } = await user.ok<{ data: { id: string }[] }>('GET', `/api/v1/datasets/${ordersId}/relations`);
    const [turn] = await talk('What is the total revenue by segment?');
    expect(turn?.message.metadata.refusal).toMatchObject({
      code: 'relation_unconfirmed',
      relation: { datasetId: ordersId, relationId: data[0]?.id },
    });
    expect(turn?.message.content).toContain(
      '“Segment” is in Customers. “customer_id” of Orders and “id” of Customers seem to belong together, but nobody has confirmed that',
    );
    expect(turn?.evidence.primary).toBeNull();
    // What one of them can answer by itself is answered.
    const [own] = await talk('What is the total revenue by product?');
    expect(rowsOf(own)).toEqual(totals(({ product }) => product));
  });
});

describe('a conversation over two tables whose relation is confirmed', () => {
  beforeAll(async () => {
    const path = `/api/v1/datasets/${ordersId}/relations`;
    const { data } = await user.ok<{ data: { id: string }[] }>('GET', path);
    await user.ok('PATCH', `${path}/${data[0]?.id ?? ''}`, { status: 'confirmed' });
  });

  it('answers by columns of the related one, says where they are from, and how many rows have no match', async () => {
    const [first, second, third, fourth] = await talk(
      'What is the total revenue by customer segment?',
      'and by country?',
      'only Norway',
      'which product sells best there?',
    );
    expect(rowsOf(first)).toEqual(totals((order) => customerOf(order)?.segment ?? null));
    expect(first?.evidence.primary).toMatchObject({
      datasetId: ordersId,
      joined: [{ datasetId: customersId, datasetVersion: 1 }],
    });
    expect(first?.message.content).toContain('Total revenue by segment:');
    expect(first?.message.content).toContain('3 of the 60 rows have no match in Customers.');
    expect(first?.message.content).toContain('Segment is from Customers.');
    expect(rowsOf(second)).toEqual(totals((order) => customerOf(order)?.country ?? null));
    const norway = (order: Order): boolean => customerOf(order)?.country === 'Norway';
    expect(rowsOf(third)).toEqual(totals(() => 'Norway', norway));
    const [best] = [...totals(({ product }) => product, norway)].sort(([, a], [, b]) => b - a);
    expect(fourth?.evidence.primary?.rows[0]).toEqual(best);
  });

  it('shares out by columns of the related one', async () => {
    const [share, own] = await talk('share of revenue by segment', 'What share of revenue does each country have?');
    const sums = totals((order) => customerOf(order)?.segment ?? null);
    const all = [...sums.values()].reduce((sum, value) => sum + value, 0);
    expect(share?.message.content).toContain('Segment is from Customers.');
    for (const [segment, part, sum] of share?.evidence.primary?.rows ?? []) {
      expect(sum).toBe(sums.get(segment));
      expect(part).toBeCloseTo((100 * Number(sum)) / all, 6);
    }
    expect(share?.evidence.primary?.rows).toHaveLength(sums.size);
    expect(own?.message.content).toContain('Country is from Customers.');
  });

  it('narrows by their values and numbers', async () => {
    const in2024 = ({ date }: Order): boolean => date.startsWith('2024');
    const ofSegment = (order: Order): boolean => customerOf(order)?.segment === 'Small business';
    const [first] = await talk('total revenue of Small business customers in 2024');
    expect(first?.evidence.primary?.rows).toEqual([
      [
        totals(
          () => null,
          (order) => in2024(order) && ofSegment(order),
        ).get(null),
      ],
    ]);
    expect(first?.message.content).toContain('of the 30 rows in 2024 have no match in Customers');
    const [second] = await talk('total revenue of customers with a credit limit above 6000');
    const rich = (order: Order): boolean => (customerOf(order)?.credit ?? 0) > 6000;
    expect(second?.evidence.primary?.rows).toEqual([[totals(() => null, rich).get(null)]]);
  });

  it('calls related rows by their names, and takes all that belongs to each together', async () => {
    const byName = totals((order) => customerOf(order)?.name ?? null);
    const [first, second] = await talk('revenue by customer', 'Which customer has the highest revenue?');
    expect(rowsOf(first)).toEqual(byName);
    const [best] = [...byName].sort(([, a], [, b]) => b - a);
    expect(second?.evidence.primary?.rows[0]).toEqual(best);
    const [third] = await talk('How many orders are there by country?');
    expect(rowsOf(third).get('Sweden')).toBe(orders.filter((order) => customerOf(order)?.country === 'Sweden').length);
  });

  it('leaves what is of one table alone to that table, and never counts its rows several times', async () => {
    const [count, credit, again] = await talk(
      'How many customers are in each segment?',
      'What is the total credit limit by segment?',
      'What is the total credit limit by product?',
    );
    for (const turn of [count, credit]) {
      expect(turn?.evidence.primary).toMatchObject({ datasetId: customersId });
      expect(turn?.evidence.primary?.joined).toBeUndefined();
    }
    expect(rowsOf(credit).get('Enterprise')).toBe(12_000);
    expect(again?.message.metadata.refusal?.reason).toBe(
      '“Credit limit” is told once for each row of Customers; by rows of Orders it would be counted several times.',
    );
    const [all] = await talk('How many customers are there?');
    expect(all?.evidence.primary).toMatchObject({ datasetId: customersId, rows: [[8]] });
    const [none] = await talk('Which customers have no orders?');
    expect(none?.evidence.primary).toBeNull();
  });

  it('goes on from a question about the related one', async () => {
    const [, second] = await talk('How many customers are in Norway?', 'and their total revenue by product?');
    expect(rowsOf(second)).toEqual(
      totals(
        ({ product }) => product,
        (order) => customerOf(order)?.country === 'Norway',
      ),
    );
  });
});

describe('a related data set that is related to a third one', () => {
  it('lends its columns over two steps, and each table keeps its own questions', async () => {
    const countries = await upload(
      'country,continent,population\nNorway,Nordic north,5\nSweden,Nordic north,10\nDenmark,Nordic south,6\n',
      'Countries',
    );
    const path = `/api/v1/datasets/${customersId}/relations`;
    const { data } = await user.ok<{ data: { id: string; to: { datasetId: string } }[] }>('GET', path);
    const found = data.find(({ to }) => to.datasetId === countries);
    await user.ok('PATCH', `${path}/${found?.id ?? ''}`, { status: 'confirmed' });
    const continentOf = (order: Order): string | null => {
      const land = customerOf(order)?.country;
      return land === undefined ? null : land === 'Denmark' ? 'Nordic south' : 'Nordic north';
    };
    const [far, near, own] = await talk(
      'What is the total revenue by continent?',
      'How many customers are there by continent?',
      'What is the total population by continent?',
    );
    expect(rowsOf(far)).toEqual(totals(continentOf));
    expect(far?.evidence.primary?.joined?.map(({ datasetId }) => datasetId)).toEqual([customersId, countries]);
    expect(far?.message.content).toContain('Continent is from Countries.');
    expect(near?.evidence.primary).toMatchObject({ datasetId: customersId });
    expect(rowsOf(near).get('Nordic north')).toBe(6);
    expect(own?.evidence.primary).toMatchObject({ datasetId: countries });
    expect(rowsOf(own).get('Nordic north')).toBe(15);
  });
});

describe('a data set that is related to another one twice', () => {
  it('is asked by the role that is named; where none is, the one taken is told, with the other', async () => {
    const places = ['Oslo', 'Lima', 'Rome', 'Kyiv'];
    const lands = ['Norway', 'Peru', 'Italy', 'Ukraine'];
    const flights = Array.from({ length: 40 }, (_, i) => ({
      from: i % 4,
      to: (i * 3 + 1 + (i % 5)) % 4,
      passengers: 100 + ((i * 31) % 90),
    }));
    await upload(
      csv(
        'city,land',
        places.map((city, i) => ({ city, land: lands[i] })),
      ),
      'Airports',
    );
    const rows = flights.map(({ from, to, passengers }) => ({ from: places[from], to: places[to], passengers }));
    const id = await upload(csv('from city,to city,passengers', rows), 'Flights');
    const path = `/api/v1/datasets/${id}/relations`;
    const { data } = await user.ok<{ data: { id: string; name: string }[] }>('GET', path);
    expect(data.map(({ name }) => name).sort()).toEqual(['from_city', 'to_city']);
    for (const { id: relation } of data) await user.ok('PATCH', `${path}/${relation}`, { status: 'confirmed' });
    const sums = (end: 'from' | 'to'): Map<unknown, number> => {
      const found = new Map<unknown, number>();
      for (const flight of flights)
        found.set(lands[flight[end]], (found.get(lands[flight[end]]) ?? 0) + flight.passengers);
      return found;
    };
    const [to, from, open] = await talk(
      'Total passengers by to city land',
      'How many flights from Peru?',
      'Show the total passengers by land',
    );
    expect(rowsOf(to)).toEqual(sums('to'));
    expect(to?.message.content).toContain('Land is from Airports, by to city.');
    expect(from?.evidence.primary?.rows).toEqual([[flights.filter((flight) => flight.from === 1).length]]);
    expect(rowsOf(open)).toEqual(sums('from'));
    expect(open?.message.content).toContain('Airports are meant by from city; by to city would fit too.');
  });
});
