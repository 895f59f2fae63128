import type { Block } from './blocks.js';
import { Unreadable } from './unreadable.js';

/** A part of a document's text that is found and quoted by itself: `text.slice(starts, ends)`, in UTF-16 units. */
export interface Cut {
  readonly starts: number;
  readonly ends: number;
  readonly page: number | null;
  /** Headings that it stands under, the outermost first. */
  readonly heading: readonly string[];
  /** The first row of the table that it is a later part of. */
  readonly columns: string | null;
  /** By `o200k_base`. */
  readonly tokens: number;
}

export interface Heading {
  readonly level: number;
  readonly title: string;
  readonly starts: number;
  readonly page: number | null;
}

export interface Laid {
  /** Blocks with an empty line between. */
  readonly text: string;
  readonly outline: readonly Heading[];
  readonly passages: readonly Cut[];
}

/** Tokens of a passage at most, but for a single word that is longer. */
export const LONGEST = 120;
/** What is shorter is put together with what follows it in the same section. */
const SHORTEST = 32;
/** A part of a long paragraph begins with the last sentence of the part before, when that is within this many tokens. */
const OVERLAP = 40;
const MOST_PASSAGES = 50_000;
const LONGEST_WORD = 1_000;

type Count = (text: string) => number;
interface Piece {
  readonly starts: number;
  readonly ends: number;
  readonly tokens: number;
}

/** @throws {Unreadable} too_complex · text_too_long */
export function cut(blocks: readonly Block[], count: Count, limit = Infinity): Laid {
  const layout = new Layout(count);
  for (const [at, block] of blocks.entries()) {
    layout.add(block, blocks[at + 1]);
    if (layout.text.length > limit) throw new Unreadable('text_too_long');
    if (layout.passages.length > MOST_PASSAGES) throw new Unreadable('too_complex');
  }
  layout.close();
  const { text, outline, passages } = layout;
  return { text, outline, passages };
}

class Layout {
  text = '';
  readonly outline: Heading[] = [];
  readonly passages: Cut[] = [];
  private path: { level: number; title: string }[] = [];
  private open: Cut | null = null;

  constructor(private readonly count: Count) {}

  add(block: Block, next: Block | undefined): void {
    if (this.text !== '') this.text += '\n\n';
    const starts = this.text.length;
    this.text += block.text;
    if (block.kind !== 'heading') {
      this.body(block, starts);
      return;
    }
    this.close();
    const { level = 1, text: title, page } = block;
    this.path = [...this.path.filter((above) => above.level < level), { level, title }];
    this.outline.push({ level, title, starts, page });
    // A heading with nothing under it would not be found at all.
    if (next === undefined || (next.kind === 'heading' && (next.level ?? 1) <= level)) this.body(block, starts);
  }

  close(): void {
    if (this.open !== null) this.passages.push(this.open);
    this.open = null;
  }

  private body({ kind, text, page }: Block, from: number): void {
    const heading = this.path.map(({ title }) => title.slice(0, 200).toWellFormed()).slice(-6);
    const [firstRow = ''] = kind === 'table' ? text.split('\n', 1) : [];
    for (const [at, { starts, ends, tokens }] of piecesOf(text, kind, this.count).entries()) {
      const columns = kind === 'table' && at > 0 ? firstRow.slice(0, 500) : null;
      const piece: Cut = { starts: from + starts, ends: from + ends, page, heading, columns, tokens };
      const together = (this.open?.tokens ?? 0) + tokens;
      if (this.open !== null && this.open.tokens < SHORTEST && together <= LONGEST) {
        this.open = { ...this.open, ends: piece.ends, tokens: together };
      } else {
        this.close();
        this.open = piece;
      }
    }
  }
}

/** A block whole where it is short enough; else in parts of whole lines or sentences; else of whole words. */
function piecesOf(text: string, kind: Block['kind'], count: Count): Piece[] {
  const tokens = count(text);
  if (tokens <= LONGEST) return [{ starts: 0, ends: text.length, tokens }];
  const isOfLines = kind === 'table' || kind === 'code';
  const units = (isOfLines ? linesIn(text) : segments(text, 'sentence')).flatMap(({ starts, ends }) => {
    const unit = { starts, ends, tokens: count(text.slice(starts, ends)) };
    return unit.tokens <= LONGEST ? [unit] : packed(wordsIn(text, unit, count), 0);
  });
  return packed(units, isOfLines ? 0 : OVERLAP);
}

/** Neighbours together as long as they are within LONGEST. */
function packed(units: readonly Piece[], overlap: number): Piece[] {
  const pieces: Piece[] = [];
  let open: Piece | null = null;
  let last: Piece | null = null;
  for (const unit of units) {
    if (open !== null && open.tokens + unit.tokens <= LONGEST) {
      open = { starts: open.starts, ends: unit.ends, tokens: open.tokens + unit.tokens };
    } else {
      if (open !== null) pieces.push(open);
      const isCarried = last !== null && last.tokens <= overlap && last.tokens + unit.tokens <= LONGEST;
      open =
        isCarried && last !== null ? { starts: last.starts, ends: unit.ends, tokens: last.tokens + unit.tokens } : unit;
    }
    last = unit;
  }
  if (open !== null) pieces.push(open);
  return pieces;
}

function linesIn(text: string): { starts: number; ends: number }[] {
  let from = 0;
  return text.split('\n').flatMap((line) => {
    const starts = from;
    from += line.length + 1;
    return trimmed(text, starts, starts + line.length);
  });
}

function segments(text: string, granularity: 'sentence' | 'word'): { starts: number; ends: number }[] {
  return [...new Intl.Segmenter(undefined, { granularity }).segment(text)].flatMap(({ index, segment }) =>
    trimmed(text, index, index + segment.length),
  );
}

/** Words with the signs that follow them; a run without any space in a script that needs none is cut by its own words. */
function wordsIn(text: string, { starts, ends }: Piece, count: Count): Piece[] {
  const found: Piece[] = [];
  const add = (from: number, to: number): void => {
    found.push({ starts: from, ends: to, tokens: count(text.slice(from, to)) });
  };
  for (const { 0: word, index } of text.slice(starts, ends).matchAll(/\S+/g)) {
    const from = starts + index;
    if (word.length <= 60) add(from, from + word.length);
    else {
      for (const part of segments(word, 'word')) {
        for (let at = part.starts; at < part.ends;) {
          // No word is this long, but data is; a character is kept whole all the same.
          let to = Math.min(part.ends, at + LONGEST_WORD);
          if (to < part.ends && /[\udc00-\udfff]/.test(word.charAt(to))) to--;
          add(from + at, from + to);
          at = to;
        }
      }
    }
  }
  return found;
}

function trimmed(text: string, starts: number, ends: number): { starts: number; ends: number }[] {
  const part = text.slice(starts, ends);
  const bare = part.trim();
  if (bare === '') return [];
  const from = starts + part.indexOf(bare);
  return [{ starts: from, ends: from + bare.length }];
}
