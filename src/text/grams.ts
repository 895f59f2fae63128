import { hash32 } from './hashes.js';

/*
 * A vector that needs no model: how often each run of four characters occurs in a text's words, the beginning and the end
 * of a word marked, every run hashed to one of 32,768 places. Near for words of near spelling: adopt, adopting, adoption;
 * a typing mistake changes only some of it.
 *
 * Packed it is the vector's length (32-bit float), then for each place, sorted, its distance from the one before as a
 * base-128 number whose last bit tells whether a byte with the count follows (else it is 1): some 1.6 bytes a place, so that
 * all but the longest messages' vectors lie in their rows and are read without a second look-up each.
 */
const LENGTH = 4;
const PLACES = 0x8000;
const HEAD = 4;
const MOST = 255;

/** Weight of a count, 1 + ln n (Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988). */
const WEIGHTS = Float64Array.from({ length: MOST + 1 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

export function gramsOf(words: Iterable<string>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const word of words) {
    const marked = `^${word}$`;
    for (let at = 0; at + LENGTH <= marked.length; at++) {
      const place = hash32(marked.slice(at, at + LENGTH), 0) % PLACES;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

export function packGrams(counts: ReadonlyMap<number, number>): Buffer {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const bytes: number[] = [0, 0, 0, 0];
  let squares = 0;
  let before = -1;
  for (const [place, count] of sorted) {
    const kept = Math.min(count, MOST);
    let rest = ((place - before - 1) << 1) | (kept > 1 ? 1 : 0);
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    if (kept > 1) bytes.push(kept);
    squares += (WEIGHTS[kept] ?? 0) ** 2;
    before = place;
  }
  const packed = Buffer.from(bytes);
  packed.writeFloatLE(Math.sqrt(squares), 0);
  return packed;
}

/**
 * How near each packed text is to the question: the cosine with weights 1 + ln n, the question's side times the square of
 * each run's inverse document frequency among these very texts, and the texts' own lengths without it, since what was
 * stored long ago cannot know today's frequencies. Texts that were not indexed are null and get 0.
 */
export function gramSimilarity(question: ReadonlyMap<number, number>, texts: readonly (Buffer | null)[]): Float64Array {
  /** Of each place the question's number for it, from 1. */
  const asked = new Uint16Array(PLACES);
  let asks = 0;
  for (const place of question.keys()) asked[place] = ++asks;
  const found = texts.map((text) => (text === null ? null : countsIn(text, asked, asks)));
  const holders = new Uint32Array(asks);
  for (const counts of found) {
    if (counts === null) continue;
    for (let at = 0; at < asks; at++) if (counts[at] !== 0) holders[at] = (holders[at] ?? 0) + 1;
  }
  const weights = Float64Array.from(holders, (count) => Math.log((texts.length + 1) / (count + 1)) ** 2);
  return Float64Array.from(found, (counts, text) => {
    const length = texts[text]?.readFloatLE(0) ?? 0;
    if (counts === null || length === 0) return 0;
    let sum = 0;
    for (let at = 0; at < asks; at++) sum += (WEIGHTS[counts[at] ?? 0] ?? 0) * (weights[at] ?? 0);
    return sum / length;
  });
}

/** How often a packed text holds each place that is asked for. */
function countsIn(packed: Buffer, asked: Uint16Array, asks: number): Uint8Array {
  const counts = new Uint8Array(asks);
  let place = -1;
  for (let at = HEAD; at < packed.length; at++) {
    let byte = packed[at] ?? 0;
    let code = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = packed[++at] ?? 0;
      code |= (byte & 0x7f) << shift;
    }
    place += (code >>> 1) + 1;
    const count = (code & 1) === 1 ? (packed[++at] ?? 0) : 1;
    const number = asked[place] ?? 0;
    if (number > 0) counts[number - 1] = count;
  }
  return counts;
}
