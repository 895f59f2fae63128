import { parse } from 'csv-parse/sync';
import { isMissing } from './column-tally.js';
import { DATE_STYLES, parseDate } from './dates.js';
import { parseNumber } from './numbers.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How the file separates its fields, and where its table starts. */
export interface Dialect {
  readonly delimiter: Delimiter;
  /** null: quotes are plain characters (a quote that is opened and never closed). */
  readonly quote: '"' | "'" | null;
  readonly header: boolean;
  /** Rows above the header that are no part of the table (a title, a date). */
  readonly preamble: number;
}

export const parserOptions = ({ delimiter, quote }: Pick<Dialect, 'delimiter' | 'quote'>) => ({
  delimiter,
  quote: quote ?? (false as const),
  escape: quote ?? '"',
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: 8 * 1024 * 1024,
});

/** From the first part of the file; `whole` when that is all of it. Anything given is taken as it is. */
export function detectDialect(sample: string, whole: boolean, given: Partial<Dialect> = {}): Dialect {
  const text = whole ? sample : sample.slice(0, Math.max(sample.lastIndexOf('\n'), 1));
  const quote = given.quote === undefined ? quoteOf(text) : given.quote;
  const candidates = given.delimiter === undefined ? DELIMITERS : [given.delimiter];
  let best: { delimiter: Delimiter; rows: string[][]; score: number } | null = null;
  for (const delimiter of candidates) {
    const rows = sampleRows(text, delimiter, quote);
    const score = evenness(rows);
    if (best === null || score > best.score) best = { delimiter, rows, score };
  }
  const { delimiter, rows } = best ?? { delimiter: ',' as const, rows: [] };
  const preamble = given.preamble ?? preambleOf(rows);
  const header = given.header ?? hasHeader(rows.slice(preamble));
  return { delimiter, quote, header, preamble };
}

/** Double quotes, unless single ones surround fields and no double one does. */
function quoteOf(text: string): '"' | "'" {
  const around = (quote: string): number =>
    text.match(new RegExp(`(?:^|[,;\\t|])${quote}[^${quote}\\n]*${quote}(?=[,;\\t|]|\\r?$)`, 'gm'))?.length ?? 0;
  return around('"') === 0 && around("'") > 1 ? "'" : '"';
}

function sampleRows(text: string, delimiter: Delimiter, quote: Dialect['quote']): string[][] {
  try {
    return parse(text, { ...parserOptions({ delimiter, quote }), to: 1_000 });
  } catch {
    // A sample may end inside a quoted field; without quoting the field counts still compare.
    return parse(text, { ...parserOptions({ delimiter, quote: null }), to: 1_000 });
  }
}

/** High when most rows have the same number of fields, and more than one. */
function evenness(rows: readonly string[][]): number {
  const widths = new Map<number, number>();
  for (const { length } of rows) widths.set(length, (widths.get(length) ?? 0) + 1);
  let best = 0;
  for (const [width, count] of widths) {
    // A wider table is better evidence than a narrow one, but evenness counts more.
    if (width > 1) best = Math.max(best, (count / rows.length) ** 2 * (1 + Math.log2(width) / 4));
  }
  return best;
}

/** Leading rows much narrower than the table. */
function preambleOf(rows: readonly string[][]): number {
  const widths = rows.map((row) => row.length).sort((a, b) => a - b);
  const usual = widths[widths.length >> 1] ?? 0;
  if (usual < 3 || rows.length < 4) return 0;
  const filled = (row: readonly string[]): number => row.filter((cell) => cell.trim() !== '').length;
  const start = rows.slice(0, 20).findIndex((row) => row.length >= usual && filled(row) >= Math.max(2, usual / 2));
  return start > 0 && rows.slice(0, start).every((row) => filled(row) <= 2) ? start : 0;
}

/**
 * Whether the first row names the columns: it does unless it reads like the rows below it. Each column whose cells are numbers
 * or dates votes: against a header when the first cell is one too, for it when it is not. A year above numbers that are not
 * years is a name ("2013", "2012"). Without any vote the first row is a header.
 */
function hasHeader(rows: readonly string[][]): boolean {
  const [first = [], ...body] = rows;
  if (body.length === 0) return !first.some((cell) => isTyped(cell.trim()));
  let votes = 0;
  for (const [i, raw] of first.entries()) {
    const cell = raw.trim();
    const cells = body
      .slice(0, 200)
      .map((row) => (row[i] ?? '').trim())
      .filter((text) => !isMissing(text));
    const typed = cells.filter(isTyped).length;
    if (cells.length === 0 || typed < cells.length * 0.9) continue;
    if (!isTyped(cell)) {
      if (cell !== '' && !isMissing(cell)) votes++;
    } else if (isYear(cell) && cells.filter(isYear).length < cells.length * 0.9) votes++;
    else votes--;
  }
  return votes >= 0;
}

const isYear = (cell: string): boolean => /^(?:19|20)\d\d$/.test(cell);

const isTyped = (cell: string): boolean =>
  parseNumber(cell, 'point') !== null ||
  parseNumber(cell, 'comma') !== null ||
  DATE_STYLES.some((style) => parseDate(cell, style) !== null) ||
  /^(?:true|false|0\d+)$/i.test(cell);
