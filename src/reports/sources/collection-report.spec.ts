import { expect, it } from '@jest/globals';
import { collectionReport, type ReadDocument } from './collection-report.js';
import type { Dictionary } from '../../text/words.js';
import type { Material } from './material.js';

const document = (id: string, contents: readonly string[], more: Partial<ReadDocument> = {}): ReadDocument => ({
  id,
  title: `Paper ${id}`,
  format: 'markdown',
  pages: null,
  passages: contents.length,
  read: contents.map((content, at) => ({ n: at + 1, page: null, heading: ['Part'], content })),
  ...more,
});

const HARBOUR = [
  '# Crane\n\nThe harbour crane broke in March 2021 under a load of 41 tonnes. It was repaired in May for 12,500 euros.',
  'Ships waited outside the harbour for up to nine days. The harbour lost eleven ships to the port of Aa.',
];
const MARKET = ['The market sold 3,000 fish a day. Most fish came by ship through the harbour in the north.'];

const reportOf = (
  documents: readonly ReadDocument[],
  more: { all?: number; sections?: number; dictionary?: Dictionary } = {},
): Promise<Material> =>
  collectionReport(
    { name: 'Papers', description: null },
    documents,
    more.all ?? documents.length,
    more.dictionary ?? (() => Promise.resolve(new Map())),
    { rows: 3, sections: more.sections ?? 10 },
    () => Promise.resolve(),
  );

it('quotes literally, each with its place, of every document', async () => {
  const { sections, summary, grounded } = await reportOf([document('a', HARBOUR), document('b', MARKET)]);
  expect(sections.map(({ heading }) => heading)).toEqual(['Paper a', 'Paper b', 'Terms']);
  const quotes = sections.flatMap((section) => section.quotes);
  expect(quotes.length).toBeGreaterThanOrEqual(4);
  for (const { documentId, n, text } of quotes) expect((documentId === 'a' ? HARBOUR : MARKET)[n - 1]).toContain(text);
  expect(quotes.map(({ text }) => text)).not.toContain('Crane');
  for (const line of summary) expect(line).toMatch(/^“.+” \(Paper [ab]\)$/);
  expect(new Set(summary.slice(0, 2).map((line) => line.at(-2)))).toEqual(new Set(['a', 'b']));
  expect(grounded.supported).toBe(grounded.numbers);
});

it('counts in how many passages a word is, in whatever form', async () => {
  const { sections } = await reportOf([document('a', HARBOUR), document('b', MARKET)]);
  const table = sections.at(-1)?.table;
  expect(table?.rows).toContainEqual(['harbour', '3']);
  expect(table?.rows.find(([term]) => term?.startsWith('ship'))?.[1]).toBe('2');
});

it('counts no words that only build sentences, by the language of the document', async () => {
  const stopWords = new Set(['einem', 'einer', 'alle']);
  // As the server's dictionaries: stop words have no stem.
  const dictionary: Dictionary = (language, words) =>
    Promise.resolve(
      new Map(words.flatMap((word) => (language === 'german' && !stopWords.has(word) ? [[word, word] as const] : []))),
    );
  const passages = [
    'Der Kran im Hafen ist mit einem Schiff zusammengestoßen, und das war nicht gut.',
    'Der Hafen hat sich von einem Sturm nicht erholt, und die Schiffe sind auf See.',
    'Hafen: alle Schiffe an einem Kai.',
  ];
  const { sections } = await reportOf([document('a', passages)], { dictionary });
  const terms = sections.at(-1)?.table?.rows.map(([term]) => term);
  expect(terms).toEqual(['hafen', 'schiffe']);
});

it('says what it did not read', async () => {
  const { method, figures, sources } = await reportOf([document('a', HARBOUR, { passages: 90, pages: 12 })], {
    all: 4,
  });
  expect(method.join('\n')).toContain('The newest 1 of 4 documents were read.');
  expect(method.join('\n')).toContain('Of long documents the beginning was read: Paper a.');
  expect(figures).toContainEqual({ label: 'Pages', value: '12', note: null });
  expect(sources[0]?.details).toEqual([
    'markdown',
    '12 pages',
    '90 passages',
    expect.stringMatching(/^cited: passages? /),
  ]);
});
