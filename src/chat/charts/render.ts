import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.js';

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

/** SVG of a Vega-Lite specification. Rejects when the specification is not valid. */
export async function renderSvg(spec: Readonly<Record<string, unknown>>): Promise<string> {
  const vega = await loadVega();
  const vegaLite = await import('vega-lite');
  const { expressionInterpreter } = await import('vega-interpreter');
  const silent = vega.logger(vega.None);
  const compiled = vegaLite.compile(spec as unknown as TopLevelSpec, { logger: silent });
  // `ast`: expressions are interpreted, so that no text of a specification ever becomes code.
  const runtime = vega.parse(compiled.spec, undefined, { ast: true });
  const view = new vega.View(runtime, {
    renderer: 'none',
    loader: BLOCKED,
    logger: silent,
    expr: expressionInterpreter,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
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

export interface PngOptions {
  /** Pixels of the picture per CSS pixel; default 2. */
  readonly scale?: number;
}

/** PNG on white, in the font that ships with the product; scripts that it lacks are looked for among the system's fonts. */
export async function renderPng(
  spec: Readonly<Record<string, unknown>>,
  { scale = 2 }: PngOptions = {},
): Promise<Buffer> {
  const [svg, { Resvg }] = await Promise.all([renderSvg(spec), import('@resvg/resvg-js')]);
  const [width, height] = sizeOf(svg);
  const largest = Math.sqrt(MOST_PIXELS / (width * height));
  const picture = new Resvg(svg, {
    background: '#ffffff',
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

const sizeOf = (svg: string): [number, number] => {
  const found = /<svg[^>]*\swidth="([\d.]+)"[^>]*\sheight="([\d.]+)"/.exec(svg);
  return [Number(found?.[1] ?? 800), Number(found?.[2] ?? 600)];
};

/** Inter has Latin, Greek, Cyrillic, punctuation, arrows and common signs. Scanning the system's fonts takes a while. */
const needsSystemFonts = (svg: string): boolean => /[^\u0000-\u052f\u1e00-\u23ff\u25a0-\u25ff]/u.test(svg);

let fonts: string[] | undefined;

/** The sources and the build lie at different depths below the folder that has `assets`. */
function fontFiles(): string[] {
  if (fonts !== undefined) return fonts;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'assets', 'fonts')) && dirname(folder) !== folder) folder = dirname(folder);
  fonts = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((file) => join(folder, 'assets', 'fonts', file));
  return fonts;
}
