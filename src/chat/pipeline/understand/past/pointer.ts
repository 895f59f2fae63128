import { periodOf } from '../../../../memory/recall/times.js';

/** A phrase that explicitly points back at an earlier result, and what the question is without it. */
export interface Pointer {
  /** As written, to say what was taken for what. */
  readonly text: string;
  /** use: to go on from · value: what it was is asked · change: whether it is another one now is asked. */
  readonly asks: 'use' | 'value' | 'change';
  /** When it was asked, where the phrase says so. */
  readonly period: { readonly from: Date; readonly to: Date } | null;
  /** Words that say which result is meant; empty: none do. */
  readonly about: string;
  /** The question with "that" or nothing in the place of the phrase, every other word where it was; empty: nothing else is asked. */
  readonly rest: string;
}

const MONTH =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const COUNT = '(?:\\d{1,3}|an?|one|two|three|four|five|six|a few|a couple of)';
/** Times of asking. A bare "last year" is a time of the data more often than not: see `LONG`. */
const SHORT = `(?:the day before yesterday|yesterday(?: morning| afternoon| evening)?|last night|(?:earlier )?today|earlier|this (?:morning|afternoon)|(?:the )?(?:last|past|previous) (?:week|weekend|${DAY})|(?:on )?${DAY}|the other (?:day|week)|a while ago|${COUNT} (?:days?|weeks?|months?|years?) ago|last time)`;
const DATE = `(?:\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}(?:,? \\d{4})?|${MONTH} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?|\\d{4}-\\d\\d-\\d\\d|${MONTH},? \\d{4})`;
const LONG = `(?:(?:the )?(?:last|past|previous|this) (?:week|month|year|${MONTH})|(?:on )?${DATE}|(?:in|from|of|during|back in) ${MONTH}\\b)`;
const WHEN = `(?:${SHORT}|${LONG})`;
const PREPOSITION = '(?:(?:from|of|in|on|during|back in) )?';
const AT = `${PREPOSITION}${WHEN}`;

const THING = '(?:results?|answers?|analys[ie]s|questions?|findings?|quer(?:y|ies)|numbers?|figures?|values?|charts?)';
/** Named with no more than "the", other things are of the data. */
const OWN_THING = '(?:result|answer|analysis|question|finding)';
const ASKED =
  '(?:asked(?: you)?|looked at|looked up|talked about|discussed|analy[sz]ed|checked|(?:was|were) looking at)';
const GOT = `(?:${ASKED}|saw|got|had|did|found)`;
const WHO = '(?:(?:that )?(?:i|we)|you)';
const SAME_THING = '(?: ?(?:about |for |at )?(?:it|this|that))?';

type Groups = Readonly<Record<string, string | undefined>>;

interface Rule {
  readonly pattern: RegExp;
  readonly asks: 'use' | 'asked';
  /** What stands for the phrase in the rest of the question. */
  readonly leaves: 'that' | '';
}

const rule = (asks: Rule['asks'], leaves: Rule['leaves'], source: string): Rule => ({
  pattern: new RegExp(source.replaceAll(' ', '\\s+').replaceAll('\\s+?', '\\s*'), 'iu'),
  asks,
  leaves,
});

/** The first that fits counts. */
const RULES: readonly Rule[] = [
  // "what did I get for education in March?"
  rule(
    'asked',
    '',
    `\\bwhat (?:did|have) (?:i (?:get|got|see|seen|find|found|ask|asked|look at)|we (?:ask|asked|look at))(?: (?:about|for|on))?\\b(?<about>.*?) ?\\b${AT}(?=[\\s?.!]*$)`,
  ),
  rule('asked', '', `\\bwhat (?:was|were) my ${THING}(?: (?:about|for|on))?\\b(?<about>.*?) ?\\b${AT}(?=[\\s?.!]*$)`),
  // "the same as last time but for 2020"
  rule(
    'use',
    '',
    `^(?:(?:please|can you|could you|now) )*(?:(?:do|show|run|give|tell|repeat)(?: me)? )?(?:the )?(?:exact )?same (?:(?:thing|question|analysis|query|result|one) )?(?:as |like )?(?:(?:the )?last time(?: (?:i|we) ${GOT})?|before|previously|(?:i|we) ${GOT}(?: ${AT}| before)?|${SHORT})\\b`,
  ),
  // "that result from yesterday", "my previous analysis of education"
  rule(
    'use',
    'that',
    `\\b(?:that|my|our|your) (?:(?:last|latest|previous|earlier|most recent) )?${THING} (?:${WHO} (?:${GOT}|gave me|gave us|showed me|told me) )?${AT}\\b`,
  ),
  rule(
    'use',
    'that',
    `\\bthe ${OWN_THING} (?:from ${WHEN}|(?:that )?(?:i|we) ${GOT}(?: (?:about|for))?(?: ${AT})?|you gave (?:me|us)(?: ${AT})?)(?![\\w])`,
  ),
  rule('use', 'that', `\\b(?:yesterday|last (?:week|night|${DAY}))'s ${OWN_THING}\\b`),
  rule(
    'use',
    'that',
    `\\b(?:what|the (?:one|thing)(?: that)?) (?:i|we) ${ASKED}(?: (?:about|for))?(?: ${AT})?(?![\\w])`,
  ),
  rule(
    'use',
    'that',
    `\\b(?:my|our) (?:last|latest|previous|earlier|most recent) ${OWN_THING}(?: (?:of|about|on|for) (?<about>[^,.;?!]+?)(?= (?:with|and|to|but|by|as)\\b|\\s*[,.;?!]|\\s*$))?`,
  ),
  // "go back to the chart about education"
  rule(
    'use',
    'that',
    `\\b(?:go|come|get|switch|take me) back to (?:the|my|our) (?:chart|graph|plot|picture|table|${OWN_THING}|one) (?:about|on|of|for|with) (?<about>[^,.;?!]{1,60}?)(?=\\s*(?:[,.;?!]|but\\b|$))`,
  ),
  // "continue with the education analysis"
  rule(
    'use',
    '',
    `\\b(?:continue|go on|carry on|proceed|pick up|resume)(?: from)? where (?:i|we) left off(?: (?:with|on) (?<about>[^,.;?!]+))?(?: ${AT})?`,
  ),
  rule(
    'use',
    '',
    `\\b(?:let's |please |i want to |i'd like to |can we )?(?:continue|go on|carry on|proceed|pick up|resume)(?: (?:with|from|on))? (?:the|my|our|that) (?<about>[^,.;?!]{0,60}?) ?(?:analysis|results?|question|discussion|topic|conversation|comparison)(?: (?:${AT}|(?:i|we) (?:had|did|started)(?: ${AT})?))?(?![\\w])`,
  ),
  // "what was it last time?", "has it changed since I asked in March?"
  rule(
    'asked',
    '',
    `\\b(?:(?:since|than|as|from|compared (?:to|with)|versus|vs) )?(?:the )?last time (?:that )?(?:i|we) (?:asked|checked|looked|saw)${SAME_THING}(?![\\w])`,
  ),
  rule(
    'asked',
    '',
    `(?<!\\bthe )\\b(?:(?:since|than|as|from|compared (?:to|with)|versus|vs) )?last time(?=\\s*(?:[?.!,;]|$))`,
  ),
  rule(
    'asked',
    '',
    `\\b(?:since|than|when|as)(?: when)? (?:i|we) (?:last |first )?(?:asked|checked|looked)${SAME_THING}(?: ${AT})?(?![\\w])`,
  ),
];

/** Spares most questions the rules. */
const HINT =
  /last\s+time|ask|look|check|left\s+off|back\s+to|yesterday|result|answer|analys|question|finding|same|continue|carry|resume|pick|proceed|go\s+on|what\s+did|what\s+have|discuss|talked/i;

const CHANGES =
  /\b(?:chang(?:ed?|es|ing)|different|differs?|moved|(?:still )?the same|still|any|higher|lower|better|worse|improved|worsened|grown|risen|fallen|dropped|increased|decreased)\b/giu;
const ASKS_CHANGE =
  /\b(?:chang|differ|moved|same|still|higher|lower|better|worse|improved|worsened|grown|risen|fallen|dropped|increased|decreased|since|than)/i;
const OPENING_VERB = /^\s*(?:has|have|had|did|does|is|are|was|were)\b/iu;

/** Words that ask for nothing by themselves. */
const EMPTY = new Set(
  `a again an and any about as asked at been but can did do does for from give had has have i in is it its let lets like me
  my now of on our please same see show so still tell than that the then there these they this those to up us was we were
  what whats with you your result results answer number value figure`.split(/\s+/),
);

/** What a question points back at outright; null: nothing. */
export function pointerOf(question: string, askedAt: Date): Pointer | null {
  if (!HINT.test(question)) return null;
  const text = question.replaceAll(/[’‘ʼ]/g, "'");
  for (const { pattern, asks, leaves } of RULES) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [said] = found;
    const groups: Groups = found.groups ?? {};
    const about = wordsOf(groups['about'] ?? '').join(' ');
    const blanked = replaced(question, found.index, said.length, leaves);
    const kind = asks === 'use' ? 'use' : ASKS_CHANGE.test(question) ? 'change' : 'value';
    const rest = kind === 'change' ? withoutChange(blanked) : blanked;
    return {
      text: question.slice(found.index, found.index + said.length).trim(),
      asks: kind,
      period: periodIn(said, askedAt),
      about,
      rest: wordsOf(rest).length === 0 ? '' : rest,
    };
  }
  return null;
}

/** Words that say something. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !EMPTY.has(word));

function replaced(question: string, at: number, length: number, leaves: string): string {
  return question.slice(0, at) + leaves.padEnd(length) + question.slice(at + length);
}

function withoutChange(text: string): string {
  return text.replace(OPENING_VERB, blank).replace(CHANGES, blank);
}

const blank = (said: string): string => ' '.repeat(said.length);

function periodIn(said: string, askedAt: Date): Pointer['period'] {
  const found = periodOf(said.replace(/\bfrom\b/gi, 'of').replace(/\bback in\b/gi, 'in'), askedAt);
  return found === null ? null : { from: found.from, to: found.to };
}
