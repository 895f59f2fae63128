import type { Client } from 'pg';
import { CONVERSATIONS, LENGTHS, OF_EACH_LENGTH, USERS } from './population.js';

const USER = `('00000000-0000-7000-8000-' || lpad(to_hex(u), 12, '0'))::uuid`;
const SESSION = `('00000000-0002-7000-8000-' || lpad(to_hex(u), 12, '0'))::uuid`;
const CONVERSATION = `('00000000-0001-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid`;
const message = (seq: string): string =>
  `(lpad(to_hex(c), 8, '0') || lpad(to_hex(${seq}), 4, '0') || '70008000' || lpad(to_hex(c), 12, '0'))::uuid`;

/** Users, their sessions, conversations and messages by a few statements; nothing where they are already. Gives the number of messages. */
export async function seed(client: Client): Promise<number> {
  const there = await client.query(`SELECT FROM users WHERE email = 'user1@bench.example.com'`);
  if (there.rowCount === 0) {
    for (const statement of STATEMENTS) await client.query(statement);
  }
  // Sessions end; a kept database may be a day old.
  await client.query(`UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id::text LIKE '00000000-0002-%'`);
  await client.query('VACUUM (ANALYZE) messages');
  await client.query('VACUUM (ANALYZE) conversations');
  await client.query('CHECKPOINT');
  const { rows } = await client.query<{ n: number }>('SELECT sum(message_count)::integer AS n FROM conversations');
  return rows[0]?.n ?? 0;
}

const lengthOf = `CASE ${LENGTHS.map((length, place) => `WHEN c <= ${(place + 1) * OF_EACH_LENGTH} THEN ${length}`).join(' ')}
  ELSE 2 * (3 + c % 11) END`;

const STATEMENTS = [
  `INSERT INTO users (id, email, name, password_hash)
   SELECT ${USER}, 'user' || u || '@bench.example.com', 'User ' || u, 'no password opens this' FROM generate_series(1, ${USERS}) AS u`,
  `INSERT INTO sessions (user_id, id, family_hash, token_hash, expires_at)
   SELECT ${USER}, ${SESSION}, sha256('family'), sha256('token'), now() + interval '1 day' FROM generate_series(1, ${USERS}) AS u`,
  `INSERT INTO conversations
     (user_id, id, persona_id, tail_id, tail_before_id, last_activity_at, created_at, message_count, last_seq, title, last_message_preview)
   SELECT ${USER}, ${CONVERSATION}, persona.id, ${message('length')}, ${message('length - 2')}, at, at - interval '1 hour', length, length,
     'Sector health by region, number ' || c, left(${answer('length')}, 120)
   FROM (SELECT id FROM personas WHERE name = 'transformation_analyst') AS persona,
     (SELECT c, (c - 1) % ${USERS} + 1 AS u, ${lengthOf} AS length, now() - c * interval '37 seconds' AS at
      FROM generate_series(1, ${CONVERSATIONS}) AS c) AS one`,
  `INSERT INTO messages (user_id, conversation_id, id, parent_id, created_at, seq, role, content)
   SELECT ${USER}, ${CONVERSATION}, ${message('seq')}, CASE WHEN seq > 1 THEN ${message('seq - 1')} END,
     at - (length - seq) * interval '20 seconds', seq,
     CASE seq % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
     CASE seq % 2 WHEN 1 THEN 'How did region ' || seq % 7 || ' do in ' || 2015 + c % 10 || ', and is that usual for it?' ELSE ${answer('seq')} END
   FROM (SELECT c, (c - 1) % ${USERS} + 1 AS u, ${lengthOf} AS length, now() - c * interval '37 seconds' AS at
         FROM generate_series(1, ${CONVERSATIONS}) AS c) AS one, generate_series(1, length) AS seq`,
];

/** Some 400 characters, as an answer has. */
function answer(number: string): string {
  return `'The average was ' || ${number} % 100 || '.4 points over 141 countries, 2.1 points more than the year before. ' ||
    repeat('One region stands out: it is well above the others, and most of the change comes from it. ', 4)`;
}
