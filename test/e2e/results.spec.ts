import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResultsService } from '../../src/memory/results/results.service.js';
import { rowTable } from '../../src/datasets/row-table.js';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';

interface Turn {
  conversationId: string;
  userMessage: { id: string };
  message: {
    id: string;
    content: string;
    metadata: {
      references: { text: string; messageId: string; meaning: string }[];
      reading: string | null;
      refusal: { code: string; reason: string } | null;
      evidence: { pastResults: Past[] };
    } & Record<string, unknown>;
  };
  insights: { kind: string; text: string; values: Record<string, number>; earlier?: string }[];
  evidence: { primary: { rows: unknown[][] } | null; pastResults: Past[] };
}
interface Past {
  messageId: string;
  conversationId: string;
  at: string;
  shared: string[];
  answer: unknown;
  was?: unknown[][];
}
interface Result {
  messageId: string;
  conversationId: string;
  question: string;
  answer: string;
  answeredAt: string;
  values: { columns: string[]; rows: unknown[][] };
  dataset: { id: string; title: string | null };
  entities: string[];
  score: number;
  parts: { same: number; entities: number; words: number; recency: number };
}

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp({ MEMORY_LEARNING: 'false' });
});
beforeEach(async () => {
  user = await registered(app);
});
afterAll(() => app.close());

const ask = (query: string, more: object = {}, by = user): Promise<Turn> =>
  by.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const results = async (query = '', by = user): Promise<Result[]> =>
  (await by.ok<{ data: Result[] }>('GET', `/api/v1/memory/results${query}`)).data;
/** As if all of the conversation had been said at that moment. */
const aged = (conversationId: string, at: string): Promise<unknown> =>
  app.database.query(`
    UPDATE messages SET created_at = '${at}' WHERE conversation_id = '${conversationId}';
    UPDATE memory_results SET answered_at = '${at}' WHERE conversation_id = '${conversationId}';
    UPDATE conversations SET created_at = '${at}', last_activity_at = '${at}' WHERE id = '${conversationId}'`);
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const EDUCATION = 'Show me education sector health in 2024';

describe('the list of past results', () => {
  it('tells each as its message does, the latest first', async () => {
    const first = await ask(EDUCATION);
    const second = await ask('And in 2020?', { conversationId: first.conversationId });
    await ask('Hello');
    const [latest, earlier, ...more] = await results();
    expect(more).toEqual([]);
    expect(latest?.messageId).toBe(second.message.id);
    expect(latest?.question).toBe('And in 2020?');
    expect(latest?.entities).toEqual(expect.arrayContaining(['sector=education', 'year=2020']));
    expect(earlier).toMatchObject({
      messageId: first.message.id,
      conversationId: first.conversationId,
      question: EDUCATION,
      answer: 'The average score for Education in 2024 is 51.9 points.',
      dataset: { title: 'Sector health' },
    });
    expect(earlier?.values.rows).toEqual(first.evidence.primary?.rows);
    expect(await results('?limit=1')).toHaveLength(1);
  });

  it('finds by words, also those that a follow-up only meant, and says why', async () => {
    const { conversationId } = await ask(EDUCATION);
    await ask('And in 2020?', { conversationId });
    await ask('Show me healthcare sector health in 2024');
    const found = await results('?q=educating');
    expect(found.map(({ question }) => question)).toEqual(['And in 2020?', EDUCATION]);
    expect(found[0]?.parts).toMatchObject({ same: 0, entities: 0, words: 1 });
    expect(await results('?q=xylophone')).toEqual([]);
    expect(await results(`?q=2024&conversationId=${conversationId}`)).toHaveLength(1);
  });

  it('holds what is on the active path only', async () => {
    const first = await ask(EDUCATION);
    const second = await ask('Show me healthcare sector health in 2024', {
      conversationId: first.conversationId,
      parentId: null,
    });
    expect((await results()).map(({ messageId }) => messageId)).toEqual([second.message.id]);
    await user.ok('PUT', `/api/v1/conversations/${first.conversationId}/active-path`, { messageId: first.message.id });
    expect((await results()).map(({ messageId }) => messageId)).toEqual([first.message.id]);
  });

  it('forgets with the conversation, and leaves nothing', async () => {
    const first = await ask(EDUCATION);
    const again = await ask(EDUCATION);
    const [past] = again.evidence.pastResults;
    expect(past?.messageId).toBe(first.message.id);
    expect(JSON.stringify(again.message.metadata.evidence.pastResults)).not.toContain('Show me');
    await user.ok('DELETE', `/api/v1/conversations/${first.conversationId}`);
    expect((await results()).map(({ messageId }) => messageId)).toEqual([again.message.id]);
    const left = await app.database.query(
      `SELECT count(*) AS n FROM memory_results WHERE conversation_id = '${first.conversationId}'`,
    );
    expect(Number(left[0]?.['n'])).toBe(0);
    const { data } = await user.ok<{ data: Turn['message'][] }>(
      'GET',
      `/api/v1/conversations/${again.conversationId}/messages`,
    );
    expect(JSON.stringify(data)).toContain('"pastResults":[]');
    expect(JSON.stringify(data)).not.toContain(first.message.id);
  });

  it('does not count what a fork took over, but what was asked in it', async () => {
    const first = await ask(EDUCATION);
    const fork = await user.ok<{ id: string }>('POST', `/api/v1/conversations/${first.conversationId}/fork`, {
      messageId: first.message.id,
    });
    const next = await ask('And in 2020?', { conversationId: fork.id });
    expect((await results()).map(({ messageId }) => messageId)).toEqual([next.message.id, first.message.id]);
  });

  it('reads answers from before there were results when they are first looked for', async () => {
    const first = await ask(EDUCATION);
    await ask('And in 2020?', { conversationId: first.conversationId });
    const before = await results('?q=education');
    await app.database.query(`DELETE FROM memory_results WHERE user_id = '${user.user.id}';
      INSERT INTO memory_results_unread VALUES ('${user.user.id}')`);
    const other = await startApp({ MEMORY_LEARNING: 'false' }, app.database);
    try {
      const found = await results('?q=education', new Client(other.url, user.token, user.user));
      expect(found.map(({ messageId }) => messageId)).toEqual(before.map(({ messageId }) => messageId));
    } finally {
      await other.close();
    }
    const left = await app.database.query(`SELECT FROM memory_results_unread WHERE user_id = '${user.user.id}'`);
    expect(left).toEqual([]);
  });

  it('finds what is older than hundreds of others by its keys', async () => {
    const first = await ask('Show me healthcare sector health in 2016');
    const second = await ask(EDUCATION);
    await aged(first.conversationId, daysAgo(500));
    const [{ userId, conversationId, seq } = {}] = await app.database.query(
      `SELECT user_id AS "userId", conversation_id AS "conversationId", seq FROM memory_results
       WHERE conversation_id = '${second.conversationId}'`,
    );
    await app.database.query(`
      INSERT INTO messages (user_id, conversation_id, seq, id, parent_id, role, type, content, metadata, created_at)
      SELECT user_id, conversation_id, seq + n, gen_random_uuid(), parent_id, role, type, content, metadata,
        created_at - n * interval '1 hour'
      FROM messages, generate_series(1, 350) AS n
      WHERE user_id = '${String(userId)}' AND conversation_id = '${String(conversationId)}' AND seq = ${Number(seq)};
      INSERT INTO memory_results (user_id, conversation_id, seq, answered_at, active, dataset_id, signature, marks, keys)
      SELECT user_id, conversation_id, seq + n, answered_at - n * interval '1 hour', true, dataset_id, signature, marks, keys
      FROM memory_results, generate_series(1, 350) AS n WHERE user_id = '${String(userId)}' AND seq = ${Number(seq)}
        AND conversation_id = '${String(conversationId)}'`);
    expect((await results('?q=healthcare'))[0]?.messageId).toBe(first.message.id);
    const [counts] = await app.database.query(
      `SELECT count(*) FILTER (WHERE keyed) AS keyed, count(*) AS results FROM memory_results WHERE user_id = '${String(userId)}'`,
    );
    expect([Number(counts?.['keyed']), Number(counts?.['results'])]).toEqual([252, 352]);
    const turn = await ask('Show me healthcare sector health in 2016');
    expect(turn.evidence.pastResults[0]?.messageId).toBe(first.message.id);
  });

  it('refuses what it cannot look for', async () => {
    for (const query of ['q=', 'q=%3F', 'limit=0', 'limit=101', 'conversationId=x']) {
      expect((await user.call('GET', `/api/v1/memory/results?${query}`)).status).toBe(400);
    }
  });
});

describe('what belongs to others', () => {
  it('is never given, and their conversations are not there', async () => {
    const theirs = await ask(EDUCATION);
    const someone = await registered(app);
    expect(await results('', someone)).toEqual([]);
    expect(await results('?q=education', someone)).toEqual([]);
    const answer = await someone.call('GET', `/api/v1/memory/results?conversationId=${theirs.conversationId}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'conversation_not_found']);
    const asked = await ask(EDUCATION, {}, someone);
    expect(asked.evidence.pastResults).toEqual([]);
    expect(
      (await ask('Compare that result from today with healthcare', {}, await registered(app))).message.content,
    ).toMatch(/^There is no earlier result about that from /);
  });

  it('holds for any questions of anybody: only their own results, from before the question', async () => {
    const people = await Promise.all([registered(app), registered(app)]);
    const service = app.app.get(ResultsService);
    const questions = [EDUCATION, 'average score by sector in 2023', 'healthcare in Brazil in 2020', 'How many rows?'];
    const asked = fc.array(
      fc.record({ who: fc.constantFrom(0, 1), what: fc.constantFrom(...questions), same: fc.boolean() }),
      {
        minLength: 2,
        maxLength: 6,
      },
    );
    const known: { who: number; id: string; at: number }[] = [];
    const last: (string | undefined)[] = [];
    await fc.assert(
      fc.asyncProperty(asked, async (list) => {
        for (const { who, what, same } of list) {
          const person = people[who] as Client;
          const turn = await ask(what, same && last[who] !== undefined ? { conversationId: last[who] } : {}, person);
          last[who] = turn.conversationId;
          const own = new Set(known.filter((one) => one.who === who).map(({ id }) => id));
          const ids = turn.evidence.pastResults.map(({ messageId }) => messageId);
          expect(ids.filter((id) => !own.has(id))).toEqual([]);
          expect(new Set(ids).size).toBe(ids.length);
          known.push({ who, id: turn.message.id, at: known.length });
        }
        const [who, place] = [list[0]?.who ?? 0, known.filter((one) => one.who === list[0]?.who).length - 1];
        const mine = await results('?limit=100', people[who]);
        const pivot = mine[Math.min(place, mine.length - 1) >> 1];
        if (pivot === undefined) return;
        const before = await service.relevant(people[who]?.user.id ?? '', {
          question: 'score healthcare education',
          askedAt: new Date(pivot.answeredAt),
          limit: 100,
        });
        expect(before.filter(({ answeredAt }) => +answeredAt >= Date.parse(pivot.answeredAt))).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });
});

describe('what changed since', () => {
  let dataset: { id: string };
  const QUESTION = 'What is the total sales in Rome in 2024?';
  beforeEach(async () => {
    const form = new FormData();
    form.set('title', 'Shop sales');
    const lines = ['city,year,sales', 'Rome,2023,50', 'Rome,2024,70', 'Paris,2023,60', 'Paris,2024,80', 'Oslo,2024,10'];
    form.set('file', new Blob([lines.join('\n')], { type: 'text/csv' }), 'sales.csv');
    dataset = await user.ok<{ id: string }>('POST', '/api/v1/datasets', form);
  });
  const changed = async (set: string, where: string): Promise<void> => {
    await app.database.query(`UPDATE ${rowTable(dataset.id)} SET ${set} WHERE ${where}`);
    // What is kept of results is told by the version.
    await user.ok('PATCH', `/api/v1/datasets/${dataset.id}`, { description: `changed: ${set}` });
  };
  const sales = (query: string, more: object = {}): Promise<Turn> => ask(query, { datasetIds: [dataset.id], ...more });
  const change = ({ insights }: Turn) => insights.find(({ earlier }) => earlier !== undefined);

  it('is told with the date, once the value is another one, and only then', async () => {
    const first = await sales(QUESTION);
    await aged(first.conversationId, '2026-03-03T10:00:00Z');
    const second = await sales('total sales for Rome in 2024');
    expect(change(second)).toBeUndefined();
    await aged(second.conversationId, '2026-03-04T10:00:00Z');
    await changed('c3 = 75', `c1 = 'Rome' AND c2 = 2024`);
    const third = await sales(QUESTION);
    expect(change(third)).toMatchObject({
      kind: 'change',
      text: 'When you asked on 4 March 2026 it was 70; it is 5 higher now.',
      values: { before: 70, now: 75, change: 5 },
      earlier: second.message.id,
    });
    expect(third.message.content).toContain('it was 70; it is 5 higher now');
    expect(third.evidence.pastResults.find(({ messageId }) => messageId === second.message.id)?.was).toEqual([[70]]);
    expect(change(await sales('total sales for Rome in 2023'))).toBeUndefined();
  });

  it('is told of values by name', async () => {
    const first = await sales('total sales by city in 2024');
    await aged(first.conversationId, '2026-03-03T10:00:00Z');
    await changed('c3 = c3 - 5', `c1 <> 'Oslo' AND c2 = 2024`);
    const text = change(await sales('total sales by city in 2024'))?.text;
    expect(text).toMatch(
      /^When you asked on 3 March 2026 (Paris was 80 \(5 lower now\)|Rome was 70 \(5 lower now\)) and /,
    );
    expect(text).not.toContain('Oslo');
  });

  it('names who was first, where that is another one', async () => {
    const first = await sales('Which city has the highest total sales in 2024?');
    await aged(first.conversationId, '2026-03-03T10:00:00Z');
    await changed('c3 = 100', `c1 = 'Rome' AND c2 = 2024`);
    const text = change(await sales('Which city has the highest total sales in 2024?'))?.text;
    expect(text).toMatch(/^When you asked on 3 March 2026 it was Paris/);
  });

  it('is told of the conversation’s last question, where it is asked what a refresh changed', async () => {
    expect((await sales('what changed since the last refresh?')).message.content).toMatch(
      /^Nothing was asked here yet/,
    );
    for (const [query, was, now] of [
      ['What changed since the last refresh?', 70, 65],
      ['what is new since yesterday?', 65, 60],
      ['What changed in the data?', 60, 55],
    ] as const) {
      const { conversationId } = await sales(QUESTION);
      await changed(`c3 = ${now}`, `c1 = 'Rome' AND c2 = 2024`);
      const { message } = await sales(query, { conversationId });
      expect(message.content).toContain(`it was ${was}; it is 5 lower now`);
      expect(message.content).toContain(`is **${now}**`);
    }
  });

  it('is answered where it is asked for, from what was answered, never made up', async () => {
    const first = await sales(QUESTION);
    const { conversationId } = first;
    expect((await sales('what was it last time?', { conversationId })).message.content).toMatch(
      /^There is no earlier result about that\.\n\n/,
    );
    await aged(conversationId, '2026-03-03T10:00:00Z');
    const second = await sales(QUESTION);
    const next = { conversationId: second.conversationId };
    expect((await sales('has it changed since last time?', next)).message.content).toMatch(
      /^When you asked on 3 March 2026 it was 70, as it is now\.\n\nThe sales for Rome in 2024 is \*\*70\*\*\./,
    );
    await changed('c3 = 65', `c1 = 'Rome' AND c2 = 2024`);
    for (const query of [
      'What was it last time?',
      'Is it still the same as when I asked in March 2026?',
      'what did I get in March?',
    ]) {
      const turn = await sales(query, next);
      expect(turn.message.content).toMatch(/^When you asked on 3 March 2026 it was 70; it is 5 lower now\./);
      expect(turn.message.content).toContain('is **65**');
    }
    expect((await sales('What did I get in January?', next)).message.content).toMatch(
      /^There is no earlier result about that from January 2026\./,
    );
    const whole = await sales('What was the total sales in Rome in 2024 last time I asked?');
    expect(whole.message.content).toMatch(/^When you asked earlier today it was 65, as it is now\./);
  });

  it('names what is meant in a new conversation', async () => {
    const first = await sales(QUESTION);
    await aged(first.conversationId, '2026-03-03T10:00:00Z');
    const other = await sales('total sales in Oslo in 2024');
    await aged(other.conversationId, '2026-03-05T10:00:00Z');
    const turn = await sales('What did I get for Rome in March 2026?');
    expect(turn.message.content).toMatch(/^When you asked on 3 March 2026 it was 70, as it is now\./);
    expect(turn.message.metadata.references).toMatchObject([{ messageId: first.message.id }]);
  });
});

describe('pointing back from a new conversation', () => {
  it.each([
    [
      'compare that result from yesterday with healthcare',
      /Healthcare \*\*71\.7 points\*\* and Education \*\*51\.9 points\*\*/,
    ],
    ['What I asked about yesterday', /^The average score for Education in 2024 is \*\*51\.9 points\*\*/],
    ['the same as yesterday but for 2020', /^The average score for Education in 2020 is \*\*48\.8 points\*\*/],
    ['Continue with the education analysis', /^The average score for Education in 2024 is \*\*51\.9 points\*\*/],
    ['Show me what I asked about yesterday by region', /By region|by region/],
  ])('%s', async (query, answer) => {
    const first = await ask(EDUCATION);
    await aged(first.conversationId, daysAgo(1));
    const other = await ask('How many rows are there?');
    await aged(other.conversationId, daysAgo(9));
    const turn = await ask(query);
    expect(turn.message.content).toMatch(answer);
    expect(turn.message.metadata.references).toMatchObject([
      { messageId: first.message.id, meaning: 'average score for Education in 2024' },
    ]);
    expect(turn.message.content).toMatch(
      /How I read it: “[^”]+” is your result of \d+ \w+ \d{4}: average score for Education in 2024\./,
    );
    expect(JSON.stringify(turn.message.metadata)).not.toContain('Show me education');
  });

  it('takes nothing without a pointer, and says so where there is nothing', async () => {
    const bare = 'Compare it with healthcare';
    const before = await ask(bare);
    const first = await ask(EDUCATION);
    await aged(first.conversationId, daysAgo(1));
    const turn = await ask(bare);
    expect(turn.message.content).toBe(before.message.content);
    expect(turn.message.metadata.references).toEqual([]);
    const none = await ask('what I asked about last week');
    expect(none.message.metadata.refusal).toMatchObject({ code: 'no_earlier_result' });
    expect(none.message.content).toMatch(/^There is no earlier result about that from /);
  });
});

it('is in the context of a model, from the stored messages', async () => {
  const first = await ask(EDUCATION);
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  const { parts } = await user.ok<{ parts: { kind: string; text: string; sources: string[] }[] }>(
    'GET',
    `/api/v1/conversations/${id}/context?question=${encodeURIComponent('How is education?')}`,
  );
  expect(parts.find(({ kind }) => kind === 'results')).toMatchObject({
    text: expect.stringContaining(`asked "${EDUCATION}": "The average score for Education in 2024 is 51.9 points."`),
    sources: [first.message.id],
  });
});
