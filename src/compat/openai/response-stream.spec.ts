import { describe, expect, it } from '@jest/globals';
import type { RunEvent, RunEventName } from '../../chat/runs/run-event.js';
import { completionFrames } from './completion-view.js';
import { responseEvents, type ResponseEvent } from './response-stream.js';
import type { Told } from './response-view.js';

const at = new Date('2026-11-21T08:00:00.000Z');
const uuid = '019a5c3e-7f00-7000-8000-0000000000c1';
const told = (content: string): Told =>
  ({
    run: {
      id: uuid,
      conversationId: uuid,
      messageId: uuid,
      status: 'completed',
      error: null,
      request: {},
      finishedAt: at,
    },
    message: { id: uuid, role: 'assistant', status: 'complete', content, metadata: {}, createdAt: at },
    conversation: { personaName: 'transformation_analyst' },
  }) as unknown as Told;

/** A run that says pieces of an answer; null: a reset. */
function run(said: readonly (string | null)[], content: string, end: RunEventName = 'run.completed'): RunEvent[] {
  const events: [RunEventName, object][] = [
    ['run.started', {}],
    ['message.stored', {}],
    ...said.map((text): [RunEventName, object] => (text === null ? ['answer.reset', {}] : ['answer.delta', { text }])),
    ['message.completed', { message: told(content).message }],
    [end, {}],
  ];
  return events.map(([event, data], place) => ({ seq: place + 1, event, data }));
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

const read = (events: readonly RunEvent[], content: string, after?: number): Promise<ResponseEvent[]> =>
  all(responseEvents(each(events), () => Promise.resolve(told(content)), after));

/** What a client that puts pieces together has, by part. */
function parts(events: readonly ResponseEvent[]): string[] {
  const texts: string[] = [];
  for (const { type, content_index: place, delta } of events) {
    if (type === 'response.output_text.delta') texts[Number(place)] = `${texts[Number(place)] ?? ''}${String(delta)}`;
  }
  return texts;
}

describe('a response as it is streamed', () => {
  it.each([
    ['as it comes', ['One ', 'two.'], 'One two.', ['One two.']],
    ['all at the end, where nothing was told', [], 'One.', ['One.']],
    ['with the rest that was not told', ['One '], 'One two.', ['One two.']],
    [
      'on, where what is said anew repeats it',
      ['One ', null, 'On', 'e two', ' three.'],
      'One two three.',
      ['One two three.'],
    ],
    ['anew, where what is said anew differs', ['One ', null, 'Two', '.'], 'Two.', ['One ', 'Two.']],
    ['anew, where the whole is shorter', ['One two', null, 'One'], 'One', ['One two', 'One']],
    ['anew, twice', ['a', null, 'b', null, 'c'], 'c', ['a', 'b', 'c']],
  ])('is said %s', async (_, said, content, expected) => {
    const events = await read(run(said, content), content);
    expect(parts(events)).toEqual(expected);
    const done = events.filter(({ type }) => type === 'response.output_text.done').map(({ text }) => text);
    expect(done).toEqual(expected);
    expect(events.find(({ type }) => type === 'response.output_item.done')?.['item']).toMatchObject({
      status: 'completed',
      content: [{ text: content }],
    });
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  it('has the same numbers on every read, from any place on', async () => {
    const events = run(['One ', null, 'Two', '.'], 'Two.');
    const whole = await read(events, 'Two.');
    const numbers = whole.map(({ sequence_number }) => sequence_number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    for (const [place, number] of numbers.entries()) {
      expect(await read(events, 'Two.', number)).toEqual(whole.slice(place + 1));
    }
  });

  it('begins once, where its run was taken up again', async () => {
    const first = run(['One '], '').slice(0, 3);
    const again = run([null, 'One two.'], 'One two.').map((event) => ({ ...event, seq: event.seq + 1_000 }));
    const events = await read([...first, ...again], 'One two.');
    expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1);
    expect(parts(events)).toEqual(['One two.']);
  });
});

describe('a chat completion as it is streamed', () => {
  const texts = async (said: readonly (string | null)[], content: string): Promise<string> => {
    const frames = await all(
      completionFrames(each(run(said, content)), () => Promise.resolve(told(content)), { withUsage: false }),
    );
    expect(frames.at(-1)).toBe('data: [DONE]\n\n');
    return frames
      .slice(0, -1)
      .map((frame) => JSON.parse(frame.slice('data: '.length)) as { choices: { delta: { content?: string } }[] })
      .map(({ choices }) => choices[0]?.delta.content ?? '')
      .join('');
  };

  it('says the rest, and begins a paragraph where what was said does not hold', async () => {
    expect(await texts(['One ', null, 'One two.'], 'One two.')).toBe('One two.');
    expect(await texts(['One ', null, 'Two.'], 'Two.')).toBe('One \n\nTwo.');
  });

  it('tells of a failure as clients expect it', async () => {
    const events = run([], '', 'run.failed');
    events.splice(-2, 2, {
      seq: 3,
      event: 'run.failed',
      data: { error: { code: 'query_timeout', message: 'Too slow.' } },
    });
    const frames = await all(completionFrames(each(events), () => Promise.resolve(told('')), { withUsage: true }));
    expect(JSON.parse(frames.at(-1)?.slice('data: '.length) ?? '')).toEqual({
      error: { message: 'Too slow.', type: 'server_error', param: null, code: 'query_timeout' },
    });
  });
});
