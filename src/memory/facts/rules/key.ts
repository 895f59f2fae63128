import { stemmer } from 'stemmer';
import type { FactKind } from '../fact.entity.js';

/** Words that say nothing about what a sentence is about. */
const EMPTY = new Set(
  `a an and are as at always be been but by do does don't ever for from had has have he her his i i'm if in into is it its
   just me my never no not of on only or our over please rather she should so than that the their them they this to too us
   use was we were what when whenever where which who will with would you your about more most ask asked`.split(/\s+/),
);

const MOST_STEMS = 8;

/** The stems of the words that a text is about, in order and each once. */
export function stemsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}%]+(?:['’]\p{L}+)?/gu) ?? [];
  return [...new Set(words.filter((word) => !EMPTY.has(word.replace('’', "'"))).map((word) => stemmer(word)))];
}

/** The same for two sentences about the same: `show-total` for "always show totals" and "never show the total". */
export const aboutOf = (text: string): string => stemsOf(text).slice(0, MOST_STEMS).sort().join('-') || 'this';

export const keyOf = (kind: FactKind, text: string): string => `${kind}.${aboutOf(text)}`;

/** What a preference can be about; the first that fits. */
const TOPICS: readonly (readonly [key: string, pattern: RegExp])[] = [
  ['preference.chart', /\b(?:charts?|graphs?|plots?|diagrams?)\b/i],
  ['preference.percentages', /\bpercent(?:age)?s?\b|%/i],
  [
    'preference.length',
    /\b(?:brief(?:ly)?|short(?:er)?|concise(?:ly)?|to the point|in detail|detailed|long(?:er)?)\b/i,
  ],
  ['preference.units', /\b(?:metric|imperial|celsius|fahrenheit|kilomet(?:er|re)s|miles|kilograms|pounds)\b/i],
  ['preference.currency', /\b(?:currency|euros?|dollars?|yen|francs?|EUR|USD|GBP|CHF)\b/],
  ['preference.rounding', /\b(?:decimals?|decimal places|round(?:ed|ing)?)\b/i],
  ['preference.dates', /\bdates?\b/i],
  [
    'preference.language',
    /\bin (?:English|German|French|Spanish|Italian|Portuguese|Dutch|Russian|Arabic|Chinese|Japanese|Korean|Hindi|Turkish|Polish|Swedish|Ukrainian)\b/i,
  ],
];

/** "… when I ask about prices": a preference for some questions only is another one than that for all. */
const CONDITION = /\b(?:when|whenever|if|every time|each time)\b(.*)$/i;

export function preferenceKey(value: string): string {
  const condition = CONDITION.exec(value)?.[1] ?? '';
  const main = condition === '' ? value : value.slice(0, value.length - condition.length);
  const topic = TOPICS.find(([, pattern]) => pattern.test(main))?.[0];
  if (topic === undefined) return keyOf('preference', value);
  return condition === '' ? topic : `${topic}:${aboutOf(condition)}`;
}
