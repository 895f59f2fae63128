import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecallService } from '../../src/memory/recall/recall.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { ModelEndpoint } from '../support/model-endpoint.js';

interface Found {
  readonly data: {
    readonly messageId: string;
    readonly conversationId: string;
    readonly excerpt: string;
    readonly matches: string[];
    readonly score: number;
    readonly author: string | null;
  }[];
  readonly vectors: string;
  readonly degraded: string | null;
  readonly pending: number;
}

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp({ MEMORY_INDEX_SECONDS: '0' });
});
afterAll(() => app.close());

const said = async (client: Client, ...contents: string[]): Promise<string> => {
  const { id } = await client.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  await add(client, id, ...contents);
  return id;
};
const add = (client: Client, id: string, ...contents: string[]): Promise<unknown> =>
  client.ok('POST', `/api/v1/conversations/${id}/messages`, {
    messages: contents.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content })),
  });
const search = (client: Client, q: string, more = ''): Promise<Found> =>
  client.ok('GET', `/api/v1/memory/search?q=${encodeURIComponent(q)}${more}`);
/** Hits with words of the question in them; those around them are found, too. */
const texts = async (client: Client, q: string, more = ''): Promise<string[]> =>
  (await search(client, q, more)).data.filter(({ matches }) => matches.length > 0).map(({ excerpt }) => excerpt);

describe('searching memory', () => {
  beforeAll(async () => {
    user = await registered(app);
  });

  it('finds what was said, in whatever form, and says why', async () => {
    const id = await said(
      user,
      'We adopted a dog from the shelter in Porto',
      'How lovely!',
      'My sprint ends on March 29',
    );
    const { data, vectors, pending } = await search(user, 'When is the end of the sprint?');
    expect(data[0]).toMatchObject({
      conversationId: id,
      excerpt: 'My sprint ends on March 29',
      matches: ['sprint', 'ends'],
      score: 1,
      parts: { speaker: 1.7, time: 1.25 },
    });
    expect([vectors, pending]).toEqual(['ngrams', 0]);
    expect((await texts(user, 'adopting dogs'))[0]).toContain('Porto');
  });

  it('finds what was said a moment ago, and keeps to one conversation where asked', async () => {
    const first = await said(user, 'The zebra crossing is closed');
    const second = await said(user, 'A zebra at the zoo');
    expect(await texts(user, 'zebra')).toHaveLength(2);
    expect(await texts(user, 'zebra', `&conversationId=${second}`)).toEqual(['A zebra at the zoo']);
    await add(user, first, 'Another zebra');
    expect(await texts(user, 'zebra', `&conversationId=${first}`)).toHaveLength(2);
    expect(await texts(user, 'zebra', '&limit=1')).toHaveLength(1);
  });

  it('stems each language as its own', async () => {
    await said(user, 'Ich war mit den Kindern beim Zahnarzt, und es war nicht schlimm');
    expect((await texts(user, 'Wie war es mit dem Kind?'))[0]).toContain('Zahnarzt');
    await said(user, 'Nous avons acheté des ordinateurs pour les élèves');
    expect((await texts(user, 'Quand est-ce que nous avons acheté un ordinateur ?'))[0]).toContain('élèves');
  });

  it('knows who said it, by the name in the metadata', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const by = (author: string, content: string) => ({ role: 'user', content, metadata: { author } });
    await user.ok('POST', `/api/v1/conversations/${id}/messages`, {
      messages: [
        by('Mel', 'I painted a sunrise'),
        by('Kim', 'Nice'),
        by('Kim', 'So'),
        by('Kim', 'And'),
        by('Kim', 'I painted a sunrise'),
      ],
    });
    const { data } = await search(user, 'What did Mel paint?', `&conversationId=${id}`);
    expect(data[0]?.author).toBe('Mel');
  });

  it('forgets a conversation with its deletion', async () => {
    const id = await said(user, 'The password of the safe is quetzal');
    expect(await texts(user, 'quetzal')).toHaveLength(1);
    await user.ok('DELETE', `/api/v1/conversations/${id}`);
    expect(await texts(user, 'quetzal')).toEqual([]);
    const left = await app.database.query(
      `SELECT (SELECT count(*) FROM memory_messages WHERE conversation_id = '${id}') AS messages,
         (SELECT count(*) FROM memory_vectors WHERE conversation_id = '${id}') AS vectors,
         (SELECT count(*) FROM memory_conversations WHERE conversation_id = '${id}') AS cursors`,
    );
    expect(Object.values(left[0] ?? {}).map(Number)).toEqual([0, 0, 0]);
  });

  it('finds a message as it is now, and an answer only when it is whole', async () => {
    const id = await said(user, 'I keep an axolotl', 'Tell me more', 'It eats worms');
    expect(await texts(user, 'axolotl')).toHaveLength(1);
    const change = (seq: number, set: string): Promise<unknown> =>
      app.database.query(`UPDATE messages SET ${set} WHERE conversation_id = '${id}' AND seq = ${seq}`);
    await change(1, `content = 'I keep a pangolin'`);
    expect([await texts(user, 'axolotl'), await texts(user, 'pangolin')]).toEqual([[], ['I keep a pangolin']]);
    await change(2, `status = 'interrupted', content = 'Half an okapi'`);
    expect(await texts(user, 'okapi')).toEqual(['Half an okapi']);
    await change(2, `status = 'streaming'`);
    expect((await search(user, 'okapi')).pending).toBe(2);
    await change(2, `status = 'complete', content = 'A whole okapi'`);
    expect(await texts(user, 'okapi')).toEqual(['A whole okapi']);
    expect(await texts(user, 'worms')).toEqual(['It eats worms']);
    const [kept] = await app.database.query(
      `SELECT k.messages - count(*) AS messages, k.terms - sum(m.length) AS terms
       FROM memory_conversations k JOIN memory_messages m USING (user_id, conversation_id)
       WHERE conversation_id = '${id}' GROUP BY k.messages, k.terms`,
    );
    expect(Object.values(kept ?? {}).map(Number)).toEqual([0, 0]);
  });

  it('finds messages of other branches only when asked', async () => {
    const id = await said(user, 'My budget is a kumquat', 'Fine');
    const { data } = await user.ok<{ data: { id: string }[] }>('GET', `/api/v1/conversations/${id}/messages?order=asc`);
    expect(await texts(user, 'kumquat')).toHaveLength(1);
    await user.ok('POST', `/api/v1/conversations/${id}/messages`, { role: 'user', content: 'On' });
    await app.database.query(`UPDATE messages SET active = false WHERE id = '${data[0]?.id}'`);
    expect(await texts(user, 'kumquat')).toEqual([]);
    expect(await texts(user, 'kumquat', '&allBranches=true')).toHaveLength(1);
  });

  it('answers a question of nothing but a time with what was said then', async () => {
    const someone = await registered(app);
    await said(someone, 'Good morning', 'Good morning to you');
    expect((await search(someone, 'What was that today?')).data).toHaveLength(2);
    expect((await search(someone, 'What was that yesterday?')).data).toEqual([]);
  });

  it('leaves out what a prompt shows already', async () => {
    const someone = await registered(app);
    const conversationId = await said(someone, 'A lemur', 'Yes', 'Two lemurs', 'Right');
    const recall = app.app.get(RecallService);
    const { hits } = await recall.search(someone.user.id, {
      query: 'lemurs',
      limit: 10,
      except: { conversationId, afterSeq: 2 },
    });
    expect(hits.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('refuses what it cannot look for', async () => {
    for (const query of [
      '',
      'q=',
      'q=%3F%3F',
      'q=a&limit=0',
      'q=a&limit=101',
      'q=a&conversationId=x',
      'q=a&allBranches=2',
    ]) {
      expect((await user.call('GET', `/api/v1/memory/search?${query}`)).status).toBe(400);
    }
  });
});

describe('what belongs to others', () => {
  it('is never found, and their conversations are not there', async () => {
    const [one, two] = [await registered(app), await registered(app)];
    const foreign = await said(one, 'The secret is xylophone');
    await said(two, 'I play the drums');
    expect(await texts(two, 'xylophone secret drums')).toEqual(['I play the drums']);
    const answer = await two.call('GET', `/api/v1/memory/search?q=xylophone&conversationId=${foreign}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'conversation_not_found']);
  });

  it('holds for any text and any question, with the limit kept and the same answer twice', async () => {
    const people = await Promise.all([registered(app), registered(app)]);
    const words = ['red', 'green', 'blue', 'house', 'garden', 'Porto', 'running', 'ran', '2024', 'Zürich', '東京'];
    const sentence = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((list) => list.join(' '));
    const turns = fc.array(fc.tuple(fc.constantFrom(0, 1), sentence), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turns, sentence, fc.integer({ min: 1, max: 5 }), async (list, question, limit) => {
        for (const [who, text] of list) await said(people[who] as Client, text);
        for (const person of people) {
          const found = await search(person, question, `&limit=${limit}`);
          expect(found.data.length).toBeLessThanOrEqual(limit);
          expect(await search(person, question, `&limit=${limit}`)).toEqual({
            ...found,
            data: found.data.map((hit) => expect.objectContaining({ messageId: hit.messageId })),
          });
          for (const { conversationId } of found.data) {
            expect((await person.call('GET', `/api/v1/conversations/${conversationId}`)).status).toBe(200);
          }
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('with an embedder', () => {
  let endpoint: ModelEndpoint;
  let withModel: TestApp;
  beforeAll(async () => {
    endpoint = await ModelEndpoint.start();
    withModel = await startApp({
      MEMORY_INDEX_SECONDS: '0',
      LLM_BASE_URL: endpoint.url,
      LLM_MODEL: 'm',
      EMBEDDINGS_MODEL: 'e',
      LLM_RETRIES: '0',
    });
    // Texts about animals are alike, whatever their words.
    endpoint.embed = (text) => (/dog|puppy|hound/i.test(text) ? [1, 0.1, 0, 0] : [0.1, 0, 1, 0.3]);
  });
  afterAll(async () => {
    await withModel.close();
    await endpoint.close();
  });

  it('finds by meaning what no word finds', async () => {
    const someone = await registered(withModel);
    await said(
      someone,
      'We got a puppy',
      'Congratulations',
      'Taxes are due',
      'They are',
      'The roof leaks',
      'Call a roofer',
    );
    const found = await search(someone, 'hound');
    expect(found).toMatchObject({ vectors: 'embeddings', degraded: null });
    expect(found.data[0]?.excerpt).toBe('We got a puppy');
    expect(endpoint.requests.some(({ path }) => path === '/v1/embeddings')).toBe(true);
  });

  it('embeds what the model takes of a message that is too long for it, and all the others', async () => {
    const someone = await registered(withModel);
    endpoint.longestEmbedded = 2_000;
    await said(someone, 'We got a puppy', 'Congratulations', `Our cellar. ${'It is damp. '.repeat(300)}`, 'I see');
    const found = await search(someone, 'hound');
    expect(found).toMatchObject({ vectors: 'embeddings', degraded: null });
    expect(found.data[0]?.excerpt).toBe('We got a puppy');
    const left = `SELECT FROM memory_vectors WHERE user_id = '${someone.user.id}' AND embedding IS NULL`;
    expect(await withModel.database.query(left)).toEqual([]);
    endpoint.longestEmbedded = 5;
    await said(someone, 'The hound sleeps', 'Good');
    // What was said since has no vector; what has one is found by it.
    expect(await search(someone, 'pup')).toMatchObject({ vectors: 'embeddings', degraded: null });
    endpoint.longestEmbedded = Infinity;
  });

  it('falls back to spelling when it fails, and says so', async () => {
    const someone = await registered(withModel);
    await said(someone, 'We got a puppy', 'Congratulations');
    endpoint.embeddingsReply = { status: 500, body: { error: { message: 'secret detail' } } };
    const found = await search(someone, 'puppy');
    expect(found.vectors).toBe('ngrams');
    expect(found.degraded).toBe('The language model failed with an error of its own.');
    expect(found.data[0]?.excerpt).toBe('We got a puppy');
    endpoint.embeddingsReply = null;
  });
});
