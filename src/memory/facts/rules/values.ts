import { BLANK } from './speech.js';

/** What kind of words a pattern waits for, and how many of the clause's characters they take. */
export type Shape = 'phrase' | 'choice' | 'place' | 'name' | 'introduced' | 'role' | 'number' | 'words';

/** Longer than this it is no value but a story. */
const MOST_WORDS = 10;

const STOP = new RegExp(
  String.raw`\s*(?:[,;:–—()${BLANK}]|\s-\s|[.!?](?:\s|$)|\s(?:but|so|because|since|which|whose|who|where|while|when|whenever|if|as|though|although|that|after|before|until)\s|\sand\s(?:(?:I|we|he|she|they|it|that|this|my|our|need|want|am|have|would|can|could|please|also|currently|usually|often|love|like|live|work|don['’]t|was|will|what|how|i['’]?m)\b|(?:I|we|he|she|they|it)['’]))`,
  'i',
);
const TRAILING =
  /\s+(?:now|currently|today|right now|these days|nowadays|at the moment|too|as well|though|here|actually|lol|btw|please|thanks|thank you|again|for (?:now|(?:about |over )?(?:\d+|\p{L}+) (?:years?|months?|weeks?)(?: now)?)|(?:since|in) (?:\p{L}+ )?\d{4}|last (?:year|month|week)|this (?:year|month|week))$/iu;
const ROLE_END = /\s+(?:at|in|for|with|from|by|of|on|who|working|based)\s/i;

const REGION =
  /^\s*,\s+(\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*){0,2})(?=\s*(?:[,.;!?)]|$|\s(?:and|but|so|as|for|now)\b))/u;
const NO_REGION = /^(?:I|I['’]\p{L}+|So|But|And|Can|What|How)$/u;
/** "a simple, modern look": what stands before the comma is a part only. */
const GOES_ON =
  /^\s*,\s+(?!(?:and|but|so|or|because|since|as|which|who|while|though|although|I|we|you|it|he|she|they|my|our|your|can|could|would|will|do|does|is|are|what|which|how|where|when|why|any|please|thanks|especially|rather|not|over|instead)\b|I['’])\S/i;
/** Words that begin no place and no name. */
const NO_PLACE =
  /^(?:an?|my|our|his|her|their|this|that|these|those|some|any|one|two|it|fear|hope|peace|pain|denial|general|particular|progress|between|front|case|order|need|love|the (?:same|middle|dark|moment|past|future|office|city|country|countryside|suburbs|area|house|shadow))\b/i;
const NO_NAME =
  /^(?:not|an?|the|on|in|at|very|too|so|also|still|back|later|when|if|it|that|this|me|my|your|for|never|always|spelled|hard|difficult|important)\b/i;

/** The value that `rest` begins with, in the shape waited for; null: it does not begin with one. */
export function valueAt(rest: string, shape: Shape): { value: string; length: number } | null {
  if (shape === 'number') return trimmed(rest, /^\d*/.exec(rest)?.[0].length ?? 0);
  if (shape === 'introduced') return trimmed(rest, /^\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?/u.exec(rest)?.[0].length ?? 0);
  if (shape === 'words') return trimmed(rest, rest.length);
  const end = shape === 'role' ? Math.min(endOf(rest, ROLE_END), endOf(rest, STOP)) : endOf(rest, STOP);
  const found = trimmed(rest, shape === 'place' ? withRegion(rest, end) : end);
  if (found === null || found.value.split(/\s+/).length > MOST_WORDS) return null;
  if (shape === 'place' && !isPlace(found.value)) return null;
  if (shape === 'choice' && GOES_ON.test(rest.slice(found.length))) return null;
  if (shape === 'name' && !isName(found.value)) return null;
  return found;
}

const endOf = (text: string, pattern: RegExp): number => pattern.exec(text)?.index ?? text.length;

function trimmed(rest: string, end: number): { value: string; length: number } | null {
  let value = rest.slice(0, end).trim();
  for (let before = ''; before !== value;) {
    before = value;
    value = value.replace(TRAILING, '').trim();
  }
  value = value.replace(/[\s.,;:!?]+$/, '');
  const at = rest.indexOf(value);
  return value === '' || value.includes(BLANK) ? null : { value, length: at + value.length };
}

/** "East Janethaven, Montserrat": the region after the comma is a part of the place. */
function withRegion(rest: string, end: number): number {
  const region = REGION.exec(rest.slice(end));
  return region === null || NO_REGION.test(region[1] ?? '') ? end : end + region[0].length;
}

function isPlace(value: string): boolean {
  if (NO_PLACE.test(value) || /\d/.test(value)) return false;
  // "the Netherlands" and "Rome" are places, as is "rome"; "the new building by the river" is not one.
  return /\p{Lu}/u.test(value)
    ? value.split(/\s+/).length <= 7
    : /^(?!the\b)\p{L}[\p{L}'’-]*(?: \p{L}[\p{L}'’-]*){0,2}$/u.test(value);
}

const isName = (value: string): boolean =>
  !NO_NAME.test(value) &&
  /^\p{L}[\p{L}.'’-]*(?:\s(?:de|van|von|der|del|la|bin|al|\p{Lu}[\p{L}.'’-]*)){0,4}$/u.test(value);
