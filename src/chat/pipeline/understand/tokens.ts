import { stemmer } from 'stemmer';

/** One word or number of the question. Punctuation is not a token; it stays in `before` of the token after it. */
export interface Token {
  /** As written. */
  readonly text: string;
  /** Lower case, without accents and apostrophes. */
  readonly lower: string;
  /** Porter stem of `lower`. */
  readonly stem: string;
  /** Offsets in the question, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Punctuation and spaces between the token before and this one. */
  readonly before: string;
  /** Number of the quotation this token stands in, counted from 0; null outside quotations. */
  readonly quote: number | null;
}

const APOSTROPHES = /[‘’ʼ`´]/g;
const QUOTATION =
  /"([^"]+)"|“([^”]+)”|(?<=^|[\s(=,])'([^']+?)'(?=[\s,.?!;:)]|$)|(?<=^|[\s(=,])‘([^’]+?)’(?=[\s,.?!;:)]|$)/g;
/** Numbers with thousands separators, decimals and a sticky k/m/bn; else letters and digits in one run; signs that compare. */
const WORD =
  /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:k|m|bn|b)?(?![\p{L}\p{N}])|\d+(?:\.\d+)?(?:k|m|bn|st|nd|rd|th)?(?![\p{L}\p{N}])|\.\d+|[\p{L}\p{N}]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?|>=|=>|<=|=<|!=|<>|[<>≥≤≠]/giu;

const stems = new Map<string, string>();

/** Porter stem, remembered: the same words come back in every question. */
export function stemOf(word: string): string {
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = stemmer(word);
    if (stems.size > 50_000) stems.clear();
    stems.set(word, stem);
  }
  return stem;
}

/** Lower case, accents and apostrophes removed. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(APOSTROPHES, "'").toLowerCase();
}

function quotations(text: string): readonly (readonly [number, number])[] {
  return [...text.matchAll(QUOTATION)].map((match) => [match.index, match.index + match[0].length] as const);
}

/** Splits `pet_age`, `SurfaceArea` and `18to20` into words without moving any character. */
function pieces(run: string, at: number): [string, number][] {
  const parts: [string, number][] = [];
  for (const match of run.matchAll(
    /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?|\p{Lu}+|\p{N}+|[\p{L}\p{M}]+/gu,
  )) {
    parts.push([match[0], at + match.index]);
  }
  return parts.length === 0 ? [[run, at]] : parts;
}

const CAMEL = /\p{Ll}\p{Lu}\p{Ll}|\p{Ll}\p{Lu}+$/u;

/** Words and numbers of a text in order. */
export function tokenize(text: string): readonly Token[] {
  const plain = text.replace(APOSTROPHES, "'");
  const quoted = quotations(text);
  const tokens: Token[] = [];
  let last = 0;
  const push = (word: string, start: number): void => {
    const possessive = /^(.+)'s$/i.exec(word);
    const base = possessive?.[1] ?? word;
    // Folding would take the stroke off the sign as if it were an accent.
    const lower = base === '≠' ? '!=' : fold(base).replaceAll("'", '');
    if (lower === '') return;
    const quote = quoted.findIndex(([from, to]) => start >= from && start < to);
    tokens.push({
      text: base,
      lower,
      stem: stemOf(lower),
      start,
      end: start + word.length,
      before: plain.slice(last, start),
      quote: quote === -1 ? null : quote,
    });
    last = start + word.length;
  };
  for (const match of plain.matchAll(WORD)) {
    const run = match[0];
    if (CAMEL.test(run) && !run.includes("'")) for (const [piece, at] of pieces(run, match.index)) push(piece, at);
    else push(run, match.index);
  }
  return tokens;
}

/** The words of a column name or value as the question's words are made: `Pixel_aspect_ratio` → pixel aspect ratio. */
export function wordsOf(text: string): readonly string[] {
  return tokenize(text.replaceAll('_', ' ')).map((token) => token.lower);
}

/** The text of the tokens from `from` up to (not including) `to`, as written. */
export function textBetween(question: string, tokens: readonly Token[], from: number, to: number): string {
  const first = tokens[from];
  const last = tokens[to - 1];
  return first && last ? question.slice(first.start, last.end) : '';
}
