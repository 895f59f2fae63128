import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile } from '../profile.js';
import type { TypedTable } from '../read/inspector.js';
import { type CsvOptions, readCsv } from './read-csv.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-csv-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(content: string | Buffer, options?: CsvOptions): Promise<TypedTable> {
  const file = path.join(directory, 'table.csv');
  writeFileSync(file, content);
  return readCsv(file, options);
}
async function rowsOf(table: TypedTable): Promise<Scalar[][]> {
  const rows = [];
  for await (const row of table.rows()) rows.push(row);
  return rows;
}
const one = async (
  header: string,
  cells: readonly string[],
): Promise<{ column: ColumnProfile; table: TypedTable; cells: Scalar[] }> => {
  const table = await read([header, ...cells].map((cell) => `"${cell.replaceAll('"', '""')}",x`).join('\n'));
  const [column] = table.columns;
  if (column === undefined) throw new Error('no column');
  return { column, table, cells: (await rowsOf(table)).map(([cell]) => cell ?? null) };
};
const many = (cell: (i: number) => string, n = 40): string[] => Array.from({ length: n }, (_, i) => cell(i));

describe('encodings', () => {
  const text = 'naïve,größe\nÉva,1\nŁódź,2\n';
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('%s', async (encoding, bytes) => {
    const table = await read(bytes);
    expect(table.report.encoding).toBe(encoding);
    expect(table.columns.map(({ name }) => name)).toEqual(['naïve', 'größe']);
    expect(await rowsOf(table)).toEqual([
      ['Éva', 1],
      ['Łódź', 2],
    ]);
  });

  it('windows-1252, when it is not UTF-8 somewhere, be it at the end', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`name,price\n${'x,1\n'.repeat(100_000)}`),
      Buffer.from([0xc9, 0x76, 0x61, 0x2c, 0x80, 0x33, 0x0a]),
    ]);
    const table = await read(bytes);
    expect(table.report.encoding).toBe('windows-1252');
    expect((await rowsOf(table)).at(-1)).toEqual(['Éva', 3]);
    expect(table.columns[1]?.unit).toBe('EUR');
  });

  it.each([
    ['file_empty', Buffer.alloc(0)],
    ['not_text', Buffer.from('a,b\n1,\0\n')],
    ['no_columns', Buffer.from(' \n\n')],
  ])('%s is told', async (code, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ status: 422, code });
  });
});

describe('the dialect', () => {
  it.each([
    [',', 'a,b,c\n1,"x,y",3\n4,z,6\n'],
    [';', 'a;b;c\n1,5;x,y;3\n4,5;z;6\n'],
    ['\t', 'a\tb\tc\n1\tx, y\t3\n4\tz\t6\n'],
    ['|', 'a|b|c\n1|x; y|3\n4|z|6\n'],
  ])('delimiter %j', async (delimiter, csv) => {
    const table = await read(csv);
    expect([table.report.delimiter, table.columns.length, table.rowCount]).toEqual([delimiter, 3, 2]);
  });

  it.each([
    ['text above numbers', 'name,size\nx,1\ny,2\n', true],
    ['numbers above numbers', '3,1\n4,1\n5,2\n', false],
    ['years above amounts', 'item,2013,2012\nsales,100,90\ncosts,70.5,80\n', true],
    ['years above years', 'x,2013\ny,2012\nz,2011\n', false],
    ['dates above numbers', 'item,12/31/2013\nx,5\ny,6\n', true],
    ['text above text', 'name,town\nx,Rome\ny,Pisa\n', true],
  ])('%s', async (_, csv, header) => {
    const table = await read(csv);
    expect(table.report.header).toBe(header);
    expect(table.rowCount).toBe(csv.trim().split('\n').length - (header ? 1 : 0));
  });

  it('title lines above the table, blank lines, all line ends, quotes that never close', async () => {
    const titled = await read(
      'Sales report\nMade 2024\n\nshop,day,n\r\na,1 May 2024,1\rb,2 May 2024,2\n\nc,3 May 2024,3\n',
    );
    expect(titled.report.skippedRows).toBe(2);
    expect(await rowsOf(titled)).toEqual([
      ['a', '2024-05-01', 1],
      ['b', '2024-05-02', 2],
      ['c', '2024-05-03', 3],
    ]);
    const open = await read('name,size\n"big,1\nsmall,2\n');
    expect([open.report.quote, await rowsOf(open)]).toEqual([
      null,
      [
        ['"big', 1],
        ['small', 2],
      ],
    ]);
  });

  it('names are unique and never empty', async () => {
    const table = await read('a,,A, a ,\nx,y,z,u,v\n');
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'Column 2', 'A (2)', 'a (3)', 'Column 5']);
  });
});

describe('a column', () => {
  it('is typed over all its rows', async () => {
    const { column, cells } = await one('n', [...many(String, 2_000), '0.5']);
    expect([column.type, column.decimals, column.max, cells.at(-1)]).toEqual(['number', 1, 1999, 0.5]);
  });

  it('knows words for a missing value, where it is no text column', async () => {
    const typed = await one('n', ['1', 'N/A', '-', '', 'none', '–', '2']);
    expect([typed.cells, typed.column.nulls]).toEqual([[1, null, null, null, null, null, 2], 5]);
    const text = await one('answer', ['yes', 'None', '-', '', 'no']);
    expect(text.cells).toEqual(['yes', 'None', '-', null, 'no']);
  });

  it('keeps going over a few cells that do not fit, and tells their lines', async () => {
    const { column, table, cells } = await one(
      'n',
      many((i) => (i === 6 ? 'seven' : String(i))),
    );
    expect([column.type, column.nulls, cells[6], cells[7]]).toEqual(['integer', 1, null, 7]);
    expect(table.report).toMatchObject({
      badLineCount: 1,
      badLines: [{ line: 8, column: 'n', message: '"seven" is not an integer; the cell was left empty' }],
    });
    expect(
      (
        await one(
          'n',
          many((i) => (i < 4 ? 'many' : String(i))),
        )
      ).column.type,
    ).toBe('text');
  });

  it.each<[string, string[], Scalar, string]>([
    ['dates, day first', ['31/12/2023', '01/02/2024', '02/02/2024'], '2024-02-01', 'date'],
    ['dates, month first', ['12/31/2023', '01/02/2024', '02/02/2024'], '2024-01-02', 'date'],
    [
      'dates that only day first puts in order',
      many((i) => `0${1 + (i % 9)}/0${1 + Math.floor(i / 9)}/2024`, 36),
      '2024-01-02',
      'date',
    ],
    ['times', ['2024-01-01 10:00', '2024-01-01', '2024-01-02 11:30:15'], '2024-01-01T00:00:00', 'datetime'],
    ['months', ['Jan 2024', 'Feb 2024', 'Mar 2024'], '2024-02-01', 'date'],
    ['seasons', ['2003-04', '2004-05', '2005-06'], '2004-05', 'text'],
    ['truth', ['TRUE', 'false', 'True'], false, 'boolean'],
    ['yes and no, as they were written', ['Yes', 'No', 'Yes'], 'No', 'text'],
    ['codes', ['00501', '10001', '00544'], '10001', 'text'],
    ['long codes', ['12345678901234567', '22345678901234567', '3'], '22345678901234567', 'text'],
    ['decimal commas', ['1,5', '2,25', '1.000,75'], 2.25, 'number'],
    ['scores', ['3-2', '1-1', '0-4'], '1-1', 'text'],
  ])('%s', async (_, given, second, type) => {
    const { column, cells } = await one('x', given);
    expect([column.type, cells[1]]).toEqual([type, second]);
  });

  it.each<[string, string[], Partial<ColumnProfile>]>([
    ['Price (USD)', ['1.50', '2'], { role: 'measure', unit: 'USD', label: 'Price', defaultAggregate: 'avg' }],
    ['Ist EUR', ['1.50', '2'], { role: 'measure', unit: 'EUR', label: 'Ist', defaultAggregate: 'sum' }],
    ['growth_%', ['1.5', '2'], { role: 'measure', unit: '%', label: 'Growth', defaultAggregate: 'avg' }],
    ['height_cm', ['170', '180'], { unit: 'cm', defaultAggregate: 'avg' }],
    ['totalSales', ['5', '6'], { label: 'Total sales', defaultAggregate: 'sum' }],
    ['Revenue', ['$5', '$6'], { unit: 'USD', defaultAggregate: 'sum' }],
    ['customer_id', ['5', '6'], { role: 'identifier' }],
    ['Bestellnr', ['10001', '10002'], { role: 'identifier' }],
    ['Kundennummer', ['5', '6'], { role: 'identifier' }],
    ['phone', ['5551234', '5551235'], { role: 'identifier' }],
    ['year', ['2015', '2016'], { role: 'temporal', type: 'integer' }],
    ['founded', ['1915', '2016'], { role: 'temporal', type: 'integer' }],
    ['seats', ['1950', '2016'], { role: 'measure' }],
    ['qty', ['1', '2'], { role: 'measure', synonyms: ['quantity', 'count'] }],
    ['error_rate', ['0.1', '0.2'], { higherIsBetter: false }],
    ['rating', ['4.1', '3.2'], { higherIsBetter: true, defaultAggregate: 'avg' }],
    ['day', ['2024-01-01', '2024-01-02'], { role: 'temporal', type: 'date' }],
    [
      'Country',
      ['Chile', 'Peru', 'Chile'],
      { role: 'dimension', distinct: 2, values: ['Chile', 'Peru'], synonyms: ['nation'] },
    ],
  ])('%s means something', async (name, cells, meaning) =>
    expect((await one(name, cells)).column).toMatchObject(meaning),
  );

  it('with more distinct values than are kept has about the right number of them', async () => {
    const { column } = await one(
      't',
      many((i) => `value ${i % 20_000}`, 30_000),
    );
    expect(column.values).toBeNull();
    expect(Math.abs(column.distinct - 20_000)).toBeLessThan(1_000);
  });
});

describe('ragged rows', () => {
  it('are mended and told', async () => {
    const table = await read('a,b,c\n1,2,3\n4,5\n"6\n6",7,8,9\n1,1,1,\n');
    expect(await rowsOf(table)).toEqual([
      ['1', 2, 3],
      ['4', 5, null],
      ['6\n6', 7, 8],
      ['1', 1, 1],
    ]);
    expect(table.report.badLines).toEqual([
      { line: 3, column: null, message: 'has 2 fields instead of 3; the missing ones were left empty' },
      { line: 4, column: null, message: 'has 4 fields instead of 3; the last one was left out' },
    ]);
  });
});

describe('what was written is what is read', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .filter((cell) => !cell.includes('\0') && cell.isWellFormed());
  const cells = fc.oneof(text, fc.constantFrom('a,b', '"', 'x\ny', 'a;b\t|', "it's", '  ', 'ü'));

  it('any texts, any delimiter, any line end', async () => {
    const tables = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cells, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const),
        fc.constantFrom('\n', '\r\n'),
        async (rows, delimiter, end) => {
          const header = (rows[0] ?? []).map((_, i) => `name ${i}`);
          const quoted = [header, ...rows]
            .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter))
            .join(end);
          const table = await read(quoted, { delimiter, header: true, quote: '"', preamble: 0 });
          const texts = table.columns.flatMap(({ type }, i) => (type === 'text' ? [i] : []));
          const wanted = rows.filter((row) => row.length > 1 || row[0] !== '');
          expect((await rowsOf(table)).map((row) => texts.map((i) => row[i]))).toEqual(
            wanted.map((row) => texts.map((i) => (row[i]?.trim() === '' ? null : row[i]?.trim()))),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('any numbers', async () => {
    const numbers = fc.array(
      fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: -1e12, max: 1e12 })),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const { cells: back } = await one(
          'n',
          values.map((value) => value.toFixed(6)),
        );
        expect(back).toEqual(values.map((value) => Number(value.toFixed(6)) + 0));
      }),
      { numRuns: 100 },
    );
  });
});

it('says of a file with names of columns only that there are no rows', async () => {
  const { rowCount, report } = await read('city,people\n');
  expect(rowCount).toBe(0);
  expect(report.notes).toContainEqual({ column: null, note: expect.stringContaining('no rows') });
});
