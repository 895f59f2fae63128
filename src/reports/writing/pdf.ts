import {
  groundedLine,
  type KeyFigure,
  madeAt,
  PART_TITLES,
  quotePlace,
  type Report,
  type ReportQuote,
  type ReportSection,
} from '../report.js';
import { drawChart } from './pdf-chart.js';
import { type Fonts, INK, LINE, NUMERALS, Pages, SOFT } from './pdf-page.js';
import { type Beside, drawTable, tableBeside } from './pdf-table.js';
import { blocksOf, type Span } from './rich-text.js';

/** A picture of a chart, as lines or as pixels, and how large it is to be, in CSS pixels. */
export interface PdfPicture {
  readonly drawing: { readonly svg: string } | { readonly png: Buffer };
  readonly width: number;
  readonly height: number;
}

const BODY = 10;
const POINTS_PER_PIXEL = 0.75;
const HIGHEST_PICTURE = 175;
/** Smaller, letters cannot be read: a picture that needs it is higher. */
const SMALLEST_SCALE = 0.55;
const BETWEEN = 14;
/** Part of a page's height. */
const TOGETHER = 0.5;
/** What has to fit below a heading with it. */
const BELOW_HEADING = 48;
const FIGURES_IN_A_ROW = 3;

/**
 * The report as a PDF of A4 pages.
 * @param pictures of each section's chart, by the section's place
 */
export async function pdfOf(report: Report, pictures: ReadonlyMap<number, PdfPicture>, fonts: Fonts): Promise<Buffer> {
  const { title, scope, look } = report;
  const about = { title, author: look.author, subject: scope, at: new Date(report.generatedAt) };
  const pages = new Pages(fonts, look.color, about);
  const { doc } = pages;
  doc.rect(pages.left, pages.top, 4, pages.heightOf(title, 22, true) + 22).fill(look.color);
  const inset = { width: pages.width - 16 };
  pages.write(22, true).text(title, pages.left + 16, pages.top - 2, { ...inset, lineGap: 2 });
  pages.write(BODY, false, SOFT).text(scope, pages.left + 16, doc.y + 2, inset);
  pages.gap(14);
  if (look.intro !== null) richText(pages, look.intro);
  for (const part of look.parts) drawPart(pages, report, part, pictures);
  if (look.outro !== null) {
    pages.gap(14);
    richText(pages, look.outro);
  }
  const last = `Made on ${madeAt(report.generatedAt)} by ${look.author}. ${groundedLine(report.grounded)}`;
  pages.gap(14);
  pages.room(pages.heightOf(last, 8.5, false) + 8);
  pages.rule(LINE, 0.5);
  pages.gap(6);
  pages.write(8.5, false, SOFT).text(last, pages.left, doc.y, { width: pages.width });
  return pages.finish(title);
}

function drawPart(
  pages: Pages,
  report: Report,
  part: Report['look']['parts'][number],
  pictures: ReadonlyMap<number, PdfPicture>,
): void {
  const { summary, figures, sections, sources, method } = report;
  const outlined = (isThere: boolean, below = BELOW_HEADING): PDFKit.PDFOutline | null => {
    if (!isThere) return null;
    heading(pages, PART_TITLES[part], 15, below);
    return pages.doc.outline.addItem(PART_TITLES[part]);
  };
  switch (part) {
    case 'summary':
      if (outlined(summary.length > 0) !== null) bullets(pages, summary);
      return;
    case 'figures':
      if (outlined(figures.length > 0) !== null) drawFigures(pages, figures);
      return;
    case 'sections': {
      const [first] = sections;
      const below = first === undefined ? 0 : belowHeading(pages, first, pictures.get(0));
      const outline = outlined(first !== undefined, below + BELOW_HEADING);
      for (const [at, section] of sections.entries()) {
        drawSection(pages, section, pictures.get(at), outline);
      }
      return;
    }
    case 'sources':
      if (outlined(sources.length > 0) !== null) {
        bullets(
          pages,
          sources.map((source) => [`**${source.title}**`, ...source.details].join('; ')),
        );
      }
      return;
    case 'method':
      if (outlined(method.length > 0) !== null) bullets(pages, method);
  }
}

function heading(pages: Pages, text: string, size: number, below = BELOW_HEADING): void {
  pages.gap(size);
  pages.room(pages.heightOf(text, size, true) + below);
  pages.write(size, true).text(text, pages.left, pages.doc.y, { width: pages.width, lineGap: 2 });
  if (size > 12) {
    pages.gap(2);
    pages.rule(pages.accent, 1.2);
  }
  pages.gap(6);
}

function drawSection(
  pages: Pages,
  section: ReportSection,
  picture: PdfPicture | undefined,
  outline: PDFKit.PDFOutline | null,
): void {
  const { heading: name, text, chart, table, quotes } = section;
  heading(pages, name, 12, belowHeading(pages, section, picture));
  outline?.addItem(name.length > 80 ? `${name.slice(0, 79)}…` : name);
  richText(pages, text);
  const beside = besideOf(pages, section, picture);
  if (chart !== null && picture !== undefined) drawPicture(pages, picture, beside);
  if (table !== null && beside === null) {
    pages.gap(4);
    drawTable(pages, table);
    pages.gap(4);
  }
  for (const quote of quotes) drawQuote(pages, quote);
}

/** A heading stands with its text and its picture, where that is no large part of a page. */
function belowHeading(pages: Pages, section: ReportSection, picture: PdfPicture | undefined): number {
  const { text, chart } = section;
  const drawn =
    chart === null || picture === undefined
      ? 0
      : Math.max(sizeOf(pages, picture).height, besideOf(pages, section, picture)?.height ?? 0);
  const below = pages.heightOf(text, BODY, false) + drawn + (drawn === 0 ? BELOW_HEADING : 2 * BETWEEN);
  return below < pages.height * TOGETHER ? below : BELOW_HEADING;
}

/** The table of a picture beside it; null: it goes below. */
function besideOf(pages: Pages, { chart, table }: ReportSection, picture: PdfPicture | undefined): Beside | null {
  if (chart === null || table === null || picture === undefined) return null;
  const room = { width: pages.width - sizeOf(pages, picture).width - BETWEEN, height: pages.height * TOGETHER };
  return tableBeside(pages, table, room);
}

/** In points. */
function sizeOf(
  pages: Pages,
  { width, height }: PdfPicture,
): { readonly width: number; readonly height: number; readonly scale: number } {
  const readable = Math.max(SMALLEST_SCALE, HIGHEST_PICTURE / height);
  const scale = Math.min(POINTS_PER_PIXEL, readable, pages.width / width, (pages.height * TOGETHER) / height);
  return { width: width * scale, height: height * scale, scale };
}

function drawPicture(pages: Pages, picture: PdfPicture, beside: Beside | null): void {
  const size = sizeOf(pages, picture);
  const height = Math.max(size.height, beside?.height ?? 0);
  pages.gap(4);
  pages.room(height + 8);
  const { y } = pages.doc;
  const { drawing } = picture;
  if ('svg' in drawing) drawChart(pages.doc, pages.fonts, drawing.svg, { x: pages.left, y, scale: size.scale });
  else pages.doc.image(drawing.png, pages.left, y, { width: size.width, height: size.height });
  beside?.draw(pages.left + size.width + BETWEEN, y);
  pages.doc.y = y + height;
  pages.gap(8);
}

function drawQuote(pages: Pages, quote: ReportQuote): void {
  const inset = { width: pages.width - 14, lineGap: 2 };
  const text = `“${quote.text}”`;
  pages.gap(4);
  pages.room(Math.min(pages.heightOf(text, BODY, false, inset.width), 100) + 20);
  const { page } = pages.doc;
  const from = pages.doc.y;
  pages.write(BODY).text(text, pages.left + 14, from, inset);
  pages.write(8.5, false, SOFT).text(quotePlace(quote), pages.left + 14, pages.doc.y + 1, inset);
  // A quote that goes on overleaf has its bar at the end of it only.
  const top = pages.doc.page === page ? from : pages.top;
  pages.doc.rect(pages.left, top, 2.5, pages.doc.y - top).fill(pages.accent);
  pages.gap(4);
}

function drawFigures(pages: Pages, figures: readonly KeyFigure[]): void {
  const between = 8;
  const width = (pages.width - between * (FIGURES_IN_A_ROW - 1)) / FIGURES_IN_A_ROW;
  const inner = width - 16;
  for (let from = 0; from < figures.length; from += FIGURES_IN_A_ROW) {
    const row = figures.slice(from, from + FIGURES_IN_A_ROW);
    const heights = row.map(
      ({ label, value, note }) =>
        pages.heightOf(label, 8.5, false, inner) +
        pages.heightOf(value, 14, true, inner) +
        (note === null ? 0 : pages.heightOf(note, 8, false, inner)),
    );
    const height = Math.max(...heights) + 14;
    pages.room(height + between);
    const { y } = pages.doc;
    for (const [at, { label, value, note }] of row.entries()) {
      const x = pages.left + at * (width + between);
      pages.doc.roundedRect(x, y, width, height, 4).lineWidth(0.7).strokeColor(LINE).stroke();
      const options = { width: inner, lineGap: 2 };
      pages.write(8.5, false, SOFT).text(label, x + 8, y + 7, options);
      pages.write(14, true, INK).text(value, x + 8, pages.doc.y, options);
      if (note !== null) pages.write(8, false, SOFT).text(note, x + 8, pages.doc.y, options);
    }
    pages.doc.y = y + height;
    pages.gap(between);
  }
}

function bullets(pages: Pages, items: readonly string[]): void {
  for (const item of items) {
    const [block] = blocksOf(item);
    line(pages, '•', block?.kind === 'paragraph' ? block.spans : [{ text: item, isBold: false }]);
  }
}

function richText(pages: Pages, text: string): void {
  for (const block of blocksOf(text)) {
    if (block.kind === 'paragraph') {
      pages.room(2 * BODY * 1.4);
      spans(pages, block.spans, pages.left, pages.width);
      pages.gap(5);
      continue;
    }
    for (const [at, item] of block.items.entries()) line(pages, block.isNumbered ? `${at + 1}.` : '•', item);
    pages.gap(3);
  }
}

/** One item of a list. */
function line(pages: Pages, sign: string, text: readonly Span[]): void {
  pages.room(1.6 * BODY);
  const { y } = pages.doc;
  pages.write(BODY).text(sign, pages.left + 2, y, { width: 16, lineBreak: false });
  pages.doc.y = y;
  spans(pages, text, pages.left + 18, pages.width - 18);
  pages.gap(3);
}

function spans(pages: Pages, parts: readonly Span[], x: number, width: number): void {
  for (const [at, { text, isBold }] of parts.entries()) {
    const options = { width, lineGap: 2, continued: at < parts.length - 1, features: NUMERALS };
    const { doc } = pages.write(BODY, isBold);
    if (at === 0) doc.text(text, x, doc.y, options);
    else doc.text(text, options);
  }
  pages.doc.x = pages.left;
}
