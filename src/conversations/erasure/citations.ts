import type { Metadata } from '../message.entity.js';

/** What stands where a document was quoted that was removed. */
export const REMOVED = 'A document that was quoted here was removed.';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids of the documents that an answer's metadata quotes. */
export function citedIn(metadata: Metadata): string[] {
  const passages = (metadata['evidence'] as Metadata | undefined)?.['passages'];
  if (!Array.isArray(passages)) return [];
  const ids = passages.map((passage) => (passage as Metadata)['documentId']);
  return [...new Set(ids.filter((id) => typeof id === 'string' && UUID.test(id)))] as string[];
}

/** SQL: whether the metadata quotes any of the documents; `ids` is a `text[]`, both are expressions. */
export const citesAny = (metadata: string, ids: string): string =>
  `EXISTS (SELECT FROM jsonb_path_query(${metadata}, '$.evidence.passages[*].documentId') AS cited
    WHERE cited #>> '{}' = ANY (${ids}))`;

/** SQL: the metadata without what it has of the documents. Words that were taken for others were taken from documents, too. */
export const withoutCitations = (metadata: string, ids: string): string =>
  `jsonb_set(${metadata} #- '{evidence,corrected}', '{evidence,passages}', (
    SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
    FROM jsonb_array_elements(${metadata} #> '{evidence,passages}') WITH ORDINALITY AS cited (each, place)
    WHERE each ->> 'documentId' <> ALL (${ids})), false)`;

/**
 * SQL: an answer's text with one plain sentence in place of the lines that quote the documents, or words of theirs. Where a model put passages
 * into words of its own, nothing tells whose they are, and all of it goes.
 */
export const withoutQuotations = (content: string, metadata: string, ids: string): string =>
  `CASE WHEN ${metadata} #>> '{model,wording}' = 'model' AND ${metadata} #>> '{evidence,primary}' IS NULL THEN '${REMOVED}'
  ELSE rtrim(regexp_replace((
    SELECT string_agg(CASE WHEN quotes THEN '${REMOVED}' ELSE line END, E'\\n' ORDER BY place) FROM (
      SELECT line, place, quotes, row_number() OVER (PARTITION BY quotes ORDER BY place) AS nth FROM (
        SELECT line, place, EXISTS (
          SELECT FROM jsonb_path_query(${metadata}, '$.evidence.passages[*]') AS passage
          WHERE passage ->> 'documentId' = ANY (${ids}) AND (
            starts_with(line, '**' || (passage ->> 'title') || '**')
            OR EXISTS (SELECT FROM jsonb_array_elements_text(passage -> 'sentences') AS sentence
              WHERE strpos(line, '“' || sentence || '”') > 0)))
          OR EXISTS (SELECT FROM jsonb_path_query(${metadata}, '$.evidence.corrected[*].as[*]') AS word
            WHERE strpos(line, '“' || (word #>> '{}') || '”') > 0) AS quotes
        FROM regexp_split_to_table(${content}, E'\\n') WITH ORDINALITY AS lines (line, place)
      ) AS marked
    ) AS counted
    WHERE NOT quotes OR nth = 1
  ), '\\n{3,}', E'\\n\\n', 'g'), E'\\n') END`;
