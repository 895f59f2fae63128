import { describe, expect, it } from '@jest/globals';
import type { RunEvent, RunEventName } from '../../chat/runs/run-event.js';
import { type UiChunk, uiChunks } from './ui-chunks.js';

const IDS = { runId: 'run', conversationId: 'conversation', userMessageId: 'question', messageId: 'answer' };

async function chunksOf(...told: [RunEventName, object?][]): Promise<UiChunk[]> {
  async function* events(): AsyncGenerator<RunEvent> {
    await Promise.resolve();
    for (const [place, [event, data = {}]] of told.entries()) yield { seq: place + 1, event, data };
  }
  const chunks: UiChunk[] = [];
  for await (const chunk of uiChunks(IDS, events(), () => Promise.resolve([]))) chunks.push(chunk);
  return chunks;
}
const said = (text: string): [RunEventName, object] => ['answer.delta', { text }];
const whole = (content: string, status = 'complete'): [RunEventName, object] => [
  'message.completed',
  { message: { id: 'answer', status, content, metadata: {}, createdAt: '2026-01-01T00:00:00.000Z' } },
];
/** The chunks of text, in short: `1+` begins part 1, `1-` ends it, `1x` ends it as taken back. */
const inShort = (chunks: readonly UiChunk[]): string[] =>
  chunks.flatMap((chunk) => {
    if (chunk.type === 'text-start') return `${chunk.id.slice(5)}+`;
    if (chunk.type === 'text-delta') return `${chunk.id.slice(5)} ${chunk.delta}`;
    return chunk.type === 'text-end' ? `${chunk.id.slice(5)}${chunk.providerMetadata === undefined ? '-' : 'x'}` : [];
  });
const textOf = async (...told: [RunEventName, object?][]): Promise<string[]> =>
  inShort(await chunksOf(['run.started'], ...told, ['run.completed']));

describe('the words of an answer', () => {
  it('are sent as they come', async () => {
    expect(await textOf(said('One '), said('two'), whole('One two'))).toEqual(['1+', '1 One ', '1 two', '1-']);
  });

  it('are sent at the end where none came before, and what is missing of them', async () => {
    expect(await textOf(whole('One two'))).toEqual(['1+', '1 One two', '1-']);
    expect(await textOf(said('One'), whole('One two'))).toEqual(['1+', '1 One', '1  two', '1-']);
    expect(await textOf(said('One '), whole('One'))).toEqual(['1+', '1 One ', '1-']);
    expect(await textOf(whole(''))).toEqual([]);
  });

  it('that were taken back are marked, and others begin a part of their own', async () => {
    expect(await textOf(said('One '), ['answer.reset'], said('Two '), said('three'), whole('Two three'))).toEqual([
      '1+',
      '1 One ',
      '1x',
      '2+',
      '2 Two ',
      '2 three',
      '2-',
    ]);
    expect(await textOf(said('One'), ['answer.reset'], whole(''))).toEqual(['1+', '1 One', '1x']);
    expect(await textOf(said('One two'), ['answer.reset'], whole('One'))).toEqual([
      '1+',
      '1 One two',
      '1x',
      '2+',
      '2 One',
      '2-',
    ]);
  });

  it('that are said again as they were are not sent again', async () => {
    const again: [RunEventName, object?][] = [
      said('One '),
      ['answer.reset'],
      said('On'),
      said('e two'),
      whole('One two'),
    ];
    expect(await textOf(...again)).toEqual(['1+', '1 One ', '1 two', '1-']);
    const turnedOff: [RunEventName, object?][] = [
      said('One two'),
      ['answer.reset'],
      said('One '),
      said('three'),
      whole('One three'),
    ];
    expect(await textOf(...turnedOff)).toEqual(['1+', '1 One two', '1x', '2+', '2 One three', '2-']);
    expect(await textOf(said('One '), ['run.started'], said('One '), said('two'), whole('One two'))).toEqual([
      '1+',
      '1 One ',
      '1 two',
      '1-',
    ]);
  });
});

describe('the end', () => {
  const ends = async (...told: [RunEventName, object?][]): Promise<unknown[]> =>
    (await chunksOf(['run.started'], said('One'), ...told)).slice(-3);

  it('of a run that failed or was interrupted is an error with its sentence', async () => {
    const error = { code: 'answer_failed', message: 'Something went wrong.', layer: null };
    for (const event of ['run.failed', 'run.interrupted'] as const) {
      expect(await ends(whole('Something went wrong.', 'failed'), [event, { error }])).toEqual([
        expect.objectContaining({ type: 'message-metadata' }),
        { type: 'finish-step' },
        { type: 'error', errorText: 'Something went wrong.' },
      ]);
    }
    expect(await textOf(said('One'), whole('Something went wrong.', 'failed'))).toEqual(['1+', '1 One', '1-']);
  });

  it('of a stopped one is an abort', async () => {
    expect((await ends(whole('One', 'stopped'), ['run.stopped'])).at(-1)).toEqual({ type: 'abort' });
  });
});
