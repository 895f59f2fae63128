import { ModelError, type ModelErrorKind } from '../language-model.js';

/** Calls in a row that must fail before further ones are spared. */
const FAILURES = 3;
/** How long they are spared, in milliseconds, before one call tries again. */
const PAUSE_MS = 15_000;

/** Spares calls to a provider that is down, so that its time limits do not slow every turn. */
export class Circuit {
  private failures = 0;
  private closedUntil = 0;
  private trying = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @throws {ModelError} unreachable, while the provider counts as down */
  enter(): void {
    if (this.failures < FAILURES) return;
    if (this.trying || this.now() < this.closedUntil) {
      throw new ModelError('unreachable', new Error('passed over after repeated failures'));
    }
    this.trying = true;
  }

  answered(): void {
    this.failures = 0;
    this.trying = false;
  }

  /** A call that ended without an answer. One that was stopped says nothing of the provider. */
  failed(kind: ModelErrorKind): void {
    this.trying = false;
    if (kind === 'aborted') return;
    this.failures = kind === 'unreachable' || kind === 'timeout' ? this.failures + 1 : 0;
    if (this.failures >= FAILURES) this.closedUntil = this.now() + PAUSE_MS;
  }
}
