import { Problem } from '../../../common/problem.js';
import { type RecordTable, SpooledRecords, type TextRecord } from '../records.js';
import { MAX_COLUMNS } from '../inspector.js';
import { Archive, damaged } from './archive.js';
import { headerOf } from './header.js';
import { eachRow, type Merge } from './sheet-rows.js';
import { type Sheet, sheetNamed, type Workbook, workbookOf } from './workbook.js';

/** Rows of a sheet that its header is looked for in. */
const HEAD = 100;

interface Rows {
  readonly head: readonly TextRecord[];
  readonly spool: SpooledRecords;
  readonly merges: readonly Merge[];
  readonly width: number;
  /** By column, whether any cell holds something. */
  readonly used: readonly boolean[];
}

/**
 * Reads a sheet of an Excel workbook: the one that `wanted` names (by name, or place from 1), else the first visible one that
 * holds a table. Dates, percentages and currencies are what their cells' formats say; formulas are the values they last had. Cells
 * that were merged downwards stand in each of their rows.
 * @throws {422} xlsx_malformed · sheet_unknown · no_columns · too_many_columns · file_too_large_inside
 */
export async function readXlsx(path: string, spoolPath: string, wanted: string | undefined): Promise<RecordTable> {
  const archive = await Archive.open(path);
  try {
    const workbook = await workbookOf(archive);
    const visible = workbook.sheets.filter(({ hidden }) => !hidden);
    const sheets =
      wanted === undefined
        ? [...visible, ...workbook.sheets.filter(({ hidden }) => hidden)]
        : [sheetNamed(workbook, wanted)];
    for (const [i, sheet] of sheets.entries()) {
      const rows = await rowsOf(archive, workbook, sheet, `${spoolPath}-${i}`);
      // A cover sheet has a line or two of text; a table has a row with several cells, or many rows.
      const isTable = rows.width > 1 || rows.head.length > 2;
      if (rows.head.length > 0 && (isTable || sheets.length === 1)) return tableOf(rows, sheet, workbook);
    }
    throw new Problem(422, 'no_columns', 'The workbook has no table in it: its sheets are empty.');
  } finally {
    archive.close();
  }
}

async function rowsOf(archive: Archive, workbook: Workbook, sheet: Sheet, spoolPath: string): Promise<Rows> {
  const head: TextRecord[] = [];
  const spool = new SpooledRecords(spoolPath);
  const used: boolean[] = [];
  let width = 0;
  const merges = await eachRow(archive, workbook, sheet, {
    row(line, cells) {
      for (let i = 0; i < cells.length; i++) if (cells[i] !== '') used[i] = true;
      width = Math.max(width, cells.filter((cell) => cell !== '').length);
      if (head.length < HEAD) {
        head.push({ line, cells });
        return false;
      }
      return spool.add(line, cells);
    },
    drain: () => spool.drain(),
  });
  await spool.close();
  return { head, spool, merges, width, used };
}

function tableOf({ head, spool, merges, used }: Rows, sheet: Sheet, { sheets }: Workbook): RecordTable {
  const { names, above, skipped } = headerOf(head, merges, used.length);
  // Columns without a name and a cell (a table that starts at C3) are none.
  const kept = Array.from(used.keys()).filter((i) => used[i] === true || (names?.[i] ?? '').trim() !== '');
  const pick = (cells: readonly string[]): string[] => kept.map((i) => cells[i] ?? '');
  const others = sheets.filter(({ name }) => name !== sheet.name).map(({ name }) => `"${name.slice(0, 60)}"`);
  const top = head[above]?.line ?? Infinity;
  const falling = merges.filter((merge) => merge.bottom > merge.top && merge.top >= top).sort((a, b) => a.top - b.top);
  return {
    names: names === null ? null : pick(names),
    width: kept.length,
    about: { format: 'xlsx', skippedRows: skipped, sheet: sheet.name.toWellFormed() },
    notes:
      others.length === 0
        ? []
        : [`Other sheets of the workbook were not read: ${others.slice(0, 20).join(', ').toWellFormed()}.`],
    async *records(): AsyncGenerator<TextRecord> {
      const fill = filler(falling);
      for (const record of head.slice(above)) yield { line: record.line, cells: pick(fill(record)) };
      for await (const record of spool.read()) yield { line: record.line, cells: pick(fill(record)) };
    },
  };
}

/** Gives the rows under a cell that was merged downwards its value; rows must come in their order. */
function filler(falling: readonly Merge[]): (record: TextRecord) => readonly string[] {
  let next = 0;
  let active: { merge: Merge; value: string }[] = [];
  return ({ line, cells }) => {
    active = active.filter(({ merge }) => merge.bottom >= line);
    const full = active.length === 0 ? cells : [...cells];
    for (const { merge, value } of active) {
      for (let i = merge.left; i <= merge.right; i++) {
        while ((full as string[]).length <= i) (full as string[]).push('');
        if (i === merge.left) (full as string[])[i] = value;
      }
    }
    for (; (falling[next]?.top ?? Infinity) <= line; next++) {
      const merge = falling[next];
      if (merge?.top === line) active.push({ merge, value: cells[merge.left] ?? '' });
      if (active.length > MAX_COLUMNS) throw damaged('its merged cells overlap');
    }
    return full;
  };
}
