import Pdf from 'pdfkit';

export interface Fonts {
  readonly regular: string;
  readonly bold: string;
}

export const INK = '#111827';
export const SOFT = '#4b5563';
export const LINE = '#d1d5db';

/**
 * Digits of one width, and no kerning, which pulls a point or a comma under the digit before it: `57.5` would read as 575.
 * fontkit takes what to leave out as an object, which the types of pdfkit do not know.
 */
export const NUMERALS = { tnum: true, kern: false } as unknown as NonNullable<PDFKit.Mixins.TextOptions['features']>;

const MARGIN = 56;
const FOOT = 30;

/** A4 pages that are written from top to bottom, in points. */
export class Pages {
  readonly doc: PDFKit.PDFDocument;
  readonly left = MARGIN;
  readonly width: number;

  constructor(
    readonly fonts: Fonts,
    readonly accent: string,
    info: { readonly title: string; readonly author: string; readonly subject: string; readonly at: Date },
  ) {
    this.doc = new Pdf({
      size: 'A4',
      margins: { top: MARGIN, bottom: MARGIN + 8, left: MARGIN, right: MARGIN },
      bufferPages: true,
      pdfVersion: '1.7',
      lang: 'en',
      displayTitle: true,
      font: fonts.regular,
      info: { Title: info.title, Author: info.author, Subject: info.subject, Creator: 'Engram', CreationDate: info.at },
    });
    this.width = this.doc.page.width - 2 * MARGIN;
  }

  get bottom(): number {
    return this.doc.page.height - this.doc.page.margins.bottom;
  }

  get top(): number {
    return this.doc.page.margins.top;
  }

  /** What a page holds at most. */
  get height(): number {
    return this.bottom - this.top;
  }

  /** Goes on with a new page where so much does not fit on this one any more. */
  room(height: number): void {
    if (this.doc.y > this.top + 1 && this.doc.y + height > this.bottom) this.doc.addPage();
  }

  write(size: number, isBold = false, color = INK): this {
    this.doc
      .font(isBold ? this.fonts.bold : this.fonts.regular)
      .fontSize(size)
      .fillColor(color);
    return this;
  }

  text(text: string, x: number, y: number, options: PDFKit.Mixins.TextOptions): void {
    this.doc.text(text, x, y, { ...options, features: NUMERALS });
  }

  /** Height of a text as it would be written. */
  heightOf(text: string, size: number, isBold: boolean, width = this.width, lineGap = 2): number {
    return this.write(size, isBold).doc.heightOfString(text, { width, lineGap, features: NUMERALS });
  }

  /** Width of a text in the letters that are set. */
  widthOf(text: string): number {
    return this.doc.widthOfString(text, { features: NUMERALS });
  }

  gap(points: number): void {
    this.doc.y = Math.min(this.doc.y + points, this.bottom);
    this.doc.x = this.left;
  }

  rule(color: string, thickness: number, width = this.width, left = this.left): void {
    const { y } = this.doc;
    this.doc
      .moveTo(left, y)
      .lineTo(left + width, y)
      .lineWidth(thickness)
      .strokeColor(color)
      .stroke();
  }

  /** Title and number at the foot of every page; nothing can be written after it. */
  async finish(title: string): Promise<Buffer> {
    const { doc } = this;
    const { start, count } = doc.bufferedPageRange();
    for (let at = start; at < start + count; at++) {
      doc.switchToPage(at);
      // Below the margin, where a text would begin a new page.
      doc.page.margins.bottom = 0;
      const y = doc.page.height - FOOT - 10;
      const number = `Page ${at - start + 1} of ${count}`;
      this.write(8, false, SOFT);
      const room = this.width - this.widthOf(number) - 20;
      this.text(title, this.left, y, { width: room, height: 10, ellipsis: true, lineBreak: false });
      this.text(number, this.left, y, { width: this.width, align: 'right', lineBreak: false });
    }
    const parts: Buffer[] = [];
    const done = new Promise<Buffer>((resolve, reject) => {
      doc.on('data', (part: Buffer) => parts.push(part));
      doc.on('end', () => resolve(Buffer.concat(parts)));
      doc.on('error', reject);
    });
    doc.end();
    return done;
  }
}
