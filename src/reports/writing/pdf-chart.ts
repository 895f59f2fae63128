import { type Fonts, NUMERALS } from './pdf-page.js';
import { type SvgElement, svgTree, withIds } from './svg-tree.js';

/*
 * Charts as lines and letters of the page itself, sharp at any size and a tenth of a picture's bytes. It knows what Vega's
 * SVG of our charts is made of, and refuses everything else: then a picture of pixels takes its place.
 */

/** Something in the picture that cannot be drawn as lines. */
export class NotDrawable extends Error {}

const IGNORED = new Set(['defs', 'title', 'desc']);
/** What is passed on to what is inside. */
const INHERITED = ['fill', 'stroke', 'stroke-width', 'font-size', 'font-weight', 'text-anchor'] as const;

type Style = Readonly<Record<string, string>>;

interface Canvas {
  readonly doc: PDFKit.PDFDocument;
  readonly fonts: Fonts;
  readonly ids: ReadonlyMap<string, SvgElement>;
}

/** Whether the whole of the picture can be drawn as lines; else it is for the pixels. */
export function isDrawable(svg: string): boolean {
  try {
    check(svgTree(svg));
    return true;
  } catch {
    return false;
  }
}

const KNOWN = new Set(['svg', 'g', 'path', 'line', 'rect', 'text', 'clipPath', ...IGNORED]);

function check({ name, attributes, children }: SvgElement): void {
  if (!KNOWN.has(name)) throw new NotDrawable(name);
  if (/url\(/.test(`${attributes['fill'] ?? ''}${attributes['stroke'] ?? ''}`)) throw new NotDrawable('gradient');
  if (attributes['style'] !== undefined) throw new NotDrawable('style');
  transformsOf(attributes['transform']);
  for (const child of children) check(child);
}

/** Draws it at `x`, `y`, in points; `scale` is points per CSS pixel. */
export function drawChart(
  doc: PDFKit.PDFDocument,
  fonts: Fonts,
  svg: string,
  { x, y, scale }: { readonly x: number; readonly y: number; readonly scale: number },
): void {
  const root = svgTree(svg);
  doc.save();
  doc.translate(x, y).scale(scale);
  draw({ doc, fonts, ids: withIds(root) }, root, { fill: '#000000', stroke: 'none' });
  doc.restore();
}

function draw(canvas: Canvas, element: SvgElement, outer: Style): void {
  const { name, attributes, children } = element;
  if (attributes['display'] === 'none' || IGNORED.has(name) || name === 'clipPath') return;
  const { doc } = canvas;
  const style = { ...inherited(outer), ...attributes };
  doc.save();
  transform(doc, attributes['transform']);
  clip(canvas, attributes['clip-path']);
  if (name === 'text') drawText(canvas, element.text, style);
  else if (outline(doc, element)) paint(doc, style);
  for (const child of children) draw(canvas, child, style);
  doc.restore();
}

const inherited = (style: Style): Style =>
  Object.fromEntries(INHERITED.flatMap((name) => (style[name] === undefined ? [] : [[name, style[name]]])));

/** Puts the shape on the page without painting it; whether there is one. */
function outline(doc: PDFKit.PDFDocument, { name, attributes }: SvgElement): boolean {
  const number = (key: string): number => Number(attributes[key] ?? 0);
  switch (name) {
    case 'path':
      if ((attributes['d'] ?? '') === '') return false;
      doc.path(attributes['d'] ?? '');
      return true;
    case 'line':
      doc.moveTo(number('x1'), number('y1')).lineTo(number('x2'), number('y2'));
      return true;
    case 'rect':
      doc.rect(number('x'), number('y'), number('width'), number('height'));
      return true;
    default:
      return false;
  }
}

function paint(doc: PDFKit.PDFDocument, style: Style): void {
  const visible = (color: string | undefined): string | null =>
    color === undefined || color === 'none' || color === 'transparent' ? null : color;
  const fill = visible(style['fill']);
  const stroke = visible(style['stroke']);
  const opacity = Number(style['opacity'] ?? 1);
  if (fill !== null) doc.fillColor(fill, opacity * Number(style['fill-opacity'] ?? 1));
  if (stroke !== null) {
    doc
      .strokeColor(stroke, opacity * Number(style['stroke-opacity'] ?? 1))
      .lineWidth(Number(style['stroke-width'] ?? 1));
    const dashes = (style['stroke-dasharray'] ?? '').split(/[\s,]+/).map(Number);
    if (dashes.length > 1 && dashes.every((length) => length > 0)) doc.dash(dashes[0] ?? 1, { space: dashes[1] ?? 1 });
  }
  if (fill !== null && stroke !== null) doc.fillAndStroke();
  else if (fill !== null) doc.fill();
  else if (stroke !== null) doc.stroke();
  // A path that is not painted must not become a part of the next one.
  else doc.addContent('n');
}

function drawText({ doc, fonts }: Canvas, text: string, style: Style): void {
  const color = style['fill'] ?? '#000000';
  if (text === '' || color === 'none') return;
  const weight = style['font-weight'] ?? '400';
  const isBold = weight === 'bold' || Number(weight) >= 600;
  doc
    .font(isBold ? fonts.bold : fonts.regular)
    .fontSize(Number.parseFloat(style['font-size'] ?? '11'))
    .fillColor(color, Number(style['opacity'] ?? 1) * Number(style['fill-opacity'] ?? 1));
  const width = doc.widthOfString(text, { features: NUMERALS });
  const shares: Readonly<Record<string, number>> = { middle: 0.5, end: 1 };
  const left = -width * (shares[style['text-anchor'] ?? ''] ?? 0);
  // The foot of the letters is at 0.
  doc.text(text, left, 0, { lineBreak: false, baseline: 'alphabetic', features: NUMERALS });
}

function clip({ doc, ids }: Canvas, reference: string | undefined): void {
  const [, id] = /^url\(#(.+)\)$/.exec(reference ?? '') ?? [];
  const shape = id === undefined ? undefined : ids.get(id)?.children[0];
  if (shape !== undefined && outline(doc, shape)) doc.clip();
}

type Move = readonly [name: string, numbers: readonly number[]];

function transform(doc: PDFKit.PDFDocument, text: string | undefined): void {
  for (const [name, [first = 0, second]] of transformsOf(text)) {
    if (name === 'translate') doc.translate(first, second ?? 0);
    else if (name === 'rotate') doc.rotate(first);
    else doc.scale(first, second ?? first);
  }
}

/** @throws {NotDrawable} */
function transformsOf(text = ''): Move[] {
  return [...text.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', list = '']) => {
    const numbers = list.split(/[\s,]+/).map(Number);
    const isKnown = name === 'translate' || name === 'scale' || (name === 'rotate' && numbers.length === 1);
    if (!isKnown || numbers.some(Number.isNaN)) throw new NotDrawable(`${name}(${list})`);
    return [name, numbers];
  });
}
