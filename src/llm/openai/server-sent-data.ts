/** Longest event that is read, in characters; a server that sends more is broken. */
const LONGEST = 1_000_000;

/**
 * The `data` of each server-sent event, in order. Comments, other fields and events without data are passed over. Unlike
 * a browser it gives out an event whose closing blank line is missing at the end, as some servers leave it out.
 * Method: "Server-sent events", WHATWG HTML, section 9.2.6.
 * @throws Error when an event is longer than a million characters
 */
export async function* serverSentData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  let length = 0;
  const take = (line: string): void => {
    if (line !== 'data' && !line.startsWith('data:')) return;
    const value = line.slice(5);
    data.push(value.startsWith(' ') ? value.slice(1) : value);
    length += value.length;
  };
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true });
    // A carriage return at the very end may be the first half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') take(line);
      else if (data.length > 0) {
        yield data.join('\n');
        data = [];
        length = 0;
      }
    }
    if (rest.length + length > LONGEST) throw new Error('an event too long to read');
  }
  take(rest.trimEnd());
  if (data.length > 0) yield data.join('\n');
}
