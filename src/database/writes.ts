/** Statements on tables of which rows are kept in memory (see `src/cache/cache.ts`); with a user their conversations go. */
const WRITES =
  /\b(?:(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:conversations|messages|personas)|DELETE\s+FROM\s+users)\b/gi;
/** The forms in which our statements bind the rows that they write to their first parameter. */
const BY_OWNER = /\buser_id = \$1\b|\bVALUES \(\$1,|\bSELECT \$1,/;
const OF_NO_OWNER = /\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:personas|users)\b/i;

export interface Writes {
  /** Its owner's rows (the first parameter, as in every store), or anybody's. */
  readonly whose: 'owner' | 'anybody';
  /** Its row count is that of these rows: 0 means that none was changed. */
  readonly isCounted: boolean;
}

/**
 * What a statement may change of that which is kept in memory; null: nothing. Read off the text, so that no store can forget
 * to say so; where in doubt, anybody's rows.
 */
export function writesOf(text: string): Writes | null {
  const found = [...text.matchAll(WRITES)];
  const [first] = found;
  if (first === undefined) return null;
  return {
    whose: BY_OWNER.test(text) && !OF_NO_OWNER.test(text) ? 'owner' : 'anybody',
    isCounted: found.length === 1 && depthAt(text, first.index) === 0,
  };
}

/** How many parentheses are open there: inside of some it is a part of a `WITH`. */
function depthAt(text: string, end: number): number {
  let depth = 0;
  for (let at = 0; at < end; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
  }
  return depth;
}
