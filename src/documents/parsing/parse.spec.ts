import { describe, expect, it } from '@jest/globals';
import { pdfFile, wordFile, wordParagraph, wordTable, zipFile } from '../../../test/support/document-files.js';
import { detect } from './detect.js';
import { PARSE_LIMITS, type Parsed, parseDocument } from './parse.js';
import { Unreadable } from './unreadable.js';

const parse = (bytes: Buffer, name = 'file', limits = PARSE_LIMITS): Promise<Parsed> =>
  parseDocument(bytes, detect(bytes, name), limits);
const textOf = (text: string, name?: string): Promise<Parsed> => parse(Buffer.from(text), name);
const quotes = ({ text, passages }: Parsed): string[] => passages.map(({ starts, ends }) => text.slice(starts, ends));
/** The code under which a file is refused. */
const refusal = async (bytes: Buffer, name = 'file', limits = PARSE_LIMITS): Promise<string> => {
  try {
    await parse(bytes, name, limits);
  } catch (error) {
    if (error instanceof Unreadable) return error.code;
    throw error;
  }
  return 'it was read';
};

const sentence = 'The committee agreed on a plan for the harbour that takes three years and needs new cranes. ';

describe('what a document is', () => {
  it('is told by its content, whatever its name', () => {
    expect(detect(pdfFile([[]]), 'notes.txt')).toBe('pdf');
    expect(detect(wordFile(wordParagraph('a')), 'a.pdf')).toBe('docx');
    expect(detect(Buffer.from('<!DOCTYPE html><p>Hello'), 'a.txt')).toBe('html');
    expect(detect(Buffer.from('# Title\n\n- one\n- two\n'), 'a')).toBe('markdown');
    expect(detect(Buffer.from('Only * a line # of text'), 'a')).toBe('text');
    expect(detect(Buffer.from('Only a line'), 'a.md')).toBe('markdown');
    expect(detect(Buffer.from('%'), 'a.pdf')).toBe('text');
  });

  it('is refused with what to do about it', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('file_empty');
    expect(await refusal(Buffer.from(' \n '))).toBe('file_empty');
    expect(await refusal(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'a.pdf')).toBe('unsupported_type');
    expect(await refusal(zipFile({ 'xl/workbook.xml': '<a/>' }), 'a.docx')).toBe('unsupported_type');
    expect(await refusal(Buffer.from('{\\rtf1 Hello}'))).toBe('unsupported_type');
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
    expect(await refusal(ole)).toBe('old_word');
    expect(await refusal(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]))).toBe('encrypted');
  });
});

describe('plain text', () => {
  it('has paragraphs between empty lines, and pages between form feeds', async () => {
    const { text, passages, pages } = await textOf('First  \r\nline\r\n \r\n\r\nSecond\fThird');
    expect([text, pages]).toEqual(['First\nline\n\nSecond\n\nThird', 2]);
    expect(passages).toHaveLength(1);
    expect(passages[0]).toMatchObject({ starts: 0, ends: text.length, page: 1, heading: [], tokens: 5 });
  });

  it('is read in its own encoding', async () => {
    expect((await parse(Buffer.from('Caf\xe9 au lait', 'latin1'))).text).toBe('Café au lait');
    expect((await parse(Buffer.from('\ufeffGrüße aus Köln', 'utf16le'))).text).toBe('Grüße aus Köln');
    expect((await textOf('zero\u0007bell and \u009bescape')).text).toBe('zerobell and escape');
  });

  it('that is too long is refused', async () => {
    expect(await refusal(Buffer.from(sentence.repeat(20)), 'a', { ...PARSE_LIMITS, characters: 1_000 })).toBe(
      'text_too_long',
    );
  });
});

describe('Markdown', () => {
  it('gives headings, lists, code and tables', async () => {
    const parsed = await textOf(
      `---\ntitle: "Harbour plan"\n---\n# Plan\n\n${sentence.repeat(3)}\n\n## Costs\n\n| Item | Price |\n|---|---|\n| Crane | 4 million |\n\n1. buy\n2. build\n\n\`\`\`\nlet a = 1;\n\`\`\`\n\n## Empty\n`,
      'plan.md',
    );
    expect(parsed.title).toBe('Harbour plan');
    expect(parsed.outline.map(({ level, title }) => [level, title])).toEqual([
      [1, 'Plan'],
      [2, 'Costs'],
      [2, 'Empty'],
    ]);
    expect(parsed.passages.map(({ heading }) => heading)).toEqual([['Plan'], ['Plan', 'Costs'], ['Plan', 'Empty']]);
    expect(quotes(parsed)[1]).toBe('Item | Price\nCrane | 4 million\n\n1. buy\n\n2. build\n\nlet a = 1;');
    expect(quotes(parsed)[2]).toBe('Empty');
  });
});

it('titles and headings that are cut keep whole characters', async () => {
  const { title, passages, outline } = await textOf(`# ${'🚢'.repeat(400)}a\n\nText.`, 'a.md');
  expect([title, ...(passages[0]?.heading ?? []), outline[0]?.title].every((text) => text?.isWellFormed())).toBe(true);
  const odd = await textOf(`# a${'🚢'.repeat(400)}\n\nText.`, 'a.md');
  expect([odd.title, ...(odd.passages[0]?.heading ?? [])].every((text) => text?.isWellFormed())).toBe(true);
});

describe('HTML', () => {
  it('gives what is read, and not what works behind it', async () => {
    const parsed = await textOf(
      '<html><head><title>A &amp; B</title><style>p{}</style></head><body><nav>Menu</nav><script>alert(1)</script>' +
        '<h1>One</h1><p>Some <b>bold</b>\n text<br>next line</p><div>Loose<p>inner</p>tail</div><p hidden>secret</p></body></html>',
    );
    expect(parsed.title).toBe('A & B');
    expect(parsed.text).toBe('One\n\nSome bold text\nnext line\n\nLoose\n\ninner\n\ntail');
  });

  it('is read in the encoding that it names', async () => {
    const page = Buffer.from('<html><meta charset="iso-8859-2"><p>\xb3\xf3d\xbc', 'latin1');
    expect((await parse(page)).text).toBe('łódź');
  });

  it('of any depth does no harm', async () => {
    expect(await refusal(Buffer.from(`<!doctype html>${'<div>'.repeat(3_000)}deep`))).toBe('too_complex');
    expect(await refusal(Buffer.from('<!doctype html><script>x</script>'))).toBe('no_text');
  });
});

describe('Word files', () => {
  it('give headings, paragraphs and tables', async () => {
    const parsed = await parse(
      wordFile(
        wordParagraph('Report', 'Heading1') +
          wordParagraph(sentence.repeat(3)) +
          wordParagraph('Prices', 'Heading2') +
          wordTable([
            ['Item', 'Price'],
            ['Crane', '4 million'],
          ]),
      ),
    );
    expect(parsed.title).toBe('Report');
    expect(parsed.passages.map(({ heading }) => heading)).toEqual([['Report'], ['Report', 'Prices']]);
    expect(quotes(parsed)[1]).toBe('Item | Price\nCrane | 4 million');
  });

  it('that are damaged, locked or bombs are refused', async () => {
    const whole = wordFile(wordParagraph(sentence));
    expect(await refusal(whole.subarray(0, whole.length - 40))).toBe('damaged');
    expect(await refusal(wordFile('<w:p><w:broken'))).toBe('damaged');
    const flipped = Buffer.from(whole);
    flipped.fill(0xff, 60, 90);
    expect(await refusal(flipped)).toBe('damaged');
    const bomb = wordFile(wordParagraph('a'), { 'word/footnotes.xml': Buffer.alloc(3_000_000, 32) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(await refusal(bomb, 'a', { ...PARSE_LIMITS, unpackedBytes: 1_000_000 })).toBe('too_large_unpacked');
    expect(await refusal(wordFile(''))).toBe('no_text');
  });
});

describe('PDF', () => {
  const page = (number: number, ...lines: string[]): { text: string; y: number }[] => [
    { text: 'Harbour Authority', y: 760 },
    ...lines.map((text, at) => ({ text, y: 700 - 14 * at })),
    { text: `Page ${number} of 3`, y: 40 },
  ];

  it('gives paragraphs, headings by their size, and pages; not what every page repeats', async () => {
    const parsed = await parse(
      pdfFile([
        [{ text: 'Annual report', size: 24, y: 730 }, ...page(1, 'The harbour handles con-', 'tainers of all kinds.')],
        page(2, 'In 2021 the crane broke.'),
        page(3, 'It was repaired (at last).'),
      ]),
    );
    expect(parsed.pages).toBe(3);
    expect(parsed.text).not.toContain('Page');
    expect(parsed.text).toContain('The harbour handles containers of all kinds.');
    expect(parsed.outline).toMatchObject([{ title: 'Annual report', level: 1, page: 1 }]);
    expect(parsed.text).toContain('It was repaired (at last).');
  });

  it('that is damaged, locked, too long or without text is refused', async () => {
    expect(await refusal(Buffer.from('%PDF-1.4\nnothing that makes sense'))).toBe('damaged');
    expect(await refusal(pdfFile([[{ text: 'secret', y: 700 }]], { encrypted: true }))).toBe('encrypted');
    expect(await refusal(pdfFile([[], []]))).toBe('no_text');
    expect(await refusal(pdfFile([page(1), page(2)]), 'a', { ...PARSE_LIMITS, pages: 1 })).toBe('too_many_pages');
  });
});
