import type { RunEvent } from '../../chat/runs/run-event.js';
import type { MessageView } from '../../conversations/message.dto.js';
import { type DataPart, evidenceOf, metadataOf, picturePart, type SourcePart, type SourcesOf } from './ui-message.js';

/** What version 5 of the client knows; an unknown type ends a client's stream with an error. */
export type UiChunk =
  | { readonly type: 'start'; readonly messageId: string; readonly messageMetadata: object }
  | { readonly type: 'start-step' | 'finish-step' | 'abort' }
  | { readonly type: 'text-start'; readonly id: string }
  | { readonly type: 'text-delta'; readonly id: string; readonly delta: string }
  | { readonly type: 'text-end'; readonly id: string; readonly providerMetadata?: typeof DISCARDED }
  | { readonly type: 'data-step'; readonly id: string; readonly transient: true; readonly data: object }
  | DataPart
  | SourcePart
  | { readonly type: 'message-metadata'; readonly messageMetadata: object }
  | { readonly type: 'finish'; readonly finishReason: 'stop' }
  | { readonly type: 'error'; readonly errorText: string };

/** On the part that holds words which were taken back: the client cannot remove it, but need not show it. */
const DISCARDED = { engram: { discarded: true } };

export interface Answering {
  readonly runId: string;
  readonly conversationId: string;
  readonly userMessageId: string;
  readonly messageId: string;
}

/** A run's events in the client's words, from its first event to its end. */
export async function* uiChunks(
  { runId, conversationId, userMessageId, messageId }: Answering,
  events: AsyncIterable<RunEvent>,
  sourcesOf: SourcesOf,
): AsyncGenerator<UiChunk> {
  const words = new Words();
  let started = false;
  for await (const { event, data } of events) {
    switch (event) {
      case 'run.started':
        if (started) {
          words.reset(); // it was interrupted, and is worked out anew
          break;
        }
        started = true;
        yield { type: 'start', messageId, messageMetadata: { conversationId, runId, userMessageId } };
        yield { type: 'start-step' };
        break;
      case 'message.stored':
        break;
      case 'step.started':
      case 'step.completed': {
        const { name, ...detail } = data as { name: string };
        const status = event === 'step.started' ? 'started' : 'completed';
        yield { type: 'data-step', id: name, transient: true, data: { name, status, ...detail } };
        break;
      }
      case 'answer.delta':
        yield* words.more((data as { text: string }).text);
        break;
      case 'answer.reset':
        words.reset();
        break;
      case 'visualization':
        yield picturePart(messageId, data);
        break;
      case 'message.completed': {
        const { message } = data as { message: MessageView };
        if (message.status !== 'failed') yield* words.whole(message.content);
        yield* words.end();
        yield* await evidenceOf(message, sourcesOf);
        yield { type: 'message-metadata', messageMetadata: metadataOf(message) };
        yield { type: 'finish-step' };
        break;
      }
      case 'run.completed':
        yield { type: 'finish', finishReason: 'stop' };
        break;
      case 'run.stopped':
        yield { type: 'abort' };
        break;
      case 'run.failed':
      case 'run.interrupted': {
        const { error } = data as { error?: { message: string } };
        yield { type: 'error', errorText: error?.message ?? 'This was not answered; ask again.' };
        break;
      }
    }
  }
}

/**
 * The answer's text. What was sent cannot be taken back: after a reset nothing is sent while the new words repeat the old
 * ones, and as soon as they differ they begin a part of their own.
 */
class Words {
  /** Said since the last reset. */
  private said = '';
  /** Sent in the part that is open. */
  private sent = '';
  private parts = 0;
  private open = false;

  private get id(): string {
    return `text-${this.parts}`;
  }

  reset(): void {
    this.said = '';
  }

  *more(text: string): Generator<UiChunk> {
    this.said += text;
    if (!this.sent.startsWith(this.said)) yield* this.send(this.said);
  }

  /** It is all said: what was not sent yet. */
  *whole(content: string): Generator<UiChunk> {
    if (content.trimEnd() !== this.sent.trimEnd()) yield* this.send(content);
  }

  *end(): Generator<UiChunk> {
    if (this.open) yield { type: 'text-end', id: this.id };
    this.open = false;
  }

  private *send(text: string): Generator<UiChunk> {
    if (this.open && !text.startsWith(this.sent)) {
      yield { type: 'text-end', id: this.id, providerMetadata: DISCARDED };
      this.open = false;
      this.sent = '';
    }
    if (text === '') return;
    if (!this.open) {
      this.parts++;
      this.open = true;
      yield { type: 'text-start', id: this.id };
    }
    yield { type: 'text-delta', id: this.id, delta: text.slice(this.sent.length) };
    this.sent = text;
  }
}
