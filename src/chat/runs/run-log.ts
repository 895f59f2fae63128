import type { RunEvent, RunEventName } from './run-event.js';

/** Pieces of an answer that come within this time make one event. */
const COALESCE_MS = 100;
/** Events are written this long after they happened, at the latest, and a little later so that many runs write together. */
const STORE_MS = 150;
const TOGETHER_MS = 50;
/** The message itself shows what was said so far, at this interval. */
const MATERIALIZE_MS = 2_000;

/** How a run's events and words reach the database. */
export interface RunSink {
  /** Whether the run is to stop; null: it is not ours any more. */
  store(events: readonly RunEvent[], first: boolean): Promise<{ stop: boolean } | null>;
  materialize(text: string): Promise<void>;
  failed(error: unknown): void;
}

/**
 * What one run tells while this process works on it: read here by any number of clients, each from any event on, and
 * written to the database in steps. A short run is over before the first step, and writes nothing.
 */
export class RunLog {
  private readonly events: RunEvent[] = [];
  private readonly stopping = new AbortController();
  private stored = 0;
  /** From the beginning of the first write. */
  private isWritten = false;
  private said = '';
  private unsaid = '';
  private shown = '';
  private shownAt = Date.now();
  private over = false;
  private wake: (() => void)[] = [];
  private lastSaid = 0;
  private saying: NodeJS.Timeout | null = null;
  private storing: NodeJS.Timeout | null;
  private writing: Promise<void> = Promise.resolve();

  /** @param from number of the last event that was told before, by another process; 0: none */
  constructor(
    private readonly sink: RunSink,
    from = 0,
  ) {
    this.seq = from;
    this.storing = setTimeout(() => this.step(), untilStep());
  }

  /** Number of the last event. */
  seq: number;

  /** Aborted when the run is to stop; `reason` says why. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Everything said so far. */
  get text(): string {
    return this.said;
  }

  /**
   * Writes nothing of it from now on, for a run that is told by its message alone. false: a part is written, or is being
   * written, and so all of it has to be.
   */
  keepUnwritten(): boolean {
    if (this.isWritten) return false;
    if (this.storing !== null) clearTimeout(this.storing);
    this.storing = null;
    return true;
  }

  readonly emit = (event: RunEventName, data: object): void => {
    this.sayRest();
    this.push(event, data);
  };

  /** A piece of the answer that is an event of its own. */
  readonly tell = (text: string): void => {
    this.said += text;
    this.emit('answer.delta', { text });
  };

  /** A piece of the answer, of any length; many in a short time become one event. */
  readonly say = (text: string): void => {
    if (text === '') return;
    this.said += text;
    this.unsaid += text;
    const wait = this.lastSaid + COALESCE_MS - Date.now();
    if (wait <= 0) this.sayRest();
    else this.saying ??= setTimeout(() => this.sayRest(), wait);
  };

  /** What was said does not hold; it is said anew. */
  unsay(): void {
    if (this.said === '') return;
    this.emit('answer.reset', {});
    this.said = '';
  }

  stop(reason: 'stopped' | 'interrupted' | 'lost'): void {
    this.stopping.abort(reason);
  }

  /** Writes what was not written yet; rejects where the database does not answer. */
  async flush(): Promise<void> {
    this.sayRest();
    await this.writing;
    await this.write();
  }

  /** Nothing comes after this. */
  end(): void {
    this.sayRest();
    this.over = true;
    if (this.storing !== null) clearTimeout(this.storing);
    this.storing = null;
    this.wakeAll();
  }

  /** Every event after the number `after`, as they come, to the last. */
  async *read(after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    let next = this.events.findIndex(({ seq }) => seq > after);
    if (next === -1) next = this.events.length;
    signal.addEventListener('abort', this.wakeAll, { once: true });
    while (!signal.aborted) {
      const event = this.events[next];
      if (event !== undefined) {
        next++;
        yield event;
      } else if (this.over) {
        return;
      } else {
        await new Promise<void>((resolve) => this.wake.push(resolve));
      }
    }
  }

  private push(event: RunEventName, data: object): void {
    this.events.push({ seq: ++this.seq, event, data });
    this.wakeAll();
  }

  private sayRest(): void {
    if (this.saying !== null) clearTimeout(this.saying);
    this.saying = null;
    if (this.unsaid === '') return;
    const text = this.unsaid;
    this.unsaid = '';
    this.lastSaid = Date.now();
    this.push('answer.delta', { text });
  }

  private readonly wakeAll = (): void => {
    for (const wake of this.wake.splice(0)) wake();
  };

  private step(): void {
    if (this.over) return;
    this.writing = this.write()
      .catch((error: unknown) => this.sink.failed(error)) // kept, and written with the next step
      .finally(() => {
        if (!this.over) this.storing = setTimeout(() => this.step(), untilStep());
      });
  }

  private async write(): Promise<void> {
    const events = this.events.slice(this.stored);
    if (events.length > 0) {
      this.isWritten = true;
      const answer = await this.sink.store(events, this.stored === 0);
      this.stored += events.length;
      if (answer === null) this.stop('lost');
      else if (answer.stop) this.stop('stopped');
    }
    if (this.said !== this.shown && Date.now() - this.shownAt >= MATERIALIZE_MS) {
      const text = this.said;
      await this.sink.materialize(text);
      this.shown = text;
      this.shownAt = Date.now();
    }
  }
}

/** Milliseconds to the next moment at which runs write, `STORE_MS` from now or a little later. */
const untilStep = (): number => STORE_MS + TOGETHER_MS - (Date.now() % TOGETHER_MS);
