/** What to send next of an answer. */
export interface Saying {
  readonly text: string;
  /** What was sent before, where that does not hold and `text` begins anew; else null. */
  readonly instead: string | null;
}

/**
 * What was sent of an answer. Words cannot be taken back in OpenAI's protocols: after a reset, what is said anew is held
 * back while it repeats what was sent already, and is begun anew where it differs.
 */
export class Spoken {
  /** Since the last beginning. */
  sent = '';
  private said = '';

  /** A piece of the answer. */
  delta(text: string): Saying | null {
    this.said += text;
    // A repetition may still come to where the other one was.
    return this.said.length < this.sent.length && this.sent.startsWith(this.said) ? null : this.next();
  }

  reset(): void {
    this.said = '';
  }

  /** The whole answer, as it is stored. */
  whole(text: string): Saying | null {
    this.said = text;
    return this.next();
  }

  private next(): Saying | null {
    const before = this.sent;
    this.sent = this.said;
    if (!this.said.startsWith(before)) return { text: this.said, instead: before };
    const text = this.said.slice(before.length);
    return text === '' ? null : { text, instead: null };
  }
}
