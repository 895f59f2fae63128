import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { writesOf } from './writes.js';

it.each([
  ['SELECT * FROM conversations WHERE user_id = $1 FOR NO KEY UPDATE', null],
  ['UPDATE runs SET status = $2 WHERE user_id = $1', null],
  ['INSERT INTO memory_messages SELECT $1, id FROM messages', null],
  ['DELETE FROM conversations WHERE user_id = $1 AND id = $2', 'owner'],
  ['WITH c AS (\n INSERT INTO conversations (user_id, id)\n VALUES ($1, $2)) SELECT 1', 'owner'],
  [
    "WITH target AS (UPDATE runs SET x = 1 WHERE user_id = $1) UPDATE messages SET status = 'stopped' FROM target",
    'owner',
  ],
  [
    "WITH lost AS (UPDATE runs SET x = 1 RETURNING user_id) UPDATE messages SET status = 'interrupted' FROM lost",
    'anybody',
  ],
  ['UPDATE personas SET color = $2 WHERE id = $1', 'anybody'],
  ['delete from users where id = $1', 'anybody'],
  ['UPDATE users SET name = $2 WHERE id = $1', null],
])('%s', (text, whose) => {
  expect(writesOf(text)).toBe(whose);
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
