-- register: 2 statements
INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (email) DO NOTHING RETURNING id, email, name, role, password_hash AS "passwordHash", preferences,
  disabled_at AS "disabledAt", created_at AS "createdAt", updated_at AS "updatedAt";
WITH expired AS (DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now())
  INSERT INTO sessions (user_id, id, family_hash, token_hash, expires_at)
  VALUES ($1, $2, $3, $4, now() + make_interval(days => $5));

-- who am I: 1 statement
SELECT id, email, name, role, password_hash AS "passwordHash", preferences,
  disabled_at AS "disabledAt", created_at AS "createdAt", updated_at AS "updatedAt" FROM users WHERE id = $1;

-- a new conversation: 1 statement
WITH c AS (
  INSERT INTO conversations (user_id, id, persona_id, title, given_title, title_by, client_id, metadata,
  collection_ids)
  VALUES ($1, $2, $3, $4::text, $4, CASE WHEN $4 IS NULL THEN 'auto' ELSE 'user' END, $5, $6, $7)
  ON CONFLICT (user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
  RETURNING *)
  SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
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

-- the list of conversations: 1 statement
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
  c.erasures, c.forked_from_id AS "forkedFromId", c.forked_from_message_id AS "forkedFromMessageId",
  c.last_message_preview AS "lastMessagePreview", c.last_activity_at AS "lastActivityAt", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", p.name AS "personaName",
  p.display_name AS "personaDisplayName", p.color AS "personaColor", p.icon AS "personaIcon" FROM conversations c JOIN personas p ON p.id = c.persona_id
  WHERE c.user_id = $1 AND (c.last_activity_at, c.id) < ($2::timestamptz, $3::uuid)
  ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $4;

-- one conversation: 1 statement
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
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

-- an analytical turn: 9 statements
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
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
(SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, true AS newest FROM memory_results
  WHERE user_id = $1 AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $11)
  UNION ALL
  (SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, false AS newest FROM memory_results
  WHERE user_id = $1 AND signature = $10::uuid AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $12);
SELECT m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.seq, m.id AS "messageId",
  q.content AS question, m.content, kept.query, kept.entities, kept.answer,
  kept.evidence #> '{primary,columns}' AS columns,
  CASE WHEN place.rows THEN kept.evidence #> '{primary,rows}' END AS rows
  FROM unnest($2::uuid[], $3::integer[], $4::boolean[]) AS place (conversation_id, seq, rows)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
  CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, answer jsonb, evidence jsonb)
  LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user';
WITH target AS (
  SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
  ), guard AS (UPDATE runs SET status = $13::text, error = $14::jsonb, last_seq = $15::integer, finished_at = clock_timestamp()
  FROM target
  WHERE user_id = $1 AND conversation_id = target.id AND runs.id = $12::uuid AND status = 'running' AND instance_id = $16::uuid
  RETURNING CASE WHEN $17::boolean THEN pg_notify('engram_runs', 'ended ' || runs.id)::text END AS told,
  EXISTS (SELECT FROM runs q WHERE q.user_id = $1 AND q.conversation_id = $2 AND q.status = 'queued') AS waiting), gone AS (
  SELECT coalesce(array_agg(told.id::text), '{}') AS ids FROM unnest($10::uuid[]) AS told (id)
  WHERE NOT EXISTS (SELECT FROM messages there WHERE there.user_id = $1 AND there.id = told.id FOR KEY SHARE)
  ), removed AS (
  SELECT coalesce(array_agg(cited.id::text), '{}') AS ids FROM unnest($11::uuid[]) AS cited (id) WHERE NOT (EXISTS (SELECT FROM documents d WHERE d.user_id = $1 AND d.id = cited.id FOR KEY SHARE)
  OR EXISTS (SELECT FROM collections c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id
  WHERE c.shared AND d.id = cited.id FOR KEY SHARE OF d))
  ), m AS (
  UPDATE messages SET role = $4, type = $5, status = $6,
  content = CASE
  WHEN removed.ids <> '{}' AND gone.ids <> '{}' THEN CASE WHEN $8::jsonb #> '{evidence,messages}' IS NULL THEN (CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END) ELSE coalesce((
  SELECT string_agg(line, E'\n\n' ORDER BY place)
  FROM regexp_split_to_table((CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END), E'\n') WITH ORDINALITY AS lines (line, place)
  WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.messages[*]') AS said
  WHERE said ->> 'messageId' = ANY (gone.ids) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END
  WHEN removed.ids <> '{}' THEN CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END
  WHEN gone.ids <> '{}' THEN CASE WHEN $8::jsonb #> '{evidence,messages}' IS NULL THEN $7::text ELSE coalesce((
  SELECT string_agg(line, E'\n\n' ORDER BY place)
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.messages[*]') AS said
  WHERE said ->> 'messageId' = ANY (gone.ids) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END ELSE $7 END,
  metadata = CASE WHEN removed.ids <> '{}' THEN jsonb_set((jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false)) #- '{evidence,corrected}', '{evidence,passages}', (
  SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements((jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false)) #> '{evidence,passages}') WITH ORDINALITY AS cited (each, place)
  WHERE each ->> 'documentId' <> ALL (removed.ids)), false)
  WHEN gone.ids <> '{}' THEN jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false) ELSE $8::jsonb END
  FROM guard, gone, removed WHERE user_id = $1 AND conversation_id = $2 AND seq = $3
  RETURNING messages.id, parent_id, active, client_id, created_at,
  CASE WHEN gone.ids <> '{}' OR removed.ids <> '{}' THEN metadata END AS scrubbed,
  CASE WHEN removed.ids <> '{}' OR gone.ids <> '{}' AND $8::jsonb #> '{evidence,messages}' IS NOT NULL THEN content END AS kept
  ), shown AS (
  UPDATE conversations SET updated_at = clock_timestamp(), last_message_preview =
  coalesce(left(regexp_replace(m.kept, '\s+', ' ', 'g'), 120), nullif($9, ''), last_message_preview)
  FROM m WHERE conversations.user_id = $1 AND conversations.id = $2 AND tail_id = m.id
  ), beside AS (INSERT INTO memory_results
  (user_id, conversation_id, seq, answered_at, active, dataset_id, signature, marks, keys)
  SELECT $1, $2, $3, m.created_at, m.active, $18::uuid, $19::uuid, $20::bytea, $21::bigint[] FROM m
  ON CONFLICT DO NOTHING)
  SELECT id, parent_id AS "parentId", active, client_id AS "clientId", created_at AS "createdAt",
  scrubbed, kept, to_json(guard) AS guard
  FROM m, guard;
SELECT avg(c6)::float8 AS o1, count(*) AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) LIMIT 1001;
SELECT c3 AS o1, avg(c6)::float8 AS o2, count(c6) AS o3, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 DESC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 25;
SELECT avg(c6)::float8 AS o1, count(*) AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) LIMIT 1001;

-- an analytical turn that follows up: 7 statements
SELECT
  c.user_id AS "userId", c.id, c.client_id AS "clientId", c.persona_id AS "personaId", c.title, c.title_by AS "titleBy",
  c.title_seq AS "titleSeq",
  c.given_title AS "givenTitle", c.metadata, c.collection_ids AS "collectionIds", c.message_count AS "messageCount", c.last_seq AS "lastSeq", c.tail_id AS "tailId",
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
(SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, true AS newest FROM memory_results
  WHERE user_id = $1 AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $11)
  UNION ALL
  (SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, false AS newest FROM memory_results
  WHERE user_id = $1 AND signature = $10::uuid AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $12);
SELECT m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.seq, m.id AS "messageId",
  q.content AS question, m.content, kept.query, kept.entities, kept.answer,
  kept.evidence #> '{primary,columns}' AS columns,
  CASE WHEN place.rows THEN kept.evidence #> '{primary,rows}' END AS rows
  FROM unnest($2::uuid[], $3::integer[], $4::boolean[]) AS place (conversation_id, seq, rows)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
  CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, answer jsonb, evidence jsonb)
  LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user';
WITH target AS (
  SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
  ), guard AS (UPDATE runs SET status = $13::text, error = $14::jsonb, last_seq = $15::integer, finished_at = clock_timestamp()
  FROM target
  WHERE user_id = $1 AND conversation_id = target.id AND runs.id = $12::uuid AND status = 'running' AND instance_id = $16::uuid
  RETURNING CASE WHEN $17::boolean THEN pg_notify('engram_runs', 'ended ' || runs.id)::text END AS told,
  EXISTS (SELECT FROM runs q WHERE q.user_id = $1 AND q.conversation_id = $2 AND q.status = 'queued') AS waiting), gone AS (
  SELECT coalesce(array_agg(told.id::text), '{}') AS ids FROM unnest($10::uuid[]) AS told (id)
  WHERE NOT EXISTS (SELECT FROM messages there WHERE there.user_id = $1 AND there.id = told.id FOR KEY SHARE)
  ), removed AS (
  SELECT coalesce(array_agg(cited.id::text), '{}') AS ids FROM unnest($11::uuid[]) AS cited (id) WHERE NOT (EXISTS (SELECT FROM documents d WHERE d.user_id = $1 AND d.id = cited.id FOR KEY SHARE)
  OR EXISTS (SELECT FROM collections c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id
  WHERE c.shared AND d.id = cited.id FOR KEY SHARE OF d))
  ), m AS (
  UPDATE messages SET role = $4, type = $5, status = $6,
  content = CASE
  WHEN removed.ids <> '{}' AND gone.ids <> '{}' THEN CASE WHEN $8::jsonb #> '{evidence,messages}' IS NULL THEN (CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END) ELSE coalesce((
  SELECT string_agg(line, E'\n\n' ORDER BY place)
  FROM regexp_split_to_table((CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END), E'\n') WITH ORDINALITY AS lines (line, place)
  WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.messages[*]') AS said
  WHERE said ->> 'messageId' = ANY (gone.ids) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END
  WHEN removed.ids <> '{}' THEN CASE WHEN $8::jsonb #>> '{model,wording}' = 'model' AND $8::jsonb #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY (removed.ids) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END
  WHEN gone.ids <> '{}' THEN CASE WHEN $8::jsonb #> '{evidence,messages}' IS NULL THEN $7::text ELSE coalesce((
  SELECT string_agg(line, E'\n\n' ORDER BY place)
  FROM regexp_split_to_table($7::text, E'\n') WITH ORDINALITY AS lines (line, place)
  WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query($8::jsonb, '$.evidence.messages[*]') AS said
  WHERE said ->> 'messageId' = ANY (gone.ids) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END ELSE $7 END,
  metadata = CASE WHEN removed.ids <> '{}' THEN jsonb_set((jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false)) #- '{evidence,corrected}', '{evidence,passages}', (
  SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements((jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false)) #> '{evidence,passages}') WITH ORDINALITY AS cited (each, place)
  WHERE each ->> 'documentId' <> ALL (removed.ids)), false)
  WHEN gone.ids <> '{}' THEN jsonb_set(jsonb_set(jsonb_set(jsonb_set($8::jsonb, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL (gone.ids)), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements($8::jsonb #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL (gone.ids)), false) ELSE $8::jsonb END
  FROM guard, gone, removed WHERE user_id = $1 AND conversation_id = $2 AND seq = $3
  RETURNING messages.id, parent_id, active, client_id, created_at,
  CASE WHEN gone.ids <> '{}' OR removed.ids <> '{}' THEN metadata END AS scrubbed,
  CASE WHEN removed.ids <> '{}' OR gone.ids <> '{}' AND $8::jsonb #> '{evidence,messages}' IS NOT NULL THEN content END AS kept
  ), shown AS (
  UPDATE conversations SET updated_at = clock_timestamp(), last_message_preview =
  coalesce(left(regexp_replace(m.kept, '\s+', ' ', 'g'), 120), nullif($9, ''), last_message_preview)
  FROM m WHERE conversations.user_id = $1 AND conversations.id = $2 AND tail_id = m.id
  ), beside AS (INSERT INTO memory_results
  (user_id, conversation_id, seq, answered_at, active, dataset_id, signature, marks, keys)
  SELECT $1, $2, $3, m.created_at, m.active, $18::uuid, $19::uuid, $20::bytea, $21::bigint[] FROM m
  ON CONFLICT DO NOTHING)
  SELECT id, parent_id AS "parentId", active, client_id AS "clientId", created_at AS "createdAt",
  scrubbed, kept, to_json(guard) AS guard
  FROM m, guard;
SELECT c3 AS o1, avg(c6)::float8 AS o2, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 ASC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 1;
SELECT c3 AS o1, avg(c6)::float8 AS o2, sum(count(*)) OVER () AS matched FROM dataset_rows."d_<id>" WHERE (c5 = $1::bigint AND c1 = $2::text) GROUP BY c3 ORDER BY avg(c6)::float8 ASC NULLS LAST, lower(c3) COLLATE "C" ASC NULLS LAST, c3 COLLATE "C" ASC NULLS LAST LIMIT 10;

-- a search in memory, with what is new indexed first: 21 statements
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
SELECT conversation_id AS "conversationId", seq, sitting, length, terms FROM memory_messages
  WHERE keys && $4::bigint[] AND (user_id = $1) IS TRUE AND ($2::uuid IS NULL OR (conversation_id = $2) IS TRUE) AND (active OR $3) AND ($6::timestamptz IS NULL OR created_at < $6)
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

-- a search in memory: 13 statements
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
SELECT conversation_id AS "conversationId", seq, sitting, length, terms FROM memory_messages
  WHERE keys && $4::bigint[] AND (user_id = $1) IS TRUE AND ($2::uuid IS NULL OR (conversation_id = $2) IS TRUE) AND (active OR $3) AND ($6::timestamptz IS NULL OR created_at < $6)
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

-- the latest results: 2 statements
(SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, true AS newest FROM memory_results
  WHERE user_id = $1 AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $11)
  UNION ALL
  (SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, false AS newest FROM memory_results
  WHERE user_id = $1 AND signature = $10::uuid AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $12);
SELECT m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.seq, m.id AS "messageId",
  q.content AS question, m.content, kept.query, kept.entities, kept.answer,
  kept.evidence #> '{primary,columns}' AS columns,
  CASE WHEN place.rows THEN kept.evidence #> '{primary,rows}' END AS rows
  FROM unnest($2::uuid[], $3::integer[], $4::boolean[]) AS place (conversation_id, seq, rows)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
  CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, answer jsonb, evidence jsonb)
  LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user';

-- past results about something: 2 statements
(SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, true AS newest FROM memory_results
  WHERE user_id = $1 AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $11)
  UNION ALL
  (SELECT conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed, false AS newest FROM memory_results
  WHERE user_id = $1 AND signature = $10::uuid AND answered_at <= $3 AND active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8)) ORDER BY answered_at DESC, conversation_id, seq DESC LIMIT $12);
SELECT m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.seq, m.id AS "messageId",
  q.content AS question, m.content, kept.query, kept.entities, kept.answer,
  kept.evidence #> '{primary,columns}' AS columns,
  CASE WHEN place.rows THEN kept.evidence #> '{primary,rows}' END AS rows
  FROM unnest($2::uuid[], $3::integer[], $4::boolean[]) AS place (conversation_id, seq, rows)
  JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
  JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
  CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, answer jsonb, evidence jsonb)
  LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user';

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

-- a new collection: 2 statements
INSERT INTO collections (user_id, id, name, description, shared) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (user_id, name) DO NOTHING;
SELECT c.user_id AS "userId", c.id, c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.version, c.shared,
  c.name, c.description, counted.* FROM (
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))) AS c LEFT JOIN LATERAL (
  SELECT count(*)::integer AS documents, coalesce(sum(d.passages), 0)::integer AS passages
  FROM documents d WHERE d.user_id = c.user_id AND d.collection_id = c.id
  ) AS counted ON true;

-- a document added, to be read later: 8 statements
SELECT c.user_id AS "userId", c.id, c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.version, c.shared,
  c.name, c.description, counted.* FROM (
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))) AS c LEFT JOIN LATERAL (
  SELECT count(*)::integer AS documents, coalesce(sum(d.passages), 0)::integer AS passages
  FROM documents d WHERE d.user_id = c.user_id AND d.collection_id = c.id
  ) AS counted ON true;
START TRANSACTION;
SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE;
SELECT count(*)::integer AS count,
  coalesce(sum(greatest(d.bytes, coalesce(octet_length(s.content), 0))), 0)::float8 AS bytes
  FROM documents d
  JOIN collections c ON c.user_id = d.user_id AND c.id = d.collection_id AND NOT c.shared
  LEFT JOIN document_sources s ON s.user_id = d.user_id AND s.document_id = d.id
  WHERE d.user_id = $1 AND NOT (d.collection_id = $2 AND d.name = $3);
INSERT INTO documents (user_id, id, collection_id, upload_id, name, given_title, status)
  SELECT user_id, $2, id, $4, $5, $6, 'queued' FROM collections WHERE user_id = $1 AND id = $3
  ON CONFLICT (user_id, collection_id, name) DO UPDATE SET upload_id = excluded.upload_id, status = 'queued', done = 0,
  total = NULL, error_code = NULL, error_message = NULL, updated_at = now(),
  given_title = coalesce(excluded.given_title, documents.given_title)
  RETURNING id;
INSERT INTO document_sources (user_id, document_id, upload_id, format, content) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (user_id, document_id) DO UPDATE SET upload_id = excluded.upload_id, format = excluded.format,
  content = excluded.content, queued_at = excluded.queued_at, busy_until = NULL, attempts = 0;
COMMIT;
SELECT d.user_id AS "userId", d.id, d.collection_id AS "collectionId", d.ready_at AS "readyAt",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt", d.bytes, d.pages, d.characters, d.tokens, d.passages, d.done,
  d.total, d.name, coalesce(d.given_title, d.title, d.name) AS title, d.format, d.language, d.status,
  d.error_code AS "errorCode", d.error_message AS "errorMessage", c.shared FROM (
  SELECT * FROM collections WHERE user_id = $1
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1
  ) AS c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id WHERE d.id = $2;

-- a document read: 14 statements
UPDATE document_sources s SET busy_until = clock_timestamp() + make_interval(secs => $1), attempts = attempts + 1
  FROM (
  SELECT user_id, document_id FROM document_sources
  WHERE busy_until IS NULL OR busy_until < clock_timestamp()
  ORDER BY queued_at LIMIT 1 FOR UPDATE SKIP LOCKED
  ) AS next
  WHERE s.user_id = next.user_id AND s.document_id = next.document_id
  RETURNING s.user_id AS "userId", s.document_id AS "documentId", s.upload_id AS "uploadId", s.attempts, s.format,
  s.content;
UPDATE documents SET status = $4, done = $5, total = $6 WHERE user_id = $1 AND id = $2 AND upload_id = $3;
UPDATE documents SET status = $4, done = $5, total = $6 WHERE user_id = $1 AND id = $2 AND upload_id = $3;
START TRANSACTION;
UPDATE documents SET status = 'ready', ready_at = clock_timestamp(), updated_at = now(), bytes = $4, pages = $5,
  characters = $6, tokens = $7, passages = $8, terms = $9, title = $10, format = $11, language = $12,
  done = $8, total = $8
  WHERE user_id = $1 AND id = $2 AND upload_id = $3 RETURNING collection_id AS "collectionId";
DELETE FROM passages WHERE user_id = $1 AND document_id = $2;
DELETE FROM document_words WHERE user_id = $1 AND document_id = $2;
DELETE FROM document_texts WHERE user_id = $1 AND document_id = $2;
DELETE FROM document_sources WHERE user_id = $1 AND document_id = $2 AND upload_id = $3;
INSERT INTO document_texts (user_id, document_id, content, outline) VALUES ($1, $2, $3, $4);
INSERT INTO document_words (user_id, document_id, word) SELECT $1, $2, word FROM unnest($3::text[]) AS word;
INSERT INTO passages (user_id, document_id, collection_id, n, starts, ends, page, tokens, length, sampled, heading,
  content, terms, keys)
  SELECT $1, $2, $3, n, starts, ends, page, tokens, length, sampled,
  ARRAY(SELECT jsonb_array_elements_text(heading)), content, terms, keys::bigint[]
  FROM unnest($4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::integer[],
  $10::boolean[], $11::jsonb[], $12::text[], $13::bytea[], $14::text[])
  AS g (n, starts, ends, page, tokens, length, sampled, heading, content, terms, keys);
INSERT INTO passage_vectors (user_id, document_id, n, grams)
  SELECT $1, $2, n, grams FROM unnest($3::integer[], $4::bytea[]) AS g (n, grams);
COMMIT;

-- a search in documents: 5 statements
SELECT user_id AS "userId", id, shared FROM (
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))) AS c;
SELECT coalesce(sum(passages), 0)::integer AS passages, coalesce(sum(terms), 0)::float8 AS length,
  (count(*) FILTER (WHERE status IN ('queued', 'parsing', 'indexing')))::integer AS pending,
  coalesce(array_agg(DISTINCT language) FILTER (WHERE language IS NOT NULL), '{}') AS languages
  FROM documents WHERE user_id = $1 AND collection_id = ANY($2::uuid[]);
SELECT document_id AS "documentId", n, length, terms FROM passages WHERE keys && $3::bigint[] AND (user_id = $1) IS TRUE AND (collection_id = ANY($2::uuid[])) IS TRUE LIMIT $4;
SELECT v.document_id AS "documentId", v.n, v.grams, CASE WHEN v.embedded_by = $4 THEN v.embedding END AS embedding,
  CASE WHEN $5 THEN (
  SELECT content FROM passages p WHERE p.user_id = $1 AND p.document_id = v.document_id AND p.n = v.n
  ) END AS content
  FROM unnest($2::uuid[], $3::integer[]) AS place (document_id, n)
  JOIN passage_vectors v ON v.user_id = $1 AND v.document_id = place.document_id AND v.n = place.n;
SELECT p.document_id AS "documentId", p.n, p.collection_id AS "collectionId", d.name,
  coalesce(d.given_title, d.title, d.name) AS title, p.starts, p.ends, p.page, p.heading, p.content
  FROM unnest($2::uuid[], $3::integer[]) AS place (document_id, n)
  JOIN passages p ON p.user_id = $1 AND p.document_id = place.document_id AND p.n = place.n
  JOIN documents d ON d.user_id = $1 AND d.id = p.document_id;

-- a passage in its place: 2 statements
SELECT d.user_id AS "userId", d.id, d.collection_id AS "collectionId", d.ready_at AS "readyAt",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt", d.bytes, d.pages, d.characters, d.tokens, d.passages, d.done,
  d.total, d.name, coalesce(d.given_title, d.title, d.name) AS title, d.format, d.language, d.status,
  d.error_code AS "errorCode", d.error_message AS "errorMessage", c.shared FROM (
  SELECT * FROM collections WHERE user_id = $1
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1
  ) AS c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id WHERE d.id = $2;
SELECT n, starts, ends, page, heading, content FROM passages WHERE user_id = $1 AND document_id = $2 AND n >= $3 ORDER BY n LIMIT $4;

-- documents: 2 statements
SELECT user_id AS "userId", id, shared FROM (
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))) AS c;
SELECT d.user_id AS "userId", d.id, d.collection_id AS "collectionId", d.ready_at AS "readyAt",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt", d.bytes, d.pages, d.characters, d.tokens, d.passages, d.done,
  d.total, d.name, coalesce(d.given_title, d.title, d.name) AS title, d.format, d.language, d.status,
  d.error_code AS "errorCode", d.error_message AS "errorMessage", c.shared FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS c (user_id, id, shared)
  CROSS JOIN LATERAL (
  SELECT * FROM documents WHERE user_id = c.user_id AND collection_id = c.id AND ($4::uuid IS NULL OR id < $4)
  ORDER BY id DESC LIMIT $5
  ) AS d ORDER BY d.id DESC LIMIT $5;

-- a document deleted: 8 statements
SELECT d.user_id AS "userId", d.id, d.collection_id AS "collectionId", d.ready_at AS "readyAt",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt", d.bytes, d.pages, d.characters, d.tokens, d.passages, d.done,
  d.total, d.name, coalesce(d.given_title, d.title, d.name) AS title, d.format, d.language, d.status,
  d.error_code AS "errorCode", d.error_message AS "errorMessage", c.shared FROM (
  SELECT * FROM collections WHERE user_id = $1
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1
  ) AS c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id WHERE d.id = $2;
SELECT c.user_id AS "userId", c.id, c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.version, c.shared,
  c.name, c.description, counted.* FROM (
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))) AS c LEFT JOIN LATERAL (
  SELECT count(*)::integer AS documents, coalesce(sum(d.passages), 0)::integer AS passages
  FROM documents d WHERE d.user_id = c.user_id AND d.collection_id = c.id
  ) AS counted ON true;
START TRANSACTION;
DELETE FROM documents WHERE user_id = $1 AND id = $2;
UPDATE messages m SET content = CASE WHEN m.metadata #>> '{model,wording}' = 'model' AND m.metadata #>> '{evidence,primary}' IS NULL THEN 'A document that was quoted here was removed.'
  ELSE rtrim(regexp_replace((
  SELECT string_agg(CASE WHEN quotes THEN 'A document that was quoted here was removed.' ELSE line END, E'\n' ORDER BY place) FROM (
  SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
  SELECT line, place, EXISTS (
  SELECT FROM jsonb_path_query(m.metadata, '$.evidence.passages[*]') AS passage
  WHERE passage ->> 'documentId' = ANY ($1::text[]) AND (
  starts_with(line, '**' || (passage ->> 'title') || '**')
  OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
  WHERE strpos(line, '“' || sentence || '”') > 0)))
  OR EXISTS (SELECT FROM jsonb_path_query(m.metadata, '$.evidence.corrected[*].as[*]') AS word
  WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
  FROM regexp_split_to_table(m.content, E'\n') WITH ORDINALITY AS lines (line, place)
  ) AS marked
  ) AS counted
  WHERE NOT quotes OR nth = 1
  ), '\n{3,}', E'\n\n', 'g'), E'\n') END,
  metadata = jsonb_set(m.metadata #- '{evidence,corrected}', '{evidence,passages}', (
  SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements(m.metadata #> '{evidence,passages}') WITH ORDINALITY AS cited (each, place)
  WHERE each ->> 'documentId' <> ALL ($1::text[])), false)
  WHERE m.user_id = $3 AND m.type = 'analysis' AND m.created_at >= $2 AND EXISTS (SELECT FROM jsonb_path_query(m.metadata, '$.evidence.passages[*].documentId') AS cited
  WHERE cited #>> '{}' = ANY ($1::text[]))
  RETURNING m.user_id AS "userId", m.conversation_id AS "conversationId", m.id, m.seq;
UPDATE reports SET status = 'queued', progress = 0, step = NULL, busy_until = NULL
  WHERE source_kind = 'collection' AND source_id = $1 AND status = 'running';
DELETE FROM reports r WHERE source_kind = 'collection' AND source_id = $1
  AND ($2 OR status NOT IN ('queued', 'running') AND finished_at >= $3)
  RETURNING r.user_id AS "userId", r.message_id AS "messageId";
COMMIT;

-- a conversation deleted: 5 statements
START TRANSACTION;
SELECT coalesce(array_agg(id), '{}') AS ids, min(created_at) AS since FROM messages
  WHERE user_id = $1 AND conversation_id = $2;
DELETE FROM conversations WHERE user_id = $1 AND id = $2;
UPDATE messages m SET content = CASE WHEN m.metadata #> '{evidence,messages}' IS NULL THEN m.content ELSE coalesce((
  SELECT string_agg(line, E'\n\n' ORDER BY place)
  FROM regexp_split_to_table(m.content, E'\n') WITH ORDINALITY AS lines (line, place)
  WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query(m.metadata, '$.evidence.messages[*]') AS said
  WHERE said ->> 'messageId' = ANY ($2::text[]) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END,
  metadata = jsonb_set(jsonb_set(jsonb_set(jsonb_set(m.metadata, '{evidence,pastResults}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements(m.metadata #> '{evidence,pastResults}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL ($2::text[])), false), '{evidence,messages}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements(m.metadata #> '{evidence,messages}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL ($2::text[])), false), '{references}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements(m.metadata #> '{references}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL ($2::text[])), false), '{findings}', (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
  FROM jsonb_array_elements(m.metadata #> '{findings}') WITH ORDINALITY AS told (each, place)
  WHERE each ->> 'earlier' IS NULL OR each ->> 'earlier' <> ALL ($2::text[])), false)
  WHERE m.user_id = $1 AND m.type = 'analysis' AND m.created_at >= $3 AND EXISTS (SELECT FROM jsonb_to_record(m.metadata) AS kept ("evidence" jsonb, "references" jsonb, "findings" jsonb), LATERAL (SELECT jsonb_path_query("evidence", '$.pastResults[*].messageId') #>> '{}' UNION ALL SELECT jsonb_path_query("evidence", '$.messages[*].messageId') #>> '{}' UNION ALL SELECT jsonb_path_query("references", '$[*].messageId') #>> '{}' UNION ALL SELECT jsonb_path_query("findings", '$[*].earlier') #>> '{}') AS told (id) WHERE told.id = ANY ($2))
  RETURNING m.user_id AS "userId", m.conversation_id AS "conversationId", m.id, m.seq;
COMMIT;
