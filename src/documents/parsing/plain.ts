import { type Block, type Blocks, storable } from './blocks.js';

/** Plain text: paragraphs have empty lines between; form feeds begin pages. */
export function plainBlocks(text: string): Blocks {
  const pages = text.replaceAll(/\r\n?/g, '\n').split('\f');
  const isPaged = pages.length > 1;
  const blocks: Block[] = pages.flatMap((page, at) =>
    page.split(/\n[^\S\n]*\n\s*/).flatMap((paragraph) => {
      const lines = storable(paragraph).split('\n');
      const tidy = lines
        .map((line) => line.trimEnd())
        .join('\n')
        .trim();
      return tidy === '' ? [] : [{ kind: 'text' as const, text: tidy, page: isPaged ? at + 1 : null }];
    }),
  );
  return { title: null, pages: isPaged ? pages.length : null, blocks };
}
