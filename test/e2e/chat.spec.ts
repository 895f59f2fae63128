import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { meanScore, sectorScores } from '../support/sector-scores.js';
import { streamedEvents } from '../support/sse.js';

interface Message {
  id: string;
  role: string;
  type: string;
  seq: number;
  content: string;
  metadata: Record<string, unknown> & { refusal?: { reason: string } | null };
}
interface Turn {
  conversationId: string;
  runId: string;
  userMessage: Message;
  message: Message;
  insights: { text: string; values: Record<string, number>; support: object[] }[];
  visualization: { spec: { data: { values: object[] }; mark: unknown }; title: string; altText: string } | null;
  grounded: { numbers: number; unsupported: string[]; summary: string } | null;
  evidence: { primary: { columns: { name: string }[]; rows: unknown[][]; sql: string } | null };
}

const FIVE = [
  'Show me education sector health in 2024',
  'Compare it with healthcare',
  'And in 2020?',
  'Which region is the lowest?',
  'Show that as a trend since 2015',
];

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
});
afterAll(() => app.close());

const ask = (query: string, more: object = {}, by = user): Promise<Turn> =>
  by.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });

/** The rows of the answer as objects without the order of the columns: what was said of what. */
const cells = ({ evidence }: Turn): Set<unknown>[] => (evidence.primary?.rows ?? []).map((row) => new Set(row));

/** Whether some row holds all the labels and the number, to what is printed of it. */
const says = (turn: Turn, labels: readonly unknown[], number: number): boolean =>
  cells(turn).some(
    (row) =>
      labels.every((label) => row.has(label)) &&
      [...row].some((cell) => typeof cell === 'number' && Math.abs(cell - number) < 1e-6),
  );

describe('the conversation that README shows', () => {
  const scores = sectorScores();
  const turns: Turn[] = [];
  beforeAll(async () => {
    for (const query of FIVE) {
      turns.push(await ask(query, turns[0] === undefined ? {} : { conversationId: turns[0].conversationId }));
    }
  });
  const turn = (place: number): Turn => {
    const found = turns[place];
    if (found === undefined) throw new Error(`turn ${place} is missing`);
    return found;
  };

  it('answers each turn with findings, a chart and the evidence', () => {
    for (const { message, insights, visualization, grounded, evidence } of turns) {
      expect([message.content, grounded?.unsupported]).toEqual([message.content, []]);
      expect(grounded?.summary).toBe(`grounded: ${grounded?.numbers} of ${grounded?.numbers}`);
      expect(message.metadata).toHaveProperty('grounded', grounded);
      expect(message.metadata.refusal ?? null).toBeNull();
      expect(message).toMatchObject({ role: 'assistant', type: 'analysis' });
      expect(insights.length).toBeGreaterThan(0);
      expect(evidence.primary?.sql).toMatch(/^select/i);
      expect(visualization?.spec.data.values.length).toBeGreaterThan(0);
      expect(visualization?.altText).toMatch(/\S/);
    }
  });

  it('gives the mean of education in 2024', () => {
    const education = meanScore(scores, ({ sector, year }) => sector === 'Education' && year === 2024);
    expect(turn(0).message.metadata['answer']).toBeCloseTo(education, 6);
    expect(turn(0).message.content).toContain(education.toFixed(1));
  });

  it.each([
    [1, 2024],
    [2, 2020],
  ])('compares the two sectors (turn %i: %i)', (place, year) => {
    expect(cells(turn(place))).toHaveLength(2);
    for (const sector of ['Education', 'Healthcare']) {
      const expected = meanScore(scores, (row) => row.sector === sector && row.year === year);
      expect(says(turn(place), [sector], expected)).toBe(true);
      expect(turn(place).message.content).toContain(expected.toFixed(1));
    }
  });

  it('names the lowest region of 2020', () => {
    const regions = [...new Set(scores.map(({ region }) => region))];
    const asked = (row: (typeof scores)[number]): boolean =>
      row.year === 2020 && ['Education', 'Healthcare'].includes(row.sector);
    const means = regions.map((region) => ({
      region,
      mean: meanScore(scores, (row) => asked(row) && row.region === region),
    }));
    const lowest = means.toSorted((a, b) => a.mean - b.mean)[0];
    expect(turn(3).message.content).toContain(lowest?.region);
    // Either over both sectors at once or for each: the answer says which, and both name this region.
    for (const row of cells(turn(3))) expect(row.has(lowest?.region)).toBe(true);
  });

  it('draws that region from 2015 on, a line a sector', () => {
    const region = 'Sub-Saharan Africa';
    for (const sector of ['Education', 'Healthcare']) {
      for (let year = 2015; year <= 2024; year++) {
        const expected = meanScore(
          scores,
          (row) => row.sector === sector && row.year === year && row.region === region,
        );
        if (!Number.isNaN(expected)) expect(says(turn(4), [sector, year], expected)).toBe(true);
      }
    }
    expect(JSON.stringify(turn(4).visualization?.spec.mark)).toContain('line');
  });

  it('keeps every turn', async () => {
    const { conversationId } = turn(0);
    const { data } = await user.ok<{ data: Message[] }>(
      'GET',
      `/api/v1/conversations/${conversationId}/messages?order=asc`,
    );
    expect(data.map(({ seq, role }) => [seq, role])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, i % 2 === 0 ? 'user' : 'assistant']),
    );
    expect(data.map(({ id }) => id)).toEqual(turns.flatMap(({ userMessage, message }) => [userMessage.id, message.id]));
    const run = await user.ok('GET', `/api/v1/chat/runs/${turn(2).runId}`);
    expect(run).toMatchObject({ status: 'completed', messageId: turn(2).message.id, error: null });
  });

  it('draws the charts as SVG and PNG, for their owner only', async () => {
    const { conversationId, message, userMessage } = turn(1);
    const of = `/api/v1/conversations/${conversationId}/messages`;
    const svg = await user.call('GET', `${of}/${message.id}/chart.svg`);
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(svg.text).toContain('Healthcare');
    const png = await user.call('GET', `${of}/${message.id}/chart.png?scale=1`);
    expect([png.status, png.headers.get('content-type'), png.text.slice(1, 4)]).toEqual([200, 'image/png', 'PNG']);
    expect((await user.call('GET', `${of}/${userMessage.id}/chart.svg`)).status).toBe(404);
    const dark = await user.call('GET', `${of}/${message.id}/chart.svg?theme=dark&width=640&height=360`);
    expect(dark.text).toMatch(/^<svg[^>]*width="640" height="360"/);
    expect(dark.text).not.toBe(svg.text);
    for (const wrong of ['chart.png?scale=9', 'chart.svg?theme=pink', 'chart.png?width=20000', 'chart.svg?height=tall'])
      expect([wrong, (await user.call('GET', `${of}/${message.id}/${wrong}`)).status]).toEqual([wrong, 400]);
    const stranger = await registered(app);
    expect((await stranger.call('GET', `${of}/${message.id}/chart.svg`)).status).toBe(404);
  });
});

it('tells a turn as it goes, to a client that streams', async () => {
  const response = await fetch(`${app.url}/api/v1/chat/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'Average score by sector in 2020' }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(response.headers.get('x-request-id')).toMatch(/\S/);
  const events = await streamedEvents(response);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
  const names = events.map(({ event, data }) =>
    event.startsWith('step') ? `${event} ${String(data['name'])}` : event,
  );
  expect(names.filter((name, i) => name !== names[i - 1])).toEqual([
    'run.started',
    'message.stored',
    ...['intent', 'retrieval', 'analysis', 'visualization'].flatMap((name) => [
      `step.started ${name}`,
      `step.completed ${name}`,
    ]),
    'answer.delta',
    'visualization',
    'message.completed',
    'run.completed',
  ]);
  const message = events.find(({ event }) => event === 'message.completed')?.data['message'] as Message;
  const said = events.filter(({ event }) => event === 'answer.delta').map(({ data }) => data['text']);
  expect(said.join('')).toBe(message.content);
});

it('goes on and stores the answer when the client leaves', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${app.url}/api/v1/chat/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'Average score by region in 2021', clientId: 'left-early' }),
    signal: leaving.signal,
  });
  const first = await response.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toContain('run.started');
  leaving.abort();
  let turn = await user.call<Turn>('POST', '/api/v1/chat/messages', {
    query: 'Average score by region in 2021',
    clientId: 'left-early',
  });
  for (let i = 0; i < 50 && turn.status === 409; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    turn = await user.call<Turn>('POST', '/api/v1/chat/messages', {
      query: 'Average score by region in 2021',
      clientId: 'left-early',
    });
  }
  expect(turn.status).toBe(200);
  expect(turn.body.message.type).toBe('analysis');
});

it('answers a repeat with the first result, and refuses the same client id for something else', async () => {
  const request = { query: 'Average score by sector in 2019', clientId: 'repeat-1' };
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => user.call<Turn>('POST', '/api/v1/chat/messages', request)),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(done.length).toBeGreaterThan(0);
  const again = await user.ok<Turn>('POST', '/api/v1/chat/messages', request);
  expect(
    new Set([...done.map(({ body }) => body), again].map(({ message, runId }) => `${message.id} ${runId}`)).size,
  ).toBe(1);
  const stored = await user.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${again.conversationId}/messages`);
  expect(stored.data).toHaveLength(2);
  const other = await user.call('POST', '/api/v1/chat/messages', { ...request, query: 'Something else' });
  expect([other.status, other.body['code']]).toEqual([422, 'idempotency_mismatch']);
});

it('goes back to an earlier question, however far back it is', async () => {
  const first = await ask('Average education score by region in 2024');
  const more = { conversationId: first.conversationId };
  await ask('And in 2020?', more);
  const back = await ask('Go back to the first chart', more);
  expect(back.evidence.primary?.rows).toEqual(first.evidence.primary?.rows);
  for (const year of [2016, 2017, 2018, 2019]) await ask(`And in ${year}?`, more);
  const far = await ask('Go back to the first chart', more);
  expect(far.evidence.primary?.rows).toEqual(first.evidence.primary?.rows);
  const split = await ask('Go back to the first chart, by country', more);
  expect(split.message.content).toContain('by country for Education in 2024');
  await ask('How many countries are there?', more);
  const about = await ask('Go back to the one about education', more);
  expect(about.message.content).toContain('Education');
});

it('says what it cannot answer, and why', async () => {
  const gone = await ask('Show me infrastructure sector health in 2024');
  expect(gone.message.content).toMatch(/2024/);
  expect(gone.message.content).toMatch(/no |not |none/i);
  const unknown = await ask('What is the average rainfall in Atlantis?');
  expect(unknown.message.metadata.refusal?.reason).toMatch(/\S/);
  expect(unknown.visualization).toBeNull();
  const hello = await ask('Hello!');
  expect(hello.message.metadata).toMatchObject({ intent: { kind: 'small_talk' } });
});

it('refuses what it cannot take, and stores nothing of it', async () => {
  const before = await user.ok<{ data: object[] }>('GET', '/api/v1/conversations?limit=100');
  const stranger = await registered(app);
  const theirs = await ask('Hello', {}, stranger);
  const uuid = '019a5c3e-7f00-7000-8000-000000000000';
  const cases: [object, number, string][] = [
    [{}, 400, 'validation_failed'],
    [{ query: '' }, 400, 'validation_failed'],
    [{ query: ' \n ' }, 400, 'validation_failed'],
    [{ query: 'x'.repeat(10_001) }, 400, 'validation_failed'],
    [{ query: 'nul \0 here' }, 400, 'validation_failed'],
    [{ query: 'hi', surprise: 1 }, 400, 'validation_failed'],
    [{ query: 'hi', conversationId: 'x' }, 400, 'validation_failed'],
    [{ query: 'hi', conversationId: uuid }, 404, 'conversation_not_found'],
    [{ query: 'hi', conversationId: theirs.conversationId }, 404, 'conversation_not_found'],
    [{ query: 'hi', persona: 'nobody' }, 404, 'persona_not_found'],
    [{ query: 'hi', datasetIds: [uuid] }, 404, 'dataset_not_found'],
  ];
  for (const [body, status, code] of cases) {
    const answer = await user.call('POST', '/api/v1/chat/messages', body);
    expect([body, answer.status, answer.body['code']]).toEqual([body, status, code]);
  }
  const after = await user.ok<{ data: object[] }>('GET', '/api/v1/conversations?limit=100');
  expect(after.data).toHaveLength(before.data.length);
});
