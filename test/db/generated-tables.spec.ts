import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Backend } from '../../eval/backend.js';
import { report, sureAndWrong, told } from '../../eval/generated/report.js';
import { WORDINGS } from '../../eval/generated/languages/wordings.js';
import { survey, surveyRelated } from '../../eval/generated/survey.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

/** `npm run eval:generated` asks about 300. */
const TABLES = 60;
const RELATED = 25;
/** Of each other language; `npm run eval:generated -- --language de` asks about as many. */
const TABLES_EACH = 20;

let database: TestDatabase;
let backend: Backend;
beforeAll(async () => {
  database = await testDatabase();
  backend = await Backend.open(database.url);
});
afterAll(async () => {
  await backend.close();
  await database.drop();
});

it('tables of any kind are answered as their rows have it, and never wrongly with confidence', async () => {
  const outcomes = await survey(
    backend,
    Array.from({ length: TABLES }, (_, at) => 1_001 + at),
  );
  const bad = outcomes.filter(({ verdict }) => verdict !== 'right');
  const explained = `${report(outcomes)}\n\n${bad.map(told).join('\n\n')}`;
  expect(outcomes.length).toBeGreaterThan(10 * TABLES);
  expect(bad.filter(sureAndWrong).map(told)).toEqual([]);
  if (bad.length > 0.01 * outcomes.length) throw new Error(explained);
}, 180_000);

it('so are questions about two tables that belong together', async () => {
  const outcomes = await surveyRelated(
    backend,
    Array.from({ length: RELATED }, (_, at) => 2_001 + at),
  );
  const bad = outcomes.filter(({ verdict }) => verdict !== 'right');
  expect(outcomes.length).toBeGreaterThan(10 * RELATED);
  expect(bad.filter(sureAndWrong).map(told)).toEqual([]);
  if (bad.length > 0.02 * outcomes.length) throw new Error(`${report(outcomes)}\n\n${bad.map(told).join('\n\n')}`);
}, 180_000);

it.each([...WORDINGS])(
  'the same in %s',
  async (_, wording) => {
    const seeds = Array.from({ length: TABLES_EACH }, (_, at) => 2_001 + at);
    const outcomes = await survey(backend, seeds, wording);
    const bad = outcomes.filter(({ verdict }) => verdict !== 'right');
    expect(outcomes.length).toBeGreaterThan(10 * TABLES_EACH);
    expect(bad.filter(sureAndWrong).map(told)).toEqual([]);
    if (bad.length > 0.02 * outcomes.length) throw new Error(`${report(outcomes)}\n\n${bad.map(told).join('\n\n')}`);
  },
  120_000,
);
