import { darkOf } from '../pipeline/visualize/palette.js';
import { textWidth } from '../pipeline/visualize/text-width.js';

export type Spec = Readonly<Record<string, unknown>>;

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Specifications are written in the colours of the light theme; the dark one has a counterpart of each. */
export const themed = (spec: Spec, theme: Theme): Spec => (theme === 'light' ? spec : (inDark(spec) as Spec));

function inDark(value: unknown): unknown {
  if (typeof value === 'string') return /^#[0-9a-f]{6}$/i.test(value) ? darkOf(value) : value;
  if (Array.isArray(value)) return value.map(inDark);
  if (typeof value !== 'object' || value === null) return value;
  // What is drawn is data, and may look like a colour.
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === 'data' ? part : inDark(part)]));
}

interface Size {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The whole picture in the size asked for; labels that no longer fit are left out. */
export function fitted(spec: Spec, { width, height }: Size): Spec {
  if (width === undefined && height === undefined) return spec;
  const type = width === undefined ? 'fit-y' : height === undefined ? 'fit-x' : 'fit';
  return {
    ...(thinned(width === undefined ? spec : titled(spec, width)) as Spec),
    autosize: { type, contains: 'padding' },
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}

const PADDING = 16;
const TITLE_SIZE = 16;
/** Below this width the title is smaller, so that it leaves room for what it is of. */
const SMALL = 480;
const SMALL_TITLE = 13;

/** The title in lines that are no wider than the picture. */
function titled(spec: Spec, width: number): Spec {
  const { title } = spec;
  const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : title;
  if (typeof text !== 'string' && !Array.isArray(text)) return spec;
  const fontSize = width < SMALL ? SMALL_TITLE : TITLE_SIZE;
  const lines: string[] = [];
  for (const word of [text].flat().join(' ').split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`;
    const fits = lines.length > 0 && textWidth(longer, fontSize, true) <= width - 2 * PADDING;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return { ...spec, title: { ...(typeof title === 'object' ? title : {}), text: lines, fontSize } };
}

function thinned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(thinned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'labelOverlap' ? 'greedy' : key === 'data' ? part : thinned(part),
    ]),
  );
}
