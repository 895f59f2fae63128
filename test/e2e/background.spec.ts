import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LearningKeeper } from '../../src/memory/facts/learning-keeper.js';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { factsOf, told } from '../support/told.js';

/* What cannot be done for one user, again and again, is done for all the others. */

let app: TestApp;
let first: Client;
let second: Client;
beforeAll(async () => {
  app = await startApp({ MEMORY_INDEX_SECONDS: '1' });
  first = await registered(app);
  second = await registered(app);
});
afterAll(() => app.close());

/** Whatever is stored for the first user in this table is refused. */
const refuse = (table: string): Promise<unknown> =>
  app.database.query(`
    CREATE FUNCTION refuse_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.user_id = '${first.user.id}' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_${table}()`);

it('messages are indexed', async () => {
  await refuse('memory_messages');
  await told(first, 'A wombat');
  await told(second, 'A numbat');
  const indexed = `SELECT FROM memory_messages WHERE user_id = '${second.user.id}'`;
  while ((await app.database.query(indexed)).length === 0) await delay(100);
});

it('facts are learned', async () => {
  await refuse('memory_facts');
  await told(first, 'My name is Ana.');
  await told(second, 'My name is Ben.');
  await app.app.get(LearningKeeper).sweep();
  expect((await factsOf(second)).map(({ statement }) => statement)).toHaveLength(1);
});
