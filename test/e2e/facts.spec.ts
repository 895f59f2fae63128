import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FactsService } from '../../src/memory/facts/facts.service.js';
import { LearningKeeper } from '../../src/memory/facts/learning-keeper.js';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { type FactBody, factsOf, learned, say, statements, told } from '../support/told.js';

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  user = await registered(app);
});
afterAll(() => app.close());

const path = '/api/v1/memory/facts';
const only = async (query = ''): Promise<FactBody> => {
  const [fact, ...more] = await factsOf(user, query);
  expect(more).toEqual([]);
  if (fact === undefined) throw new Error('nothing is known');
  return fact;
};

describe('learning', () => {
  it('names the message, the words, the rule and its version, how sure it is and since when', async () => {
    const id = await told(user, 'Hello! I work in the education ministry, by the way. How many schools are there?');
    await learned(app, user);
    const { data } = await user.ok<{ data: { id: string; createdAt: string }[] }>(
      'GET',
      `/api/v1/conversations/${id}/messages`,
    );
    expect(await only()).toMatchObject({
      kind: 'work',
      key: 'work.place',
      statement: 'Works in the education ministry',
      origin: 'learned',
      rule: 'work.place',
      ruleVersion: 1,
      model: null,
      confidence: 0.9,
      enabled: true,
      current: true,
      validFrom: data[0]?.createdAt,
      validTo: null,
      lastUsedAt: null,
      sources: [
        {
          conversationId: id,
          messageId: data[0]?.id,
          quote: 'I work in the education ministry',
          saidAt: data[0]?.createdAt,
        },
      ],
    });
  });

  it('happens by itself, soon after the turn', async () => {
    await user.ok('POST', '/api/v1/chat/messages', { query: 'Always show percentages.' });
    for (let i = 0; i < 200 && (await factsOf(user)).length === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await statements(user)).toEqual(['Always show percentages']);
  });

  it('finds what was missed, when its process died before it came to it', async () => {
    const id = await told(user);
    await app.database.query(`
      UPDATE conversations SET last_seq = 1, last_activity_at = now() WHERE id = '${id}';
      INSERT INTO messages (user_id, conversation_id, seq, id, role, content, created_at)
      VALUES ('${user.user.id}', '${id}', 1, gen_random_uuid(), 'user', 'My name is Ada', now())`);
    await app.app.get(LearningKeeper).sweep();
    expect(await statements(user)).toEqual(['Is called Ada']);
  });

  it('teaches once, however often it is tried', async () => {
    const id = await told(user, 'I live in Oslo', 'Remember that my budget is 5000');
    await learned(app, user);
    expect(await statements(user, '&state=all')).toEqual(['Lives in Oslo', 'My budget is 5000']);
    const first = await factsOf(user, '&state=all');
    await Promise.all(Array.from({ length: 5 }, () => learned(app, user)));
    expect(await factsOf(user, '&state=all')).toEqual(first);
    await say(user, id, 'And the weather?');
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual(first);
  });

  it('teaches once on two instances', async () => {
    const other = await startApp({}, app.database);
    try {
      await Promise.all(
        Array.from({ length: 30 }, (_, i) => told(user, `Remember that item ${i} costs ${i * 3} coins`)),
      );
      await Promise.all([app, other, app, other].map((each) => learned(each, user)));
      const facts = await factsOf(user, '&state=all');
      expect(facts).toHaveLength(30);
      for (const { sources } of facts) expect(sources).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('goes on over more messages than it reads at once, in the order they were said', async () => {
    const ids = await Promise.all([told(user), told(user)]);
    for (let i = 0; i < 12; i++) {
      const messages = Array.from({ length: 20 }, (_, j) => ({
        role: 'user',
        content: j === 19 ? `I live in Town${'abcdefghijkl'[i]}` : 'Go on',
      }));
      await user.ok('POST', `/api/v1/conversations/${ids[i % 2]}/messages`, { messages });
    }
    await learned(app, user);
    expect(await statements(user)).toEqual(['Lives in Townl']);
    expect((await factsOf(user, '&key=place.home&state=superseded')).map(({ statement }) => statement)).toEqual(
      [...'kjihgfedcba'].map((letter) => `Lives in Town${letter}`),
    );
  });

  it('takes what is said again as one more source, and not as another fact', async () => {
    const [first, second] = [await told(user, 'I live in Rome'), await told(user, 'i live in rome.')];
    await learned(app, user);
    expect((await only('&state=all')).sources.map(({ conversationId }) => conversationId)).toEqual([second, first]);
    await user.ok('DELETE', `/api/v1/conversations/${first}`);
    expect((await only()).sources).toHaveLength(1);
    await user.ok('DELETE', `/api/v1/conversations/${second}`);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });

  it('lets a newer fact supersede, and overwrites nothing', async () => {
    await told(user, 'I work for Acme', 'I work for Northwind');
    await learned(app, user);
    const [newer, older] = await factsOf(user, '&state=all');
    expect(newer).toMatchObject({ statement: 'Works for Northwind', current: true, validTo: null });
    expect(older).toMatchObject({ statement: 'Works for Acme', current: false, validTo: newer?.validFrom });
    expect(await statements(user)).toEqual(['Works for Northwind']);
    expect(await statements(user, '&state=superseded')).toEqual(['Works for Acme']);
  });

  it('ends what is said to be over, and only that', async () => {
    const id = await told(user, 'I live in Rome', 'I no longer live in Paris');
    await learned(app, user);
    expect(await statements(user)).toEqual(['Lives in Rome']);
    await say(user, id, 'I no longer live in Rome');
    await learned(app, user);
    expect(await statements(user)).toEqual([]);
    expect(await statements(user, '&state=superseded')).toEqual(['Lives in Rome']);
    await say(user, id, 'I live in Rome');
    await learned(app, user);
    expect(await statements(user)).toEqual(['Lives in Rome']);
  });

  it('forgets for good what it is asked to', async () => {
    const id = await told(user, 'I live in Rome', 'I live in Oslo', 'My name is Ada', 'Always show percentages');
    await learned(app, user);
    await say(user, id, 'Please forget where I live');
    await learned(app, user);
    expect(await statements(user, '&state=all')).toEqual(['Always show percentages', 'Is called Ada']);
    await say(user, id, 'Forget everything you know about me');
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });

  it('does not teach what is said between other things when it is to be forgotten', async () => {
    await told(user, 'I live in Rome', 'Forget that I live in Rome');
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });
});

describe('what teaches nothing', () => {
  it('is a thousand turns of what the assistant said, of system messages, and of quoted and recalled text', async () => {
    const id = await told(user);
    const fact = 'I work for Acme and I live in Rome. Remember that my name is Karl. Always show percentages.';
    const messages = (i: number) => [
      { role: 'user', content: `What did I say? #${i}\n> ${fact}` },
      { role: 'assistant', content: fact },
      { role: 'system', content: fact },
      { role: 'user', content: `You told me: "${fact}"` },
      { role: 'user', content: fact, type: 'recalled' },
    ];
    for (let i = 0; i < 250; i++) {
      const four = [0, 1, 2, 3].flatMap((n) => messages(i * 4 + n));
      await user.ok('POST', `/api/v1/conversations/${id}/messages`, { messages: four });
    }
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });

  it('is a turn that says what was remembered before', async () => {
    await user.ok('POST', path, { statement: 'I live in Rome' });
    const facts = await app.app.get(FactsService).forTurn(user.user.id, 10);
    await told(user, `Known about me: ${JSON.stringify(facts[0]?.statement)}. Show the numbers.`);
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toHaveLength(1);
  });

  it('is the copy of a message in a forked conversation', async () => {
    const id = await told(user, 'I live in Rome');
    await learned(app, user);
    const { id: factId, sources } = await only();
    await user.ok('DELETE', `${path}/${factId}`);
    await user.ok('POST', `/api/v1/conversations/${id}/fork`, { messageId: sources[0]?.messageId });
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });

  it('is another user’s message', async () => {
    const other = await registered(app);
    await told(other, 'I live in Rome');
    await learned(app, other);
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
  });
});

describe('erasing a source', () => {
  it('removes what came from it, edits of it too, and lets hold again what it superseded', async () => {
    await told(user, 'I live in Rome');
    const later = await told(user, 'I live in Oslo', 'My name is Ada');
    await learned(app, user);
    const { id } = await only('&key=identity.name');
    await user.ok('PATCH', `${path}/${id}`, { statement: 'Is called Ada Lovelace' });
    await user.ok('DELETE', `/api/v1/conversations/${later}`);
    expect(await statements(user, '&state=all')).toEqual(['Lives in Rome']);
    expect(await statements(user)).toEqual(['Lives in Rome']);
  });
});

describe('the user', () => {
  it('states a fact, which supersedes what was learned and outlives every conversation', async () => {
    const id = await told(user, 'I live in Rome');
    await learned(app, user);
    const stated = await user.ok<FactBody>('POST', path, {
      statement: 'Lives in Oslo',
      kind: 'place',
      key: 'place.home',
    });
    expect(stated).toMatchObject({ origin: 'stated', confidence: 1, current: true, sources: [], rule: null });
    expect(await statements(user)).toEqual(['Lives in Oslo']);
    await user.ok('DELETE', `/api/v1/conversations/${id}`);
    expect(await statements(user, '&state=all')).toEqual(['Lives in Oslo']);
  });

  it('edits a fact: a new version that supersedes, and says so', async () => {
    await told(user, 'I work for Acme');
    await learned(app, user);
    const { id } = await only();
    const edited = await user.ok<FactBody>('PATCH', `${path}/${id}`, { statement: 'Works for Acme Europe' });
    expect(edited).toMatchObject({ origin: 'edited', key: 'work.place', current: true });
    expect(edited.id).not.toBe(id);
    expect(await user.ok<FactBody>('GET', `${path}/${id}`)).toMatchObject({
      current: false,
      validTo: edited.validFrom,
    });
    const again = await user.call('PATCH', `${path}/${id}`, { statement: 'Works for nobody' });
    expect([again.status, again.body['code']]).toEqual([409, 'fact_superseded']);
  });

  it('switches a fact off: it is kept, and never used', async () => {
    await told(user, 'I work for Acme', 'I live in Rome');
    await learned(app, user);
    const { id } = await only('&kind=work');
    await user.ok('PATCH', `${path}/${id}`, { enabled: false });
    const used = await app.app.get(FactsService).forTurn(user.user.id, 10);
    expect(used.map(({ statement }) => statement)).toEqual(['Lives in Rome']);
    expect(await only('&kind=work')).toMatchObject({ enabled: false, current: true });
  });

  it('deletes a fact with the versions before it, for good', async () => {
    await told(user, 'I live in Rome', 'I live in Oslo', 'My name is Ada');
    await learned(app, user);
    const { id } = await only('&kind=place');
    await user.ok('DELETE', `${path}/${id}`);
    await learned(app, user);
    expect(await statements(user, '&state=all')).toEqual(['Is called Ada']);
    expect((await user.call('GET', `${path}/${id}`)).status).toBe(404);
  });

  it('deletes everything, which then is not learned again', async () => {
    await told(user, 'I live in Rome');
    await learned(app, user);
    const id = await told(user, 'My name is Ada');
    await user.ok('DELETE', path);
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
    await say(user, id, 'I live in Oslo');
    await learned(app, user);
    expect(await statements(user, '&state=all')).toEqual(['Lives in Oslo']);
  });

  it('switches learning off: what is said meanwhile is never learned', async () => {
    expect(await user.ok('GET', `${path}/learning`)).toEqual({ learning: true });
    expect(await user.ok('PUT', `${path}/learning`, { learning: false })).toEqual({ learning: false });
    const id = await told(user, 'I live in Rome');
    await learned(app, user);
    expect(await user.ok('PUT', `${path}/learning`, { learning: true })).toEqual({ learning: true });
    await learned(app, user);
    expect(await factsOf(user, '&state=all')).toEqual([]);
    await say(user, id, 'My name is Ada');
    await learned(app, user);
    expect(await statements(user)).toEqual(['Is called Ada']);
  });

  it('pages through facts, by kind too', async () => {
    await told(
      user,
      ...Array.from({ length: 5 }, (_, i) => `Remember that item ${i} costs ${i} coins`),
      'I live in Rome',
    );
    await learned(app, user);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { data: FactBody[]; nextCursor: string | null } = await user.ok(
        'GET',
        `${path}?kind=remembered&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ statement }) => statement));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((i) => `Item ${i} costs ${i} coins`));
  });
});

describe('for a turn', () => {
  it('come the facts that hold, of each kind the latest first, and their use is noted', async () => {
    await told(user, 'I live in Rome', 'I live in Oslo', 'Remember that tea is at five', 'Always show percentages');
    await learned(app, user);
    const facts = app.app.get(FactsService);
    const used = await facts.forTurn(user.user.id, 2);
    expect(used.map(({ statement }) => statement)).toEqual(['Always show percentages', 'Lives in Oslo']);
    const noted = await factsOf(user);
    expect(noted.filter(({ lastUsedAt }) => lastUsedAt !== null).map(({ statement }) => statement)).toEqual([
      'Always show percentages',
      'Lives in Oslo',
    ]);
    await facts.forTurn(user.user.id, 2);
    expect(await factsOf(user)).toEqual(noted);
  });
});
