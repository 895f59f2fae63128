import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { counted as countedWords, plural } from '../../chat/pipeline/words/language.js';
import { formatNumber, WHOLE } from '../../chat/pipeline/words/numbers.js';
import { sentencesOf } from '../../memory/summaries/sentences.js';
import { chosen, counted } from '../../memory/summaries/sum-basic.js';
import { type Dictionary, englishStem, type Read, read, stemsOf } from '../../text/words.js';
import type { KeyFigure, ReportOptions, ReportQuote, ReportSection, ReportSource } from '../report.js';
import type { Material, OnProgress } from './material.js';
import { Tally } from './tally.js';

/** A document as far as it was read for the report. */
export interface ReadDocument {
  readonly id: string;
  readonly title: string;
  readonly format: string | null;
  readonly pages: number | null;
  /** Passages that it has, of which the first were read. */
  readonly passages: number;
  readonly read: readonly {
    readonly n: number;
    readonly page: number | null;
    readonly heading: readonly string[];
    readonly content: string;
  }[];
}

const MOST_SUMMARY = 5;
const MOST_OF_DOCUMENT = 3;
const MOST_CHOSEN = 150;
/** Read for the choice; the work grows with both. */
const MOST_SENTENCES = 2_000;
/** Passages between two turns of the event loop. */
const BATCH = 25;
const FEWEST_WORDS = 6;
const MOST_WORDS = 20_000;
const SHORTEST_TERM = 4;

interface Sentence {
  readonly document: number;
  readonly quote: ReportQuote;
  readonly passage: string;
}

/**
 * What documents are about, in their own words: the sentences that say most (SumBasic over all of them), each literally and
 * with its place, and the words that occur in most passages.
 * @param all documents of the collection, of which these were read
 */
export async function collectionReport(
  { name, description }: { readonly name: string; readonly description: string | null },
  documents: readonly ReadDocument[],
  all: number,
  dictionary: Dictionary,
  { rows, sections: most }: ReportOptions,
  onProgress: OnProgress,
): Promise<Material> {
  const tally = new Tally();
  await onProgress(0.3, 'Reading the passages');
  const sentences = await sentencesOfAll(documents);
  const texts: Read[] = [];
  for (const [at, { quote }] of sentences.entries()) {
    texts.push(read(quote.text));
    if (at % (4 * BATCH) === 0) await turnOfTheLoop();
  }
  const stems = await stemsOf(texts, dictionary);
  await onProgress(0.6, 'Choosing what says most');
  const words = counted({ all: 0, of: {} }, stems);
  const best = chosen(stems, words, MOST_CHOSEN, () => true).flatMap((place) => sentences[place] ?? []);
  const quotes = [...new Map(best.map((each) => [each.quote.text, each])).values()];
  for (const { quote, passage } of quotes) tally.check(quote.text, [passage]);
  const terms = await termsOf(documents, dictionary);
  const sections = documents.slice(0, most).flatMap((document, at): ReportSection[] => {
    const own = quotes.filter((each) => each.document === at).slice(0, MOST_OF_DOCUMENT);
    const inOrder = own.map(({ quote }) => quote).toSorted((a, b) => a.n - b.n);
    return own.length === 0 ? [] : [{ heading: document.title, text: '', chart: null, table: null, quotes: inOrder }];
  });
  const figures = figuresOf(documents, all);
  for (const { value } of figures) tally.check(value, [Number(value.replaceAll(',', ''))]);
  const cited = new Set([
    ...sections.flatMap((section) => section.quotes),
    ...quotes.slice(0, MOST_SUMMARY).map(({ quote }) => quote),
  ]);
  return {
    title: name,
    scope: description ?? `${formatNumber(all, WHOLE)} ${all === 1 ? 'document' : 'documents'}`,
    summary: summaryOf(quotes),
    figures,
    sections: [...sections, ...(terms.length < 2 ? [] : [termSection(terms, rows)])],
    sources: documents.map((document) => sourceOf(document, [...cited])),
    method: methodOf(documents, all),
    grounded: tally.grounded,
  };
}

/** Of each document its share. */
async function sentencesOfAll(documents: readonly ReadDocument[]): Promise<Sentence[]> {
  const share = Math.ceil(MOST_SENTENCES / documents.length);
  const all: Sentence[] = [];
  for (const [at, document] of documents.entries()) {
    const own = sentencesIn(document, at);
    const whole = own.filter(({ quote }) => isWhole(quote.text));
    all.push(...(whole.length >= MOST_OF_DOCUMENT ? whole : own).slice(0, share));
    await turnOfTheLoop();
  }
  return all;
}

/** Headings, labels and the like are short, or end without a stop. */
const isWhole = (text: string): boolean =>
  /[.!?。！？][\p{Pe}\p{Pf}"']*$/u.test(text) && text.split(/\s+/).length >= FEWEST_WORDS;

const sentencesIn = ({ id, title, read: passages }: ReadDocument, document: number): Sentence[] =>
  passages.flatMap(({ n, page, heading, content }) =>
    sentencesOf(content).flatMap((text) =>
      // What was taken out of its line or cut is a quote only where it stands in the passage as it is.
      content.includes(text)
        ? [
            {
              document,
              passage: content,
              quote: { text, documentId: id, title, heading: heading.at(-1) ?? null, page, n },
            },
          ]
        : [],
    ),
  );

/** The best, of several documents before a second one of the same. */
function summaryOf(quotes: readonly Sentence[]): string[] {
  const seen = new Set<number>();
  const firsts = quotes.filter(({ document }) => !seen.has(document) && seen.add(document));
  const taken = [...firsts, ...quotes.filter((quote) => !firsts.includes(quote))].slice(0, MOST_SUMMARY);
  return taken.map(
    ({ quote }) =>
      `“${quote.text.replaceAll('*', '')}” (${quote.title}${quote.page === null ? '' : `, page ${quote.page}`})`,
  );
}

interface Term {
  readonly word: string;
  readonly passages: number;
}

/** Words by how many passages they are in; of the forms of a word the commonest stands for all. */
async function termsOf(documents: readonly ReadDocument[], dictionary: Dictionary): Promise<Term[]> {
  const found = new Map<string, { passages: number; forms: Map<string, number> }>();
  for (const document of documents) {
    for (const { words, stemOf } of await wordsOf(document, dictionary)) {
      const here = new Set<string>();
      for (const word of words) {
        const key = stemOf(word);
        if (key === undefined || word.length < SHORTEST_TERM || /\d/.test(word)) continue;
        let term = found.get(key);
        if (term === undefined) {
          if (found.size >= MOST_WORDS) continue;
          found.set(key, (term = { passages: 0, forms: new Map() }));
        }
        term.forms.set(word, (term.forms.get(word) ?? 0) + 1);
        if (!here.has(key)) term.passages++;
        here.add(key);
      }
    }
  }
  return [...found.values()]
    .filter(({ passages }) => passages > 1)
    .map(({ passages, forms }) => ({ passages, word: [...forms].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '' }))
    .sort((a, b) => b.passages - a.passages || (a.word < b.word ? -1 : 1));
}

/** The words of each passage. The language is the document's: a short passage does not tell. Words that only build sentences have no stem. */
async function wordsOf(
  { read: passages }: ReadDocument,
  dictionary: Dictionary,
): Promise<{ words: readonly string[]; stemOf: (word: string) => string | undefined }[]> {
  const texts: Read[] = [];
  for (const [at, { content }] of passages.entries()) {
    texts.push(read(content));
    if (at % BATCH === 0) await turnOfTheLoop();
  }
  const languages = new Map<string, number>();
  for (const { language } of texts) languages.set(language, (languages.get(language) ?? 0) + 1);
  const [[language] = ['english']] = [...languages].toSorted(([, a], [, b]) => b - a);
  if (language === 'english') return texts.map(({ words }) => ({ words, stemOf: englishStem }));
  const stems = await dictionary(language, [...new Set(texts.flatMap(({ words }) => words))]);
  return texts.map(({ words }) => ({ words, stemOf: (word) => stems.get(word) }));
}

const termSection = (terms: readonly Term[], rows: number): ReportSection => ({
  heading: 'Terms',
  text: 'The words that occur in most passages, without those that only build sentences.',
  chart: null,
  table: {
    columns: [
      { label: 'Term', isNumber: false },
      { label: 'Passages', isNumber: true },
    ],
    rows: terms.slice(0, rows).map(({ word, passages }) => [word, formatNumber(passages, WHOLE)]),
    of: terms.length,
    hiddenColumns: 0,
  },
  quotes: [],
});

function figuresOf(documents: readonly ReadDocument[], all: number): KeyFigure[] {
  const passages = documents.reduce((sum, document) => sum + document.passages, 0);
  const paged = documents.filter(({ pages }) => pages !== null);
  const pages = paged.reduce((sum, document) => sum + (document.pages ?? 0), 0);
  const figure = (label: string, count: number): KeyFigure => ({
    label,
    value: formatNumber(count, WHOLE),
    note: null,
  });
  return [
    figure('Documents', all),
    figure('Passages', passages),
    ...(paged.length === 0 ? [] : [figure('Pages', pages)]),
  ];
}

function sourceOf({ id, title, format, pages, passages }: ReadDocument, cited: readonly ReportQuote[]): ReportSource {
  const used = [...new Set(cited.filter(({ documentId }) => documentId === id).map(({ n }) => n))].sort(
    (a, b) => a - b,
  );
  return {
    title,
    details: [
      ...(format === null ? [] : [format]),
      ...(pages === null ? [] : [countedWords(pages, 'page', formatNumber(pages, WHOLE))]),
      countedWords(passages, 'passage', formatNumber(passages, WHOLE)),
      ...(used.length === 0 ? [] : [`cited: ${used.length === 1 ? 'passage' : plural('passage')} ${used.join(', ')}`]),
    ],
  };
}

function methodOf(documents: readonly ReadDocument[], all: number): string[] {
  const partly = documents.filter((document) => document.read.length < document.passages);
  return [
    'Every sentence is a literal quote; nothing was reworded. Which sentences say most was found by SumBasic (Nenkova and Vanderwende): the mean probability of their words, a word counting less once it was said.',
    ...(documents.length < all ? [`The newest ${documents.length} of ${all} documents were read.`] : []),
    ...(partly.length === 0
      ? []
      : [`Of long documents the beginning was read: ${partly.map(({ title }) => title).join('; ')}.`]),
  ];
}
