import mammoth from 'mammoth';
import type { Blocks } from './blocks.js';
import { blocksOfHtml } from './html.js';
import { Unreadable } from './unreadable.js';
import { requireUnpackable, zipEntries } from './zip.js';

const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];

/** @throws {Unreadable} encrypted · damaged · too_large_unpacked · too_complex */
export async function docxBlocks(bytes: Buffer, unpackedLimit: number): Promise<Blocks> {
  const read = zipEntries(bytes).filter(({ name }) => /\.(?:xml|rels)$/i.test(name));
  requireUnpackable(bytes, read, unpackedLimit);
  return blocksOfHtml(await htmlOf(bytes));
}

async function htmlOf(buffer: Buffer): Promise<string> {
  try {
    // Pictures are not even unpacked.
    const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: '' }));
    return (await mammoth.convertToHtml({ buffer }, { styleMap: STYLES, convertImage })).value;
  } catch {
    throw new Unreadable('damaged');
  }
}
