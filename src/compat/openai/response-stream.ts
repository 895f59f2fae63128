import type { MessageView } from '../../conversations/message.dto.js';
import type { RunEvent } from '../../chat/runs/run-event.js';
import { asProblem } from '../../common/problem.filter.js';
import { outputText } from './items.js';
import type { OpenAiItem } from './openai.dto.js';
import { messageId } from './openai-ids.js';
import { atWork, responseOf, type Told } from './response-view.js';
import { type Saying, Spoken } from './spoken.js';

/** One event of OpenAI's stream of a response. */
export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [member: string]: unknown;
}

/** One event of a run is at most this many of a response; numbers are the run's times it, the same on every read. */
const STEP = 10;

const ENDS: Readonly<Partial<Record<RunEvent['event'], string>>> = {
  'run.completed': 'response.completed',
  'run.failed': 'response.failed',
  'run.stopped': 'response.incomplete',
  'run.interrupted': 'response.incomplete',
};

/**
 * A run as the stream of a response.
 * @param events all of the run's, from the first one, since what is sent depends on what was sent before
 * @param load how the turn stands; asked at the beginning, and when the run has ended
 * @param after only events with a higher number come out
 */
export async function* responseEvents(
  events: AsyncIterable<RunEvent>,
  load: () => Promise<Told>,
  after = -1,
): AsyncGenerator<ResponseEvent> {
  const writer = new ResponseWriter(await load());
  let last = 0;
  try {
    for await (const { seq, event, data } of events) {
      const end = ENDS[event];
      const parts = end === undefined ? writer.write(event, data) : [{ type: end, response: responseOf(await load()) }];
      for (const [place, part] of parts.entries()) {
        last = (seq - 1) * STEP + place;
        if (last > after) yield { ...part, sequence_number: last };
      }
    }
  } catch (error) {
    // The conversation was deleted while it was watched, or the database went away.
    const problem = asProblem(error);
    if (problem === null) throw error;
    yield { type: 'error', code: problem.code, message: problem.detail, param: null, sequence_number: last + 1 };
  }
}

type Part = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Keeps what was opened, so that it is closed. */
class ResponseWriter {
  private readonly spoken = new Spoken();
  private isBegun = false;
  private isOpen = false;
  private part = 0;

  constructor(private readonly told: Told) {}

  write(event: RunEvent['event'], data: object): Part[] {
    switch (event) {
      case 'run.started':
        return this.begun();
      case 'answer.delta':
        return this.say(this.spoken.delta((data as { text: string }).text));
      case 'answer.reset':
        this.spoken.reset();
        return [];
      case 'message.completed':
        return this.completed((data as { message: MessageView }).message);
      default:
        return [];
    }
  }

  /** A run that was taken up again begins twice; its response does not. */
  private begun(): Part[] {
    if (this.isBegun) return [];
    this.isBegun = true;
    const response = atWork(this.told, 'in_progress');
    return [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ];
  }

  private say(saying: Saying | null): Part[] {
    if (saying === null) return [];
    const { text, instead } = saying;
    const before = instead === null ? [] : this.partDone(instead);
    if (instead !== null) this.part++;
    const opening = this.isOpen && instead === null ? [] : this.partAdded();
    return [...before, ...opening, { type: 'response.output_text.delta', ...this.place, delta: text, logprobs: [] }];
  }

  private completed(message: MessageView): Part[] {
    // What failed is no answer: the end of the stream says why.
    if (message.role !== 'assistant') return [];
    const rest = this.say(this.spoken.whole(message.content));
    if (!this.isOpen) return rest;
    const item: OpenAiItem = {
      ...this.item,
      status: message.status === 'complete' ? 'completed' : 'incomplete',
      content: [outputText(message.content)],
    };
    return [...rest, ...this.partDone(message.content), { type: 'response.output_item.done', output_index: 0, item }];
  }

  private partAdded(): Part[] {
    const added: Part = { type: 'response.content_part.added', ...this.place, part: outputText('') };
    if (this.isOpen) return [added];
    this.isOpen = true;
    return [{ type: 'response.output_item.added', output_index: 0, item: this.item }, added];
  }

  private partDone(text: string): Part[] {
    return [
      { type: 'response.output_text.done', ...this.place, text, logprobs: [] },
      { type: 'response.content_part.done', ...this.place, part: outputText(text) },
    ];
  }

  private get item(): OpenAiItem {
    const id = messageId(this.told.run.messageId);
    return { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  }

  private get place() {
    return { item_id: messageId(this.told.run.messageId), output_index: 0, content_index: this.part };
  }
}

/** As server-sent events. */
export async function* responseFrames(events: AsyncIterable<ResponseEvent>): AsyncGenerator<string> {
  for await (const event of events) yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
