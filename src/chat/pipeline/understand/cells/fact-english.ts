import { stemOf } from '../tokens.js';

/* Words of English questions about single facts. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));
const stems = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(stemOf));

/** Columns that answer "who", "when", "where", "how long", by the stems of their names; best first. */
export const WHO: readonly ReadonlySet<string>[] = [
  stems(
    'name player athlete driver winner champion artist author director person candidate contestant cyclist rider skater swimmer wrestler singer actor actress',
  ),
  stems(
    'opponent incumbent manager coach captain owner member judge president leader successor team club nation country',
  ),
];
export const WHEN: readonly ReadonlySet<string>[] = [stems('date'), stems('year season'), stems('month day time week')];
export const WHERE: readonly ReadonlySet<string>[] = [
  stems('location venue place site stadium circuit'),
  stems('city town country county province state hometown region arena'),
];
export const HOW_LONG: readonly ReadonlySet<string>[] = [
  stems('length duration time runtime'),
  stems('reign term day year'),
];

/** Columns where a small number is the better one. */
export const RANK_NAMES = stems('rank position pos place finish standing seed ranking peak # no');

/** Columns that number things: they are counted, not added up. */
export const ORDINAL_NAMES = set(
  'round week stage episode season issue volume number heat game match district ward year date chapter series no # id code rank position',
);

/** Words that say how a contest ended → the first letters of such cells. */
export const OUTCOMES: ReadonlyMap<string, RegExp> = new Map([
  ...[...set('win wins won winning victory victories')].map((word) => [word, /^w(in|on|ins)?\b/i] as const),
  ...[...set('loss losses lost lose losing defeat defeats defeated')].map(
    (word) => [word, /^l(oss|ost|osses)?\b/i] as const,
  ),
  ...[...set('draw draws drawn tie ties tied')].map((word) => [word, /^(d(raw|rawn)?|t(ie|ied)?)\b/i] as const),
  ...[...set('nominated nomination nominations')].map((word) => [word, /^nom(inated|ination)?\b/i] as const),
]);
export const OUTCOME_CELL = /^(w|l|d|t|n|win|loss|won|lost|draw|drawn|tie|tied|nom|nominated|nc)\b/i;

/** Rows that follow or precede: direction in the order of the table. */
export const AFTER_WORDS = set('after below following follows followed next succeeding succeeded underneath under');
export const BEFORE_WORDS = set('before above previous prior preceding precedes preceded preceeding preceeded');

export const FIRSTS = set('first earliest');
export const LASTS = set('last latest final');

/** Words that a question about facts may hold without any being accounted for. */
export const FREE_WORDS: ReadonlySet<string> = set(`
  a an the this that these those there here it its they them their he she his her him we our you your i me my
  is are was were be been being am do does did done has have had having can could will would shall should may might must
  of in on at to from for by with within into onto over under about as between among amongst during per via upon out off up down
  and or but nor so than then also both either neither not no only just even still yet too very
  what which who whom whose when where why how whats name names named tell give list show find me please know
  all any some each every other another others else such same own total overall altogether combined many much number numbers amount
  times time one ones two three four five listed list table chart according row rows shown mentioned recorded given following data
  if because like take took place occur occurred happen happened held hold get got receive received score scored earn earned
  win won wins winning play played come came comes finish finished make made makes become became go went gone serve served
  there's that's what's who's whos let us ever ago along exactly least most more less fewer greater higher lower larger smaller
  wins loss losses lost lose losing games game people person been used using use appear appears appeared appearing different various unique distinct total
`);

/** A comparison of two things: which way the winner lies. */
export const COMPARATIVES: ReadonlyMap<string, 'asc' | 'desc'> = new Map([
  ...[
    ...set(
      'more higher greater larger bigger longer most highest largest greatest longest bigger later better best last older taller',
    ),
  ].map((word) => [word, 'desc'] as const),
  ...[...set('less lower fewer smaller shorter least lowest smallest shortest fewest earlier first worst younger')].map(
    (word) => [word, 'asc'] as const,
  ),
]);
