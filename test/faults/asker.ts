import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { eventsUntil, type StreamedEvent } from '../support/sse.js';
import { expectedTalk, type Question } from './questions.js';

/*
 * A client that asks, and gives up on nothing: it repeats a send that was not answered, comes back to a stream that broke,
 * and goes on with a run that was interrupted. It notes all that it was told, and every contradiction in it.
 */

export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly parentId: string | null;
  readonly role: string;
  readonly status: string;
  readonly content: string;
}

export interface Ids {
  readonly runId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly userMessageId: string;
}

/** One question of a client, and what became of it. */
export interface Asked {
  readonly question: Question;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly begun: number;
  /** When the client first knew that its message is stored. */
  acknowledged: number | null;
  ids: Partial<Ids>;
  /** What one reader has on the screen: a repeat from the start begins it anew, a reader who comes back goes on. */
  view: StreamedEvent[];
  status: string | null;
  /** Sends and reads of events, the first send included. */
  tries: number;
  /** How often the run was found interrupted. */
  interruptions: number;
}

export interface World {
  /** Where to send the next request: one instance, or any of several. */
  url(): string;
  random(): number;
  /** Contradictions; none of them may ever be. */
  readonly faults: string[];
  /** Answers that were no success, by status and code. */
  readonly refusals: Map<string, number>;
}

/** A client gives up after this long, which is a fault: nothing may hang. */
const PATIENCE_MS = 60_000;
const ENDS = ['run.completed', 'run.failed', 'run.stopped', 'run.interrupted'];

export class Asker {
  readonly asked: Asked[] = [];

  constructor(
    private readonly world: World,
    private readonly token: string,
    readonly name: string,
    private readonly isShared: boolean,
  ) {}

  get client(): Client {
    return new Client(this.world.url(), this.token);
  }

  /** Asks, and does not come back before it is answered. */
  async ask(question: Question, conversationId: string | undefined): Promise<Asked> {
    const label = `${this.name}-${this.asked.length + 1}`;
    const isKeyed = this.world.random() < 0.5;
    const asked: Asked = {
      question,
      body: { query: question.text, conversationId, ...(!isKeyed && { clientId: label }) },
      headers: isKeyed ? { 'idempotency-key': label } : {},
      path: `/api/v1/chat/messages${this.isShared ? '?onBusy=queue' : ''}`,
      begun: performance.now(),
      acknowledged: null,
      ids: {},
      view: [],
      status: null,
      tries: 0,
      interruptions: 0,
    };
    this.asked.push(asked);
    for (const until = Date.now() + PATIENCE_MS; !isSettled(asked);) {
      if (Date.now() > until) {
        this.fault(asked, `was not answered within a minute; the last known status is ${asked.status}`);
        break;
      }
      asked.tries++;
      try {
        const hung = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
          throw new Fault('a request hung for a minute');
        });
        await Promise.race([this.attempt(asked), hung]);
      } catch (error) {
        if (error instanceof Fault) this.fault(asked, error.message);
        // else a broken connection: what this is about
      }
      if (!isSettled(asked)) await sleep(20 + this.world.random() * 120);
    }
    return asked;
  }

  fault(asked: Asked, text: string): void {
    this.world.faults.push(
      `${this.name} "${asked.question.text}" (${asked.ids.runId ?? 'no run'}, try ${asked.tries}): ${text}`,
    );
  }

  private async attempt(asked: Asked): Promise<void> {
    const { runId } = asked.ids;
    if (runId === undefined || this.world.random() < 0.5) {
      return this.world.random() < 0.4 ? this.sendPlain(asked) : this.sendStreamed(asked);
    }
    if (asked.status !== 'interrupted') return this.comeBack(asked, runId);
    await this.lookAtInterrupted(asked, runId);
    const { status, body } = await this.client.call('POST', `/api/v1/chat/runs/${runId}/continue`);
    if (status === 200) asked.status = 'running';
    else if (body?.['code'] === 'run_not_resumable')
      asked.status = null; // taken up already
    else this.refused(asked, status, body);
  }

  private async sendPlain(asked: Asked): Promise<void> {
    const { status, body } = await this.client.call('POST', asked.path, asked.body, asked.headers);
    if (status !== 200) return this.refused(asked, status, body);
    const turn = body as unknown as { status: string; userMessage: Message; message: Message } & Ids;
    this.learn(asked, { ...turn, userMessageId: turn.userMessage.id, messageId: turn.message.id });
    this.ended(asked, turn.status, turn.message);
  }

  private async sendStreamed(asked: Asked): Promise<void> {
    const response = await this.stream('POST', asked.path, asked.headers, asked.body);
    if (response.status !== 200) return this.refused(asked, response.status, await bodyOf(response));
    asked.view = [];
    await this.watch(asked, response);
  }

  /** As a browser does whose connection broke: from the last event that came. */
  private async comeBack(asked: Asked, runId: string): Promise<void> {
    const last = asked.view.at(-1)?.id ?? 0;
    const path = `/api/v1/chat/runs/${runId}/events`;
    const response = await this.stream('GET', path, last === 0 ? {} : { 'last-event-id': String(last) });
    if (response.status === 204) {
      asked.status = (await this.client.ok<{ status: string }>('GET', `/api/v1/chat/runs/${runId}`)).status;
      return;
    }
    if (response.status !== 200) return this.refused(asked, response.status, await bodyOf(response));
    await this.watch(asked, response);
  }

  private stream(method: string, path: string, headers: object, body?: object): Promise<Response> {
    return fetch(this.world.url() + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'text/event-stream',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  private async watch(asked: Asked, response: Response): Promise<void> {
    // Some leave in the middle, and come back.
    const leavesAfter = this.world.random() < 0.2 ? Math.floor(this.world.random() * 20) : Infinity;
    let heard = 0;
    await eventsUntil(response, (event) => {
      this.hear(asked, event);
      return ++heard >= leavesAfter;
    });
  }

  private hear(asked: Asked, event: StreamedEvent): void {
    const { id, event: name, data } = event;
    if (id <= (asked.view.at(-1)?.id ?? 0)) this.fault(asked, `event ${id} came after ${asked.view.at(-1)?.id}`);
    asked.view.push(event);
    if (name === 'run.started') this.learn(asked, data as unknown as Ids);
    if (name === 'message.stored') this.learn(asked, { userMessageId: (data['message'] as Message).id });
    if (ENDS.includes(name)) {
      const closing = asked.view.at(-2);
      if (closing?.event !== 'message.completed') this.fault(asked, `${name} came without the whole message`);
      else this.ended(asked, name.slice('run.'.length), closing.data['message'] as Message, textOf(asked.view));
    }
  }

  private learn(asked: Asked, { runId, conversationId, messageId, userMessageId }: Partial<Ids>): void {
    for (const [name, value] of Object.entries({ runId, conversationId, messageId, userMessageId })) {
      if (value === undefined) continue;
      const known = asked.ids[name as keyof Ids];
      if (known !== undefined && known !== value) this.fault(asked, `${name} was ${known}, is ${value}`);
      asked.ids = { [name]: value, ...asked.ids };
    }
    if (asked.ids.userMessageId !== undefined) asked.acknowledged ??= performance.now();
  }

  /** @param told what a reader of the stream has on the screen */
  private ended(asked: Asked, status: string, message: Message, told?: string): void {
    if (isSettled(asked) && asked.status !== status) this.fault(asked, `was ${asked.status}, is ${status}`);
    if (status === 'interrupted' && asked.status !== 'interrupted') asked.interruptions++;
    asked.status = status;
    if (status === 'completed' && told !== undefined && told !== message.content) {
      this.fault(asked, `the stream told ${JSON.stringify(told)}, the message is ${JSON.stringify(message.content)}`);
    }
    const expected = expectedTalk(asked.question);
    if (status === 'completed' && expected !== null && message.content !== expected) {
      this.fault(asked, `answered ${JSON.stringify(message.content)} instead of ${JSON.stringify(expected)}`);
    }
  }

  /** An answer that was interrupted keeps what was told: all that was stored of it, and the client may have heard a little more. */
  private async lookAtInterrupted(asked: Asked, runId: string): Promise<void> {
    const { conversationId, messageId } = asked.ids;
    const stored = await this.client.ok<Message>(
      'GET',
      `/api/v1/conversations/${conversationId}/messages/${messageId}`,
    );
    const told = await eventsUntil(await this.stream('GET', `/api/v1/chat/runs/${runId}/events`, {}), () => false);
    if (stored.status !== 'interrupted' || told.at(-1)?.event !== 'run.interrupted') return; // taken up in between
    if (textOf(told) !== stored.content) {
      throw new Fault(
        `interrupted: the events tell ${JSON.stringify(textOf(told))}, the message ${JSON.stringify(stored.content)}`,
      );
    }
    const heard = textOf(asked.view);
    if (!heard.startsWith(stored.content) && !stored.content.startsWith(heard)) {
      throw new Fault(
        `interrupted: the client heard ${JSON.stringify(heard)}, kept is ${JSON.stringify(stored.content)}`,
      );
    }
  }

  private refused(asked: Asked, status: number, body: Record<string, unknown> | null): void {
    const what = `${status} ${String(body?.['code'])}`;
    this.world.refusals.set(what, (this.world.refusals.get(what) ?? 0) + 1);
    const isInTheWay = this.isShared && what === '409 run_active'; // the other one’s turn
    if (status !== 503 && !isInTheWay) this.fault(asked, `answered ${what}: ${JSON.stringify(body)}`);
  }
}

class Fault extends Error {}

const isSettled = ({ status }: Asked): boolean => status === 'completed' || status === 'failed';

const bodyOf = async (response: Response): Promise<Record<string, unknown> | null> => {
  const text = await response.text();
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : null;
};

/** What stands on the screen after these events. */
export const textOf = (events: readonly StreamedEvent[]): string => {
  const from = events.findLastIndex(({ event }) => event === 'answer.reset') + 1;
  const deltas = events.slice(from).filter(({ event }) => event === 'answer.delta');
  return deltas.map(({ data }) => String(data['text'])).join('');
};
