import { hash32 } from './hashes.js';

/*
 * A vector that needs no model: how often each run of four characters occurs in a text's words, the beginning and the end
 * of a word marked, every run hashed to one of 65,536 places. Near for words of near spelling: adopt, adopting, adoption;
 * a typing mistake changes only some of it.
 */
const LENGTH = 4;
const ENTRY = 3;
const HEAD = 4;

/** Weight of a count, 1 + ln n (Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988). */
const WEIGHTS = Float64Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

export function gramsOf(words: Iterable<string>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const word of words) {
    const marked = `^${word}$`;
    for (let at = 0; at + LENGTH <= marked.length; at++) {
      const place = hash32(marked.slice(at, at + LENGTH), 0) & 0xffff;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

/** The vector's length, then each place with its count, sorted by place. */
export function packGrams(counts: ReadonlyMap<number, number>): Buffer {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const bytes = Buffer.alloc(HEAD + sorted.length * ENTRY);
  let squares = 0;
  for (const [at, [place, count]] of sorted.entries()) {
    const kept = Math.min(count, 255);
    bytes.writeUInt16LE(place, HEAD + at * ENTRY);
    bytes[HEAD + at * ENTRY + 2] = kept;
    squares += (WEIGHTS[kept] ?? 0) ** 2;
  }
  bytes.writeFloatLE(Math.sqrt(squares), 0);
  return bytes;
}

/**
 * How near each packed text is to the question: the cosine with weights 1 + ln n, the question's side times the square of
 * each run's inverse document frequency among these very texts, and the texts' own lengths without it, since what was
 * stored long ago cannot know today's frequencies. Texts that were not indexed are null and get 0.
 */
export function gramSimilarity(question: ReadonlyMap<number, number>, texts: readonly (Buffer | null)[]): Float64Array {
  const places = [...question.keys()];
  const found = texts.map((text) => (text === null ? null : places.map((place) => countAt(text, place))));
  const idf = places.map((_, at) => {
    const holders = found.reduce((sum, counts) => sum + (counts !== null && (counts[at] ?? 0) > 0 ? 1 : 0), 0);
    return Math.log((texts.length + 1) / (holders + 1));
  });
  return Float64Array.from(found, (counts, text) => {
    const length = texts[text]?.readFloatLE(0) ?? 0;
    if (counts === null || length === 0) return 0;
    let sum = 0;
    for (const [at, count] of counts.entries()) sum += (WEIGHTS[count] ?? 0) * (idf[at] ?? 0) ** 2;
    return sum / length;
  });
}

function countAt(packed: Buffer, place: number): number {
  let low = 0;
  let high = (packed.length - HEAD) / ENTRY;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (packed.readUInt16LE(HEAD + middle * ENTRY) < place) low = middle + 1;
    else high = middle;
  }
  const at = HEAD + low * ENTRY;
  return at < packed.length && packed.readUInt16LE(at) === place ? (packed[at + 2] ?? 0) : 0;
}
