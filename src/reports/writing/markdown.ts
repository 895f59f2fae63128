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
import { type Block, blocksOf, type Span } from './rich-text.js';

/**
 * The report as GitHub-flavoured Markdown. Pictures are told by their words, and their numbers by the tables: a file of text
 * has no place for them. What comes from data never becomes markup.
 */
export function markdownOf(report: Report): string {
  const { title, scope, look } = report;
  const parts = [
    `# ${escaped(oneLine(title))}`,
    `*${escaped(oneLine(scope))}*`,
    look.intro === null ? '' : richText(look.intro),
    ...look.parts.map((part) => partOf(report, part)),
    look.outro === null ? '' : richText(look.outro),
    `---\n\n${escaped(`Made on ${madeAt(report.generatedAt)} by ${look.author}. ${groundedLine(report.grounded)}`)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function partOf(report: Report, part: Report['look']['parts'][number]): string {
  const under = (body: string): string => (body === '' ? '' : `## ${PART_TITLES[part]}\n\n${body}`);
  switch (part) {
    case 'summary':
      return under(listOf(report.summary));
    case 'figures':
      return under(
        listOf(
          report.figures.map(({ label, value, note }) => `${label}: **${value}**${note === null ? '' : ` (${note})`}`),
        ),
      );
    case 'sections':
      return under(report.sections.map(sectionOf).join('\n\n'));
    case 'sources':
      return under(listOf(report.sources.map(({ title, details }) => [`**${title}**`, ...details].join('; '))));
    case 'method':
      return under(listOf(report.method));
  }
}

function sectionOf({ heading, text, chart, table, quotes }: ReportSection): string {
  return [
    `### ${escaped(oneLine(heading))}`,
    richText(text),
    chart === null ? '' : `> Chart: ${escaped(oneLine(table === null ? chart.altText : chart.title))}`,
    table === null ? '' : tableOf(table),
    ...quotes.map((quote) => `> “${escaped(oneLine(quote.text))}”\n>\n> ${escaped(oneLine(quotePlace(quote)))}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableOf(table: ReportTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cell = (text: string): string => escaped(oneLine(text));
  const lines = [
    line(table.columns.map(({ label }) => cell(label))),
    line(table.columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map(cell))),
  ];
  const shown = rowsShown(table);
  return `${lines.join('\n')}${shown === null ? '' : `\n\n${escaped(shown)}`}`;
}

const listOf = (items: readonly string[]): string => items.map((item) => `- ${inline(oneLine(item))}`).join('\n');
const richText = (text: string): string => blocksOf(text).map(blockOf).join('\n\n');
const inline = (text: string): string => {
  const [block] = blocksOf(text);
  return block?.kind === 'paragraph' ? spansText(block.spans) : escaped(text);
};

function blockOf(block: Block): string {
  if (block.kind === 'paragraph') return spansText(block.spans);
  return block.items.map((spans, at) => `${block.isNumbered ? `${at + 1}.` : '-'} ${spansText(spans)}`).join('\n');
}

const spansText = (spans: readonly Span[]): string =>
  spans.map(({ text, isBold }) => (isBold ? `**${escaped(text)}**` : escaped(text))).join('');

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Nothing of it is markup: neither Markdown's nor HTML's. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\`*_[\]<>|~]/g, '\\$&')
    .replaceAll(/&(?=#?\w+;)/g, '\\&')
    .replaceAll(
      /^(\s*)([#+-]|\d+[.)])(?=\s)/gm,
      (_, space: string, sign: string) => `${space}${sign.slice(0, -1)}\\${sign.slice(-1)}`,
    );
