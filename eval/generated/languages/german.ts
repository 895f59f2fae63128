import { GERMAN_PHRASES } from './german-phrases.js';
import { GERMAN_WORDS } from './german-words.js';
import type { Said, Wording } from './wording.js';

const GENDERS = 'mfnp';
/** By gender: masculine, feminine, neuter, plural; what an adjective behind it ends in. */
const CASES: Readonly<Record<string, readonly [article: string, ending: string][]>> = {
  der: [
    ['der', 'e'],
    ['die', 'e'],
    ['das', 'e'],
    ['die', 'en'],
  ],
  den: [
    ['den', 'en'],
    ['die', 'e'],
    ['das', 'e'],
    ['die', 'en'],
  ],
  dem: [
    ['dem', 'en'],
    ['der', 'en'],
    ['dem', 'en'],
    ['den', 'en'],
  ],
  des: [
    ['des', 'en'],
    ['der', 'en'],
    ['des', 'en'],
    ['der', 'en'],
  ],
  einem: [
    ['einem', 'en'],
    ['einer', 'en'],
    ['einem', 'en'],
    ['', 'en'],
  ],
  einen: [
    ['einen', 'en'],
    ['eine', 'e'],
    ['ein', 'es'],
    ['', 'e'],
  ],
  jeder: [
    ['jeder', 'e'],
    ['jede', 'e'],
    ['jedes', 'e'],
    ['alle', 'en'],
  ],
  jeden: [
    ['jeden', 'en'],
    ['jede', 'e'],
    ['jedes', 'e'],
    ['alle', 'en'],
  ],
  welcher: [
    ['welcher', 'e'],
    ['welche', 'e'],
    ['welches', 'e'],
    ['welche', 'en'],
  ],
  welchen: [
    ['welchen', 'en'],
    ['welche', 'e'],
    ['welches', 'e'],
    ['welche', 'en'],
  ],
  welchem: [
    ['welchem', 'en'],
    ['welcher', 'en'],
    ['welchem', 'en'],
    ['welchen', 'en'],
  ],
  '': [
    ['', 'er'],
    ['', 'e'],
    ['', 'es'],
    ['', 'e'],
  ],
};

const ADJECTIVES: Readonly<Record<string, string>> = {
  total: 'gesamt',
  average: 'durchschnittlich',
  mean: 'mittler',
  minimum: 'minimal',
  lowest: 'niedrigst',
  smallest: 'kleinst',
  maximum: 'maximal',
  highest: 'höchst',
  largest: 'größt',
};

/** `Bestellwert` → `Gesamtbestellwert`, for single nouns. */
const compounds = (text: string): boolean => /^\p{Lu}\p{Ll}{3,}$/u.test(text);

function form(slot: string, form: string, { text, gender, aggregate }: Said): string {
  if (slot === 'n') return written(text);
  if (slot === 't') return text.split('-').toReversed().join('.');
  if (slot === 'u') return MONTHS[ENGLISH_MONTHS.indexOf(text)] ?? text;
  if (!'msdlo'.includes(slot)) return text;
  const at = Math.max(0, GENDERS.indexOf(gender));
  const [article, ending] = CASES[form]?.[at] ?? ['', 'e'];
  const words = aggregate
    .split(' ')
    .filter((word) => word !== 'of' && word !== 'sum' && word !== 'overall' && word !== '');
  if (/^sum|overall/.test(aggregate) && !words.includes('total')) words.push('total');
  const genitive = form === 'des' && (at === 0 || at === 2) && compounds(text) && !/[sxzß]$/.test(text) ? 's' : '';
  if (words.includes('median')) {
    const [median] = CASES[form]?.[0] ?? [''];
    return `${median} ${form === 'des' ? 'Medians' : 'Median'} von ${text}`.trim();
  }
  let name = text + genitive;
  const adjectives: string[] = [];
  for (const word of words) {
    if ((word === 'total' || (word === 'average' && text.length % 2 === 0)) && compounds(text)) {
      name = (word === 'total' ? 'Gesamt' : 'Durchschnitts') + name.charAt(0).toLowerCase() + name.slice(1);
    } else adjectives.push(`${ADJECTIVES[word] ?? word}${ending}`);
  }
  return [article, ...adjectives, name].filter(Boolean).join(' ');
}

/** `12345.6` → `12.345,6`. */
function written(number: string): string {
  const [whole = '', decimals] = number.split('.');
  const grouped = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, '.') : whole;
  return decimals === undefined ? grouped : `${grouped},${decimals}`;
}

const ENGLISH_MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const MONTHS = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ');

export const GERMAN: Wording = { words: GERMAN_WORDS, phrases: GERMAN_PHRASES, form };
