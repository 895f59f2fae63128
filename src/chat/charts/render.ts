import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TopLevelSpec } from 'vega-lite';
import type { LoggerInterface, View } from 'vega';
import { BACKGROUND } from '../pipeline/visualize/palette.js';
import { textWidth } from '../pipeline/visualize/text-width.js';
import { fitted, type Spec, type Theme, themed } from './theme.js';

/*
 * Pictures of Vega-Lite specifications. Vega and the rasteriser are loaded at the first picture: they take some 60 MB that
 * an instance which is never asked for a picture should not pay.
 */

/** Wider or higher than this, in CSS pixels, a PNG takes more memory than a picture is worth. */
const MOST_PIXELS = 40_000_000;

/** Nothing may be fetched: a specification carries its own values. */
const BLOCKED = {
  load: (uri: string): Promise<never> => Promise.reject(new Error(`Charts load nothing, not ${uri.slice(0, 80)}.`)),
  sanitize: (uri: string): Promise<never> => Promise.reject(new Error(`Charts load nothing, not ${uri.slice(0, 80)}.`)),
  http: (): Promise<never> => Promise.reject(new Error('Charts load nothing.')),
  file: (): Promise<never> => Promise.reject(new Error('Charts load nothing.')),
};

export interface PictureOptions {
  /** `light` (what specifications are written for) or `dark`. */
  readonly theme?: Theme | undefined;
  /** Of the whole picture, in CSS pixels; without it, what the chart needs. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** SVG of a Vega-Lite specification. Rejects when the specification is not valid. */
export async function renderSvg(spec: Spec, options: PictureOptions = {}): Promise<string> {
  const view = await viewOf(spec, options, (loaded) => loaded.logger(loaded.None));
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The picture before it is drawn; the logger hears what Vega-Lite and Vega have to complain about. */
export async function viewOf(
  spec: Spec,
  { theme = 'light', ...size }: PictureOptions,
  loggerOf: (vega: typeof import('vega')) => LoggerInterface,
): Promise<View> {
  const vega = await loadVega();
  const vegaLite = await import('vega-lite');
  const { expressionInterpreter } = await import('vega-interpreter');
  const logger = loggerOf(vega);
  const drawn = fitted(themed(spec, theme), size);
  const compiled = vegaLite.compile(drawn as unknown as TopLevelSpec, { logger });
  // `ast`: expressions are interpreted, so that no text of a specification ever becomes code.
  const runtime = vega.parse(compiled.spec, undefined, { ast: true });
  return new vega.View(runtime, { renderer: 'none', loader: BLOCKED, logger, expr: expressionInterpreter });
}

/** Vega lays text out by the widths of the shipped font; its own estimate without a canvas is half as wide again. */
async function loadVega(): Promise<typeof import('vega')> {
  const vega = await import('vega');
  // A hook that the published types leave out.
  const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
  textMetrics.width = ({ fontSize = 11, fontWeight = 400, limit = 0 }, text) => {
    const width = textWidth(
      typeof text === 'string' || typeof text === 'number' ? String(text) : '',
      fontSize,
      fontWeight === 'bold' || Number(fontWeight) >= 600,
    );
    return limit > 0 ? Math.min(width, limit) : width;
  };
  return vega;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
  /** Pixels after which the text is cut; 0 is none. */
  readonly limit?: number;
}

export interface PngOptions extends PictureOptions {
  /** Pixels of the picture per CSS pixel; default 2. */
  readonly scale?: number;
}

/** PNG, in the font that ships with the product; scripts that it lacks are looked for among the system's fonts. */
export async function renderPng(spec: Spec, { scale = 2, ...options }: PngOptions = {}): Promise<Buffer> {
  const [svg, { Resvg }] = await Promise.all([renderSvg(spec, options), import('@resvg/resvg-js')]);
  const { width, height } = pictureSize(svg);
  const largest = Math.sqrt(MOST_PIXELS / (width * height));
  const picture = new Resvg(svg, {
    background: BACKGROUND[options.theme ?? 'light'],
    fitTo: { mode: 'zoom', value: Math.min(scale, largest) },
    font: {
      fontFiles: fontFiles(),
      loadSystemFonts: needsSystemFonts(svg),
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
    },
  });
  return picture.render().asPng();
}

/** In CSS pixels. */
export function pictureSize(svg: string): { readonly width: number; readonly height: number } {
  const found = /<svg[^>]*\swidth="([\d.]+)"[^>]*\sheight="([\d.]+)"/.exec(svg);
  return { width: Number(found?.[1] ?? 800), height: Number(found?.[2] ?? 600) };
}

/** Inter has Latin, Greek, Cyrillic, punctuation, arrows and common signs. Scanning the system's fonts takes a while. */
const needsSystemFonts = (svg: string): boolean => /[^\u0000-\u052f\u1e00-\u23ff\u25a0-\u25ff]/u.test(svg);

let fonts: string[] | undefined;

/** Regular, then semi-bold. The sources and the build lie at different depths below the folder that has `assets`. */
export function fontFiles(): string[] {
  if (fonts !== undefined) return fonts;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'assets', 'fonts')) && dirname(folder) !== folder) folder = dirname(folder);
  fonts = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((file) => join(folder, 'assets', 'fonts', file));
  return fonts;
}
