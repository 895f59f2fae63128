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
export function preambleOf(rows: readonly string[][]): number {
  const widths = rows.map((row) => row.length).sort((a, b) => a - b);
  const usual = widths[widths.length >> 1] ?? 0;
  if (usual < 3 || rows.length < 4) return 0;
  const filled = (row: readonly string[]): number => row.filter((cell) => cell.trim() !== '').length;
  const start = rows.slice(0, 20).findIndex((row) => row.length >= usual && filled(row) >= Math.max(2, usual / 2));
  return start > 0 && rows.slice(0, start).every((row) => filled(row) <= 2) ? start : 0;
}

/**
 * Whether the first row names the columns: it does unless it reads like the rows below it. Each column whose cells are of one
 * kind (numbers, years, dates) votes: against a header when the first cell is of that kind too, for it when it is not, so that
 * "2013" above amounts and "12/31/2014" above numbers are names. Without any vote the first row is a header.
 */
export function hasHeader(rows: readonly string[][]): boolean {
  const [first = [], ...body] = rows;
  if (body.length === 0) return !first.some((cell) => kindOf(cell.trim()) !== 'text');
  const typed = first.map((cell) => cell.trim()).filter((cell) => kindOf(cell) !== 'text');
  const years = new Set(typed).size === typed.length && typed.every((cell) => kindOf(cell) === 'year');
  let votes = 0;
  for (const [i, raw] of first.entries()) {
    const cells = body
      .slice(0, 200)
      .map((row) => (row[i] ?? '').trim())
      .filter((text) => !isMissing(text));
    const kind = commonKind(cells.map(kindOf));
    if (kind === null || isMissing(raw.trim())) continue;
    const own = kindOf(raw.trim());
    votes += own === kind || (own === 'year' && kind === 'number' && !years) ? -1 : 1;
  }
  return votes >= 0;
}

type Kind = 'number' | 'year' | 'date' | 'boolean' | 'text';

function kindOf(cell: string): Kind {
  if (/^(?:18|19|20)\d\d$/.test(cell)) return 'year';
  if (/^0\d+$/.test(cell) || parseNumber(cell, 'point') !== null || parseNumber(cell, 'comma') !== null)
    return 'number';
  if (/^(?:true|false)$/i.test(cell)) return 'boolean';
  return DATE_STYLES.some((style) => parseDate(cell, style) !== null) ? 'date' : 'text';
}

/** What nearly all cells are, when that is not text; years among other numbers are numbers. */
function commonKind(kinds: readonly Kind[]): Kind | null {
  if (kinds.length === 0) return null;
  const share = (...wanted: Kind[]): number => kinds.filter((kind) => wanted.includes(kind)).length / kinds.length;
  if (share('year') >= 0.9) return 'year';
  if (share('number', 'year') >= 0.9) return 'number';
  if (share('date') >= 0.9) return 'date';
  return share('boolean') >= 0.9 ? 'boolean' : null;
}
