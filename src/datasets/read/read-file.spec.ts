import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Cell, workbook } from '../../../test/support/workbook.js';
import { zip } from '../../../test/support/zip.js';
import type { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { type ReadOptions, readFile } from './read-file.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-formats-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function read(content: string | Uint8Array, options?: ReadOptions) {
  const file = path.join(directory, 'file');
  writeFileSync(file, content);
  const table = await readFile(file, directory, options);
  const rows: Scalar[][] = [];
  for await (const row of table.rows()) rows.push(row);
  return { ...table, names: table.columns.map(({ name }) => name), types: table.columns.map(({ type }) => type), rows };
}
const refusal = async (content: string | Uint8Array, options?: ReadOptions): Promise<string> =>
  read(content, options).then(
    () => 'taken',
    (error: Problem) => `${error.status} ${error.code}`,
  );

describe('JSON', () => {
  const rows = [
    { id: 1, place: { city: 'Bern', at: { lat: 46.9 } }, tags: ['a', 'b'], on: '2024-03-01', ok: true },
    { id: 2, place: { city: 'Łódź' }, extra: null, on: '2024-03-02', ok: false, parts: [{ n: 1 }] },
  ];
  const names = ['id', 'place.city', 'place.at.lat', 'tags', 'on', 'ok', 'extra', 'parts'];
  const cells = [
    [1, 'Bern', 46.9, 'a, b', '2024-03-01', true, null, null],
    [2, 'Łódź', null, null, '2024-03-02', false, null, '[{"n":1}]'],
  ];

  it.each([
    ['json', JSON.stringify(rows)],
    ['json', JSON.stringify(rows, null, 2)],
    ['json', JSON.stringify({ meta: { n: 2, of: ['x'] }, data: rows, links: [{ a: 1 }] })],
    ['json', Buffer.from(`\ufeff${JSON.stringify(rows)}`, 'utf16le')],
    ['json_lines', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['json_lines', `${rows.map((row) => JSON.stringify(row)).join('\r\n')}\r\n\r\n`],
  ])('%s: objects are rows, whatever they stand in', async (format, content) => {
    const table = await read(content);
    expect(table.report.format).toBe(format);
    expect(table.names).toEqual(names);
    expect(table.types).toEqual(['integer', 'text', 'number', 'text', 'date', 'boolean', 'text', 'text']);
    expect(table.rows).toEqual(cells);
  });

  it('tells what it took for the table, and what it left out', async () => {
    const { report } = await read(JSON.stringify({ page: 1, data: rows, errors: [{ a: 1 }] }));
    expect(report.notes).toEqual([
      { column: null, note: 'The table is the list "data".' },
      { column: null, note: 'Left out: "page", "errors".' },
    ]);
  });

  it('lists are rows by place, or columns by name', async () => {
    const wanted = [
      ['x', 1],
      ['y', 2],
    ];
    for (const content of [
      [['name', 'n'], ...wanted],
      { columns: ['name', 'n'], index: [0, 1], data: wanted },
      { name: ['x', 'y'], n: [1, 2] },
    ]) {
      const table = await read(JSON.stringify(content));
      expect([table.names, table.rows]).toEqual([['name', 'n'], wanted]);
    }
    expect((await read('[[1,2],[3,4]]')).names).toEqual(['Column 1', 'Column 2']);
    expect((await read('[1,2,3]')).rows).toEqual([[1], [2], [3]]);
  });

  it('keeps long numbers, and names that look like others', async () => {
    const line = '{"id":1234567890123456789,"a.b":1,"a":{"b":2},"__proto__":3}';
    for (const content of [`[${line}]`, `${line}\n${line}`]) {
      const table = await read(content);
      expect(table.names).toEqual(['id', 'a.b', 'a.b (2)', '__proto__']);
      expect(table.rows[0]).toEqual(['1234567890123456789', 1, 2, 3]);
    }
  });

  it('one object is one row', async () => {
    expect((await read('{"a":1,"b":{"c":"x"}}')).rows).toEqual([[1, 'x']]);
  });

  it('leaves out lines that are no JSON, and says which', async () => {
    const { rows: kept, report } = await read('{"a":1}\n{"a":2\n{"a":3}\n');
    expect(kept).toEqual([[1], [3]]);
    expect(report.badLines).toEqual([{ line: 2, column: null, message: 'is not JSON; it was left out' }]);
  });

  it('a long first record on a line of its own is still one of many', async () => {
    const line = JSON.stringify({ a: 'x'.repeat(100_000), b: 1 });
    expect((await read(`${line}\n${line}\n`)).rows).toHaveLength(2);
  });

  it('drops what a database cannot hold', async () => {
    const { rows: kept, names: known } = await read(String.raw`[{"a\u0000b":"x\u0000y\ud800z"},{"a\u0000b":"ok"}]`);
    expect([known, kept]).toEqual([['ab'], [['xy\ufffdz'], ['ok']]]);
  });

  it.each([
    ['[{"a":1},', '422 json_malformed'],
    ['[{"a":1}]x', '422 json_malformed'],
    ['{"a":tru}', '422 json_malformed'],
    ['{"a":[1,2],"b":[1]}', '422 json_no_table'],
    ['[]', '422 json_no_table'],
    ['{}', '422 json_no_table'],
    ['[{"a":1},2]', '422 json_no_table'],
  ])('%s is refused', async (content, problem) => {
    expect(await refusal(content)).toBe(problem);
  });

  it('a table in brackets is a CSV', async () => {
    expect((await read('[id],[name]\n1,x\n2,y\n')).report.format).toBe('csv');
  });
});

describe('a workbook', () => {
  const day = (serial: number): Cell => ({ value: serial, style: 1 });
  const SALES: Cell[][] = [
    ['Day', 'Region', 'Units', 'Share', 'Price', 'Paid'],
    [day(45_292), 'North', 3, { value: 0.125, style: 2 }, { value: 19.5, style: 3 }, true],
    [{ value: 45_293, style: 4 }, 'South', 4, { value: 0.07, style: 2 }, { value: 1049, style: 3 }, false],
  ];
  const CELLS = [
    ['2024-01-01', 'North', 3, 12.5, 19.5, true],
    ['2024-01-02', 'South', 4, 7, 1049, false],
  ];

  it('is typed by what its cells and their formats say', async () => {
    const table = await read(workbook([{ name: 'Sales', rows: SALES }]));
    expect(table.report).toMatchObject({ format: 'xlsx', sheet: 'Sales', header: true, skippedRows: 0 });
    expect(table.types).toEqual(['date', 'text', 'integer', 'number', 'number', 'boolean']);
    expect(table.columns.map(({ unit }) => unit)).toEqual([null, null, null, '%', 'EUR', null]);
    expect(table.rows).toEqual(CELLS);
  });

  it('is read from the first sheet with a table, or the one that is named', async () => {
    const file = workbook([
      { name: 'Secret', rows: [['x', 'y']], hidden: true },
      { name: 'Cover', rows: [['Sales of 2024']] },
      { name: 'Empty', rows: [] },
      { name: 'Sales', rows: SALES },
      {
        name: 'Other',
        rows: [
          ['a', 'b'],
          [1, 2],
        ],
      },
    ]);
    expect((await read(file)).report.sheet).toBe('Sales');
    expect((await read(file, { sheet: 'other' })).rows).toEqual([[1, 2]]);
    expect((await read(file, { sheet: '5' })).rows).toEqual([[1, 2]]);
    expect(await refusal(file, { sheet: 'nowhere' })).toBe('422 sheet_unknown');
  });

  it('finds a table that starts somewhere, under titles and with columns in between that are empty', async () => {
    const rows = [['Sales of 2024'], [], ...SALES.map((row) => [...row.slice(0, 2), null, ...row.slice(2)])];
    const table = await read(workbook([{ name: 'S', rows, at: [3, 3], merges: ['C3:I3'] }]));
    expect(table.names).toEqual(['Day', 'Region', 'Units', 'Share', 'Price', 'Paid']);
    expect(table.rows).toEqual(CELLS);
    expect(table.report.skippedRows).toBe(1);
  });

  it('joins a header of two rows, and repeats cells that were merged downwards', async () => {
    const rows: Cell[][] = [
      ['Region', '2023', null, '2024', null],
      [null, 'Sales', 'Profit', 'Sales', 'Profit'],
      ['North', 1, 2, 3, 4],
      [null, 5, 6, 7, 8],
      ['South', 9, 10, 11, 12],
    ];
    const table = await read(workbook([{ name: 'S', rows, merges: ['A1:A2', 'B1:C1', 'D1:E1', 'A3:A4'] }]));
    expect(table.names).toEqual(['Region', '2023 Sales', '2023 Profit', '2024 Sales', '2024 Profit']);
    expect(table.rows.map(([region]) => region)).toEqual(['North', 'North', 'South']);
  });

  it('that is none is refused', async () => {
    const whole = workbook([{ name: 'S', rows: SALES }]);
    expect(await refusal(zip([{ name: 'a.csv', bytes: 'a,b\n1,2\n' }]))).toBe('422 xlsx_malformed');
    expect(await refusal(whole.subarray(0, whole.length / 2))).toBe('422 xlsx_malformed');
    expect(await refusal(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]))).toBe('422 format_unsupported');
    const broken = Buffer.from(whole);
    broken.fill(0x55, 600, 1200);
    expect(await refusal(broken)).toBe('422 xlsx_malformed');
  });
});

describe('Parquet', () => {
  const file = (rows = 3): Buffer =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', data: Array.from({ length: rows }, (_, i) => BigInt(i)), type: 'INT64' },
          { name: 'name', data: Array.from({ length: rows }, (_, i) => (i === 1 ? null : `n${i}`)), type: 'STRING' },
          { name: 'score', data: Array.from({ length: rows }, (_, i) => i / 4), type: 'DOUBLE' },
          {
            name: 'at',
            data: Array.from({ length: rows }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i, 12))),
            type: 'TIMESTAMP',
          },
        ],
        rowGroupSize: 1_000,
      }),
    );

  it('keeps its types', async () => {
    const table = await read(file());
    expect(table.report).toMatchObject({ format: 'parquet', encoding: null });
    expect(table.types).toEqual(['integer', 'text', 'number', 'datetime']);
    expect(table.rows[1]).toEqual([1, null, 0.25, '2024-01-02T12:00:00']);
  });

  it('of many row groups is read whole', async () => {
    const { rows } = await read(file(25_001));
    expect([rows.length, rows[25_000]?.[0]]).toEqual([25_001, 25_000]);
  });

  it('that is damaged is refused', async () => {
    const whole = file(2_000);
    expect(await refusal(whole.subarray(0, 1_000))).toBe('422 parquet_malformed');
    const broken = Buffer.from(whole);
    broken.fill(0xff, 40, 2_000);
    expect(await refusal(broken)).toBe('422 parquet_malformed');
  });
});
