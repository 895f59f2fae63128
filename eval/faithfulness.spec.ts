import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '../test/support/database.js';
import { Backend, type Conversation } from './backend.js';
import { readQuestions } from './suite.js';

/** A directory as `npm run eval:analytics` takes it; without one there is nothing to ask here. */
const directory = process.env['ENGRAM_QUESTIONS'];
const CONVERSATIONS_OF_EACH_SUITE = 60;

(directory === undefined ? describe.skip : describe)('answers to the questions of ENGRAM_QUESTIONS', () => {
  it('say no number that is not in the evidence', async () => {
    const { datasets, questions } = readQuestions(directory ?? '', { limit: CONVERSATIONS_OF_EACH_SUITE });
    const database = await testDatabase();
    const backend = await Backend.open(database.url);
    const conversations = new Map<string, Conversation>();
    const ids = new Map<string, string>();
    let numbers = 0;
    for (const { dataset, conversation, question } of questions) {
      const described = datasets.find(({ id }) => id === dataset);
      if (described === undefined) throw new Error(`${dataset} is not listed`);
      const id = ids.get(dataset) ?? (await backend.upload(directory ?? '', described));
      ids.set(dataset, id);
      const ask = conversations.get(conversation) ?? (await backend.pipelineOnly([id]));
      conversations.set(conversation, ask);
      const { record, text } = await ask(question);
      numbers += record?.grounded?.numbers ?? 0;
      expect([question, text, record?.grounded?.unsupported]).toEqual([question, text, []]);
    }
    expect(numbers).toBeGreaterThan(questions.length);
    await backend.close();
    await database.drop();
  }, 600_000);
});
