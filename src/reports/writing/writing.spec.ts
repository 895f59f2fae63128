import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { extractText, getDocumentProxy } from 'unpdf';
import { aReport, aSection } from '../../../test/support/report.js';
import { fontFiles, renderSvg } from '../../chat/charts/render.js';
import { filesOf } from './files.js';
import { isDrawable } from './pdf-chart.js';
import { htmlOf } from './html.js';
import { Pages } from './pdf-page.js';
import { markdownOf } from './markdown.js';
import { blocksOf } from './rich-text.js';
import { disposition, pagePolicy } from './send-file.js';

const HOSTILE = `<script>alert('x')</script> "q" & | *a* _b_ [c](/d) \`e\` # f`;

const table = (rows: number, more: object = {}) => ({
  columns: [
    { label: 'Port', isNumber: false },
    { label: 'Ships', isNumber: true },
  ],
  rows: [...Array(rows).keys()].map((at) => [`Port ${at}`, String(at)]),
  of: rows,
  hiddenColumns: 0,
  ...more,
});

const hostile = aReport({
  title: HOSTILE,
  scope: HOSTILE,
  summary: [HOSTILE],
  figures: [{ label: HOSTILE, value: HOSTILE, note: HOSTILE }],
  sections: [
    aSection({
      heading: HOSTILE,
      text: HOSTILE,
      table: { columns: [{ label: HOSTILE, isNumber: false }], rows: [[HOSTILE]], of: 9, hiddenColumns: 2 },
      quotes: [{ text: HOSTILE, title: HOSTILE, heading: HOSTILE, page: 3, documentId: 'd', n: 1 }],
    }),
  ],
  sources: [{ title: HOSTILE, details: [HOSTILE] }],
  method: [HOSTILE],
});

/** Names of the elements of a page, and its text. */
function elementsOf(html: string): { names: Set<string>; text: string } {
  const names = new Set<string>();
  let text = '';
  const visit = (node: Tree.Node): void => {
    if ('tagName' in node) names.add(node.tagName);
    if (node.nodeName === '#text' && 'value' in node) text += node.value;
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return { names, text };
}

describe('what comes from data', () => {
  it('never becomes markup of a page', () => {
    const { names, text } = elementsOf(htmlOf(hostile, new Map()));
    for (const name of ['script', 'a', 'em', 'code', 'img']) expect(names.has(name)).toBe(false);
    // Once in each place, as it is; the title and the quote's title twice.
    expect(text.split(HOSTILE).length - 1).toBeGreaterThanOrEqual(12);
  });

  it('never becomes markup of Markdown', () => {
    const written = markdownOf(hostile);
    const { names, text } = elementsOf(marked.parse(written, { async: false }));
    for (const name of ['script', 'a', 'code']) expect([name, names.has(name)]).toEqual([name, false]);
    expect(text.split(HOSTILE).length - 1).toBeGreaterThanOrEqual(11);
  });
});

describe('a page', () => {
  const page = htmlOf(
    aReport({
      sections: [aSection({ chart: { spec: {}, title: 'Ships', altText: 'Bars of "ships"' }, table: table(2) })],
    }),
    new Map([
      [
        0,
        {
          light:
            '<svg><defs><clipPath id="c"/></defs><g clip-path="url(#c)" style="x" onload="y"><text>id="c"</text></g></svg>',
          dark: '<svg><g id="c"/></svg>',
        },
      ],
    ]),
  );

  it('has its pictures in it, each with ids of its own, described for those who cannot see them', () => {
    expect(page).toContain('<clipPath id="l0-c"/>');
    expect(page).toContain('clip-path="url(#l0-c)"');
    expect(page).toContain('id="d0-c"');
    expect(page).toContain('<text>id="c"</text>');
    expect(page).toContain('role="img" aria-label="Bars of &quot;ships&quot;"');
    expect(page).not.toMatch(/style="|onload/);
  });

  it('has headings in order and tables with heads', () => {
    expect(page.match(/<h(\d)/g)).toEqual(['<h1', '<h2', '<h3']);
    expect(page).toContain('<th scope="col" class="n">Ships</th>');
    expect(page).toContain('<strong>340</strong>');
  });

  it('lets in no style but its own', () => {
    expect(pagePolicy(page)).toMatch(/style-src 'sha256-[\w+/]{43}='/);
    expect(pagePolicy(page)).not.toContain('unsafe');
    expect(pagePolicy(page)).not.toBe(pagePolicy(page.replace('--accent:#4F46E5', '--accent:#000000')));
  });

  it('shows the parts that its persona wants, in that order', () => {
    const { look } = aReport();
    const wanted = htmlOf(
      aReport({ method: ['By hand.'], summary: ['Many ships.'], look: { ...look, parts: ['method', 'summary'] } }),
      new Map(),
    );
    expect(wanted.match(/<h2 id="\w+"/g)).toEqual(['<h2 id="method"', '<h2 id="summary"']);
  });
});

it('Markdown tells how much of a table it shows', () => {
  const written = markdownOf(aReport({ sections: [aSection({ table: table(2, { of: 1200, hiddenColumns: 3 }) })] }));
  expect(written).toContain('| Port | Ships |\n| --- | ---: |\n| Port 0 | 0 |');
  expect(written).toContain('The first 2 of 1,200 rows. 3 more columns are not shown.');
});

it('reads paragraphs, lists and bold', () => {
  expect(blocksOf('One **two**.\nThree.\n\n- a\n- **b**\n1. c')).toEqual([
    {
      kind: 'paragraph',
      spans: [
        { text: 'One ', isBold: false },
        { text: 'two', isBold: true },
        { text: '. Three.', isBold: false },
      ],
    },
    { kind: 'list', isNumbered: false, items: [[{ text: 'a', isBold: false }], [{ text: 'b', isBold: true }]] },
    { kind: 'list', isNumbered: true, items: [[{ text: 'c', isBold: false }]] },
  ]);
});

it('names files for old clients and new ones', () => {
  const named = disposition('inline', 'Größe/"x".pdf');
  expect(named).toBe(`inline; filename="Groe x .pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20x%20.pdf`);
});

describe('a PDF', () => {
  const pagesOf = async (report: Parameters<typeof filesOf>[0]): Promise<{ pages: string[]; outline: string[] }> => {
    const { pdf } = await filesOf(report);
    const document = await getDocumentProxy(Uint8Array.from(pdf));
    const { text } = await extractText(document, { mergePages: false });
    const outline = (await document.getOutline()) as { title: string; items: { title: string }[] }[];
    return { pages: text, outline: outline.flatMap(({ title, items }) => [title, ...items.map((item) => item.title)]) };
  };

  it('breaks long tables over pages, each of which begins with the head, and numbers its pages', async () => {
    const report = aReport({ sections: [aSection({ table: table(100) })], method: ['By hand.'] });
    const { pages, outline } = await pagesOf(report);
    expect(pages.length).toBeGreaterThan(2);
    for (const [at, text] of pages.entries()) {
      expect(text).toContain(`Page ${at + 1} of ${pages.length}`);
      if (/Port \d/.test(text)) expect(text).toMatch(/Port\s+Ships/);
    }
    for (let row = 0; row < 100; row++)
      expect(pages.filter((text) => new RegExp(`Port ${row}\\b`).test(text))).toHaveLength(1);
    expect(outline).toEqual(['Findings', 'Ships by year', 'Method']);
  });

  it('pulls no point or comma under a digit, and gives all digits one width', () => {
    const [regular = '', bold = ''] = fontFiles();
    const pages = new Pages({ regular, bold }, '#4F46E5', { title: '', author: '', subject: '', at: new Date(0) });
    for (const isBold of [false, true]) {
      const width = (text: string): number => pages.write(10, isBold).widthOf(text);
      for (const sign of ['.', ',']) expect(width(`7${sign}5`)).toBeCloseTo(width('7') + width(sign) + width('5'), 6);
      expect(width('1')).toBeCloseTo(width('7'), 6);
    }
  });

  it('never ends a page with a heading', async () => {
    const sections = [...Array(40).keys()].map((at) =>
      aSection({ heading: `Heading ${at}`, text: `Body ${at} of it.` }),
    );
    const { pages } = await pagesOf(aReport({ sections }));
    expect(pages.length).toBeGreaterThan(1);
    for (const text of pages)
      for (const [, at] of text.matchAll(/Heading (\d+)/g)) expect(text).toContain(`Body ${at} of it.`);
  });

  it('has letters of many languages, and the charts', async () => {
    const spec = {
      data: { values: [{ port: 'Αθήνα', ships: 3 }] },
      mark: 'bar',
      encoding: { x: { field: 'port', type: 'nominal' }, y: { field: 'ships', type: 'quantitative' } },
    };
    const words = 'Größe, Αθήνα, Київ, Łódź, Çeşme';
    const chart = { spec, title: 'Ships', altText: 'Bars' };
    const report = aReport({ title: words, sections: [aSection({ chart })] });
    expect((await pagesOf(report)).pages.join(' ')).toContain(words);
    const { pdf, html } = await filesOf(report);
    expect((await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: true })).text).toContain(
      'ships',
    );
    expect(Buffer.from(html).toString('utf8').match(/<svg/g)).toHaveLength(2);
  });
});

describe('a chart on paper', () => {
  const values = ['Aa', 'Bb', 'Cc'].flatMap((port, at) => [1, 2].map((year) => ({ port, year, ships: at + year })));
  const y = { field: 'year', type: 'ordinal' };
  const bars = { mark: 'bar', encoding: { y, x: { field: 'ships', type: 'quantitative', title: 'Ships' } } };
  const tiles = {
    mark: 'rect',
    encoding: { y, x: { field: 'port', type: 'nominal' }, color: { field: 'ships', type: 'quantitative' } },
  };
  const pdfWith = async (spec: object): Promise<{ latin1: string; text: string }> => {
    const chart = { spec: { data: { values }, ...spec }, title: 'Ships', altText: 'Ships' };
    const { pdf } = await filesOf(aReport({ sections: [aSection({ chart })] }));
    const latin1 = Buffer.from(pdf).toString('latin1');
    return {
      latin1,
      text: (await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: true })).text,
    };
  };

  it('is lines and letters', async () => {
    const { latin1, text } = await pdfWith(bars);
    expect(latin1).not.toContain('/Subtype /Image');
    expect(text).toContain('Ships');
    expect(text).toMatch(/\byear\b/);
  });

  it('is pixels where it has shades', async () => {
    expect((await pdfWith(tiles)).latin1).toContain('/Subtype /Image');
  });

  it('is drawn only as far as all of it is understood', () => {
    expect(isDrawable('<svg><g transform="translate(1,2) rotate(-90)"><text>a &amp; b</text></g></svg>')).toBe(true);
    for (const svg of [
      '<svg><image/></svg>',
      '<svg><g transform="matrix(1,0,0,1,0,0)"/></svg>',
      '<svg><g>',
      '<svg><path style="x"/></svg>',
    ])
      expect([svg, isDrawable(svg)]).toEqual([svg, false]);
  });

  it('is the same in the dark, whether its colours are looked up or it is drawn again', async () => {
    const spec = { data: { values }, ...bars, background: '#ffffff', config: { mark: { color: '#4F46E5' } } };
    const chart = { spec, title: 'Ships', altText: 'Ships' };
    const { html } = await filesOf(aReport({ sections: [aSection({ chart })] }));
    const [, dark = ''] = /<div class="dark"[^>]*>(<svg[\s\S]*?<\/svg>)/.exec(Buffer.from(html).toString('utf8')) ?? [];
    const drawn = await renderSvg(spec, { theme: 'dark' });
    expect(
      dark
        .replaceAll('d0-', '')
        .replaceAll(/\sstyle="[^"]*"/g, '')
        .toLowerCase(),
    ).toBe(drawn.replaceAll(/\sstyle="[^"]*"/g, '').toLowerCase());
  });

  it('is pixels on a page, too, where it would be longer than the rest of the page', async () => {
    const cloud = [...Array(1_500).keys()].map((at) => ({ x: (at * 37) % 101, y: (at * 53) % 97 }));
    const encoding = {
      x: { field: 'x', type: 'quantitative' },
      y: { field: 'y', type: 'quantitative' },
    };
    const spec = { data: { values: cloud }, mark: 'point', encoding };
    const { html } = await filesOf(
      aReport({ sections: [aSection({ chart: { spec, title: 'XY', altText: 'A cloud' } })] }),
    );
    const page = Buffer.from(html).toString('utf8');
    expect(page.length).toBeLessThan(400_000);
    expect(page.match(/<img alt="" src="data:image\/png;base64,/g)).toHaveLength(2);
    expect(page).toContain('role="img" aria-label="A cloud"');
    expect(pagePolicy(page)).toContain('img-src data:;');
  });
});
