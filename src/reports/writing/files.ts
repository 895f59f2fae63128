import { fontFiles, pictureSize, renderPng, renderSvg } from '../../chat/charts/render.js';
import { darkOf } from '../../chat/pipeline/visualize/palette.js';
import type { Report, ReportChart } from '../report.js';
import type { ReportFiles } from './format.js';
import { htmlOf, imageOf, type Pictures } from './html.js';
import { markdownOf } from './markdown.js';
import { isDrawable } from './pdf-chart.js';
import { type PdfPicture, pdfOf } from './pdf.js';

/** Pixels of a printed chart for each of its own, where it cannot be drawn as lines: sharp at 200 dots an inch. */
const PRINT_SCALE = 2.5;

/** In characters; a chart of bars or lines has some 20,000. */
const LONGEST_SVG = 120_000;
/** On paper, in CSS pixels: at the size of printed letters a table has room beside it. */
const PAPER = { width: 420, height: 260 };
/** What is higher has a line for each of its names, and cannot be pressed together. */
const MOST_PRESSED = 480;

/** Draws the charts and writes every format. Takes a second or two, and is for a thread of its own. */
export async function filesOf(report: Report): Promise<ReportFiles> {
  const onScreen = new Map<number, Pictures>();
  const onPaper = new Map<number, PdfPicture>();
  for (const [at, { chart }] of report.sections.entries()) {
    if (chart === null) continue;
    try {
      const light = await renderSvg(chart.spec);
      const dark = recolored(light) ?? (await renderSvg(chart.spec, { theme: 'dark' }));
      onScreen.set(at, light.length <= LONGEST_SVG ? { light, dark } : await pixelsOf(chart.spec));
      onPaper.set(at, await paperOf(chart.spec, light));
    } catch {
      // A chart that cannot be drawn is left out: its words and its table stand in every format.
    }
  }
  const [regular = '', bold = ''] = fontFiles();
  const encoded = new TextEncoder();
  return {
    md: encoded.encode(markdownOf(report)),
    html: encoded.encode(htmlOf(report, onScreen)),
    pdf: await pdfOf(report, onPaper, { regular, bold }),
  };
}

/** A cloud of a thousand points is ten times as long in shapes as in pixels. */
async function pixelsOf(spec: ReportChart['spec']): Promise<Pictures> {
  const [light, dark] = await Promise.all(
    (['light', 'dark'] as const).map(async (theme) => imageOf(await renderPng(spec, { theme, scale: 1.5 }))),
  );
  return { light: light ?? '', dark: dark ?? '' };
}

/** Smaller than on a screen, with letters as large, and below a heading that says what it is. */
async function paperOf(chart: ReportChart['spec'], onScreen: string): Promise<PdfPicture> {
  const { title: _, ...spec } = chart;
  const { width, height } = pictureSize(onScreen);
  const canBeFitted = 'mark' in spec || 'layer' in spec;
  const size = {
    ...(canBeFitted && width > PAPER.width && { width: PAPER.width }),
    ...(canBeFitted && height > PAPER.height && height <= MOST_PRESSED && { height: PAPER.height }),
  };
  const svg = await renderSvg(spec, size);
  const drawing = isDrawable(svg) ? { svg } : { png: await renderPng(spec, { ...size, scale: PRINT_SCALE }) };
  return { drawing, ...pictureSize(svg) };
}

/** The dark picture without drawing it anew; null: some of its colours are worked out, and no counterparts are known. */
function recolored(light: string): string | null {
  if (/rgba?\(|hsl|Gradient/.test(light)) return null;
  return light.replaceAll(/<[^>]+>/g, (tag) =>
    tag.replaceAll(/="(#[0-9a-f]{6})"/gi, (_, color: string) => `="${darkOf(color)}"`),
  );
}
