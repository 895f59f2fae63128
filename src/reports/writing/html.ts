import {
  groundedLine,
  madeAt,
  PART_TITLES,
  quotePlace,
  type Report,
  type ReportSection,
  type ReportTable,
  rowsShown,
} from '../report.js';
import { STYLE } from './html-style.js';
import { type Block, blocksOf, type Span } from './rich-text.js';

/** A picture of a section, drawn for light and for dark: SVG, or an image of pixels. */
export interface Pictures {
  readonly light: string;
  readonly dark: string;
}

/**
 * The report as one file that needs nothing else: no script, no font, no picture from elsewhere.
 * @param pictures SVG of each section's chart, by the section's place
 */
export function htmlOf(report: Report, pictures: ReadonlyMap<number, Pictures>): string {
  const { title, scope, look } = report;
  const color = /^#[0-9a-f]{6}$/i.test(look.color) ? look.color : '#4F46E5';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="author" content="${escaped(look.author)}">
<title>${escaped(title)}</title>
<style>:root{--accent:${color}}${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="scope">${escaped(scope)}</p>
</header>
<main>
${look.intro === null ? '' : `<div class="intro">${richText(look.intro)}</div>`}
${look.parts.map((part) => partOf(report, part, pictures)).join('\n')}
${look.outro === null ? '' : `<div class="outro">${richText(look.outro)}</div>`}
</main>
<footer><p>Made on <time datetime="${escaped(report.generatedAt)}">${escaped(madeAt(report.generatedAt))}</time> by ${escaped(look.author)}. ${escaped(groundedLine(report.grounded))}</p></footer>
</body>
</html>
`;
}

function partOf(
  report: Report,
  part: Report['look']['parts'][number],
  pictures: ReadonlyMap<number, Pictures>,
): string {
  const under = (body: string): string =>
    body === ''
      ? ''
      : `<section aria-labelledby="${part}"><h2 id="${part}">${PART_TITLES[part]}</h2>\n${body}\n</section>`;
  switch (part) {
    case 'summary':
      return under(listOf(report.summary));
    case 'figures':
      return under(
        report.figures.length === 0 ? '' : `<dl class="figures">${report.figures.map(figureOf).join('')}</dl>`,
      );
    case 'sections':
      return under(report.sections.map((section, at) => sectionOf(section, at, pictures.get(at))).join('\n'));
    case 'sources':
      return under(listOf(report.sources.map(({ title, details }) => [`**${title}**`, ...details].join('; '))));
    case 'method':
      return under(listOf(report.method));
  }
}

const figureOf = ({ label, value, note }: Report['figures'][number]): string =>
  `<div><dt>${escaped(label)}</dt><dd><strong>${escaped(value)}</strong>${note === null ? '' : `<span>${escaped(note)}</span>`}</dd></div>`;

function sectionOf(
  { heading, text, chart, table, quotes }: ReportSection,
  at: number,
  pictures: Pictures | undefined,
): string {
  const picture =
    chart === null || pictures === undefined
      ? ''
      : `<figure><div class="light" role="img" aria-label="${escaped(chart.altText)}">${inPage(pictures.light, `l${at}`)}</div>` +
        `<div class="dark" role="img" aria-label="${escaped(chart.altText)}">${inPage(pictures.dark, `d${at}`)}</div></figure>`;
  return `<article><h3>${escaped(heading)}</h3>
${richText(text)}
${picture}
${table === null ? '' : tableOf(table, heading)}
${quotes.map((quote) => `<blockquote><p>“${escaped(quote.text)}”</p><cite>${escaped(quotePlace(quote))}</cite></blockquote>`).join('\n')}
</article>`;
}

function tableOf(table: ReportTable, heading: string): string {
  const numeric = (at: number): string => (table.columns[at]?.isNumber === true ? ' class="n"' : '');
  const shown = rowsShown(table);
  return `<div class="scroll"><table><caption>${escaped(shown ?? heading)}</caption>
<thead><tr>${table.columns.map(({ label }, at) => `<th scope="col"${numeric(at)}>${escaped(label)}</th>`).join('')}</tr></thead>
<tbody>${table.rows.map((row) => `<tr>${row.map((cell, at) => `<td${numeric(at)}>${escaped(cell)}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

/** The picture is described by what it stands in. */
export const imageOf = (png: Buffer): string => `<img alt="" src="data:image/png;base64,${png.toString('base64')}">`;

/** Ids are of one picture; in a page with several they must not be mixed up. Style attributes are not let in by the policy. */
const inPage = (svg: string, prefix: string): string =>
  svg.replace(/^[\s\S]*?(?=<svg)/, '').replaceAll(/<[^>]+>/g, (tag) =>
    tag
      .replaceAll(/(\sid="|url\(#|href="#)/g, `$1${prefix}-`)
      .replaceAll(/\sstyle="[^"]*"/g, '')
      .replaceAll(/\son\w+="[^"]*"/g, ''),
  );

const listOf = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join('\n')}</ul>`;

const richText = (text: string): string => blocksOf(text).map(blockOf).join('\n');

const inline = (text: string): string =>
  blocksOf(text)
    .map((block) => (block.kind === 'paragraph' ? spansText(block.spans) : block.items.map(spansText).join(' ')))
    .join(' ');

function blockOf(block: Block): string {
  if (block.kind === 'paragraph') return `<p>${spansText(block.spans)}</p>`;
  const tag = block.isNumbered ? 'ol' : 'ul';
  return `<${tag}>${block.items.map((spans) => `<li>${spansText(spans)}</li>`).join('')}</${tag}>`;
}

const spansText = (spans: readonly Span[]): string =>
  spans.map(({ text, isBold }) => (isBold ? `<strong>${escaped(text)}</strong>` : escaped(text))).join('');

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
