import type { ReportPart, ReportTone } from '../personas/report-template.js';

/*
 * A report as data: what every format is written from, and what the formats cannot say more than. Texts are plain, with no
 * more Markdown than bold and lists; numbers are written out already, as the evidence has them.
 */

export const SOURCE_KINDS = ['conversation', 'dataset', 'collection'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** How much of everything there is at most. */
export interface ReportOptions {
  /** Of each table. */
  readonly rows: number;
  readonly sections: number;
}

export interface KeyFigure {
  /** `Average score` */
  readonly label: string;
  /** With its unit: `51.9 points`. */
  readonly value: string;
  /** What it is over, or since when it changed by how much; null: nothing more to say. */
  readonly note: string | null;
}

export interface ReportTable {
  readonly columns: readonly { readonly label: string; readonly isNumber: boolean }[];
  /** The first rows, or the last ones, as people write their cells. */
  readonly rows: readonly (readonly string[])[];
  /** Left out: they are the first ones. */
  readonly fromEnd?: boolean;
  /** How many rows there are; null: more than were read. */
  readonly of: number | null;
  /** Columns that there is no room for. */
  readonly hiddenColumns: number;
}

export interface ReportChart {
  /** Vega-Lite, with its values in it. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly title: string;
  readonly altText: string;
}

/** Words of a document, literally, and where they stand. */
export interface ReportQuote {
  readonly text: string;
  readonly documentId: string;
  readonly title: string;
  readonly heading: string | null;
  readonly page: number | null;
  /** Of the passage in its document, from 1. */
  readonly n: number;
}

export interface ReportSection {
  /** A question as it was asked, or what the section is about. */
  readonly heading: string;
  readonly text: string;
  readonly chart: ReportChart | null;
  readonly table: ReportTable | null;
  readonly quotes: readonly ReportQuote[];
}

export interface ReportSource {
  readonly title: string;
  /** Version, rows, where it is from, licence; for documents format, pages, passages cited. */
  readonly details: readonly string[];
}

/** How many numbers the report writes, and how many of them the evidence bears out. */
export interface ReportGrounded {
  readonly numbers: number;
  readonly supported: number;
  readonly unsupported: readonly string[];
}

export interface Report {
  readonly title: string;
  /** What it covers and of when, in one line. */
  readonly scope: string;
  readonly summary: readonly string[];
  readonly figures: readonly KeyFigure[];
  readonly sections: readonly ReportSection[];
  readonly sources: readonly ReportSource[];
  readonly method: readonly string[];
  readonly grounded: ReportGrounded;
  /** ISO */
  readonly generatedAt: string;
  readonly look: ReportLook;
}

/** What of it is shown, in which order, and how. */
export interface ReportLook {
  readonly parts: readonly ReportPart[];
  readonly intro: string | null;
  readonly outro: string | null;
  readonly tone: ReportTone;
  /** `#RRGGBB` */
  readonly color: string;
  /** Who made it, as readers know them. */
  readonly author: string;
}

export const PART_TITLES: Readonly<Record<ReportPart, string>> = {
  summary: 'Summary',
  figures: 'Key figures',
  sections: 'Findings',
  sources: 'Sources',
  method: 'Method',
};

/** `grounded: 12 of 12`, in a reader's words. */
export const groundedLine = ({ numbers, supported }: ReportGrounded): string =>
  numbers === 0
    ? 'This report states no numbers of its own.'
    : `${supported} of ${numbers} numbers in this report were checked against the evidence and borne out.`;

/** `27 November 2026, 15:30 UTC` */
export const madeAt = (iso: string): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
    .format(new Date(iso))
    .replace(' at ', ', ')} UTC`;

/** `Harbour report, Crane repairs, page 12` */
export const quotePlace = ({ title, heading, page }: ReportQuote): string =>
  [title, ...(heading === null || heading === title ? [] : [heading]), ...(page === null ? [] : [`page ${page}`])].join(
    ', ',
  );

/** `The first 10 of 217 rows.`; null: all of it is shown. */
export function rowsShown({ rows, of, hiddenColumns, fromEnd = false }: ReportTable): string | null {
  const shown = rows.length.toLocaleString('en-US');
  const more =
    hiddenColumns === 0 ? '' : `${hiddenColumns} more column${hiddenColumns === 1 ? ' is' : 's are'} not shown.`;
  if (of === null) return `The first ${shown} rows; there are more. ${more}`.trim();
  if (of > rows.length)
    return `The ${fromEnd ? 'last' : 'first'} ${shown} of ${of.toLocaleString('en-US')} rows. ${more}`.trim();
  return more === '' ? null : more;
}
