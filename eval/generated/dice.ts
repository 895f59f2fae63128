import { randomFrom } from '../../test/support/random.js';

/** Choices that are the same for the same seed. */
export class Dice {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.int(0, from.length - 1)];
    if (one === undefined) throw new Error('Nothing to pick from');
    return one;
  }

  /** `count` of them, each at most once, in a random order. */
  some<T>(from: readonly T[], count: number): T[] {
    const rest = [...from];
    return Array.from({ length: Math.min(count, from.length) }, () =>
      rest.splice(this.int(0, rest.length - 1), 1),
    ).flat();
  }
}
