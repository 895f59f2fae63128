import { describe, expect, it } from '@jest/globals';
import { readEvent, ToolCalls } from './chat-wire.js';

describe('tool calls', () => {
  const put = (...parts: object[]): unknown => {
    const calls = new ToolCalls();
    for (const part of readEvent({ choices: [{ delta: { tool_calls: parts } }] }).toolCalls) calls.add(part);
    return calls.whole();
  };
  const whole = (id: string, name: string): object => ({ id, name, arguments: '{"a":1}' });

  it.each<[string, object[], object[]]>([
    [
      'in pieces that take turns',
      [
        { index: 0, id: 'x', function: { name: 'one', arguments: '' } },
        { index: 1, id: 'y', function: { name: 'two', arguments: '{"a"' } },
        { index: 0, function: { arguments: '{"a":1}' } },
        { index: 1, id: '', function: { arguments: ':1}' } },
      ],
      [whole('x', 'one'), whole('y', 'two')],
    ],
    [
      'whole, each of them as number 0',
      [
        { index: 0, id: 'x', function: { name: 'one', arguments: '{"a":1}' } },
        { index: 0, id: 'y', function: { name: 'two', arguments: '{"a":1}' } },
      ],
      [whole('x', 'one'), whole('y', 'two')],
    ],
    [
      'without numbers',
      [
        { id: 'x', function: { name: 'one', arguments: '{"a"' } },
        { function: { arguments: ':1}' } },
        { id: 'y', function: { name: 'two', arguments: '{"a":1}' } },
      ],
      [whole('x', 'one'), whole('y', 'two')],
    ],
    [
      'with an object for arguments and no id',
      [{ index: 0, id: null, function: { name: 'one', arguments: { a: 1 } } }],
      [whole('call_0', 'one')],
    ],
    ['without arguments', [{ id: 'x', function: { name: 'one' } }], [{ id: 'x', name: 'one', arguments: '{}' }]],
    ['without a name', [{ id: 'x', function: { arguments: '{}' } }], []],
  ])('are put together when they come %s', (_, parts, calls) => {
    expect(put(...parts)).toEqual(calls);
  });
});

describe('an event', () => {
  const nothing = {
    text: '',
    alive: false,
    refused: false,
    toolCalls: [],
    finishReason: null,
    usage: null,
    model: null,
    error: null,
  };

  it.each<[string, object, object]>([
    ['the role alone', { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] }, {}],
    ['no choice', { choices: [], prompt_filter_results: [] }, {}],
    ['no delta', { choices: [{ index: 0, finish_reason: 'stop' }] }, { finishReason: 'stop' }],
    ['thoughts', { choices: [{ delta: { content: null, reasoning_content: 'Hm' } }] }, { alive: true }],
    ['a refusal', { choices: [{ delta: { refusal: 'No.' } }] }, { text: 'No.', alive: true, refused: true }],
    [
      'usage and timings at the end',
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 }, timings: { predicted_ms: 5 } },
      { usage: { inputTokens: 1, outputTokens: 2 } },
    ],
    ['usage with gaps', { choices: [], usage: { prompt_tokens: 1 } }, {}],
    ['an error that is a text', { error: 'out of memory' }, { error: { message: 'out of memory' } }],
  ])('is read with %s', (_, event, expected) => {
    expect(readEvent(event)).toEqual({ ...nothing, ...expected });
  });

  it.each([{}, { hello: 1 }, [], 5, null, 'text', { choices: {} }, { choices: [{ delta: { content: 5 } }] }])(
    'is none: %j',
    (value) => {
      expect(() => readEvent(value)).toThrow();
    },
  );
});
