import { Transform, type Readable } from 'node:stream';
import sax from 'sax';
import { type Entry, open, type ZipFile } from 'yauzl';
import { Problem } from '../../../common/problem.js';
import { tooLargeInside } from '../records.js';

/** Parts of a workbook: sheets, pictures, settings. An archive with more of them is no workbook. */
const MAX_ENTRIES = 20_000;
/** What one part may unpack to: a sheet of a million rows and fifty columns has about 2 GB. */
const MAX_UNPACKED = 2 * 1024 ** 3;
/** Sheets unpack to some ten times their size. What is much more is made to fill a memory, once it is more than a little. */
const MAX_RATIO = 250;
const LITTLE = 64 * 1024 ** 2;

/** Called as the tags of an XML part go by; names come without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
  /** Waited for between pieces of the part. True: enough was read. */
  pause?(): Promise<boolean> | boolean;
}

/** A ZIP archive on disk, whose parts are unpacked as streams. `close` when done. */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws {422} xlsx_malformed */
  static async open(path: string): Promise<Archive> {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      open(path, { lazyEntries: true, autoClose: false }, (error, file) =>
        error === null ? resolve(file) : reject(damaged(error.message)),
      );
    });
    try {
      return new Archive(zip, await entriesOf(zip));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  close(): void {
    this.zip.close();
  }

  /**
   * Goes through a part as XML. No entity is ever defined: a document type ends the reading.
   * @throws {422} xlsx_malformed · file_too_large_inside
   */
  async xml(name: string, handler: XmlHandler): Promise<void> {
    const entry = this.entries.get(name.toLowerCase());
    if (entry === undefined) throw damaged(`it has no ${name}`);
    const parser = parserFor(handler);
    const stream = await this.stream(entry);
    try {
      for await (const text of stream.setEncoding('utf8') as AsyncIterable<string>) {
        parser.write(text);
        if ((await handler.pause?.()) === true) return;
      }
      parser.close();
    } catch (error) {
      throw asProblem(error);
    } finally {
      stream.destroy();
    }
  }

  private stream(entry: Entry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => {
        if (error !== null) {
          reject(damaged(error.message));
          return;
        }
        const bounded = boundedAt(Math.min(MAX_UNPACKED, Math.max(LITTLE, entry.compressedSize * MAX_RATIO)));
        stream.on('error', (broken) => bounded.destroy(damaged(broken.message)));
        bounded.on('close', () => stream.destroy());
        resolve(stream.pipe(bounded));
      });
    });
  }
}

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    if (zip.entryCount > MAX_ENTRIES) {
      reject(damaged('it has too many parts'));
      return;
    }
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName.toLowerCase(), entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error: Error) => reject(damaged(error.message)));
    zip.readEntry();
  });
}

/** Counts what really comes out, whatever the archive says of it. */
function boundedAt(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > most) done(tooLargeInside('A part of the workbook unpacks to more than a sheet has.'));
      else done(null, chunk);
    },
  });
}

function parserFor(handler: XmlHandler): sax.SAXParser {
  const parser = sax.parser(true, { trim: false, normalize: false });
  return Object.assign(parser, {
    onerror(error: Error) {
      throw damaged(error.message);
    },
    ondoctype() {
      throw damaged('it defines entities of its own');
    },
    onopentag({ name, attributes }: sax.Tag) {
      handler.open?.(bare(name), attributes);
    },
    onclosetag(name: string) {
      handler.close?.(bare(name));
    },
    ontext(text: string) {
      handler.text?.(text);
    },
    oncdata(text: string) {
      handler.text?.(text);
    },
  });
}

const bare = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};

export const damaged = (what: string): Problem =>
  new Problem(
    422,
    'xlsx_malformed',
    `The workbook cannot be read: ${(what.split('\n')[0] ?? '').slice(0, 200).toWellFormed()}. Save it again as .xlsx, or export the sheet as CSV.`,
  );

/** What an unpacker says of broken data has codes of its own. */
function asProblem(error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  return error instanceof Problem || !/^(?:Z_|ERR_)/.test(code) ? error : damaged((error as Error).message);
}
