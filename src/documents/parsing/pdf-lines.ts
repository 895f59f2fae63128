import { type Block, oneLine } from './blocks.js';

/** A run of characters as the page places it, in points; y grows upwards. */
export interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of its letters. */
  readonly size: number;
}

/** A line of a page. */
export interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Runs on one height are a line; a gap between two is a space. */
export function linesOf(runs: readonly Run[]): Line[] {
  const lines: Line[] = [];
  let open: { text: string; x: number; y: number; size: number; end: number } | null = null;
  for (const { text, x, y, width, size } of runs) {
    if (text === '') continue;
    const isBlank = text.trim() === '';
    const stays: boolean =
      open !== null && Math.abs(open.y - y) <= 0.5 * Math.max(open.size, size) && x >= open.x - open.size;
    if (open === null || !stays) {
      if (isBlank) continue;
      if (open !== null) lines.push(open);
      open = { text, x, y, size, end: x + width };
      continue;
    }
    const isApart = x - open.end > 0.15 * open.size && !/\s$/.test(open.text) && !isBlank;
    open.text += isApart && !text.startsWith(' ') ? ` ${text}` : text;
    open.end = Math.max(open.end, x + width);
    if (!isBlank) open.size = Math.max(open.size, size);
  }
  if (open !== null) lines.push(open);
  return lines.flatMap((line) => {
    const text = oneLine(line.text);
    return text === '' ? [] : [{ text, x: line.x, y: line.y, size: line.size }];
  });
}

/** Pages as blocks: without what every page repeats at its ends, lines joined to paragraphs, larger ones as headings. */
export function pageBlocks(pages: readonly (readonly Line[])[]): Block[] {
  const bare = withoutRepeated(pages);
  const levels = headingSizes(bare.flat());
  return bare.flatMap((lines, at) => paragraphsOf(lines).map((paragraph) => blockOf(paragraph, levels, at + 1)));
}

/** What stands at the top or the foot of most pages, page numbers aside. */
function withoutRepeated(pages: readonly (readonly Line[])[]): (readonly Line[])[] {
  if (pages.length < 3) return [...pages];
  const keyOf = (line: Line | undefined): string => line?.text.replaceAll(/\d+/g, '#') ?? '';
  const seen = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set([keyOf(lines[0]), keyOf(lines.at(-1))])) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const isRepeated = (line: Line | undefined): boolean => (seen.get(keyOf(line)) ?? 0) > pages.length / 2;
  return pages.map((lines) =>
    lines.slice(
      isRepeated(lines[0]) ? 1 : 0,
      lines.length > 1 && isRepeated(lines.at(-1)) ? lines.length - 1 : undefined,
    ),
  );
}

/** Sizes above that of most letters, the largest first: heading levels from 1. */
function headingSizes(lines: readonly Line[]): number[] {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) letters.set(rounded(size), (letters.get(rounded(size)) ?? 0) + text.length);
  const [body = 0] = [...letters].sort((a, b) => b[1] - a[1])[0] ?? [];
  return [...letters.keys()]
    .filter((size) => size >= body * 1.15)
    .sort((a, b) => b - a)
    .slice(0, 6);
}

const rounded = (size: number): number => Math.round(size * 2) / 2;

/** A paragraph ends where the gap to the next line is larger than usual, or the letters change their size. */
function paragraphsOf(lines: readonly Line[]): Line[][] {
  const gaps = lines.slice(1).map((line, at) => (lines[at]?.y ?? 0) - line.y);
  const usual = gaps.filter((gap) => gap > 0).sort((a, b) => a - b);
  const median = usual[Math.floor(usual.length / 2)] ?? 0;
  const paragraphs: Line[][] = [];
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    const gap = gaps[at - 1] ?? 0;
    const goesOn =
      before !== undefined &&
      gap > 0 &&
      gap <= Math.max(median * 1.3, before.size * 1.3) &&
      Math.abs(rounded(before.size) - rounded(line.size)) < 1 &&
      !(line.x > before.x + before.size && /[.!?:]$/.test(before.text)) &&
      !/^(?:[•·▪‣–-]|\d{1,3}[.)])\s/.test(line.text);
    if (goesOn) paragraphs.at(-1)?.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs;
}

const NUMBERED = /^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\p{Lu}[^.!?]{1,90}$/u;

function blockOf(lines: readonly Line[], levels: readonly number[], page: number): Block {
  const text = joined(lines);
  const level = levels.indexOf(rounded(lines[0]?.size ?? 0)) + 1;
  if (level > 0 && lines.length <= 3 && text.length <= 200) return { kind: 'heading', level, text, page };
  const number = lines.length === 1 ? NUMBERED.exec(text)?.[1] : undefined;
  if (number?.includes('.') === true) {
    return { kind: 'heading', level: Math.min(6, levels.length + number.split('.').length), text, page };
  }
  return { kind: 'text', text, page };
}

/** A word that is broken at a line's end is put together again. */
function joined(lines: readonly Line[]): string {
  let text = '';
  for (const { text: line } of lines) {
    if (/\p{Ll}[-\u00ad\u2010]$/u.test(text) && /^\p{Ll}/u.test(line)) text = text.slice(0, -1) + line;
    else text += text === '' ? line : ` ${line}`;
  }
  return text.replaceAll('\u00ad', '');
}
