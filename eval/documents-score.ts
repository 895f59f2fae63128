/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly starts: number;
  readonly ends: number;
}

export interface Spoken extends Span {
  /** The message's id. */
  readonly id: string;
}

/**
 * The messages that a reader of the passages, best first, has come by after each message's worth of text: place n of the
 * list holds those that came with the text between n and n + 1 times `worth`. A message counts when half of it was read, or
 * when half of a passage is of it: long messages are cut into several passages, and short ones share one. Text that was read
 * before costs nothing again.
 */
export function readWith(passages: readonly Span[], messages: readonly Spoken[], worth: number): string[][] {
  const places: string[][] = [];
  const seen = new Set<string>();
  const read: Span[] = [];
  let cost = 0;
  for (const passage of passages) {
    const within = messages.filter(({ starts, ends }) => starts < passage.ends && ends > passage.starts);
    for (const message of within) {
      const part = {
        starts: Math.max(message.starts, passage.starts),
        ends: Math.min(message.ends, passage.ends),
      };
      const old = read.reduce((sum, span) => sum + overlap(span, part), 0);
      cost += Math.max(0, length(part) - old);
      read.push(part);
      if (seen.has(message.id) || length(part) < Math.min(length(message), length(passage)) / 2) continue;
      seen.add(message.id);
      // It was read once all of the part was.
      (places[Math.max(0, Math.ceil(cost / worth) - 1)] ??= []).push(message.id);
    }
  }
  return Array.from(places, (place) => place ?? []);
}

/** Which share of the evidence is among the first `k` places. */
export function recallAt(places: readonly (readonly string[])[], evidence: readonly string[], k: number): number {
  const wanted = new Set(evidence);
  return places.slice(0, k).flatMap((ids) => ids.filter((id) => wanted.has(id))).length / wanted.size;
}

const length = ({ starts, ends }: Span): number => ends - starts;
const overlap = (a: Span, b: Span): number => Math.max(0, Math.min(a.ends, b.ends) - Math.max(a.starts, b.starts));
