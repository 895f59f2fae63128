import { type FileHandle, open, stat } from 'node:fs/promises';
import { Problem } from '../../common/problem.js';
import type { FileFormat } from './report.js';

const HEAD_BYTES = 1 << 16;

const refused = (what: string, todo: string): Problem => new Problem(422, 'format_unsupported', `${what} ${todo}`);

/** Files that are often taken for tables, by how they start, and what to do instead. */
const OTHERS: readonly {
  readonly starts: readonly number[];
  /** A text may start so as well. */
  readonly text?: true;
  readonly problem: () => Problem;
}[] = [
  {
    starts: [0xd0, 0xcf, 0x11, 0xe0],
    problem: () =>
      refused(
        'This is a workbook of the old kind (.xls), or one with a password.',
        'Save it as .xlsx without a password.',
      ),
  },
  { starts: [0x1f, 0x8b], problem: () => refused('The file is packed (gzip).', 'Unpack it first.') },
  { starts: [0x28, 0xb5, 0x2f, 0xfd], problem: () => refused('The file is packed (Zstandard).', 'Unpack it first.') },
  { starts: [0x42, 0x5a, 0x68], text: true, problem: () => refused('The file is packed (bzip2).', 'Unpack it first.') },
  { starts: [0x25, 0x50, 0x44, 0x46, 0x2d], problem: () => refused('This is a PDF.', 'Export the table as CSV.') },
  {
    starts: [0x50, 0x41, 0x52, 0x45],
    text: true,
    problem: () => refused('The Parquet file is encrypted.', 'Write it without encryption.'),
  },
];

/**
 * What kind of table a file is, by its content: names lie.
 * @throws {422} file_empty · format_unsupported
 */
export async function formatOf(path: string): Promise<FileFormat> {
  const { size } = await stat(path);
  if (size === 0) throw new Problem(422, 'file_empty', 'The file is empty.');
  const file = await open(path);
  try {
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    await file.read(head, 0, head.length, 0);
    const starts = (bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);
    const isBinary = head.includes(0);
    if (starts([0x50, 0x41, 0x52, 0x31]) && (isBinary || (await endsAs(file, size, 'PAR1')))) return 'parquet';
    if (starts([0x50, 0x4b, 0x03, 0x04]) || starts([0x50, 0x4b, 0x05, 0x06])) return 'xlsx';
    const other = OTHERS.find((one) => starts(one.starts) && (isBinary || one.text !== true));
    if (other !== undefined) throw other.problem();
    return textFormatOf(head, size <= HEAD_BYTES);
  } finally {
    await file.close();
  }
}

async function endsAs(file: FileHandle, size: number, word: string): Promise<boolean> {
  const tail = Buffer.alloc(word.length);
  await file.read(tail, 0, tail.length, Math.max(0, size - tail.length));
  return tail.toString('latin1') === word;
}

function textFormatOf(head: Buffer, whole: boolean): FileFormat {
  const text = textOf(head).trimStart();
  const isJson = /^(?:\{\s*(?:"|\}|$)|\[\s*(?:[[{"\]\d-]|true\b|false\b|null\b|$))/.test(text);
  if (!isJson) return 'csv';
  const [first = '', ...others] = text.split('\n');
  // A line that is whole, and another one that starts like it.
  const isLine = isWhole(first) && others.some((line) => /^\s*[{[]/.test(line));
  if (isLine) return 'json_lines';
  // A record that is longer than what was looked at, on a line of its own, shows by the document not ending with its line.
  if (!text.startsWith('[')) return 'json';
  return looksLikeCsv(first, others, whole) ? 'csv' : 'json';
}

/** `[1],[2]` is a line of a table with brackets, and no document. */
const looksLikeCsv = (first: string, others: readonly string[], whole: boolean): boolean =>
  whole && others.filter((line) => line.trim() !== '').length > 0 && /^\[[^\]"{]*\]\s*[,;\t]/.test(first);

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function textOf(head: Buffer): string {
  const [a, b, c] = head;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(head);
  const bytes = a === 0xef && b === 0xbb && c === 0xbf ? head.subarray(3) : head;
  return bytes.toString('latin1');
}
