import { tokenizerOf } from '../../text/tokenizer.js';
import type { Blocks } from './blocks.js';
import { decode } from './decode.js';
import { docxBlocks } from './docx.js';
import type { Format } from './detect.js';
import { htmlBlocks } from './html.js';
import { markdownBlocks } from './markdown.js';
import { cut, type Laid } from './passages.js';
import { pdfBlocks } from './pdf.js';
import { plainBlocks } from './plain.js';
import { Unreadable } from './unreadable.js';

export interface ParseLimits {
  readonly pages: number;
  /** Of text, in UTF-16 units. */
  readonly characters: number;
  /** That an archive may unpack to. */
  readonly unpackedBytes: number;
}

export const PARSE_LIMITS: ParseLimits = { pages: 3_000, characters: 5_000_000, unpackedBytes: 100 * 1_048_576 };

export interface Parsed extends Laid {
  readonly title: string | null;
  readonly pages: number | null;
}

/** From a file's bytes to its text, cut into passages. @throws {Unreadable} */
export async function parseDocument(bytes: Buffer, format: Format, limits = PARSE_LIMITS): Promise<Parsed> {
  const { title, pages, blocks } = await blocksOf(bytes, format, limits);
  if (blocks.length === 0) throw new Unreadable('no_text');
  const { count } = await tokenizerOf(null);
  const laid = cut(blocks, (text) => countTokens(text, count), limits.characters);
  const heading = laid.outline.find(({ level }) => level === 1)?.title ?? null;
  return { ...laid, title: (title ?? heading)?.slice(0, 300).toWellFormed() ?? null, pages };
}

function blocksOf(bytes: Buffer, format: Format, limits: ParseLimits): Blocks | Promise<Blocks> {
  // Bytes are at least half as many as the characters that they make.
  if (format !== 'pdf' && format !== 'docx' && bytes.length > limits.characters * 4)
    throw new Unreadable('text_too_long');
  switch (format) {
    case 'pdf':
      return pdfBlocks(bytes, limits);
    case 'docx':
      return docxBlocks(bytes, limits.unpackedBytes);
    case 'html':
      return htmlBlocks(bytes);
    case 'markdown':
      return markdownBlocks(decode(bytes));
    case 'text':
      return plainBlocks(decode(bytes));
  }
}

/** A tokenizer's time grows with the square of a word's length, so that words longer than any are counted in parts. */
function countTokens(text: string, count: (text: string) => number): number {
  let tokens = 0;
  const rest = text.replaceAll(/\S{200,}/g, (run) => {
    for (let at = 0; at < run.length; at += 200) tokens += count(run.slice(at, at + 200).toWellFormed());
    return ' ';
  });
  return tokens + count(rest);
}
