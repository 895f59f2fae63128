import type { Mark } from '../turn.js';

/* The English words that carry grammar. Another language is another module of this shape. */

export type TimeUnit = 'year' | 'quarter' | 'month' | 'week' | 'day';

const list = (words: string): readonly string[] => words.trim().split(/\s+/);
const set = (words: string): ReadonlySet<string> => new Set(list(words));

const ORDINALS = list('first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth');
const CARDINALS = list(
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
);
const TENS = list('thirty forty fifty sixty seventy eighty ninety');

interface NumberWord {
  readonly value: number;
  readonly ordinal: boolean;
}
const numbered = (
  words: readonly string[],
  ordinal: boolean,
  value: (index: number) => number,
): [string, NumberWord][] => words.map((word, index) => [word, { value: value(index), ordinal }]);

export const NUMBER_WORDS: ReadonlyMap<string, NumberWord> = new Map([
  ...numbered(['zero'], false, () => 0),
  ...numbered(CARDINALS, false, (index) => index + 1),
  ...numbered(TENS, false, (index) => (index + 3) * 10),
  ...numbered(ORDINALS, true, (index) => index + 1),
  ...numbered(['dozen'], false, () => 12),
]);

export const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['millions', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
]);

const MONTH_NAMES = list('january february march april may june july august september october november december');
/** Month number from 0. Full names and the usual three letters ("sept" too). */
export const MONTHS: ReadonlyMap<string, number> = new Map([
  ...MONTH_NAMES.map((name, index) => [name, index] as const),
  ...MONTH_NAMES.map((name, index) => [name.slice(0, 3), index] as const),
  ['sept', 8],
]);

export const TIME_UNITS: ReadonlyMap<string, TimeUnit> = new Map([
  ['year', 'year'],
  ['years', 'year'],
  ['quarter', 'quarter'],
  ['quarters', 'quarter'],
  ['month', 'month'],
  ['months', 'month'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['day', 'day'],
  ['days', 'day'],
]);

/** Words that never name a column or value by themselves and need no explanation. */
export const STOP_WORDS: ReadonlySet<string> = set(`
  a an the this that these those there here it its it's he she they them their his her him we us our my your you i me
  is are was were be been being am do does did done has have had having can could will would shall should may might must
  of in on at to for from by with without within into onto over under about as between among amongst during per via upon
  and or but nor so than then also both either neither not no only just even still yet too very
  what which who whom whose when where why how whats
  show me give tell list display find return get provide please kindly want know see draw plot visualize visualise create make
  present illustrate depict generate retrieve compute calculate represent let lets like take
  all any some each every other another such same own more most less least few many much
  there's that's what's who's one ones up out off if while because
  okay ok hi hello hey thanks thank well now hmm yes so oh great excellent alright good
  using use used based regarding concerning respect corresponding associated together along given named called titled
  data dataset table record records row rows information info details result results column columns attribute attributes field value values
  across around different various distinct unique following above below
  meant actually sorry wait rather nope really currently overall
  belong belongs belonging exist exists available come comes came going go goes went get gets got
  `);

export type AggregateWord = 'sum' | 'avg' | 'min' | 'max' | 'median' | 'stddev' | 'count';

/** One word that asks for an aggregate of the column after it. */
export const AGGREGATE_WORDS: ReadonlyMap<string, AggregateWord> = new Map([
  ['average', 'avg'],
  ['averages', 'avg'],
  ['averaged', 'avg'],
  ['avg', 'avg'],
  ['mean', 'avg'],
  ['total', 'sum'],
  ['totals', 'sum'],
  ['sum', 'sum'],
  ['summed', 'sum'],
  ['combined', 'sum'],
  ['cumulative', 'sum'],
  ['minimum', 'min'],
  ['min', 'min'],
  ['minimal', 'min'],
  ['maximum', 'max'],
  ['max', 'max'],
  ['maximal', 'max'],
  ['median', 'median'],
  ['count', 'count'],
  ['counts', 'count'],
  ['frequency', 'count'],
  ['quantity', 'count'],
]);

/** The same in several words. */
export const AGGREGATE_PHRASES: ReadonlyMap<string, AggregateWord> = new Map(
  ['standard deviation', 'standard deviations', 'std dev', 'std deviation', 'std', 'stdev', 'stddev', 'stdevs'].map(
    (phrase) => [phrase, 'stddev'],
  ),
);

/** Superlatives without a quality of their own: they take the column beside them. */
export const SUPERLATIVES: ReadonlyMap<string, 'asc' | 'desc'> = new Map([
  ...list('highest largest greatest biggest most maximum top best max strongest leading majority').map(
    (word) => [word, 'desc'] as const,
  ),
  ...list('lowest smallest least fewest minimum worst min weakest bottom minority').map(
    (word) => [word, 'asc'] as const,
  ),
]);

/**
 * Adjectives with a quality of their own: base form → the stems of columns that hold it, and which way "more of it" points.
 * `younger` and `youngest` are made from `young`.
 */
interface Quality {
  readonly base: string;
  readonly concepts: readonly string[];
  /** asc: more of the quality is a smaller value of the first-named concepts (young → small age). */
  readonly more: 'asc' | 'desc';
  /** Concepts where the direction is the other way (old: a large age, but an early birth date). */
  readonly inverse: readonly string[];
  readonly irregular?: readonly [comparative: string, superlative: string];
}

export const QUALITIES: readonly Quality[] = [
  {
    base: 'old',
    concepts: ['age'],
    more: 'desc',
    inverse: list('birth born dob founded established opened built year date'),
  },
  { base: 'young', concepts: ['age'], more: 'asc', inverse: list('birth born dob') },
  { base: 'new', concepts: list('founded established opened built year date release'), more: 'desc', inverse: ['age'] },
  { base: 'tall', concepts: list('height tall size'), more: 'desc', inverse: [] },
  { base: 'short', concepts: list('length height duration time expectancy'), more: 'asc', inverse: [] },
  { base: 'long', concepts: list('length duration time distance expectancy runtime'), more: 'desc', inverse: [] },
  { base: 'heavy', concepts: list('weight mass'), more: 'desc', inverse: [] },
  { base: 'light', concepts: list('weight mass'), more: 'asc', inverse: [] },
  { base: 'expensive', concepts: list('price cost fee rate charge'), more: 'desc', inverse: [] },
  { base: 'pricey', concepts: list('price cost fee'), more: 'desc', inverse: [] },
  { base: 'cheap', concepts: list('price cost fee rate'), more: 'asc', inverse: [] },
  {
    base: 'rich',
    concepts: list('worth wealth gdp gni earning income salary money revenue'),
    more: 'desc',
    inverse: [],
  },
  { base: 'poor', concepts: list('worth wealth gdp gni income earning salary'), more: 'asc', inverse: [] },
  { base: 'fast', concepts: list('speed pace'), more: 'desc', inverse: list('time duration') },
  { base: 'slow', concepts: list('speed pace'), more: 'asc', inverse: list('time duration') },
  { base: 'late', concepts: list('date year time day'), more: 'desc', inverse: [] },
  { base: 'early', concepts: list('date year time day'), more: 'asc', inverse: [] },
  { base: 'recent', concepts: list('date year time day'), more: 'desc', inverse: [] },
  { base: 'large', concepts: list('area size population surface capacity'), more: 'desc', inverse: [] },
  { base: 'big', concepts: list('area size population surface capacity'), more: 'desc', inverse: [] },
  { base: 'small', concepts: list('area size population surface capacity'), more: 'asc', inverse: [] },
  { base: 'populous', concepts: list('population inhabitants'), more: 'desc', inverse: [] },
  { base: 'populated', concepts: list('population inhabitants'), more: 'desc', inverse: [] },
  { base: 'high', concepts: list('elevation height altitude'), more: 'desc', inverse: [] },
  { base: 'low', concepts: list('elevation height altitude'), more: 'asc', inverse: [] },
  { base: 'deep', concepts: list('depth'), more: 'desc', inverse: [] },
  { base: 'wide', concepts: list('width'), more: 'desc', inverse: [] },
  { base: 'hot', concepts: list('temperature temp'), more: 'desc', inverse: [] },
  { base: 'warm', concepts: list('temperature temp'), more: 'desc', inverse: [] },
  { base: 'cold', concepts: list('temperature temp'), more: 'asc', inverse: [] },
  { base: 'wet', concepts: list('precipitation rain rainfall'), more: 'desc', inverse: [] },
  { base: 'rainy', concepts: list('precipitation rain rainfall'), more: 'desc', inverse: [] },
  { base: 'windy', concepts: list('wind gust'), more: 'desc', inverse: [] },
  { base: 'humid', concepts: ['humidity'], more: 'desc', inverse: [] },
  { base: 'dense', concepts: ['density'], more: 'desc', inverse: [] },
  { base: 'profitable', concepts: list('profit margin'), more: 'desc', inverse: [] },
  { base: 'costly', concepts: list('cost price fee'), more: 'desc', inverse: [] },
  { base: 'busy', concepts: list('passengers visitors calls orders traffic'), more: 'desc', inverse: [] },
  { base: 'noisy', concepts: ['noise'], more: 'desc', inverse: [] },
  { base: 'dry', concepts: list('precipitation rain rainfall'), more: 'asc', inverse: [] },
  { base: 'popular', concepts: list('popularity votes viewers attendance sales'), more: 'desc', inverse: [] },
  { base: 'close', concepts: list('distance'), more: 'asc', inverse: [] },
  { base: 'far', concepts: list('distance'), more: 'desc', inverse: [], irregular: ['farther', 'farthest'] },
  {
    base: 'good',
    concepts: list('score rating rank'),
    more: 'desc',
    inverse: list('rank position place'),
    irregular: ['better', 'best'],
  },
  {
    base: 'bad',
    concepts: list('score rating rank'),
    more: 'asc',
    inverse: list('rank position place'),
    irregular: ['worse', 'worst'],
  },
];

/** "more than", "under"… → comparison. Longest first when matched; the words are lower case, joined by spaces. */
export const COMPARISONS: ReadonlyMap<string, '>' | '>=' | '<' | '<=' | '=' | '!='> = new Map([
  ...'more than|greater than|higher than|larger than|bigger than|over|above|exceeding|exceeds|exceed|exceeded|in excess of|after|older than|longer than|later than|heavier than|taller than|upper|beyond|bigger|greater|higher|larger|surpasses|surpassing|>'
    .split('|')
    .map((words) => [words, '>'] as const),
  ...'less than|fewer than|lower than|smaller than|under|below|younger than|shorter than|earlier than|before|lighter than|cheaper than|prior to|lower|smaller|fewer|<'
    .split('|')
    .map((words) => [words, '<'] as const),
  ...'at least|no less than|not less than|no fewer than|minimum of|a minimum of|greater than or equal to|more than or equal to|higher than or equal to|not lower than|starting from|since|>=|=>|≥'
    .split('|')
    .map((words) => [words, '>='] as const),
  ...'at most|no more than|not more than|up to|maximum of|a maximum of|less than or equal to|lower than or equal to|smaller than or equal to|not exceeding|not over|within|not above|not higher than|<=|=<|≤'
    .split('|')
    .map((words) => [words, '<='] as const),
  ...'equal to|equals|exactly|is equal to|equal'.split('|').map((words) => [words, '='] as const),
  ...'not equal to|other than|different from|not|!=|<>|≠'.split('|').map((words) => [words, '!='] as const),
]);

/** After a number: "5 or more", "20 and older". */
export const COMPARISONS_AFTER: ReadonlyMap<string, '>=' | '<='> = new Map([
  ...'or more|or higher|or greater|or above|or over|or older|or larger|and above|and over|and older|and more|or later|or longer|plus'
    .split('|')
    .map((words) => [words, '>='] as const),
  ...'or less|or fewer|or lower|or below|or under|or younger|or smaller|and below|and under|and younger|or earlier|at most'
    .split('|')
    .map((words) => [words, '<='] as const),
]);

export const NEGATIONS: ReadonlySet<string> = set(
  'not non neither nor except excluding exclude without besides excludes other-than dont doesnt didnt isnt arent wasnt werent never',
);

export const CHART_WORDS: ReadonlyMap<string, Mark> = new Map([
  ['bar', 'bar'],
  ['bars', 'bar'],
  ['column', 'bar'],
  ['histogram', 'bar'],
  ['histograms', 'bar'],
  ['line', 'line'],
  ['pie', 'arc'],
  ['donut', 'arc'],
  ['doughnut', 'arc'],
  ['scatter', 'point'],
  ['scatterplot', 'point'],
  ['scattergram', 'point'],
  ['dot', 'point'],
  ['area', 'area'],
  ['box', 'boxplot'],
  ['boxplot', 'boxplot'],
  ['heat', 'rect'],
  ['heatmap', 'rect'],
]);
/** Chart words that mean a chart without "chart" or "plot" beside them. */
export const SURE_CHART_WORDS: ReadonlySet<string> = set(
  'histogram histograms pie donut doughnut scatterplot scattergram boxplot heatmap',
);
export const CHART_NOUNS: ReadonlySet<string> = set(
  'chart charts graph graphs plot plots diagram diagrams map visualization picture',
);

export const ASCENDING: ReadonlySet<string> = set(
  'ascending asc increasing ascendingly alphabetical alphabetically increasingly',
);
export const DESCENDING: ReadonlySet<string> = set('descending desc decreasing descendingly decreasingly');
/** "from X to Y" pairs that give a direction. */
export const RISING_STARTS: ReadonlySet<string> = set(
  'low lowest small smallest least young youngest fewest earliest oldest-date short shortest worst light cheapest',
);
export const FALLING_STARTS: ReadonlySet<string> = set(
  'high highest large largest most old oldest greatest biggest latest long longest best heavy newest richest tallest',
);

/** Words before the column that groups: "for each", "per", "by". */
export const EACH_WORDS: ReadonlySet<string> = set('each every per');

/** Words that stand for earlier results. */
export const BACK_REFERENCES: ReadonlySet<string> = set(
  'it its they them their theirs those these that this he she his her him same ones one above former latter result results such',
);

/** Words of asking and drawing that say nothing about the data by themselves. */
export const TASK_WORDS: ReadonlySet<string> = set(`
  correlation correlations correlate correlated relationship relationships relation relations proportion proportions trend trends distribution distributions
  distributed comparison comparisons compare compared comparing compares versus vs against breakdown overview summary summarize summarise analysis analyze
  break breaking broken down split splitting
  showing shows shown displaying displays illustrating illustrates depicting depicts representing represents represented presenting presents listing lists
  showcasing reflect reflects reflecting enumerate identify obtain tally visually visual visualizing
  group groups grouped grouping categorize categorized categorizes categorised bin binned binning bins interval intervals convert converts converted split
  sort sorted sorting order ordered ordering rank ranked ranking arrange arranged arranging sequence ascending descending listed accordingly respective
  respectively axis axes x y points point color colored colour coloured starting ending according order number numbers amount amounts computes
  time times varying specific variables variable dimensions categories category part hold holds held made make update include including limit additionally
  correspond corresponds calculate ensure kindly bar bars there full whole entire over update aggregate ids id names name type types high low
  instead develop develops developed developing evolve evolves evolved evolving evolution progress progresses progressed progressing history
  change changes changed changing grow grew grown growing growth improve improved improvement rise rose fall fell decline declined gap difference
  depend depends affect affects influence influences related
  work works working worked sell sells sold selling
  question answer chart charts graph graphs plot plots please now today
  add adding added vary varies varied remove removes removed removing filter filters filtered visualization visualizations visualisation
  `);

/** Words that change what is asked; a reader that did not use them has not understood the question. */
export const OPERATOR_WORDS: ReadonlySet<string> = set(`
  after before next previous prior following preceding last first latest earliest difference differ same only consecutive both neither else either besides
  than larger smaller greater higher lower longer shorter older younger more fewer less above below between exactly twice half double ratio percentage
  percent share rest remaining until till ever never always every consecutively immediately directly straight total combined difference increase decrease
  change changed grow growth grew fell rose drop dropped beat beats beaten outperform outperforms outperformed exceed exceeds exceeded gap minus
  `);
