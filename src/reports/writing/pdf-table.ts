import { type ReportTable, rowsShown } from '../report.js';
import { LINE, type Pages, SOFT } from './pdf-page.js';

const PAD = 4;
const NARROWEST = 34;
/** Part of a page's height. */
const TOGETHER = 0.25;
const NOTE = 8;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

interface Laid {
  readonly table: ReportTable;
  readonly size: number;
  readonly left: number;
  readonly widths: readonly number[];
  readonly headHeight: number;
  readonly heights: readonly number[];
}

/** A table over as many pages as it takes; each begins with the names of the columns. */
export function drawTable(pages: Pages, table: ReportTable): void {
  const laid = laidOut(pages, table, pages.left, spread(widthsOf(pages, table), pages.width));
  const { headHeight, heights } = laid;
  const whole = headHeight + sumOf(heights);
  // A short table stays together; of a long one never the names alone stand at the foot of a page.
  pages.room(whole < pages.height * TOGETHER ? whole : headHeight + sumOf(heights.slice(0, 3)));
  drawRow(pages, laid, null);
  // How much of it is shown is not left to the next page alone.
  const note = rowsShown(table) === null ? 0 : 2 * NOTE;
  for (const [at, height] of heights.entries()) {
    const below = at === heights.length - 1 ? note : 0;
    if (pages.doc.y + height + below > pages.bottom) {
      pages.doc.addPage();
      drawRow(pages, laid, null);
    }
    drawRow(pages, laid, at);
  }
  drawShown(pages, laid, pages.width);
}

/** A table for the place beside a picture. */
export interface Beside {
  readonly width: number;
  readonly height: number;
  /** With its upper left corner there; there has to be room for all of it. */
  draw(left: number, y: number): void;
}

/** null: it needs more room than that. */
export function tableBeside(pages: Pages, table: ReportTable, room: { width: number; height: number }): Beside | null {
  const widths = widthsOf(pages, table);
  const width = sumOf(widths);
  if (width > room.width) return null;
  const { headHeight, heights } = laidOut(pages, table, pages.left, widths);
  const shown = rowsShown(table);
  const note = shown === null ? 0 : NOTE / 2 + pages.heightOf(shown, NOTE, false, width);
  const height = headHeight + sumOf(heights) + note;
  if (height > room.height) return null;
  return {
    width,
    height,
    draw(left, y) {
      pages.doc.y = y;
      const laid = laidOut(pages, table, left, widths);
      drawRow(pages, laid, null);
      for (const at of heights.keys()) drawRow(pages, laid, at);
      drawShown(pages, laid, width);
    },
  };
}

const sizeOf = ({ columns }: ReportTable): number => (columns.length > 6 ? 7.5 : 8.5);

function laidOut(pages: Pages, table: ReportTable, left: number, widths: readonly number[]): Laid {
  const size = sizeOf(table);
  const headHeight = rowHeight(pages, namesOf(table), widths, size, true);
  const heights = table.rows.map((row) => rowHeight(pages, row, widths, size, false));
  return { table, size, left, widths, headHeight, heights };
}

const namesOf = ({ columns }: ReportTable): string[] => columns.map(({ label }) => label);

function drawShown(pages: Pages, { table, left }: Laid, width: number): void {
  const shown = rowsShown(table);
  if (shown === null) return;
  pages.gap(NOTE / 2);
  pages.room(12);
  pages.write(NOTE, false, SOFT).text(shown, left, pages.doc.y, { width, lineGap: 2 });
}

/** @param row null: the names of the columns */
function drawRow(pages: Pages, { table, size, left, widths, headHeight, heights }: Laid, row: number | null): void {
  const { doc } = pages;
  const { y } = doc;
  const cells = row === null ? namesOf(table) : table.rows[row];
  const height = row === null ? headHeight : (heights[row] ?? size);
  let x = left;
  for (const [at, width] of widths.entries()) {
    const align = table.columns[at]?.isNumber === true ? 'right' : 'left';
    pages.write(size, row === null).text(cells?.[at] ?? '', x + PAD, y + PAD, {
      width: width - 2 * PAD,
      align,
      lineGap: 1,
      height: height - PAD,
    });
    x += width;
  }
  doc.y = y + height;
  doc.x = pages.left;
  pages.rule(row === null ? pages.accent : LINE, row === null ? 1 : 0.5, sumOf(widths), left);
}

function rowHeight(
  pages: Pages,
  cells: readonly string[],
  widths: readonly number[],
  size: number,
  isBold: boolean,
): number {
  const heights = widths.map((width, at) => pages.heightOf(cells[at] ?? '', size, isBold, width - 2 * PAD, 1));
  return Math.max(size, ...heights) + 2 * PAD;
}

/** As wide as what is in them; where that is too much, the widest give way. */
function widthsOf(pages: Pages, table: ReportTable): number[] {
  const size = sizeOf(table);
  const wanted = table.columns.map(({ label }, at) => {
    const head = pages.write(size, true).widthOf(label);
    pages.write(size, false);
    const cells = table.rows.map((row) => pages.widthOf(row[at] ?? ''));
    return Math.max(NARROWEST, Math.ceil(Math.max(head, ...cells)) + 2 * PAD + 1);
  });
  if (sumOf(wanted) <= pages.width) return wanted;
  const cap = capOf(wanted, pages.width);
  return wanted.map((width) => Math.min(width, cap));
}

/** Where there is room left all get of it. */
function spread(widths: readonly number[], room: number): number[] {
  const more = Math.max(0, Math.min((room - sumOf(widths)) / widths.length, 40));
  return widths.map((width) => width + more);
}

/** The width that no column may exceed for all of them to fit. */
function capOf(wanted: readonly number[], room: number): number {
  const sorted = wanted.toSorted((a, b) => a - b);
  let left = room;
  for (const [at, width] of sorted.entries()) {
    const share = left / (sorted.length - at);
    if (width > share) return share;
    left -= width;
  }
  return room;
}
