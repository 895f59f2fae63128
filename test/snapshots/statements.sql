-- register: 2 statements
INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (email) DO NOTHING RETURNING id, email, name, role, password_hash AS "passwordHash", preferences,
  disabled_at AS "disabledAt", created_at AS "createdAt", updated_at AS "updatedAt";
WITH expired AS (DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now())
  INSERT INTO sessions (user_id, id, family_hash, token_hash, expires_at)
  VALUES ($1, $2, $3, $4, now() + make_interval(days => $5));

-- who am I: 4 statements
SELECT id, email, name, role, password_hash AS "passwordHash", preferences,
  disabled_at AS "disabledAt", created_at AS "createdAt", updated_at AS "updatedAt" FROM users WHERE id = $1;
SELECT * FROM (
  SELECT c.user_id AS "userId", c.id, c.message_count > 24 AND c.message_count - coalesce((SELECT s.covered FROM memory_summaries s WHERE s.user_id = c.user_id AND s.conversation_id = c.id AND (
  SELECT u.active FROM messages u WHERE u.user_id = c.user_id AND u.conversation_id = c.id AND u.seq = s.upto_seq) ORDER BY s.upto_seq DESC LIMIT 1), 0) > 24 AS summary,
  c.title IS NOT NULL AND c.title_by = 'auto' AND c.title_seq IS NULL AND c.message_count <= 10 AND EXISTS (
  SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active
  AND m.role = 'assistant' AND m.status = 'complete') AS title
  FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
  JOIN conversations c ON c.user_id = given.user_id AND c.id = given.id
  ) looked WHERE summary OR title;
INSERT INTO memory_claims (user_id, conversation_id, work, until)
  SELECT user_id, id, $3, clock_timestamp() + make_interval(secs => $4) FROM conversations
  WHERE user_id = $1 AND id = $2 FOR KEY SHARE
  ON CONFLICT (user_id, conversation_id, work) DO UPDATE SET until = excluded.until
  WHERE memory_claims.until < clock_timestamp()
  RETURNING until;
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND c.id = $2;

-- a new conversation: 1 statement
WITH c AS (
  INSERT INTO conversations (user_id, id, persona_id, title, given_title, title_by, client_id, metadata)
  VALUES ($1, $2, $3, $4::text, $4, CASE WHEN $4 IS NULL THEN 'auto' ELSE 'user' END, $5, $6)
  ON CONFLICT (user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
  RETURNING *)
  SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM c JOIN personas p ON p.id = c.persona_id;

-- a message appended: 1 statement
WITH target AS (
  UPDATE conversations SET
  last_seq = last_seq + 1, message_count = message_count + 1,
  tail_before_id = tail_id, tail_id = $5,
  last_message_preview = coalesce(nullif($3, ''), last_message_preview),
  last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
  title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
  WHERE user_id = $1 AND id = $2
  AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
  SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
  RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, erasures, tail_before_id
  ), added AS (
  INSERT INTO messages
  (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, client_id, created_at)
  SELECT $1, target.id, target.last_seq - 1 + new.place, new.id, coalesce(new.parent_id, target.tail_before_id),
  new.role, new.type, new.status, new.content, new.metadata, new.client_id, target.last_activity_at
  FROM target, (VALUES (1, $7::uuid, NULL::uuid, $8::text, $9::text, $10::text, $11::text, $12::jsonb, $13::text)) AS new (place, id, parent_id, role, type, status, content, metadata, client_id)
  )
  SELECT id, persona_id AS "personaId", title, title_by AS "titleBy", message_count AS "messageCount",
  last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, erasures, tail_before_id AS "tailBeforeId"
  FROM target;

-- a turn appended: 1 statement
WITH target AS (
  UPDATE conversations SET
  last_seq = last_seq + 2, message_count = message_count + 2,
  tail_before_id = tail_id, tail_id = $5,
  last_message_preview = coalesce(nullif($3, ''), last_message_preview),
  last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
  title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
  WHERE user_id = $1 AND id = $2
  AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
  SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
  RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, erasures, tail_before_id
  ), added AS (
  INSERT INTO messages
  (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, client_id, created_at)
  SELECT $1, target.id, target.last_seq - 2 + new.place, new.id, coalesce(new.parent_id, target.tail_before_id),
  new.role, new.type, new.status, new.content, new.metadata, new.client_id, target.last_activity_at
  FROM target, (VALUES (1, $7::uuid, NULL::uuid, $8::text, $9::text, $10::text, $11::text, $12::jsonb, $13::text), (2, $14::uuid, $7::uuid, $15::text, $16::text, $17::text, $18::text, $19::jsonb, $20::text)) AS new (place, id, parent_id, role, type, status, content, metadata, client_id)
  )
  SELECT id, persona_id AS "personaId", title, title_by AS "titleBy", message_count AS "messageCount",
  last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, erasures, tail_before_id AS "tailBeforeId"
  FROM target;

-- the list of conversations: 7 statements
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND (c.last_activity_at, c.id) < ($2::timestamptz, $3::uuid)
  ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $4;
SELECT * FROM (
  SELECT c.user_id AS "userId", c.id, c.message_count > 24 AND c.message_count - coalesce((SELECT s.covered FROM memory_summaries s WHERE s.user_id = c.user_id AND s.conversation_id = c.id AND (
  SELECT u.active FROM messages u WHERE u.user_id = c.user_id AND u.conversation_id = c.id AND u.seq = s.upto_seq) ORDER BY s.upto_seq DESC LIMIT 1), 0) > 24 AS summary,
  c.title IS NOT NULL AND c.title_by = 'auto' AND c.title_seq IS NULL AND c.message_count <= 10 AND EXISTS (
  SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active
  AND m.role = 'assistant' AND m.status = 'complete') AS title
  FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
  JOIN conversations c ON c.user_id = given.user_id AND c.id = given.id
  ) looked WHERE summary OR title;
INSERT INTO memory_claims (user_id, conversation_id, work, until)
  SELECT user_id, id, $3, clock_timestamp() + make_interval(secs => $4) FROM conversations
  WHERE user_id = $1 AND id = $2 FOR KEY SHARE
  ON CONFLICT (user_id, conversation_id, work) DO UPDATE SET until = excluded.until
  WHERE memory_claims.until < clock_timestamp()
  RETURNING until;
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND c.id = $2;
SELECT m.* FROM conversations c LEFT JOIN LATERAL (
  SELECT
  m.user_id AS "userId", m.conversation_id AS "conversationId", m.seq, m.id, m.parent_id AS "parentId", m.active, m.role,
  m.type, m.status, m.content, m.metadata, m.client_id AS "clientId", m.created_at AS "createdAt" FROM messages m
  WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active AND m.seq > $3
  ORDER BY m.seq ASC LIMIT $4
  ) m ON true
  WHERE c.user_id = $1 AND c.id = $2;
WITH c AS (
  UPDATE conversations SET title = $3, title_by = 'auto', title_seq = $4, updated_at = now(),
  version = version + CASE WHEN title IS DISTINCT FROM $3 THEN 1 ELSE 0 END
  WHERE user_id = $1 AND id = $2 AND (title_by = 'auto' OR $5) AND erasures = $6
  AND ($7::integer[] IS NULL OR version = ANY ($7))
  RETURNING *)
  SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM c JOIN personas p ON p.id = c.persona_id;
DELETE FROM memory_claims WHERE user_id = $1 AND conversation_id = $2 AND work = $3 AND until = $4;

-- one conversation: 1 statement
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND c.id = $2;

-- the last messages: 1 statement
SELECT m.* FROM conversations c LEFT JOIN LATERAL (
  SELECT
  m.user_id AS "userId", m.conversation_id AS "conversationId", m.seq, m.id, m.parent_id AS "parentId", m.active, m.role,
  m.type, m.status, m.content, m.metadata, m.client_id AS "clientId", m.created_at AS "createdAt" FROM messages m
  WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active AND m.seq < $3
  ORDER BY m.seq DESC LIMIT $4
  ) m ON true
  WHERE c.user_id = $1 AND c.id = $2;

-- an analytical turn: 7 statements
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND c.id = $2;
WITH target AS (
  UPDATE conversations SET
  last_seq = last_seq + 2, message_count = message_count + 2,
  tail_before_id = tail_id, tail_id = $5,
  last_message_preview = coalesce(nullif($3, ''), last_message_preview),
  last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
  title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
  WHERE user_id = $1 AND id = $2
  AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
  SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
  RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, erasures, tail_before_id
  ), added AS (
  INSERT INTO messages
  (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, client_id, created_at)
  SELECT $1, target.id, target.last_seq - 2 + new.place, new.id, coalesce(new.parent_id, target.tail_before_id),
  new.role, new.type, new.status, new.content, new.metadata, new.client_id, target.last_activity_at
  FROM target, (VALUES (1, $7::uuid, NULL::uuid, $8::text, $9::text, $10::text, $11::text, $12::jsonb, $13::text), (2, $14::uuid, $7::uuid, $15::text, $16::text, $17::text, $18::text, $19::jsonb, $20::text)) AS new (place, id, parent_id, role, type, status, content, metadata, client_id)
  ), companion AS (INSERT INTO runs (user_id, id, conversation_id, user_message_id, message_id, status, instance_id, request, digest, idempotency_key)
  SELECT $1, $21::uuid, target.id, $22::uuid, $5, $23::text, $24::uuid, $25::jsonb, $26::text, $27::text
  FROM target)
  SELECT id, persona_id AS "personaId", title, title_by AS "titleBy", message_count AS "messageCount",
  last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, erasures, tail_before_id AS "tailBeforeId"
  FROM target;
SELECT
  m.user_id AS "userId", m.conversation_id AS "conversationId", m.seq, m.id, m.parent_id AS "parentId", m.active, m.role,
  m.type, m.status, m.content, m.metadata, m.client_id AS "clientId", m.created_at AS "createdAt" FROM messages m
  WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.active AND m.seq < $3
  ORDER BY m.seq DESC LIMIT $4;
SELECT avg(c6)::float8 AS o1, count(*) AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) LIMIT 1001;
SELECT c3 AS o1, avg(c6)::float8 AS o2, count(c6) AS o3, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 DESC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 25;
SELECT avg(c6)::float8 AS o1, count(*) AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) LIMIT 1001;
WITH target AS (
  SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
  ), guard AS (UPDATE runs SET status = $11::text, error = $12::jsonb, last_seq = $13::integer, finished_at = clock_timestamp()
  FROM target
  WHERE user_id = $1 AND conversation_id = target.id AND runs.id = $10::uuid AND status = 'running' AND instance_id = $14::uuid
  RETURNING CASE WHEN $15::boolean THEN pg_notify('engram_runs', 'ended ' || runs.id)::text END AS told,
  EXISTS (SELECT FROM runs q WHERE q.user_id = $1 AND q.conversation_id = $2 AND q.status = 'queued') AS waiting), m AS (
  UPDATE messages SET role = $4, type = $5, status = $6, content = $7, metadata = $8::jsonb FROM guard
  WHERE user_id = $1 AND conversation_id = $2 AND seq = $3
  RETURNING messages.id, parent_id, active, client_id, created_at
  ), shown AS (
  UPDATE conversations SET updated_at = clock_timestamp(), last_message_preview = coalesce(nullif($9, ''), last_message_preview)
  FROM m WHERE conversations.user_id = $1 AND conversations.id = $2 AND tail_id = m.id
  )
  SELECT id, parent_id AS "parentId", active, client_id AS "clientId", created_at AS "createdAt",
  to_json(guard) AS guard
  FROM m, guard;

-- an analytical turn that follows up: 8 statements
SELECT u.id, u.email, u.role, u.disabled_at IS NOT NULL AS disabled
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.user_id = $1 AND s.id = $2 AND s.expires_at > now();
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND c.id = $2;
WITH target AS (
  UPDATE conversations SET
  last_seq = last_seq + 2, message_count = message_count + 2,
  tail_before_id = tail_id, tail_id = $5,
  last_message_preview = coalesce(nullif($3, ''), last_message_preview),
  last_activity_at = greatest(last_activity_at, clock_timestamp()), updated_at = clock_timestamp(),
  title = coalesce(title, $4), version = version + CASE WHEN title IS NULL AND $4::text IS NOT NULL THEN 1 ELSE 0 END
  WHERE user_id = $1 AND id = $2
  AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS given (client_id) WHERE (
  SELECT true FROM messages m WHERE m.user_id = $1 AND m.client_id = given.client_id LIMIT 1))
  RETURNING id, persona_id, title, title_by, message_count, last_seq, last_activity_at, version, erasures, tail_before_id
  ), added AS (
  INSERT INTO messages
  (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, client_id, created_at)
  SELECT $1, target.id, target.last_seq - 2 + new.place, new.id, coalesce(new.parent_id, target.tail_before_id),
  new.role, new.type, new.status, new.content, new.metadata, new.client_id, target.last_activity_at
  FROM target, (VALUES (1, $7::uuid, NULL::uuid, $8::text, $9::text, $10::text, $11::text, $12::jsonb, $13::text), (2, $14::uuid, $7::uuid, $15::text, $16::text, $17::text, $18::text, $19::jsonb, $20::text)) AS new (place, id, parent_id, role, type, status, content, metadata, client_id)
  ), companion AS (INSERT INTO runs (user_id, id, conversation_id, user_message_id, message_id, status, instance_id, request, digest, idempotency_key)
  SELECT $1, $21::uuid, target.id, $22::uuid, $5, $23::text, $24::uuid, $25::jsonb, $26::text, $27::text
  FROM target)
  SELECT id, persona_id AS "personaId", title, title_by AS "titleBy", message_count AS "messageCount",
  last_seq AS "lastSeq", last_activity_at AS "lastActivityAt", version, erasures, tail_before_id AS "tailBeforeId"
  FROM target;
SELECT c3 AS o1, avg(c6)::float8 AS o2, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 ASC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 1;
SELECT * FROM (
  SELECT c.user_id AS "userId", c.id, c.message_count > 24 AND c.message_count - coalesce((SELECT s.covered FROM memory_summaries s WHERE s.user_id = c.user_id AND s.conversation_id = c.id AND (
  SELECT u.active FROM messages u WHERE u.user_id = c.user_id AND u.conversation_id = c.id AND u.seq = s.upto_seq) ORDER BY s.upto_seq DESC LIMIT 1), 0) > 24 AS summary,
  c.title IS NOT NULL AND c.title_by = 'auto' AND c.title_seq IS NULL AND c.message_count <= 10 AND EXISTS (
  SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active
  AND m.role = 'assistant' AND m.status = 'complete') AS title
  FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
  JOIN conversations c ON c.user_id = given.user_id AND c.id = given.id
  ) looked WHERE summary OR title;
SELECT c3 AS o1, avg(c6)::float8 AS o2, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 ASC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 10;
WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)),
  run AS (UPDATE runs SET logged = true FROM given WHERE runs.user_id = given.user_id AND runs.id = given.id AND status = 'running' AND instance_id = $3 RETURNING runs.user_id, runs.id, stop_requested AS stop,
  CASE WHEN $4::boolean THEN pg_notify('engram_runs', 'events ' || runs.id)::text END AS told), added AS (
  INSERT INTO run_events (user_id, run_id, seq, event, data)
  SELECT run.user_id, run.id, new.seq, new.event, new.data
  FROM run JOIN unnest($5::uuid[], $6::integer[], $7::text[], $8::json[]) AS new (run_id, seq, event, data) ON new.run_id = run.id
  ON CONFLICT DO NOTHING
  )
  SELECT id, stop FROM run;
WITH target AS (
  SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
  ), guard AS (UPDATE runs SET status = $11::text, error = $12::jsonb, last_seq = $13::integer, finished_at = clock_timestamp()
  FROM target
  WHERE user_id = $1 AND conversation_id = target.id AND runs.id = $10::uuid AND status = 'running' AND instance_id = $14::uuid
  RETURNING CASE WHEN $15::boolean THEN pg_notify('engram_runs', 'ended ' || runs.id)::text END AS told,
  EXISTS (SELECT FROM runs q WHERE q.user_id = $1 AND q.conversation_id = $2 AND q.status = 'queued') AS waiting), m AS (
  UPDATE messages SET role = $4, type = $5, status = $6, content = $7, metadata = $8::jsonb FROM guard
  WHERE user_id = $1 AND conversation_id = $2 AND seq = $3
  RETURNING messages.id, parent_id, active, client_id, created_at
  ), shown AS (
  UPDATE conversations SET updated_at = clock_timestamp(), last_message_preview = coalesce(nullif($9, ''), last_message_preview)
  FROM m WHERE conversations.user_id = $1 AND conversations.id = $2 AND tail_id = m.id
  )
  SELECT id, parent_id AS "parentId", active, client_id AS "clientId", created_at AS "createdAt",
  to_json(guard) AS guard
  FROM m, guard;

-- a search in memory, with what is new indexed first: 26 statements
WITH scope AS (
  SELECT c.id, c.last_seq - coalesce(k.indexed_seq, 0) AS pending, c.last_activity_at, k.messages, k.terms, k.authors
  FROM conversations c
  LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
  WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.id = $2))
  SELECT count(*)::integer AS conversations, coalesce(sum(messages), 0)::integer AS messages,
  coalesce(sum(terms), 0)::float8 AS length, coalesce(sum(pending), 0)::integer AS pending,
  ARRAY(SELECT DISTINCT unnest(authors) FROM scope) AS authors,
  ARRAY(SELECT id::text FROM scope WHERE pending > 0 ORDER BY last_activity_at DESC, id LIMIT 50) AS stale
  FROM scope;
START TRANSACTION;
INSERT INTO memory_conversations (user_id, conversation_id)
  SELECT user_id, id FROM conversations WHERE user_id = $1 AND id = $2 FOR KEY SHARE ON CONFLICT DO NOTHING;
SELECT k.indexed_seq AS "indexedSeq", k.last_at AS "lastAt", k.sittings, c.last_seq AS "lastSeq"
  FROM memory_conversations k JOIN conversations c ON c.user_id = k.user_id AND c.id = k.conversation_id
  WHERE k.user_id = $1 AND k.conversation_id = $2 FOR UPDATE OF k;
SELECT seq, role, status, active, content, created_at AS "createdAt",
  CASE jsonb_typeof(metadata -> 'author') WHEN 'string' THEN metadata ->> 'author' END AS author
  FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4;
INSERT INTO memory_messages (user_id, conversation_id, seq, sitting, length, active, tells_when, sampled, author,
  created_at, terms, keys)
  SELECT $1, $2, seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys::bigint[]
  FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::boolean[], $7::boolean[], $8::boolean[],
  $9::text[], $10::timestamptz[], $11::bytea[], $12::text[])
  AS g (seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys);
WITH me AS (
  INSERT INTO instances (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp() RETURNING id
  )
  SELECT count(*) AS others FROM me, instances
  WHERE instances.id <> me.id AND seen_at > clock_timestamp() - make_interval(secs => $2);
INSERT INTO memory_vectors (user_id, conversation_id, seq, grams)
  SELECT $1, $2, seq, grams FROM unnest($3::integer[], $4::bytea[]) AS g (seq, grams);
SELECT id FROM runs WHERE status = 'running' AND instance_id = $1 AND stop_requested;
UPDATE memory_conversations SET indexed_seq = $3, last_at = $4, sittings = $5, messages = messages + $6,
  terms = terms + $7, authors = (SELECT coalesce(array_agg(a ORDER BY a), '{}') FROM (
  SELECT DISTINCT a FROM unnest(authors || $8::text[]) AS a ORDER BY a LIMIT 100) AS known)
  WHERE user_id = $1 AND conversation_id = $2;
WITH lost AS (
  UPDATE runs SET status = 'interrupted', finished_at = clock_timestamp(),
  last_seq = 1000 + 2 + coalesce((SELECT max(seq) FROM run_events e WHERE e.user_id = runs.user_id AND e.run_id = runs.id), 2),
  error = '{"code": "interrupted", "message": "The server stopped before this was answered; continue, or ask again.", "layer": null}'
  WHERE status = 'running' AND (NOT EXISTS (SELECT FROM instances WHERE instances.id = runs.instance_id)
  OR instance_id = $1 AND id <> ALL ($2::uuid[]) AND started_at < clock_timestamp() - make_interval(secs => $3))
  RETURNING user_id, id, conversation_id, message_id, pg_notify('engram_runs', 'ended ' || id)::text AS told
  )
  UPDATE messages SET status = 'interrupted', content = coalesce((
  SELECT string_agg(e.data ->> 'text', '' ORDER BY e.seq) FROM run_events e
  WHERE e.user_id = lost.user_id AND e.run_id = lost.id AND e.event = 'answer.delta' AND e.seq > coalesce((
  SELECT max(r.seq) FROM run_events r
  WHERE r.user_id = lost.user_id AND r.run_id = lost.id AND r.event = 'answer.reset'), 0)), content)
  FROM lost
  WHERE messages.user_id = lost.user_id AND messages.id = lost.message_id AND messages.status = 'streaming';
SELECT DISTINCT user_id AS "userId", conversation_id AS "conversationId" FROM runs q
  WHERE status = 'queued' AND NOT EXISTS (
  SELECT FROM runs r WHERE r.user_id = q.user_id AND r.conversation_id = q.conversation_id AND r.status = 'running')
  LIMIT $1;
COMMIT;
WITH old AS (
  UPDATE runs SET logged = false
  WHERE (user_id, id) IN (
  SELECT user_id, id FROM runs WHERE logged AND finished_at < clock_timestamp() - make_interval(secs => $1)
  ORDER BY finished_at LIMIT $2)
  RETURNING user_id, id
  )
  DELETE FROM run_events USING old WHERE run_events.user_id = old.user_id AND run_events.run_id = old.id;
START TRANSACTION;
INSERT INTO memory_conversations (user_id, conversation_id)
  SELECT user_id, id FROM conversations WHERE user_id = $1 AND id = $2 FOR KEY SHARE ON CONFLICT DO NOTHING;
SELECT k.indexed_seq AS "indexedSeq", k.last_at AS "lastAt", k.sittings, c.last_seq AS "lastSeq"
  FROM memory_conversations k JOIN conversations c ON c.user_id = k.user_id AND c.id = k.conversation_id
  WHERE k.user_id = $1 AND k.conversation_id = $2 FOR UPDATE OF k;
SELECT seq, role, status, active, content, created_at AS "createdAt",
  CASE jsonb_typeof(metadata -> 'author') WHEN 'string' THEN metadata ->> 'author' END AS author
  FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4;
INSERT INTO memory_messages (user_id, conversation_id, seq, sitting, length, active, tells_when, sampled, author,
  created_at, terms, keys)
  SELECT $1, $2, seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys::bigint[]
  FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::boolean[], $7::boolean[], $8::boolean[],
  $9::text[], $10::timestamptz[], $11::bytea[], $12::text[])
  AS g (seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys);
INSERT INTO memory_vectors (user_id, conversation_id, seq, grams)
  SELECT $1, $2, seq, grams FROM unnest($3::integer[], $4::bytea[]) AS g (seq, grams);
UPDATE memory_conversations SET indexed_seq = $3, last_at = $4, sittings = $5, messages = messages + $6,
  terms = terms + $7, authors = (SELECT coalesce(array_agg(a ORDER BY a), '{}') FROM (
  SELECT DISTINCT a FROM unnest(authors || $8::text[]) AS a ORDER BY a LIMIT 100) AS known)
  WHERE user_id = $1 AND conversation_id = $2;
COMMIT;
WITH scope AS (
  SELECT c.id, c.last_seq - coalesce(k.indexed_seq, 0) AS pending, c.last_activity_at, k.messages, k.terms, k.authors
  FROM conversations c
  LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
  WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.id = $2))
  SELECT count(*)::integer AS conversations, coalesce(sum(messages), 0)::integer AS messages,
  coalesce(sum(terms), 0)::float8 AS length, coalesce(sum(pending), 0)::integer AS pending,
  ARRAY(SELECT DISTINCT unnest(authors) FROM scope) AS authors,
  ARRAY(SELECT id::text FROM scope WHERE pending > 0 ORDER BY last_activity_at DESC, id LIMIT 50) AS stale
  FROM scope;
SELECT conversation_id AS "conversationId", seq, sitting, length, terms FROM memory_messages WHERE keys && $4::bigint[] AND (user_id = $1) IS TRUE AND ($2::uuid IS NULL OR (conversation_id = $2) IS TRUE) AND (active OR $3)
  ORDER BY created_at DESC, conversation_id, seq DESC LIMIT $5;
SELECT i.conversation_id AS "conversationId", i.seq, i.sitting, m.id AS "messageId", m.role, i.author,
  i.created_at AS "createdAt", i.tells_when AS "tellsWhen", v.grams,
  CASE WHEN v.embedded_by = $5 THEN v.embedding END AS embedding
  FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
  JOIN memory_messages i ON i.user_id = $1 AND i.conversation_id = place.conversation_id AND i.seq = place.seq
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = i.conversation_id AND m.seq = i.seq
  JOIN memory_vectors v ON v.user_id = $1 AND v.conversation_id = i.conversation_id AND v.seq = i.seq
  WHERE i.active OR $4;
SELECT m.conversation_id AS "conversationId", m.seq, m.content, c.title
  FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id;

-- a search in memory: 14 statements
WITH scope AS (
  SELECT c.id, c.last_seq - coalesce(k.indexed_seq, 0) AS pending, c.last_activity_at, k.messages, k.terms, k.authors
  FROM conversations c
  LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
  WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.id = $2))
  SELECT count(*)::integer AS conversations, coalesce(sum(messages), 0)::integer AS messages,
  coalesce(sum(terms), 0)::float8 AS length, coalesce(sum(pending), 0)::integer AS pending,
  ARRAY(SELECT DISTINCT unnest(authors) FROM scope) AS authors,
  ARRAY(SELECT id::text FROM scope WHERE pending > 0 ORDER BY last_activity_at DESC, id LIMIT 50) AS stale
  FROM scope;
START TRANSACTION;
INSERT INTO memory_conversations (user_id, conversation_id)
  SELECT user_id, id FROM conversations WHERE user_id = $1 AND id = $2 FOR KEY SHARE ON CONFLICT DO NOTHING;
SELECT k.indexed_seq AS "indexedSeq", k.last_at AS "lastAt", k.sittings, c.last_seq AS "lastSeq"
  FROM memory_conversations k JOIN conversations c ON c.user_id = k.user_id AND c.id = k.conversation_id
  WHERE k.user_id = $1 AND k.conversation_id = $2 FOR UPDATE OF k;
SELECT seq, role, status, active, content, created_at AS "createdAt",
  CASE jsonb_typeof(metadata -> 'author') WHEN 'string' THEN metadata ->> 'author' END AS author
  FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4;
INSERT INTO memory_messages (user_id, conversation_id, seq, sitting, length, active, tells_when, sampled, author,
  created_at, terms, keys)
  SELECT $1, $2, seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys::bigint[]
  FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::boolean[], $7::boolean[], $8::boolean[],
  $9::text[], $10::timestamptz[], $11::bytea[], $12::text[])
  AS g (seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys);
INSERT INTO memory_vectors (user_id, conversation_id, seq, grams)
  SELECT $1, $2, seq, grams FROM unnest($3::integer[], $4::bytea[]) AS g (seq, grams);
UPDATE memory_conversations SET indexed_seq = $3, last_at = $4, sittings = $5, messages = messages + $6,
  terms = terms + $7, authors = (SELECT coalesce(array_agg(a ORDER BY a), '{}') FROM (
  SELECT DISTINCT a FROM unnest(authors || $8::text[]) AS a ORDER BY a LIMIT 100) AS known)
  WHERE user_id = $1 AND conversation_id = $2;
COMMIT;
WITH scope AS (
  SELECT c.id, c.last_seq - coalesce(k.indexed_seq, 0) AS pending, c.last_activity_at, k.messages, k.terms, k.authors
  FROM conversations c
  LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
  WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.id = $2))
  SELECT count(*)::integer AS conversations, coalesce(sum(messages), 0)::integer AS messages,
  coalesce(sum(terms), 0)::float8 AS length, coalesce(sum(pending), 0)::integer AS pending,
  ARRAY(SELECT DISTINCT unnest(authors) FROM scope) AS authors,
  ARRAY(SELECT id::text FROM scope WHERE pending > 0 ORDER BY last_activity_at DESC, id LIMIT 50) AS stale
  FROM scope;
SELECT conversation_id AS "conversationId", seq, sitting, length, terms FROM memory_messages WHERE keys && $4::bigint[] AND (user_id = $1) IS TRUE AND ($2::uuid IS NULL OR (conversation_id = $2) IS TRUE) AND (active OR $3)
  ORDER BY created_at DESC, conversation_id, seq DESC LIMIT $5;
SELECT * FROM (
  SELECT c.user_id AS "userId", c.id, c.message_count > 24 AND c.message_count - coalesce((SELECT s.covered FROM memory_summaries s WHERE s.user_id = c.user_id AND s.conversation_id = c.id AND (
  SELECT u.active FROM messages u WHERE u.user_id = c.user_id AND u.conversation_id = c.id AND u.seq = s.upto_seq) ORDER BY s.upto_seq DESC LIMIT 1), 0) > 24 AS summary,
  c.title IS NOT NULL AND c.title_by = 'auto' AND c.title_seq IS NULL AND c.message_count <= 10 AND EXISTS (
  SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active
  AND m.role = 'assistant' AND m.status = 'complete') AS title
  FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
  JOIN conversations c ON c.user_id = given.user_id AND c.id = given.id
  ) looked WHERE summary OR title;
SELECT i.conversation_id AS "conversationId", i.seq, i.sitting, m.id AS "messageId", m.role, i.author,
  i.created_at AS "createdAt", i.tells_when AS "tellsWhen", v.grams,
  CASE WHEN v.embedded_by = $5 THEN v.embedding END AS embedding
  FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
  JOIN memory_messages i ON i.user_id = $1 AND i.conversation_id = place.conversation_id AND i.seq = place.seq
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = i.conversation_id AND m.seq = i.seq
  JOIN memory_vectors v ON v.user_id = $1 AND v.conversation_id = i.conversation_id AND v.seq = i.seq
  WHERE i.active OR $4;
SELECT m.conversation_id AS "conversationId", m.seq, m.content, c.title
  FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id;

-- personas: 0 statements


-- data sets: 1 statement
SELECT * FROM (
  SELECT false AS shared, id, name, title, description, source, licence, version, row_count AS "rowCount", column_count AS "columnCount",
  created_at AS "createdAt", updated_at AS "updatedAt" FROM datasets WHERE user_id = $1
  UNION ALL
  SELECT true AS shared, id, name, title, description, source, licence, version, row_count AS "rowCount", column_count AS "columnCount",
  created_at AS "createdAt", updated_at AS "updatedAt" FROM shared_datasets
  ) AS d
  WHERE shared::integer > $2 OR (shared::integer = $2 AND id < $3)
  ORDER BY shared, id DESC LIMIT $4;

-- a conversation deleted: 1 statement
DELETE FROM conversations WHERE user_id = $1 AND id = $2;
