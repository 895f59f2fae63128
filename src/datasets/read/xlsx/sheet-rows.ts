import { MAX_COLUMNS, tooManyColumns } from '../inspector.js';
import type { Archive } from './archive.js';
import { numberText } from './cell-style.js';
import { isTrue, type Sheet, type Workbook } from './workbook.js';

/** Cells drawn as one: rows from 1, columns from 0, both ends included. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** More would be a workbook made of them. */
const MAX_MERGES = 50_000;
/** Cells may lie this far to the right before a table is taken for too wide: tables need not start at the left. */
const MAX_PLACE = MAX_COLUMNS + 500;

/**
 * The sheet's rows that hold something, in their order, with their number. Gives the merged cells, which a sheet lists after its
 * rows. `row` true: wait for `drain`.
 * @throws {422} xlsx_malformed · too_many_columns · file_too_large_inside
 */
export async function eachRow(
  archive: Archive,
  workbook: Workbook,
  sheet: Sheet,
  use: { row(number: number, cells: string[]): boolean; drain(): Promise<void> },
): Promise<Merge[]> {
  const merges: Merge[] = [];
  const cell = { place: -1, type: 'n', style: 0, value: '', text: '' };
  let cells: string[] = [];
  let number = 0;
  let inside: 'value' | 'text' | null = null;
  let phonetic = false;
  let isFull = false;
  const textOf = (): string => {
    const { type, value, text } = cell;
    if (type === 's') return workbook.strings[Number(value)] ?? '';
    if (type === 'inlineStr') return text;
    if (type === 'b') return isTrue(value) ? 'true' : 'false';
    if (type === 'e') return '';
    if (type !== 'n') return value;
    return numberText(value, workbook.styles[cell.style] ?? { kind: 'plain' }, workbook.from1904);
  };
  await archive.xml(sheet.part, {
    open(name, attributes) {
      if (name === 'row') {
        number = Number(attributes['r'] ?? number + 1);
        cells = [];
        cell.place = -1;
      } else if (name === 'c') {
        cell.place = placeOf(attributes['r']) ?? cell.place + 1;
        cell.type = attributes['t'] ?? 'n';
        cell.style = Number(attributes['s'] ?? 0);
        cell.value = cell.text = '';
      } else if (name === 'v') inside = 'value';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') inside = phonetic ? null : 'text';
      else if (name === 'mergeCell' && merges.length < MAX_MERGES) {
        const merge = mergeOf(attributes['ref']);
        if (merge !== null) merges.push(merge);
      }
    },
    text(piece) {
      if (inside === 'value') cell.value += piece;
      else if (inside === 'text') cell.text += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') inside = null;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'c') {
        const text = cell.type === 'n' && cell.value === '' ? '' : textOf();
        if (text === '') return;
        if (cell.place >= MAX_PLACE) throw tooManyColumns(`cells up to column ${cell.place + 1}`);
        while (cells.length <= cell.place) cells.push('');
        cells[cell.place] = text;
      } else if (name === 'row' && cells.length > 0) isFull = use.row(number, cells) || isFull;
    },
    async pause() {
      if (isFull) await use.drain();
      isFull = false;
      return false;
    },
  });
  return merges;
}

/** `C5` → 2 */
function placeOf(reference: string | undefined): number | null {
  const letters = reference === undefined ? null : (/^([A-Z]{1,3})\d+$/.exec(reference)?.[1] ?? null);
  if (letters === null) return null;
  let place = 0;
  for (const letter of letters) place = place * 26 + letter.charCodeAt(0) - 64;
  return place - 1;
}

function mergeOf(reference = ''): Merge | null {
  const [, from = '', top, to = '', bottom] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(reference) ?? [];
  const [left, right] = [placeOf(`${from}1`), placeOf(`${to}1`)];
  return left === null || right === null
    ? null
    : { top: Number(top), bottom: Number(bottom), left, right: Math.min(right, MAX_PLACE) };
}
