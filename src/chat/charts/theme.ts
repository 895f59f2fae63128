import { darkOf } from '../pipeline/visualize/palette.js';

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
    ...(thinned(spec) as Spec),
    autosize: { type, contains: 'padding' },
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
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
