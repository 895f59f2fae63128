import { MONTHS } from './english.js';
import type { Token } from './tokens.js';

const JOINS = /^(and|or|to|until|till|through|vs|versus|with|against|than|compared)$/;
/** Words that begin another time rather than go on with this one. */
const APART = /^(since|before|after|until|by)$/;
/** Words that may stand between two times that share a year, joining ones included. */
const MOST_BETWEEN = 4;

const names = {
  month: (word: string): boolean => MONTHS.has(word),
  quarter: (word: string): boolean => /^q[1-4]$/.test(word) || word === 'quarter',
};

/** "May and June 2025", "Q1 2025 vs Q2": a year that is said once, with one of several months or quarters joined together; null for none. */
export function borrowedYear(
  tokens: readonly Token[],
  from: number,
  to: number,
  kind: keyof typeof names,
  yearOf: (index: number) => number | null,
): number | null {
  return yearAlong(tokens, to, 1, kind, yearOf) ?? yearAlong(tokens, from - 1, -1, kind, yearOf);
}

function yearAlong(
  tokens: readonly Token[],
  start: number,
  step: 1 | -1,
  kind: keyof typeof names,
  yearOf: (index: number) => number | null,
): number | null {
  let between = 0;
  let joined = false;
  let year: number | null = null;
  for (let at = start; between <= MOST_BETWEEN; at += step) {
    const token = tokens[at];
    const word = token?.lower ?? '';
    if (!token || APART.test(word)) return null;
    // The mark that stands before the later of two words.
    joined ||= JOINS.test(word) || /[,/\u2013-]/.test(tokens[step === 1 ? at : at + 1]?.before ?? '');
    const own = yearOf(at);
    if (own !== null && step === 1) return null;
    year = own ?? year;
    if (!names[kind](word)) {
      between += 1;
      continue;
    }
    if (!joined) return null;
    if (step === -1 && year !== null) return year;
    const after = yearOf(at + 1) ?? (kind === 'quarter' ? yearOf(at + 2) : null);
    if (after !== null) return after;
    between = 0;
  }
  return null;
}
