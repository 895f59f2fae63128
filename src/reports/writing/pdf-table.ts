import { type ReportTable, rowsShown } from '../report.js';
import { LINE, type Pages, SOFT } from './pdf-page.js';

const PAD = 4;
const NARROWEST = 34;
/** Part of a page's height. */
const TOGETHER = 0.4;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

/** A table over as many pages as it takes; each begins with the names of the columns. */
export function drawTable(pages: Pages, table: ReportTable): void {
  const size = table.columns.length > 6 ? 7.5 : 8.5;
  const widths = widthsOf(pages, table, size);
  const head = table.columns.map(({ label }) => label);
  const headHeight = rowHeight(pages, head, widths, size, true);
  const heights = table.rows.map((row) => rowHeight(pages, row, widths, size, false));
  const whole = headHeight + sumOf(heights);
  // A short table stays together; of a long one never the names alone stand at the foot of a page.
  pages.room(whole < pages.height * TOGETHER ? whole : headHeight + sumOf(heights.slice(0, 3)));
  drawRow(pages, table, head, widths, { size, height: headHeight, isHead: true });
  for (const [at, row] of table.rows.entries()) {
    const height = heights[at] ?? size;
    if (pages.doc.y + height > pages.bottom) {
      pages.doc.addPage();
      drawRow(pages, table, head, widths, { size, height: headHeight, isHead: true });
    }
    drawRow(pages, table, row, widths, { size, height, isHead: false });
  }
  const shown = rowsShown(table);
  if (shown === null) return;
  pages.gap(4);
  pages.room(12);
  pages.write(8, false, SOFT).text(shown, pages.left, pages.doc.y, { width: pages.width });
}

interface Row {
  readonly size: number;
  readonly height: number;
  readonly isHead: boolean;
}

function drawRow(
  pages: Pages,
  table: ReportTable,
  cells: readonly string[],
  widths: readonly number[],
  { size, height, isHead }: Row,
): void {
  const { doc } = pages;
  const { y } = doc;
  let x = pages.left;
  for (const [at, width] of widths.entries()) {
    const align = table.columns[at]?.isNumber === true ? 'right' : 'left';
    pages.write(size, isHead).text(cells[at] ?? '', x + PAD, y + PAD, {
      width: width - 2 * PAD,
      align,
      lineGap: 1,
      height: height - PAD,
    });
    x += width;
  }
  doc.y = y + height;
  doc.x = pages.left;
  pages.rule(isHead ? pages.accent : LINE, isHead ? 1 : 0.5, sumOf(widths));
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

/** As wide as what is in them; where that is too much, the widest give way, and where there is room left all get of it. */
function widthsOf(pages: Pages, { columns, rows }: ReportTable, size: number): number[] {
  const wanted = columns.map(({ label }, at) => {
    const head = pages.write(size, true).widthOf(label);
    pages.write(size, false);
    const cells = rows.map((row) => pages.widthOf(row[at] ?? ''));
    return Math.max(NARROWEST, Math.ceil(Math.max(head, ...cells)) + 2 * PAD + 1);
  });
  const sum = sumOf(wanted);
  if (sum <= pages.width) {
    const more = Math.min((pages.width - sum) / wanted.length, 40);
    return wanted.map((width) => width + more);
  }
  const cap = capOf(wanted, pages.width);
  return wanted.map((width) => Math.min(width, cap));
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
