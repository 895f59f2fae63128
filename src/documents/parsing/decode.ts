import { TextDecoder } from 'node:util';

/** A text file's characters: by its byte order mark, else `charset` where it names one, else UTF-8 where all of it is, else windows-1252. */
export function decode(bytes: Uint8Array, charset: string | null = null): string {
  const marked = markOf(bytes);
  if (marked !== null) return new TextDecoder(marked).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decoderOf(charset).decode(bytes);
  }
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

/** What a page says of itself that is not true, or not known, is passed over. */
function decoderOf(charset: string | null): TextDecoder {
  try {
    if (charset !== null && !/^utf-?(?:8|16)/i.test(charset)) return new TextDecoder(charset);
  } catch {
    // an encoding that nobody knows
  }
  return new TextDecoder('windows-1252');
}
