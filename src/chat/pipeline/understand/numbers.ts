import { NUMBER_WORDS, SCALES } from './english.js';
import type { Token } from './tokens.js';

/** A number in the question: "1.5 million", "5k", "20 %", "two", "2nd". */
export interface Quantity {
  readonly value: number;
  /** Token indexes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly percent: boolean;
  /** "2nd", "third". */
  readonly ordinal: boolean;
  /** Written in digits: only these can name a year. */
  readonly digits: boolean;
}

const DIGITS = /^(\d[\d,]*(?:\.\d+)?|\.\d+)(k|m|bn|b|st|nd|rd|th)?$/;
const STICKY: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, bn: 1e9 };
const ORDINAL = new Set(['st', 'nd', 'rd', 'th']);

/** All numbers of the question, left to right. */
export function quantities(tokens: readonly Token[]): readonly Quantity[] {
  const found: Quantity[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    const read = numberAt(tokens, at);
    if (!read) continue;
    const { digits, ordinal } = read;
    let { value } = read;
    let to = read.to;
    const scale = SCALES.get(tokens[to]?.lower ?? '');
    if (scale !== undefined && !ordinal && isTight(tokens[to])) {
      value *= scale;
      to += 1;
    }
    if (
      /[-−–]\s*[$€£]?$/.test(token.before) &&
      (at === 0 ? /^[-−–]\s*[$€£]?$/ : /[\s(][-−–]\s*[$€£]?$/).test(token.before) &&
      digits
    )
      value = -value;
    const next = tokens[to];
    const percent = next?.lower === 'percent' || next?.lower === 'pct' || /^\s?%/.test(next?.before ?? '');
    found.push({ value, from: at, to: percent && next?.lower.startsWith('p') ? to + 1 : to, percent, ordinal, digits });
    at = to - 1;
  }
  return found;
}

function isTight(token: Token | undefined): boolean {
  return token !== undefined && /^[\s-]*$/.test(token.before);
}

function numberAt(
  tokens: readonly Token[],
  at: number,
): { value: number; to: number; digits: boolean; ordinal: boolean } | null {
  const lower = tokens[at]?.lower ?? '';
  const match = DIGITS.exec(lower);
  if (match?.[1] !== undefined) {
    const suffix = match[2] ?? '';
    const value = Number(match[1].replaceAll(',', '')) * (STICKY[suffix] ?? 1);
    return Number.isFinite(value) ? { value, to: at + 1, digits: true, ordinal: ORDINAL.has(suffix) } : null;
  }
  const word = NUMBER_WORDS.get(lower);
  if (!word) return null;
  // "twenty five"
  const unit = NUMBER_WORDS.get(tokens[at + 1]?.lower ?? '');
  if (!word.ordinal && word.value >= 20 && word.value < 100 && unit && unit.value < 10 && isTight(tokens[at + 1])) {
    return { value: word.value + unit.value, to: at + 2, digits: false, ordinal: unit.ordinal };
  }
  return { value: word.value, to: at + 1, digits: false, ordinal: word.ordinal };
}
