import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { writesOf } from './writes.js';

it.each([
  ['SELECT * FROM conversations WHERE user_id = $1 FOR NO KEY UPDATE', null, null],
  ['UPDATE runs SET status = $2 WHERE user_id = $1', null, null],
  ['INSERT INTO memory_messages SELECT $1, id FROM messages', null, null],
  ['UPDATE users SET name = $2 WHERE id = $1', null, null],
  ['DELETE FROM conversations WHERE user_id = $1 AND id = $2', 'owner', true],
  ['WITH c AS (INSERT INTO conversations (user_id, id) VALUES ($1, $2)) SELECT 1', 'owner', false],
  ["WITH r AS (UPDATE runs SET x = 1 WHERE user_id = $1) UPDATE messages SET status = 'a' FROM r", 'owner', true],
  ["WITH r AS (UPDATE messages SET x = 1 WHERE user_id = $1) UPDATE runs SET status = 'a' FROM r", 'owner', false],
  ["WITH r AS (UPDATE runs SET x = 1 RETURNING user_id) UPDATE messages SET status = 'a' FROM r", 'anybody', true],
  ['UPDATE personas SET color = $2 WHERE id = $1', 'anybody', true],
  ['delete from users where id = $1', 'anybody', true],
] as const)('%s', (text, whose, isCounted) => {
  expect(writesOf(text)).toEqual(whose === null ? null : { whose, isCounted });
});

it('stores write conversations and messages in no other way than it knows', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const odd = files.flatMap((file) => {
    const text = readFileSync(path.join('src', file), 'utf8');
    return /\b(?:COPY|TRUNCATE|MERGE INTO|UPDATE ONLY)\s+(?:conversations|messages|personas)\b/i.test(text) ||
      /manager\.(?:\w+)\((?:Conversation|Message)\b/.test(text)
      ? [file]
      : [];
  });
  expect(odd.filter((file) => !file.endsWith('writes.spec.ts'))).toEqual([]);
});
