import type { ColumnProfile } from '../../../datasets/profile.js';
import { singular } from '../../../datasets/relations/singular.js';
import type { Match } from './cover.js';
import { ALWAYS_GRAMMAR, EDGE, INNER_STOPS, isGrammar } from './grammar-words.js';
import { type Lexicon, phraseKey, yesOf } from './lexicon.js';
import { type Token, wordsOf } from './tokens.js';

export function columnsAt(
  found: Match[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  words: readonly string[],
  from: number,
  to: number,
  fuzzy: number,
  quoted: boolean,
): void {
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  const single = words.length === 1;
  if (!single && (EDGE.has(first) || EDGE.has(last))) return;
  const inner = tokens.slice(from + 1, to);
  if (inner.some((token) => /[,()]/.test(token.before))) return;
  const hits = lexicon.phrases.get(phraseKey(words));
  if (!hits) return;
  // Grammar words stand inside a name only where the name has them too: `gdp_per_capita`.
  const crosses = inner.some((token) => INNER_STOPS.has(token.lower));
  const noun = single && isOnlyNoun(tokens, from, lexicon);
  for (const hit of hits) {
    if (noun && (hit.column.origin !== undefined || hit.score < 0.9)) continue;
    if (crosses && !spelledBy(hit.column, words)) continue;
    // "name", "number", "total" alone are grammar unless they are a column's own name.
    if (single && isGrammar(tokens[from]) && hit.score < 0.93) continue;
    if (single && ALWAYS_GRAMMAR.has(first)) continue;
    // "plants" names the rows; `planted_on` only shares its stem.
    if (single && lexicon.subject.has(tokens[from]?.stem ?? '') && !namedBy(hit.column, first)) continue;
    // The quality that a yes/no column is about is one of its values: "male singers".
    if (hit.column.type === 'boolean' && hit.score < 0.97 && lexicon.values.has(words.join(' '))) continue;
    // "is remote", "work remotely": those that do; "by remote" is the column.
    const yes = yesOf(hit.column) !== null || (hit.column.type === 'boolean' && !quoted);
    if (yes && !/^(by|each|per|every|of|the|and|or)$/.test(tokens[from - 1]?.lower ?? '')) continue;
    found.push({
      kind: 'column',
      from,
      to,
      column: hit.column,
      value: null,
      score: hit.score * fuzzy * (quoted ? 0.9 : 1),
    });
  }
}

function spelledBy(column: ColumnProfile, words: readonly string[]): boolean {
  const spoken = words.join(' ');
  return [column.name, column.label, ...column.synonyms].some((name) => wordsOf(name).join(' ') === spoken);
}

function namedBy(column: ColumnProfile, word: string): boolean {
  const plain = word.replace(/s$/, '');
  return wordsOf(column.name).some((part) => part.replace(/s$/, '') === plain);
}

/**
 * "Revenue of Norwegian customers", "of customers in Norway": what related rows are called, where they are only spoken of. "By
 * customer", "which customers" ask for them.
 */
function isOnlyNoun(tokens: readonly Token[], at: number, lexicon: Lexicon): boolean {
  const [word, before, earlier] = [tokens[at], tokens[at - 1], tokens[at - 2]];
  if (!before || !word || !lexicon.relatedSubject.has(word.stem) || singular(word.lower) === word.lower) return false;
  const held = [...(lexicon.values.get(before.lower) ?? []), ...(lexicon.valueWords.get(before.stem) ?? [])];
  if (held.some(({ column }) => column.origin !== undefined)) return true;
  return (
    /^(?:of|from|for|to|with|in)$/.test(before.lower) &&
    !/^(?:number|count|names?|lists?|top|share|part)$/.test(earlier?.lower ?? '')
  );
}
