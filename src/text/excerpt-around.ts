import { englishStem } from './words.js';

const LONGEST = 280;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;

export interface Excerpt {
  /** One line; … where something was left out. */
  readonly text: string;
  /** The words of the excerpt that the question has too, as they are written there. */
  readonly words: readonly string[];
}

/** The part of a text, at most `longest` UTF-16 units, that has most of the question's words in it, cut between words. */
export function excerptAround(text: string, wanted: ReadonlySet<string>, longest = LONGEST): Excerpt {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const hits: { from: number; to: number; stem: string; word: string }[] = [];
  // No stem begins in another way than its word: this spares stemming nearly all of a long text.
  const beginnings = new Set([...wanted].map((stem) => stem.slice(0, 2)));
  for (const { 0: word, index } of line.matchAll(WORD)) {
    if (!beginnings.has(word.slice(0, 2).toLowerCase())) continue;
    const bare = word.toLowerCase().replaceAll('’', "'").replace(/'s$/, '').replaceAll("'", '');
    const stem = stemIn(wanted, bare);
    if (stem !== undefined) hits.push({ from: index, to: index + word.length, stem, word });
  }
  const first = hits[bestStart(hits, longest)];
  const room = Math.max(0, line.length - longest);
  // A few words before the first hit make it readable.
  const start = line.length <= longest || first === undefined ? 0 : Math.min(room, Math.max(0, first.from - 60));
  const from = start === 0 ? 0 : afterSpace(line, start);
  const to = line.length - from <= longest ? line.length : beforeSpace(line, from + longest);
  const inside = hits.filter((hit) => hit.from >= from && hit.to <= to);
  return {
    text: `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`,
    words: [...new Set(inside.map(({ word }) => word))],
  };
}

/** Of other languages the stems are known, and not how they were made: there a word that goes on for a few letters fits. */
function stemIn(wanted: ReadonlySet<string>, word: string): string | undefined {
  if (wanted.has(word)) return word;
  const stem = englishStem(word);
  if (wanted.has(stem)) return stem;
  for (let cut = 1; cut <= 3 && word.length - cut >= 4; cut++) {
    const start = word.slice(0, -cut);
    if (wanted.has(start)) return start;
  }
  return undefined;
}

/** The hit from which an excerpt's length holds the most different stems. */
function bestStart(
  hits: readonly { readonly from: number; readonly to: number; readonly stem: string }[],
  longest: number,
): number {
  let best = { at: 0, stems: 0 };
  for (const [at, { from }] of hits.entries()) {
    const stems = new Set<string>();
    for (let next = at; next < hits.length && (hits[next]?.to ?? 0) <= from + longest - 80; next++) {
      stems.add(hits[next]?.stem ?? '');
    }
    if (stems.size > best.stems) best = { at, stems: stems.size };
  }
  return best.at;
}

function afterSpace(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  return space === -1 || space - at > 40 ? wholePair(line, at) : space + 1;
}

function beforeSpace(line: string, at: number): number {
  const space = line.lastIndexOf(' ', at);
  return at - space > 40 ? wholePair(line, at) : space;
}

/** Not between the two halves of a character. */
const wholePair = (line: string, at: number): number => (/[\uDC00-\uDFFF]/.test(line.charAt(at)) ? at - 1 : at);
