/** `Average score` → `average score`, but `GDP` and `iPhone` stay. */
export function lowerFirst(text: string): string {
  const [first = '', second = ''] = text;
  return second !== '' && second !== second.toLowerCase() ? text : first.toLowerCase() + text.slice(1);
}

export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1) ?? ''}`;
}

/** English plural of a noun phrase, by its last word. */
export function plural(noun: string): string {
  if (/(?:[^aeiou]|qu)y$/i.test(noun)) return `${noun.slice(0, -1)}ies`;
  if (/(?:s|x|z|ch|sh)$/i.test(noun)) return /(?:[^s]s)$/i.test(noun) && !/(?:us|is)$/i.test(noun) ? noun : `${noun}es`;
  return `${noun}s`;
}

/** `1 row`, `2 rows`, `1,234 rows`. */
export function counted(count: number, noun: string, written: string): string {
  return `${written} ${count === 1 ? noun : plural(noun)}`;
}

/** Ends with exactly one full stop (or ! or ?). */
export function sentence(text: string): string {
  const trimmed = upperFirst(text.trim());
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** `second`, `11th`. */
export function ordinal(place: number): string {
  const teen = place % 100 > 10 && place % 100 < 14;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return ORDINALS[place - 1] ?? `${String(place)}${ending}`;
}
