import type { Db } from './db.js';

/** Stems of words by one of the server's own Snowball dictionaries; its stop words have none. */
export async function snowballStems(
  db: Db,
  language: string,
  words: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ word: string; stem: string | null }>(
    `SELECT word, (ts_lexize($1::regdictionary, word))[1] AS stem FROM unnest($2::text[]) AS word`,
    [`${language}_stem`, words],
  );
  return new Map(rows.flatMap(({ word, stem }) => (stem === null ? [] : [[word, stem] as const])));
}
