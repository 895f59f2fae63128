import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { aReport } from '../../../test/support/report.js';
import { failing, ModelEndpoint } from '../../../test/support/model-endpoint.js';
import { loadConfig } from '../../config/config.js';
import type { LanguageModel } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import type { Material } from '../sources/material.js';
import { worded } from './wording.js';

const SUMMARY = [
  '**Ships by year:** From 2020 to 2024 ships rose by 12.5 %, to 340.',
  '**Ships:** Aa is highest with 90.',
];
const persona = { systemPrompt: 'You are the harbour master.', temperature: 0.2 };

let endpoint: ModelEndpoint;
let model: LanguageModel;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
  const settings = { LLM_BASE_URL: endpoint.url, LLM_MODEL: 'test', LLM_RETRIES: '0' };
  const found = (await Models.open(loadConfig(settings).llm)).get(null);
  if (found === null) throw new Error('no model');
  model = found;
});
afterAll(() => endpoint.close());
beforeEach(() => endpoint.forget());

const material = (summary: readonly string[] = SUMMARY): Material =>
  aReport({ summary, method: ['By hand.'], grounded: { numbers: 10, supported: 10, unsupported: [] } });
const wordedBy = async (reply: Parameters<typeof endpoint.says>[0], of = material()): Promise<Material> => {
  endpoint.says(reply);
  return worded(of, persona, 'formal', model, new AbortController().signal);
};

it('takes the words of a model whose numbers are all of the findings', async () => {
  const said = await wordedBy('- Ships rose by **12.5 %** to 340.\n- Aa leads with 90.');
  expect(said.summary).toEqual(['Ships rose by **12.5 %** to 340.', 'Aa leads with 90.']);
  // Five numbers less, three more.
  expect(said.grounded).toMatchObject({ numbers: 8, supported: 8 });
  expect(said.method.at(-1)).toContain('worded by a language model');
  const [asked] = endpoint.requests;
  expect(JSON.stringify(asked?.body.messages)).toContain('formally');
  expect(asked?.body.temperature).toBe(0.2);
});

it.each([
  ['a number of its own', '- Ships rose by 17 % to 340.'],
  ['nothing', ' '],
])('keeps the summary as it is when the model writes %s', async (_, text) => {
  const before = material();
  expect(await wordedBy(text, before)).toBe(before);
});

it('keeps it when the model fails, and never has quotes reworded', async () => {
  const before = material();
  expect(await wordedBy(failing(500), before)).toBe(before);
  const quotes = material(['“The crane broke.” (Paper a)']);
  endpoint.forget();
  expect(await wordedBy('- Broken.', quotes)).toBe(quotes);
  expect(endpoint.requests).toEqual([]);
});
