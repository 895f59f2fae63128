import { Marked } from 'marked';
import { type Blocks, oneLine } from './blocks.js';
import { blocksOfHtml } from './html.js';

/** Settings at the beginning, as static site generators have them; of these only the title is read. */
const FRONT_MATTER = /^---[^\S\n]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)/;
const TITLE = /^title:[^\S\n]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\n]+))$/m;

const marked = new Marked({ async: false, gfm: true });

/** @throws {Unreadable} too_complex */
export function markdownBlocks(text: string): Blocks {
  const source = text.replaceAll(/\r\n?/g, '\n');
  const front = FRONT_MATTER.exec(source);
  const found = TITLE.exec(front?.[1] ?? '');
  const title = oneLine(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
  const { blocks } = blocksOfHtml(marked.parse(source.slice(front?.[0].length ?? 0), { async: false }));
  return { title: title === '' ? null : title, pages: null, blocks };
}
