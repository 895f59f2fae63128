import type { MemoryConversation } from '../../eval/memory-score.js';

const WORDS = 20_000;
const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');

/**
 * Writes conversations whose words are as unevenly frequent as a language's (Zipf's law): a few are in most messages, most
 * in hardly any. The same seed writes the same.
 */
export class Author {
  private readonly sums: Float64Array;
  private readonly said: string[][] = [];
  private state: number;

  constructor(seed: number) {
    this.state = seed;
    let sum = 0;
    this.sums = Float64Array.from({ length: WORDS }, (_, rank) => (sum += 1 / (rank + 1)));
  }

  conversation(messages: number): MemoryConversation['messages'] {
    return Array.from({ length: messages }, (_, at) => {
      // Answers are longer than questions: some 30 and 90 words.
      const words = Array.from({ length: Math.floor((at % 2 === 0 ? 15 : 45) * (1 + 2 * this.random())) }, () =>
        this.word(),
      );
      if (this.said.length < 5_000) this.said.push(words);
      return {
        id: `m${at}`,
        role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: words.join(' '),
      };
    });
  }

  /** Five words of something that was said, with those around them that say nothing. */
  question(): string {
    const from = this.said[Math.floor(this.random() * this.said.length)] ?? [];
    const words = Array.from({ length: 5 }, () => from[Math.floor(this.random() * from.length)] ?? '');
    return `What did I say about ${words.join(' ')}?`;
  }

  private word(): string {
    const wanted = this.random() * (this.sums[WORDS - 1] ?? 0);
    let low = 0;
    let high = WORDS - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    let name = '';
    for (let rest = low + 20; rest > 0; rest = Math.floor(rest / 20)) name += SYLLABLES[rest % 20];
    return name;
  }

  /** Between 0 and 1 (mulberry32). */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let x = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  }
}
