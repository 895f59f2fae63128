import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { type Block, type Blocks, oneLine, storable } from './blocks.js';
import { decode } from './decode.js';
import { Unreadable } from './unreadable.js';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** Nothing of it is text to read: programs, forms, menus. */
const LEFT_OUT = new Set(
  'script style template noscript iframe object embed svg math canvas audio video select button input textarea nav datalist dialog'.split(
    ' ',
  ),
);
const PARTS = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hgroup hr html legend li main ol p section summary table tbody td tfoot th thead tr ul caption'.split(
    ' ',
  ),
);
const CHARSET = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i;
/** Deeper than any page that a person made. */
const DEEPEST = 400;

/** @throws {Unreadable} too_complex */
export function htmlBlocks(bytes: Buffer): Blocks {
  return blocksOfHtml(decode(bytes, CHARSET.exec(bytes.toString('latin1', 0, 4096))?.[1] ?? null));
}

/** @throws {Unreadable} too_complex */
export function blocksOfHtml(source: string): Blocks {
  const walker = new Walker();
  for (const child of parse(source).childNodes) walker.walk(child, 0);
  walker.end();
  return { title: walker.title, pages: null, blocks: walker.blocks };
}

/** Goes through a page in reading order. */
class Walker {
  readonly blocks: Block[] = [];
  title: string | null = null;
  private line = '';
  /** What a list's item begins with. */
  private mark = '';
  /** How many items of a numbered list there were. */
  private readonly places = new Map<Element, number>();

  walk(node: Node, depth: number): void {
    if (depth > DEEPEST) throw new Unreadable('too_complex');
    if (node.nodeName === '#text') {
      this.line += (node as DefaultTreeAdapterTypes.TextNode).value.replaceAll(/\s+/g, ' ');
      return;
    }
    if (!('tagName' in node) || LEFT_OUT.has(node.tagName) || node.attrs.some(({ name }) => name === 'hidden')) return;
    this.element(node, depth);
  }

  /** What was gathered becomes a block. */
  end(kind: Block['kind'] = 'text', level?: number): void {
    const text = storable(this.line)
      .replaceAll(/[^\S\n]+/g, ' ')
      .replaceAll(/ ?\n ?/g, '\n')
      .trim();
    this.line = '';
    if (text === '') return;
    this.blocks.push({ kind, level, text: kind === 'heading' ? oneLine(text) : `${this.mark}${text}`, page: null });
    this.mark = '';
  }

  private element(element: Element, depth: number): void {
    const { tagName } = element;
    const level = /^h([1-6])$/.exec(tagName)?.[1];
    if (tagName === 'head') this.title ??= titleOf(element);
    else if (tagName === 'br') this.line += '\n';
    else if (tagName === 'pre') this.code(element);
    else if (tagName === 'table' && isOfData(element)) this.table(element);
    else if (level !== undefined) this.part(element, depth, 'heading', Number(level));
    else if (PARTS.has(tagName)) this.part(element, depth, 'text');
    else for (const child of element.childNodes) this.walk(child, depth + 1);
  }

  private part(element: Element, depth: number, kind: 'heading' | 'text', level?: number): void {
    this.end();
    if (element.tagName === 'li') this.mark = this.markOf(element);
    for (const child of element.childNodes) this.walk(child, depth + 1);
    this.end(kind, level);
    if (element.tagName === 'li') this.mark = '';
  }

  private markOf({ parentNode: list }: Element): string {
    if (list === null || !('tagName' in list) || list.tagName !== 'ol') return '- ';
    const place = (this.places.get(list) ?? 0) + 1;
    this.places.set(list, place);
    return `${place}. `;
  }

  private code(element: Element): void {
    this.end();
    const text = storable(textOf(element).replaceAll('\r\n', '\n'))
      .replace(/^(?:[^\S\n]*\n)+/, '')
      .trimEnd();
    if (text.trim() !== '') this.blocks.push({ kind: 'code', text: text.trimStart(), page: null });
  }

  /** A row is a line, its cells with | between. */
  private table(table: Element): void {
    this.end();
    for (const caption of within(table, 'caption')) {
      const text = oneLine(textOf(caption));
      if (text !== '') this.blocks.push({ kind: 'text', text, page: null });
    }
    const rows = within(table, 'tr').map((row) =>
      row.childNodes
        .filter((cell) => cell.nodeName === 'td' || cell.nodeName === 'th')
        .map((cell) => oneLine(textOf(cell)))
        .join(' | ')
        .trim(),
    );
    const text = rows.filter((row) => /[^|\s]/.test(row)).join('\n');
    if (text !== '') this.blocks.push({ kind: 'table', text, page: null });
  }
}

function titleOf(head: Element): string | null {
  const [title] = within(head, 'title');
  const text = title === undefined ? '' : oneLine(textOf(title));
  return text === '' ? null : text;
}

/** A table that arranges a page holds headings, lists or further tables; a table of data does not. */
const isOfData = (table: Element): boolean =>
  within(table, 'table', 'h1', 'h2', 'h3', 'h4', 'ul', 'ol', 'pre').length === 0;

/** Elements of these names, however deep. */
function within(element: Element, ...names: readonly string[]): Element[] {
  const found: Element[] = [];
  const left: Node[] = element.childNodes.toReversed();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (!('tagName' in node)) continue;
    if (names.includes(node.tagName)) found.push(node);
    for (const child of node.childNodes.toReversed()) left.push(child);
  }
  return found;
}

function textOf(node: Node): string {
  let text = '';
  const left: Node[] = [node];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.nodeName === '#text') text += (next as DefaultTreeAdapterTypes.TextNode).value;
    if (!('tagName' in next) || (LEFT_OUT.has(next.tagName) && next !== node)) continue;
    if (next.tagName === 'br') text += '\n';
    for (const child of next.childNodes.toReversed()) left.push(child);
  }
  return text;
}
