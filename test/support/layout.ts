import { viewOf, type PictureOptions } from '../../src/chat/charts/render.js';
import { textWidth } from '../../src/chat/pipeline/visualize/text-width.js';

/*
 * Whether a picture can be read: every text box measured with the font that it is drawn in, every mark's bounds, and what
 * Vega-Lite and Vega complained about.
 */

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Text {
  readonly text: string;
  /** Corners in order. */
  readonly box: readonly Point[];
  readonly isCut: boolean;
}
interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly text?: unknown;
  readonly opacity?: number;
  readonly align?: string;
  readonly baseline?: string;
  readonly angle?: number;
  readonly dx?: number;
  readonly dy?: number;
  readonly limit?: number;
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
  readonly lineHeight?: number;
  readonly bounds?: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly items?: readonly SceneMark[];
}
interface SceneMark {
  readonly marktype: string;
  readonly role?: string;
  readonly items: readonly Item[];
}

/** Bounds of strokes and rounding go a little over what is seen. */
const SLACK = 1.5;

/** What is wrong with the picture of a specification, in sentences; nothing: it can be read. */
export async function faultsOf(
  spec: Readonly<Record<string, unknown>>,
  options: PictureOptions = {},
): Promise<string[]> {
  const faults: string[] = [];
  // Vega writes into the rows that it is given.
  const view = await viewOf(structuredClone(spec), options, () => listener(faults));
  try {
    const svg = await view.toSVG();
    const size = /<svg[^>]*\swidth="([\d.]+)"[^>]*\sheight="([\d.]+)"/.exec(svg);
    const origin = /<g[^>]*\stransform="translate\(([-\d.]+),([-\d.]+)\)"/.exec(svg);
    const [width, height] = [Number(size?.[1]), Number(size?.[2])];
    const start = { x: Number(origin?.[1]), y: Number(origin?.[2]) };
    const texts: Text[] = [];
    const outside = ({ x, y }: Point): boolean =>
      !(x >= -SLACK && y >= -SLACK && x <= width + SLACK && y <= height + SLACK);
    walk((view.scenegraph() as unknown as { root: SceneMark }).root, start, (mark, item, at) => {
      if (mark.marktype === 'text') {
        const text = textOf(item, at);
        if (text !== null) texts.push(text);
        return;
      }
      const { bounds } = item;
      if (bounds === undefined || mark.marktype === 'group') return;
      const corners = [
        { x: bounds.x1 + at.x, y: bounds.y1 + at.y },
        { x: bounds.x2 + at.x, y: bounds.y2 + at.y },
      ];
      if (bounds.x1 <= bounds.x2 && corners.some(outside)) faults.push(`a ${mark.marktype} is outside the picture`);
    });
    for (const { text, box, isCut } of texts) {
      if (isCut) faults.push(`"${text}" is cut off`);
      if (box.some(outside)) faults.push(`"${text}" is outside the picture`);
    }
    for (const [index, one] of texts.entries())
      for (const other of texts.slice(index + 1))
        if (overlap(one.box, other.box)) faults.push(`"${one.text}" and "${other.text}" overlap`);
  } finally {
    view.finalize();
  }
  return [...new Set(faults)];
}

/** A logger of Vega's that writes complaints down. */
function listener(said: string[]): never {
  const say = (...words: readonly unknown[]) => {
    said.push(words.join(' '));
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: quiet, error: say, warn: say, info: quiet, debug: quiet };
  return logger as never;
}

function walk(mark: SceneMark, at: Point, visit: (mark: SceneMark, item: Item, at: Point) => void): void {
  for (const item of mark.items) {
    visit(mark, item, at);
    const inner = { x: at.x + (item.x ?? 0), y: at.y + (item.y ?? 0) };
    if (mark.marktype === 'group') for (const part of item.items ?? []) walk(part, inner, visit);
  }
}

/** Where a text is drawn; null when it is not (empty, or hidden because it would overlap). */
function textOf(item: Item, at: Point): Text | null {
  const { text, fontSize = 11, fontWeight = 400, limit = 0, align = 'left', baseline = 'alphabetic', angle = 0 } = item;
  const lines = (Array.isArray(text) ? text : [text]).map((line) => String(line ?? ''));
  if (lines.every((line) => line === '') || item.opacity === 0) return null;
  const isBold = fontWeight === 'bold' || Number(fontWeight) >= 600;
  const widest = Math.max(...lines.map((line) => textWidth(line, fontSize, isBold)));
  const width = limit > 0 ? Math.min(limit, widest) : widest;
  const height = fontSize + (lines.length - 1) * (item.lineHeight ?? fontSize + 2);
  const left = (item.dx ?? 0) - (align === 'right' ? width : align === 'center' ? width / 2 : 0);
  const rise =
    baseline === 'top' || baseline === 'line-top'
      ? 0
      : baseline === 'middle'
        ? 0.5 * height
        : baseline === 'alphabetic'
          ? 0.79 * fontSize
          : height;
  const top = (item.dy ?? 0) - rise;
  const turn = (angle * Math.PI) / 180;
  const corner = (x: number, y: number): Point => ({
    x: at.x + (item.x ?? 0) + x * Math.cos(turn) - y * Math.sin(turn),
    y: at.y + (item.y ?? 0) + x * Math.sin(turn) + y * Math.cos(turn),
  });
  return {
    text: lines.join(' '),
    box: [corner(left, top), corner(left + width, top), corner(left + width, top + height), corner(left, top + height)],
    isCut: limit > 0 && widest > limit + 0.5,
  };
}

/** Two rectangles, each perhaps turned, overlap unless a side of one of them separates them. */
function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  return [a, b].every((box) =>
    [0, 1].every((side) => {
      const [from, to] = [box[side], box[side + 1]];
      if (from === undefined || to === undefined) return true;
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      const along = ({ x, y }: Point): number => (x * (to.x - from.x) + y * (to.y - from.y)) / length;
      const [left, right] = [a.map(along), b.map(along)];
      return Math.max(...left) - 1 > Math.min(...right) && Math.max(...right) - 1 > Math.min(...left);
    }),
  );
}
