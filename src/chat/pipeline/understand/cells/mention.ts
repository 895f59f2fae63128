import type { Token } from '../tokens.js';
import type { Cell } from './cell.js';
import type { Grid, Line } from './grid.js';
import { CARRIES_NO_NAME } from './record-english.js';

/** What a stretch of the question says of the lines of the table. */
export interface Mention {
  readonly stems: ReadonlySet<string>;
  /** For each content word, the stems it may mean; any one of them accounts for it. */
  readonly words: readonly (readonly string[])[];
  /** Content words that no line has. */
  readonly unknown: readonly string[];
}

const isYearWord = (word: string): boolean => /^(19|20)\d\d$/.test(word);

export function mentionIn(grid: Grid, tokens: readonly Token[]): Mention {
  const stems = new Set<string>();
  const words: (readonly string[])[] = [];
  const unknown: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isYearWord(token.lower)) continue;
    if (grid.vocabulary.has(token.stem)) {
      stems.add(token.stem);
      words.push([token.stem]);
    } else {
      const near = relatives(grid, token);
      for (const stem of near) stems.add(stem);
      if (near.length > 0) {
        words.push(near);
        continue;
      }
      // "That performance": the noun only describes what was spoken of.
      const pointed = /^(this|that|these|those|such|same)$/.test(tokens[at - 1]?.lower ?? '');
      if (!pointed && !CARRIES_NO_NAME.has(token.lower) && !/^\d{1,2}$/.test(token.lower)) unknown.push(token.lower);
    }
  }
  return { stems, words, unknown };
}

/** Below this length words that run together ("globalsales") are not looked into. */
const GLUED_LENGTH = 10;

/**
 * Words of the table's names for one that is not there: its initials ("IBM"), two forms that the stemmer keeps apart
 * ("approval", "approved"), or a part of words that run together in a header.
 */
function relatives(grid: Grid, token: Token): readonly string[] {
  const word = token.lower;
  if (CARRIES_NO_NAME.has(word)) return [];
  const named = word.length >= 3 ? grid.initials.get(word) : undefined;
  if (named) return named;
  if (token.stem.length < 5) return [];
  const start = token.stem.slice(0, Math.max(6, token.stem.length - 2));
  const found: string[] = [];
  for (const stem of grid.vocabulary.keys()) {
    const form = token.stem.length >= 6 && stem.startsWith(start) && stem.length <= token.stem.length + 3;
    if (form || (stem.length >= GLUED_LENGTH && stem.includes(token.stem))) found.push(stem);
  }
  return found;
}

interface LineMatch {
  readonly line: Line;
  /** Weight of the line's words that were said, and of those that were not. */
  readonly said: number;
  readonly unsaid: number;
}

function matchLine(line: Line, mention: Mention): LineMatch {
  let said = 0;
  let unsaid = 0;
  for (const [stem, weight] of line.words) {
    if (mention.stems.has(stem)) said += weight;
    else unsaid += weight;
  }
  return { line, said, unsaid };
}

export interface Found {
  readonly cell: Cell;
  /** Was the row (the column) named, or taken from the context or as the only one? */
  readonly rowNamed: boolean;
  readonly columnNamed: boolean;
  /** 0–1: share of the words' weight that the cell's names account for. */
  readonly explained: number;
  /** 0–1: how clearly this cell is better than the next. */
  readonly clear: number;
}

/** A line counts as named when this much of its best word was said. */
const NAMED = 0.2;

/**
 * The cell that a mention and a year mean; `sure` tells a year that was said from one that is only likely. What is not said is taken from `context`, the cell spoken of last.
 * null when a row or a column is neither said nor known.
 */
export function findCell(
  grid: Grid,
  mention: Mention,
  year: number | null,
  context: Cell | null,
  sure = true,
): Found | null {
  if (year !== null && grid.years.size > 0 && !grid.years.has(year)) return null;
  const rows = grid.rows.map((line) => matchLine(line, mention));
  const columns = grid.columns.map((line) => matchLine(line, mention));
  const unknown = (grid.columns.length === 1 ? 0.5 : 0.9) * mention.unknown.length;
  const yearOnColumns = year !== null && columns.some((match) => match.line.years.includes(year));
  const yearOnRows = year !== null && rows.some((match) => match.line.years.includes(year));
  const rowSaid = rows.some((match) => match.said >= NAMED);
  const columnSaid = columns.some((match) => match.said >= NAMED);
  let best: { row: LineMatch; column: LineMatch; score: number; said: number } | null = null;
  let second = -Infinity;
  for (const row of rows) {
    for (const column of columns) {
      const shared = overlap(row.line, column.line, mention);
      const said = row.said + column.said - shared;
      let score = said - (rowSaid ? 0.3 * row.unsaid : 0) - (columnSaid ? 0.12 * column.unsaid : 0);
      if (year !== null) {
        const has = row.line.years.includes(year) || column.line.years.includes(year);
        const other = row.line.years.length > 0 || column.line.years.length > 0;
        score += (sure ? 6 : 1.5) * (has ? 1 : other ? -1 : 0);
      }
      score += closing(row.line, mention);
      if (context) {
        // The line spoken of last stands in where none is said.
        if (!rowSaid && row.line === context.row) score += yearOnRows && !row.line.years.includes(year ?? 0) ? 0 : 2;
        if (rowSaid && row.line === context.row) score += 0.6;
        if (column.line === context.column) score += columnSaid || (yearOnColumns && year !== null) ? 0.3 : 2;
        // "2008 net revenue" after "2007 net revenue": the other words of the name stay.
        if (!rowSaid && yearOnRows) score += likeness(row.line, context.row);
        if (!columnSaid && yearOnColumns) score += likeness(column.line, context.column);
      }
      if (!best || score > best.score + 1e-9) {
        if (best) second = best.score;
        best = { row, column, score, said };
      } else if (score > second) second = score;
    }
  }
  if (!best) return null;
  const inYear = (line: Line): boolean => year !== null && line.years.includes(year);
  const rowNamed = best.row.said >= NAMED || inYear(best.row.line);
  const columnNamed = best.column.said >= NAMED || inYear(best.column.line);
  if (!rowNamed && grid.rows.length > 1 && context === null) return null;
  const forced = year !== null && grid.columns.length === 1 && best.row.line.years.includes(year);
  // Where a year alone tells the row and there is one column, the other words name the table itself.
  const named = accounted(grid, mention, best.row.line, best.column.line, unknown);
  const open = !columnNamed && grid.columns.length > 1 && context === null;
  const explained = forced ? Math.max(0.5, named) : named;
  return {
    cell: { row: best.row.line, column: best.column.line },
    rowNamed,
    columnNamed,
    explained,
    clear: open ? 0.3 : Math.max(0, Math.min(1, (best.score - second) / 0.5)),
  };
}

/** A balance "in 2019" is the one at the year's end, unless the question speaks of its beginning. */
function closing(row: Line, mention: Mention): number {
  const opens = OPENING.some((stem) => row.words.has(stem));
  if (!opens) return 0;
  return OPENING.some((stem) => mention.stems.has(stem)) ? 0 : -0.15;
}

const OPENING = ['begin', 'open', 'januari', 'start'];

/** Share of the words' weight that two lines account for. */
function accounted(grid: Grid, mention: Mention, row: Line, column: Line, unknown: number): number {
  let all = unknown;
  let said = 0;
  for (const stems of mention.words) {
    const weight = Math.max(...stems.map((stem) => grid.vocabulary.get(stem) ?? 0));
    all += weight;
    if (stems.some((stem) => row.words.has(stem) || column.words.has(stem))) said += weight;
  }
  return all === 0 ? 1 : said / all;
}

function overlap(row: Line, column: Line, mention: Mention): number {
  let shared = 0;
  for (const [stem, weight] of row.words) {
    const other = column.words.get(stem);
    if (other !== undefined && mention.stems.has(stem)) shared += Math.min(weight, other);
  }
  return shared;
}

/** Share of one line's words that the other has too. */
function likeness(line: Line, other: Line): number {
  let shared = 0;
  let all = 0;
  for (const [stem, weight] of line.words) {
    all += weight;
    if (other.words.has(stem)) shared += weight;
  }
  return all === 0 ? 0 : (2 * shared) / all;
}
