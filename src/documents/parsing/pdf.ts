import { getDocumentProxy } from 'unpdf';
import type { Blocks } from './blocks.js';
import { type Line, linesOf, pageBlocks, type Run } from './pdf-lines.js';
import { Unreadable } from './unreadable.js';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** @throws {Unreadable} encrypted · damaged · no_text · too_many_pages · text_too_long */
export async function pdfBlocks(bytes: Buffer, limits: { pages: number; characters: number }): Promise<Blocks> {
  const pdf = await opened(bytes);
  try {
    if (pdf.numPages > limits.pages) throw new Unreadable('too_many_pages');
    const pages: Line[][] = [];
    let characters = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      const lines = linesOf(await runsOf(pdf, number));
      characters += lines.reduce((sum, { text }) => sum + text.length, 0);
      if (characters > limits.characters) throw new Unreadable('text_too_long');
      pages.push(lines);
    }
    if (characters === 0) throw new Unreadable('no_text');
    return { title: null, pages: pdf.numPages, blocks: pageBlocks(pages) };
  } finally {
    await pdf.destroy();
  }
}

async function opened(bytes: Buffer): Promise<Pdf> {
  try {
    // The library takes the bytes over, so it gets its own.
    return await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, verbosity: 0, stopAtErrors: false });
  } catch (error) {
    throw new Unreadable((error as Error).name === 'PasswordException' ? 'encrypted' : 'damaged');
  }
}

async function runsOf(pdf: Pdf, number: number): Promise<Run[]> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items.flatMap((item) => {
      if (!('str' in item)) return [];
      const [a = 0, b = 0, , d = 0, x = 0, y = 0] = item.transform as number[];
      return [{ text: item.str, x, y, width: item.width, size: Math.abs(d) || Math.hypot(a, b) }];
    });
  } catch {
    throw new Unreadable('damaged');
  }
}
