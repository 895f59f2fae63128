import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { uploadGenerated } from '../support/generated-upload.js';
import { Instance } from '../support/instance.js';
import { fileForm } from '../support/upload.js';
import { type TestSheet, workbook } from '../support/workbook.js';
import { zip } from '../support/zip.js';

/*
 * Files made to harm. The server is the built program in a process of its own; each file must get a plain refusal (or be kept as
 * harmless text), leave nothing in the temporary directory, and take no more memory than a file is allowed.
 */

jest.setTimeout(300_000);

let directory: string;
let database: TestDatabase;
let server: Instance;
let user: Client;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-hostile-'));
  database = await testDatabase();
  server = await Instance.start({
    directory,
    databaseUrl: database.url,
    settings: {
      UPLOAD_LIMIT_MB: '300',
      JWT_SECRET: 'a-secret-for-tests-that-is-long-enough',
      TMPDIR: directory,
      NODE_OPTIONS: `--import ${path.resolve('test/support/loop-probe.mjs')}`,
      PROBE_FILE: path.join(directory, 'probe.json'),
    },
  });
  user = await registered(server);
});
afterAll(async () => {
  console.log(`longest holds of the event loop (ms):\n${holds.join('\n')}`);
  await server.stop();
  await database.drop();
  rmSync(directory, { recursive: true });
});
/** Told, not judged: on a machine that does other work a process may wait for its turn as long. */
const holds: string[] = [];
interface Probe {
  readonly longest: number;
  readonly p99: number;
  readonly peak: number;
}
const probe = (): Probe => JSON.parse(readFileSync(path.join(directory, 'probe.json'), 'utf8')) as Probe;
const left = async (): Promise<string[]> => (await readdir(directory)).filter((name) => name.startsWith('engram-'));

let before: string[];
beforeEach(async () => {
  before = await left();
  const reset = path.join(directory, 'probe.json.reset');
  writeFileSync(reset, '');
  while (existsSync(reset)) await delay(20);
});
afterEach(async () => {
  expect(await left()).toEqual(before);
  expect((await user.call('GET', '/api/v1/users/me')).status).toBe(200);
  const { longest, p99, peak } = probe();
  const megabytes = (peak / 2 ** 20).toFixed(0);
  holds.push(
    `${longest.toFixed(0)} (p99 ${p99.toFixed(0)}), peak memory so far ${megabytes} MB: ${expect.getState().currentTestName ?? ''}`,
  );
  // The server at rest, two readers at their limit, and room for what the measurement catches.
  expect(peak).toBeLessThan(1.5 * 2 ** 30);
});

const answer = async (content: string | Uint8Array, fileName?: string): Promise<string> => {
  const { status, body } = await user.call<{ code?: string }>(
    'POST',
    '/api/v1/datasets',
    fileForm(content, {}, fileName),
  );
  return `${status} ${body.code ?? 'kept'}`;
};

const SHEET: TestSheet = {
  name: 'S',
  rows: [
    ['a', 'b'],
    [1, 2],
  ],
};
const PART = 'xl/worksheets/sheet1.xml';
const sheetWith = (body: string, unpacked?: number): Buffer =>
  workbook([SHEET], { [PART]: { name: PART, bytes: body, ...(unpacked !== undefined && { unpacked }) } });

describe('a workbook', () => {
  const bomb = `<worksheet><sheetData><row><c t="inlineStr"><is><t>${' '.repeat(80_000_000)}</t></is></c></row></sheetData></worksheet>`;

  it('that unpacks to a thousand times its size, and says so or not', async () => {
    expect(await answer(sheetWith(bomb))).toBe('422 file_too_large_inside');
    expect(await answer(sheetWith(bomb, 500))).toBe('422 xlsx_malformed');
  });

  it('whose entities multiply, or reach for files', async () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const doctype = `<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">${laughs}]>`;
    for (const entity of ['l9', 'f']) {
      const body = `${doctype}<worksheet><sheetData><row><c t="inlineStr"><is><t>&${entity};</t></is></c></row></sheetData></worksheet>`;
      expect(await answer(sheetWith(body))).toBe('422 xlsx_malformed');
    }
  });

  it('with cells far to the right, rows without number, or a million merges', async () => {
    const row = (cell: string): string => `<worksheet><sheetData><row>${cell}</row></sheetData></worksheet>`;
    expect(await answer(sheetWith(row('<c r="XFD1"><v>1</v></c>')))).toBe('422 too_many_columns');
    const merges = '<mergeCell ref="A1:A1048576"/>'.repeat(200_000);
    const rows = Array.from({ length: 2_000 }, (_, i) => `<row r="${i + 1}"><c><v>${i}</v></c></row>`).join('');
    expect(
      await answer(
        sheetWith(`<worksheet><sheetData>${rows}</sheetData><mergeCells>${merges}</mergeCells></worksheet>`),
      ),
    ).toMatch(/^422 xlsx_malformed|^201 kept/);
    expect(await answer(sheetWith('<worksheet>'.repeat(200_000)))).toMatch(/^422 /);
  });

  it('that is an archive of another kind', async () => {
    const parts = Array.from({ length: 30_000 }, (_, i) => ({ name: `${i}`, bytes: '' }));
    expect(await answer(zip(parts))).toBe('422 xlsx_malformed');
    expect(await answer(zip([{ name: '../../etc/passwd', bytes: 'x' }]))).toBe('422 xlsx_malformed');
  });
});

describe('JSON', () => {
  it('nested a million deep', async () => {
    const around = [
      ['', ''],
      ['[{"b":', '}]'],
      ['{"data":[{"b":', '}]}'],
      ['{"a":1}\n{"b":', '}'],
    ] as const;
    for (const [deep, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      for (const [start, end] of around) {
        const content = `${start}${deep.repeat(1_000_000)}1${close.repeat(1_000_000)}${end}`;
        expect(await answer(content)).toBe('422 json_too_deep');
      }
    }
  });

  it('with a million keys', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, i) => `"k${i}":${i}`).join(',');
    for (const content of [`{${keys}}`, `[{${keys}}]`, `{"a":1}\n{${keys}}\n`]) {
      expect(await answer(content)).toMatch(/^422 (?:too_many_columns|file_too_large_inside)$/);
    }
  });

  it('of one endless text', async () => {
    const text = (start: string): Iterable<string> => pieces(start, 'x'.repeat(1 << 16), 40_000_000);
    expect((await uploadGenerated(user, text('[{"a":"'))).code).toBe('file_too_large_inside');
    expect((await uploadGenerated(user, text('{"a":1}\n{"a":"'))).code).toBe('file_too_large_inside');
  });
});

function* pieces(start: string, piece: string, length: number): Generator<string> {
  yield start;
  for (let sent = 0; sent < length; sent += piece.length) yield piece;
}

describe('CSV', () => {
  it('of one endless line', async () => {
    const line = (piece: string, length: number): Iterable<string> => pieces('a,b\n1,', piece.repeat(1 << 12), length);
    expect(await uploadGenerated(user, line('x'.repeat(16), 200_000_000))).toMatchObject({ code: 'csv_malformed' });
    expect(await uploadGenerated(user, line('1,2,3,4,5,6,7,8,', 20_000_000))).toMatchObject({ status: 422 });
    expect(await uploadGenerated(user, line('"a""b",', 20_000_000))).toMatchObject({ status: 422 });
  });

  it('of ten thousand columns', async () => {
    const row = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',');
    expect(await answer(`${row}\n${row}\n`)).toBe('422 too_many_columns');
  });

  it('with formulas: they are text, and come out as they went in', async () => {
    const cells = ["=cmd|' /C calc'!A0", '+1+1', '@SUM(A1)', '-2+3', '=HYPERLINK("http://x")'];
    const { preview, columns } = await user.ok<{
      preview: { values: Record<string, unknown> }[];
      columns: { type: string }[];
    }>('POST', '/api/v1/datasets', fileForm(JSON.stringify(cells.map((f) => ({ f, n: 1 })))));
    expect(columns[0]?.type).toBe('text');
    expect(preview.map(({ values }) => values['f'])).toEqual(cells);
  });

  it('of broken text: half characters, mixed encodings, half of UTF-16, an escape for NUL', async () => {
    const files = [
      Buffer.concat([Buffer.from('a,b\nx,'), Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x80, 0x0a])]),
      Buffer.concat([Buffer.from('\ufeffa,b\n1,2\n'), Buffer.from('é,ü\n', 'latin1')]),
      Buffer.from('\ufeffa,b\n\ud800x,2\n', 'utf16le').subarray(0, 21),
      Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x2c, 0x00, 0x00, 0xd8, 0x0a, 0x00, 0x31, 0x00]),
      Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0x2c, 0, 0, 0, 0x62, 0, 0x0a, 0, 0, 0, 0x31, 0, 0x2c, 0, 0x32, 0]),
    ];
    for (const file of files) expect(await answer(file)).toMatch(/^201 kept|^422 /);
    expect(await answer(String.raw`[{"a\u0000":"\u0000\ud800","b":"\udc00"}]`)).toBe('201 kept');
  });
});

describe('Parquet', () => {
  const whole = (): Buffer =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', data: Array.from({ length: 20_000 }, (_, i) => i), type: 'INT32' },
          { name: 'name', data: Array.from({ length: 20_000 }, (_, i) => `name ${i}`), type: 'STRING' },
        ],
        rowGroupSize: 20_000,
      }),
    );

  it('that says it has more rows than it has', async () => {
    // 20,000 as a zigzag varint, and 1,048,575 in the same three bytes.
    const [has, says] = [Buffer.from([0xc0, 0xb8, 0x02]), Buffer.from([0xfe, 0xff, 0x7f])];
    const places: number[] = [];
    const file = whole();
    for (let at = file.length - 1; (at = file.lastIndexOf(has, at - 1)) > 0;) places.push(at);
    expect(places.length).toBeGreaterThan(1);
    for (const changed of [places, places.slice(0, 1), places.slice(1)]) {
      const lying = whole();
      for (const at of changed) says.copy(lying, at);
      expect(await answer(lying)).toBe('422 parquet_malformed');
    }
  });

  it('whose footer is longer than the file, or nowhere', async () => {
    for (const length of [0xffff_fff0, 0x7fff_ffff, 0, 12]) {
      const lying = whole();
      lying.writeUInt32LE(length, lying.length - 8);
      expect(await answer(lying)).toBe('422 parquet_malformed');
    }
    expect(await answer('PAR1\0\0PAR1')).toBe('422 parquet_malformed');
  });
});

it('bytes changed anywhere never bring the server down', async () => {
  const files: Buffer[] = [
    workbook([{ name: 'S', rows: Array.from({ length: 200 }, (_, i) => [`row ${i}`, i, i / 7]) }]),
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'n', data: Array.from({ length: 500 }, (_, i) => i), type: 'INT32' },
          { name: 't', data: Array.from({ length: 500 }, (_, i) => `text ${i % 9}`), type: 'STRING' },
        ],
      }),
    ),
    Buffer.from(JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ i, t: `é ${i}`, o: { x: [i] } })))),
  ];
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (const file of files) {
    for (let round = 0; round < 12; round++) {
      const changed = Buffer.from(file);
      for (let n = 0; n < 1 + random(6); n++) changed[random(changed.length)] = random(256);
      expect(await answer(changed)).toMatch(/^201 kept|^422 /);
    }
  }
});
