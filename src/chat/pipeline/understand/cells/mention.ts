import type { Token } from '../tokens.js';
import type { Cell } from './cell.js';
import type { Grid, Line } from './grid.js';
import { CARRIES_NO_NAME } from './record-english.js';

/** What a stretch of the question says of the lines of the table. */
export interface Mention {
  readonly stems: ReadonlySet<string>;
  /** Content words that no line has. */
  readonly unknown: readonly string[];
}

const isYearWord = (word: string): boolean => /^(19|20)\d\d$/.test(word);

export function mentionIn(grid: Grid, tokens: readonly Token[]): Mention {
  const stems = new Set<string>();
  const unknown: string[] = [];
  for (const token of tokens) {
    if (isYearWord(token.lower)) continue;
    if (grid.vocabulary.has(token.stem)) stems.add(token.stem);
    else {
      const near = prefixed(grid, token);
      if (near !== null) stems.add(near);
      else if (!CARRIES_NO_NAME.has(token.lower) && !/^\d{1,2}$/.test(token.lower)) unknown.push(token.lower);
    }
  }
  return { stems, unknown };
}

/** "approved" for "approvals": a long common beginning, when the stemmer keeps two forms apart. */
function prefixed(grid: Grid, token: Token): string | null {
  if (token.stem.length < 6 || CARRIES_NO_NAME.has(token.lower)) return null;
  const start = token.stem.slice(0, Math.max(6, token.stem.length - 2));
  for (const stem of grid.vocabulary.keys())
    if (stem.startsWith(start) && stem.length <= token.stem.length + 3) return stem;
  return null;
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
 * The cell that a mention and a year mean. What is not said is taken from `context`, the cell spoken of last.
 * null when a row or a column is neither said nor known.
 */
export function findCell(grid: Grid, mention: Mention, year: number | null, context: Cell | null): Found | null {
  if (year !== null && grid.years.size > 0 && !grid.years.has(year)) return null;
  const rows = grid.rows.map((line) => matchLine(line, mention));
  const columns = grid.columns.map((line) => matchLine(line, mention));
  let total = 0;
  for (const stem of mention.stems) total += grid.vocabulary.get(stem) ?? 0;
  total += 1.2 * mention.unknown.length;
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
      let score = said - 0.3 * row.unsaid - 0.12 * column.unsaid;
      if (year !== null) {
        const has = row.line.years.includes(year) || column.line.years.includes(year);
        score += has ? 6 : row.line.years.length > 0 || column.line.years.length > 0 ? -6 : 0;
      }
      if (context) {
        // The line spoken of last stands in where none is said.
        if (!rowSaid && row.line === context.row) score += yearOnRows && !row.line.years.includes(year ?? 0) ? 0 : 2;
        if (rowSaid && row.line === context.row) score += 0.3;
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
  const explained = total === 0 ? 1 : Math.min(1, best.said / total);
  const open = !columnNamed && grid.columns.length > 1 && context === null;
  return {
    cell: { row: best.row.line, column: best.column.line },
    rowNamed,
    columnNamed,
    explained,
    clear: open ? 0.3 : Math.max(0, Math.min(1, (best.score - second) / 0.5)),
  };
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
