import { decode } from './decode.js';
import { Unreadable } from './unreadable.js';
import { zipEntries } from './zip.js';

export const FORMATS = ['pdf', 'docx', 'html', 'markdown', 'text'] as const;
export type Format = (typeof FORMATS)[number];

/** Of a text file this much is looked at. */
const HEAD = 65_536;
/** Each within bounds, since a file may be made to be slow to look at. */
const MARKDOWN_SIGNS = [
  /^#{1,6} \S/m,
  /^(?:```|~~~)/m,
  /^ {0,8}[-*+] \S.*\n {0,8}[-*+] \S/m,
  /^ {0,8}\d{1,9}[.)] \S.*\n {0,8}\d{1,9}[.)] \S/m,
  /\[[^\][\n]{1,200}\]\([^()\s]{1,300}\)/,
  /\*\*\S[^*\n]{0,200}\*\*/,
  /^\|.{1,500}\| *\n\|[ :|-]{1,300}\|/m,
  /^> \S/m,
];
const HTML_START = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body)\b/i;
const HTML_TAG = /<\/(?:p|div|h[1-6]|table|ul|ol|body|span|a)>/i;

/**
 * What kind of document the bytes are. Its name only decides between kinds of text that look alike.
 * @throws {Unreadable} file_empty · unsupported_type · old_word · encrypted · damaged
 */
export function detect(bytes: Buffer, name: string): Format {
  if (bytes.length === 0) throw new Unreadable('file_empty');
  // Some programs put a few bytes before it; a text that speaks of PDF files is none.
  if (/^[^\p{L}]{0,1000}%PDF-\d/u.test(bytes.toString('latin1', 0, 1024))) return 'pdf';
  if (begins(bytes, '504b0304') || begins(bytes, '504b0506')) return inArchive(bytes);
  if (begins(bytes, 'd0cf11e0a1b11ae1')) {
    throw new Unreadable(bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'encrypted' : 'old_word');
  }
  return detectText(bytes, name);
}

const begins = (bytes: Buffer, hex: string): boolean =>
  bytes.subarray(0, hex.length / 2).equals(Buffer.from(hex, 'hex'));

function inArchive(bytes: Buffer): Format {
  if (zipEntries(bytes).some(({ name }) => /^word\/[^/]+\.xml$/.test(name))) return 'docx';
  throw new Unreadable('unsupported_type');
}

/** The same of what can only be text. @throws {Unreadable} file_empty · unsupported_type */
export function detectText(bytes: Buffer, name: string): Format {
  if (bytes.subarray(0, 5).toString('latin1') === '{\\rtf') throw new Unreadable('unsupported_type');
  const head = decode(bytes.subarray(0, HEAD)); // a character that is cut at the end does no harm
  if (head.trim() === '' && bytes.length <= HEAD) throw new Unreadable('file_empty');
  if (!isText(head)) throw new Unreadable('unsupported_type');
  if (HTML_START.test(head)) return 'html';
  const ending = /\.([a-z]{2,8})$/i.exec(name)?.[1]?.toLowerCase();
  if (/^x?html?$/.test(ending ?? '') && HTML_TAG.test(head)) return 'html';
  if (ending === 'md' || ending === 'markdown') return 'markdown';
  return MARKDOWN_SIGNS.filter((sign) => sign.test(head)).length >= 2 ? 'markdown' : 'text';
}

/** Binary files have NULs, or many other characters that no text has. */
function isText(head: string): boolean {
  if (head.includes('\0')) return false;
  const odd = head.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return odd <= head.length / 100 + 1;
}
