import { type Match, bestCover } from '../cover.js';
import type { Context } from '../reader.js';
import type { Token } from '../tokens.js';

/** The question while its clauses are taken out one after another. */
export class Scan {
  readonly tokens: readonly Token[];
  private readonly taken: boolean[];

  constructor(readonly context: Context) {
    this.tokens = context.tokens;
    this.taken = this.tokens.map(() => false);
  }

  get length(): number {
    return this.tokens.length;
  }

  /** The word at a place; empty outside the question or where a clause was taken out. */
  word(at: number): string {
    const token = this.tokens[at];
    return token && !this.taken[at] ? token.lower : '';
  }

  /** The word at a place, taken or not. */
  raw(at: number): string {
    return this.tokens[at]?.lower ?? '';
  }

  free(at: number): boolean {
    return at >= 0 && at < this.length && this.taken[at] === false;
  }

  take(from: number, to: number): void {
    for (let at = Math.max(0, from); at < Math.min(to, this.length); at += 1) this.taken[at] = true;
  }

  /** Does a comma or a sentence end stand before this token? */
  breakBefore(at: number): boolean {
    return /[,.;:?!]/.test(this.tokens[at]?.before ?? '');
  }

  /** How many words of `phrase` (space-separated) stand at this place; 0 when they do not. */
  phraseAt(at: number, phrase: string): number {
    const words = phrase.split(' ');
    return words.every((word, index) => this.word(at + index) === word) ? words.length : 0;
  }

  /** Longest of the phrases that stands at this place. */
  longest<T>(at: number, phrases: ReadonlyMap<string, T>, most = 6): { value: T; to: number } | null {
    let key = '';
    let best: { value: T; to: number } | null = null;
    for (let size = 1; size <= most && this.free(at + size - 1); size += 1) {
      key = size === 1 ? this.word(at) : `${key} ${this.word(at + size - 1)}`;
      const value = phrases.get(key);
      if (value !== undefined) best = { value, to: at + size };
    }
    return best;
  }

  /** The best matches inside a stretch, or in all of the question that is still there. */
  cover(from = 0, to = this.length, bonus?: (match: Match) => number): readonly Match[] {
    const inside = this.context.matches.filter((match) => {
      if (match.from < from || match.to > to) return false;
      for (let at = match.from; at < match.to; at += 1) if (this.taken[at]) return false;
      return true;
    });
    return bestCover(inside, this.length, bonus);
  }
}
