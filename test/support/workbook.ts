import { type Part, zip } from './zip.js';

/** A cell: a text, a number, a truth value, or a number with the format that is shown by `style` (its place in `FORMATS`). */
export type Cell = string | number | boolean | null | { readonly value: number; readonly style: number };

export interface TestSheet {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly merges?: readonly string[];
  readonly hidden?: boolean;
  /** First row and column of the rows, from 1. */
  readonly at?: readonly [number, number];
}

/** By `style`: general, a day, per cent, euros, a day of a file's own format, a time. */
export const FORMATS = [0, 14, 10, 164, 165, 20] as const;

const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const letters = (column: number): string =>
  (column > 26 ? String.fromCharCode(64 + Math.floor((column - 1) / 26)) : '') +
  String.fromCharCode(65 + ((column - 1) % 26));

/** A workbook as Excel writes it, its texts shared. `replaced` puts other parts in the place of its own. */
export function workbook(sheets: readonly TestSheet[], replaced: Readonly<Record<string, Part>> = {}): Buffer {
  const strings: string[] = [];
  const cell = (value: Cell, at: string): string => {
    if (value === null) return '';
    if (typeof value === 'string') return `<c r="${at}" t="s"><v>${strings.push(value) - 1}</v></c>`;
    if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
    return `<c r="${at}" s="${value.style}"><v>${value.value}</v></c>`;
  };
  const bodies = sheets.map(({ rows, merges = [], at: [top, left] = [1, 1] }) => {
    const lines = rows.map(
      (row, i) =>
        `<row r="${top + i}">${row.map((value, j) => cell(value, letters(left + j) + String(top + i))).join('')}</row>`,
    );
    const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
    return `<worksheet xmlns="m"><sheetData>${lines.join('')}</sheetData><mergeCells>${merged}</mergeCells></worksheet>`;
  });
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (targets: readonly (readonly [string, string])[]): string =>
    xml(
      `<Relationships>${targets.map(([kind, target], i) => `<Relationship Id="r${i + 1}" Type="${type}/${kind}" Target="${target}"/>`).join('')}</Relationships>`,
    );
  const listed = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" ${hidden === true ? 'state="hidden" ' : ''}r:id="r${i + 1}"/>`,
  );
  const parts: Part[] = [
    { name: '[Content_Types].xml', bytes: xml('<Types/>') },
    { name: '_rels/.rels', bytes: relations([['officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', bytes: xml(`<workbook xmlns:r="r"><sheets>${listed.join('')}</sheets></workbook>`) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: relations([
        ...sheets.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`] as const),
        ['styles', 'styles.xml'],
        ['sharedStrings', 'sharedStrings.xml'],
      ]),
    },
    {
      name: 'xl/styles.xml',
      bytes: xml(
        `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0.00\\ [$€-407]"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy;@"/></numFmts>` +
          `<cellXfs>${FORMATS.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
      ),
    },
    ...bodies.map((body, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, bytes: xml(body) })),
    {
      name: 'xl/sharedStrings.xml',
      bytes: xml(`<sst>${strings.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`),
    },
  ];
  return zip(parts.map((part) => replaced[part.name] ?? part));
}
