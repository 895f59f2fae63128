import { posix } from 'node:path';
import { Problem } from '../../../common/problem.js';
import { tooLargeInside } from '../records.js';
import { type Archive, damaged } from './archive.js';
import { styleOf, type CellStyle } from './cell-style.js';

export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Of the archive. */
  readonly part: string;
}

/** What all sheets of a workbook share. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** Days are counted from 1904, as on old Macs. */
  readonly from1904: boolean;
  /** By the number that cells carry. */
  readonly styles: readonly CellStyle[];
  readonly strings: readonly string[];
}

/** Characters of the texts that cells share; they are held in memory while a workbook is read. */
const MAX_SHARED = 128_000_000;
const MAX_STYLES = 100_000;

/** @throws {422} xlsx_malformed · file_too_large_inside */
export async function workbookOf(archive: Archive): Promise<Workbook> {
  const root = await targetsOf(archive, '_rels/.rels', '');
  const main = root.find(({ type }) => type.endsWith('/officeDocument'))?.part ?? 'xl/workbook.xml';
  const folder = posix.dirname(main);
  const parts = await targetsOf(archive, `${folder}/_rels/${posix.basename(main)}.rels`, folder);
  const partOf = (kind: string): string | undefined => parts.find(({ type }) => type.endsWith(kind))?.part;
  const sheets: Sheet[] = [];
  let from1904 = false;
  await archive.xml(main, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = isTrue(attributes['date1904']);
      if (name !== 'sheet') return;
      const id = attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const part = parts.find((one) => one.id === id && one.type.endsWith('/worksheet'))?.part;
      // Sheets that are charts have no cells.
      if (part !== undefined && archive.has(part)) {
        sheets.push({ name: attributes['name'] ?? '', hidden: (attributes['state'] ?? 'visible') !== 'visible', part });
      }
    },
  });
  if (sheets.length === 0) throw damaged('it has no sheet');
  const [styles, strings] = [partOf('/styles'), partOf('/sharedStrings')];
  return {
    sheets,
    from1904,
    styles: styles !== undefined && archive.has(styles) ? await stylesOf(archive, styles) : [],
    strings: strings !== undefined && archive.has(strings) ? await stringsOf(archive, strings) : [],
  };
}

/** The sheet called `wanted`, or the one at that place from 1. @throws {422} sheet_unknown */
export function sheetNamed({ sheets }: Workbook, wanted: string): Sheet {
  const named =
    sheets.find(({ name }) => name === wanted) ??
    sheets.find(({ name }) => name.trim().toLowerCase() === wanted.trim().toLowerCase()) ??
    (/^\d{1,4}$/.test(wanted) ? sheets[Number(wanted) - 1] : undefined);
  if (named !== undefined) return named;
  const known = sheets.slice(0, 20).map(({ name }) => `"${name.toWellFormed()}"`);
  throw new Problem(422, 'sheet_unknown', `The workbook has no such sheet; it has ${known.join(', ')}.`, {
    errors: [{ path: 'sheet', message: `must be one of ${known.join(', ')}` }],
  });
}

async function targetsOf(
  archive: Archive,
  rels: string,
  folder: string,
): Promise<{ id: string; type: string; part: string }[]> {
  const targets: { id: string; type: string; part: string }[] = [];
  if (!archive.has(rels)) return targets;
  await archive.xml(rels, {
    open(name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      const part = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      targets.push({ id, type, part });
    },
  });
  return targets;
}

async function stylesOf(archive: Archive, part: string): Promise<CellStyle[]> {
  const formats = new Map<number, string>();
  const styles: CellStyle[] = [];
  let within = false;
  await archive.xml(part, {
    open(name, attributes) {
      if (formats.size + styles.length > MAX_STYLES) throw damaged('it has too many styles');
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') within = true;
      else if (name === 'xf' && within) {
        const id = Number(attributes['numFmtId'] ?? 0);
        styles.push(styleOf(id, formats.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') within = false;
    },
  });
  return styles;
}

/** Texts may be in pieces of different looks; hints on how to pronounce them are no part of them. */
async function stringsOf(archive: Archive, part: string): Promise<string[]> {
  const strings: string[] = [];
  let characters = 0;
  let text = '';
  let takes = false;
  let phonetic = false;
  await archive.xml(part, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') takes = !phonetic;
    },
    text(piece) {
      if (takes) text += piece;
    },
    close(name) {
      if (name === 't') takes = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') {
        characters += text.length + 16;
        if (characters > MAX_SHARED) throw tooLargeInside('The workbook has more than 128 MB of text.');
        strings.push(text);
      }
    },
  });
  return strings;
}

export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';
