import type { Metadata } from '../message.entity.js';

/** Lists in an answer's metadata that tell of other messages, and which member of their elements says of which one. */
const LISTS = [
  { path: ['evidence', 'pastResults'], id: 'messageId' },
  { path: ['evidence', 'messages'], id: 'messageId' },
  { path: ['references'], id: 'messageId' },
  { path: ['findings'], id: 'earlier' },
] as const;

/** Ids of the messages that an answer's metadata tells of. */
export function mentionedIn(metadata: Metadata): string[] {
  const found = LISTS.flatMap(({ path, id }) => {
    const list = path.reduce<unknown>((value, name) => (value as Metadata | undefined)?.[name], metadata);
    const ids = Array.isArray(list) ? list.map((each) => (each as Metadata)[id]) : [];
    return ids.filter((one) => typeof one === 'string');
  });
  return [...new Set(found)];
}

/** SQL: the metadata without what it tells of messages; `ids` is a `text[]`, both are expressions. */
export const withoutMentions = (metadata: string, ids: string): string =>
  LISTS.reduce((text, { path, id }) => {
    const list = `'{${path.join(',')}}'`;
    return `jsonb_set(${text}, ${list}, (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
      FROM jsonb_array_elements(${metadata} #> ${list}) WITH ORDINALITY AS told (each, place)
      WHERE each ->> '${id}' IS NULL OR each ->> '${id}' <> ALL (${ids})), false)`;
  }, metadata);

const MEMBERS = [...new Set(LISTS.map(({ path: [member] }) => member))].map((member) => `"${member}" jsonb`).join(', ');
const IDS = LISTS.map(
  ({ path: [member, ...rest], id }) =>
    `SELECT jsonb_path_query("${member}", '${['$', ...rest].join('.')}[*].${id}') #>> '{}'`,
).join(' UNION ALL ');

/** SQL: whether the metadata tells of any of the messages. As a record, so that it is unpacked once. */
export const mentionsAny = (metadata: string, ids: string): string =>
  `EXISTS (SELECT FROM jsonb_to_record(${metadata}) AS kept (${MEMBERS}), LATERAL (${IDS}) AS told (id) WHERE told.id = ANY (${ids}))`;

/** SQL: an answer's text without the lines that quote one of the messages. */
export const withoutQuotes = (content: string, metadata: string, ids: string): string =>
  `CASE WHEN ${metadata} #> '{evidence,messages}' IS NULL THEN ${content} ELSE coalesce((
    SELECT string_agg(line, E'\\n\\n' ORDER BY place)
    FROM regexp_split_to_table(${content}, E'\\n') WITH ORDINALITY AS lines (line, place)
    WHERE line <> '' AND NOT EXISTS (SELECT FROM jsonb_path_query(${metadata}, '$.evidence.messages[*]') AS said
      WHERE said ->> 'messageId' = ANY (${ids}) AND strpos(line, said ->> 'quote') > 0)
  ), 'What was quoted here was erased.') END`;
