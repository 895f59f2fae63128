/** Text as it is compared: case, accents, kinds of dashes, quotes and blanks make no difference. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .trim();

const folded = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

/** The column's values by their folded form; worked out once for each list of values. */
export function valuesByFold(values: readonly string[]): ReadonlyMap<string, readonly string[]> {
  let map = folded.get(values);
  if (map === undefined) {
    const made = new Map<string, string[]>();
    for (const value of values) {
      const key = fold(value);
      const list = made.get(key);
      if (list === undefined) made.set(key, [value]);
      else list.push(value);
    }
    folded.set(values, made);
    map = made;
  }
  return map;
}

/** A list of values of a column that match `test`, by folded form. */
export const valuesWhere = (values: readonly string[], test: (folded: string) => boolean): string[] =>
  [...valuesByFold(values)].flatMap(([key, own]) => (test(key) ? own : []));

/*
 * For columns with too many distinct values to list, the same in SQL as far as it goes: accents of the Latin alphabets.
 */
const ACCENTED = 'àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłñńňòóôõöøōőřśşšťùúûüūůűýÿźżž';
const PLAIN_FORM = 'aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorssstuuuuuuuyyzzz';

/** SQL for a text expression's comparable form. Both lists are constants of ours. */
export const foldSql = (sql: string): string => `translate(lower(${sql}), '${ACCENTED}', '${PLAIN_FORM}')`;
