export interface Span {
  readonly text: string;
  readonly isBold: boolean;
}

/** A paragraph, or a list with one line of spans for each item. */
export type Block =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly isNumbered: boolean; readonly items: readonly (readonly Span[])[] };

const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+/;

/** What answers are written in: paragraphs, lists, bold. Anything else of Markdown stays the text that it is. */
export function blocksOf(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => runsOf(paragraph.split('\n').filter((line) => line.trim() !== '')));
}

/** Lines of one paragraph; those that follow each other as items are one list. */
function runsOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const close = (): void => {
    if (plain.length > 0) blocks.push({ kind: 'paragraph', spans: spansOf(plain.join(' ')) });
    plain = [];
  };
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item === null) {
      plain.push(line.trim());
      continue;
    }
    close();
    const spans = spansOf(line.slice(item[0].length).trim());
    const isNumbered = item[1] !== undefined;
    const last = blocks.at(-1);
    if (last?.kind === 'list' && last.isNumbered === isNumbered)
      blocks[blocks.length - 1] = { ...last, items: [...last.items, spans] };
    else blocks.push({ kind: 'list', isNumbered, items: [spans] });
  }
  close();
  return blocks;
}

export const spansOf = (text: string): Span[] =>
  text
    .split(/(\*\*[^*]+\*\*)/)
    .filter((part) => part !== '')
    .map((part) =>
      /^\*\*[^*]+\*\*$/.test(part) ? { text: part.slice(2, -2), isBold: true } : { text: part, isBold: false },
    );
