import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError } from '../language-model.js';
import type { Deadline } from './deadline.js';

/** How long the end of an answer that said all is waited for, in milliseconds. */
const LINGER_MS = 100;

/** The bytes of an answer, under the time limits of its call. To be read once. */
export class AnswerBytes implements AsyncIterable<Uint8Array> {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(
    response: Response,
    private readonly deadline: Deadline,
  ) {
    this.reader = response.body?.getReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await this.deadline.listen(this.reader.read());
        if (done) return;
        yield value;
      }
    } catch (error) {
      throw new ModelError('unreachable', error);
    } finally {
      await this.reader.cancel().catch(() => undefined);
    }
  }

  /** All was said. A connection serves again when its answer is read to the end, which is a few bytes away. */
  async finish(): Promise<void> {
    const end = this.reader?.read().catch(() => undefined);
    await Promise.race([end, sleep(LINGER_MS, undefined, { ref: false })]);
  }
}
