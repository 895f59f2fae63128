import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, integer } from 'fast-check';
import { serverSentData } from './server-sent-data.js';

async function read(...parts: Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* parts;
  }
  for await (const data of serverSentData(bytes())) found.push(data);
  return found;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('server-sent data', () => {
  it.each<[string, string, string[]]>([
    ['events', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['one space that belongs to it', 'data:  a\n\n', [' a']],
    ['carriage returns', 'data: a\r\n\r\ndata: b\r\rdata: c\r\n\r\n', ['a', 'b', 'c']],
    ['several lines of one event', 'data: a\ndata: b\n\n', ['a\nb']],
    ['comments, names and ids', ': ping\n\nevent: x\nid: 1\ndata: a\n\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['no blank line at the end', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['nothing', '', []],
    ['a field that only begins so', 'database: a\n\n', []],
  ])('are read with %s', async (_, text, expected) => {
    expect(await read(bytesOf(text))).toEqual(expected);
  });

  it('are the same wherever the parts are cut', async () => {
    const whole = bytesOf('data: Zürich 東京\r\n\r\n: ping\n\ndata: a\ndata: b\r\rdata: 🙂\n\n');
    await assert(
      asyncProperty(integer({ min: 0, max: whole.length }), integer({ min: 0, max: whole.length }), async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const found = await read(whole.slice(0, from), whole.slice(from, to), whole.slice(to));
        expect(found).toEqual(['Zürich 東京', 'a\nb', '🙂']);
      }),
    );
  });

  it('refuse an event without end', async () => {
    await expect(read(bytesOf(`data: ${'x'.repeat(1_000_001)}`))).rejects.toThrow('too long');
  });
});
