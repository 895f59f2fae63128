/**
 * What of a message its writer says themself and means: not what is quoted, reported, asked, supposed, or written for
 * somebody else to say. Everything else about a message teaches nothing.
 */

/** A place in the message where something may be said, up to the end of its sentence. */
export interface Clause {
  /** From here to the sentence's end, quotations blanked out, without the full stop. */
  readonly text: string;
  /** Where `text` begins and ends in the message. */
  readonly start: number;
  readonly end: number;
  /** Whether it is the sentence's first clause. */
  readonly isFirst: boolean;
  /** Whether the sentence ends with a question mark. */
  readonly asks: boolean;
  /** Whether its writer says it of themself and means it. */
  readonly isMeant: boolean;
}

export interface Speech {
  readonly clauses: readonly Clause[];
  /** Longer than people write by themselves, or code, or a letter: only an explicit "remember that" counts in it. */
  readonly isPasted: boolean;
}

/** Nineteen of twenty messages that people wrote to an assistant are shorter (BEAM-100K: 1,280 characters at 95 %). */
const LONGEST_SAID = 1_500;
/** Stands for each blanked character; patterns never match it. */
export const BLANK = '\uFFFC';

const blanked = (text: string): string => BLANK.repeat(text.length);

const QUOTATIONS: readonly RegExp[] = [
  /```[^]*?(?:```|$)/g,
  /`[^`\n]*`/g,
  /^[ \t]*>.*$/gm,
  /"[^"\n]*"/g,
  /[“„][^”“\n]*[”“]/g,
  /«[^»\n]*»/g,
  /(?<=^|[\s(])['‘][^'’\n]+['’](?=[\s.,;:!?)]|$)/gm,
];

/** The same length as `message`, with what is quoted blanked out. */
export const withoutQuotations = (message: string): string =>
  QUOTATIONS.reduce((text, pattern) => text.replace(pattern, blanked), message);

const CODE_LINE = /[;{}]\s*$|=>|<\/|^\s*(?:import|export|def|class|function|const|let|var|return|SELECT|#include)\b/;
const LETTER = /^[ \t]*(?:from|to|subject|dear\b[^:\n]*|cc|date)\s*[:,]/im;

function isPasted(message: string, unquoted: string): boolean {
  if (message.length > LONGEST_SAID || LETTER.test(unquoted)) return true;
  const lines = unquoted.split('\n').filter((line) => /[^\s\uFFFC]/.test(line));
  return lines.filter((line) => CODE_LINE.test(line)).length * 3 > lines.length;
}

/** After one of these what follows is text to work on, or a part to play. */
const TASK =
  /^(?:please |can you |could you |would you |help me (?:to )?|i (?:want|need) you to |i'd like you to )*(?:translate|rewrite|rephrase|paraphrase|proofread|summari[sz]e|correct|edit|polish|improve|fix|complete|continue|convert|classify|write|draft|compose|imagine|pretend|role-?play|act as|act like|you are|suppose|assume|let's (?:say|pretend|imagine|assume))\b/i;
/** A colon after these is followed by what the writer says themself. */
const OWN_COLON = /\b(?:remember|forget|note|reminder|about me|context|background|fyi|btw|information)\s*$/i;
const SUPPOSED =
  /\b(?:if|unless|suppose|supposing|imagine|assume|assuming|pretend|say|hypothetically|wish|when|whenever|would|could|might|maybe|perhaps|as though|e\.g\.|example|story|novel|character|dream|game)\b/i;
const REPORTED =
  /\b(?:said|says|saying|told|tells|telling|thinks?|thought|thinking|claims?|claimed|wrote|writes|asked|asks|believes?|believed|according to|heard|mentions?|mentioned|states?|stated|reads|quotes?|quoted|like)\b/i;
const OWN_WORDS =
  /\bI(?:['’]ve| have)? (?:already |just )?(?:said|mentioned|told you)(?: before| earlier| already)?\b|\bI think\b/gi;
/** Said afterwards, it takes back what was before it. */
const TAKEN_BACK =
  /^\s*,?\s*(?:if|unless|in case|as if)\b|\b(?:he|she|they|someone|\p{Lu}\p{L}+) (?:said|says|claims|claimed|told|wrote|thinks)\b|\b(?:just kidding|not really|or so|in (?:my|the|a|this) (?:story|novel|game|dream|poem|script|scenario|example|movie|film|book))\b/u;
const ASKING =
  /^(?:so |and |but |then )*(?:can|could|would|will|should|shall|may|do|does|did|is|are|was|were|am|have|has|what|which|who|whom|whose|where|when|why|how|any|please|could|tell|help)\b/i;

const SENTENCE_END = /(?<!\b(?:St|Mr|Mrs|Ms|Dr|Prof|Mt|Jr|No|vs|e\.g|i\.e|approx))[.!?]+(?=\s|$)|\n+/g;
const CLAUSE_START =
  /^\s*(?:[-*•]\s+)?|[,;–—(]\s*|\s(?=(?:and|but|so|because|since|as|though|although|while|also)\s)|(?<=\b(?:remember|forget|mind) that\s)/gi;
const FILLER =
  /^(?:(?:and|but|so|because|since|as|though|although|while|well|hi|hello|hey|ok|okay|btw|by the way|also|fyi|just so you know|actually|for context|for reference|for the record|now|anyway|that|then|yes|no|sorry|right|please note that|last (?:year|month|week)|\d{4})\b[\s,]*)+/i;

export function speechOf(message: string): Speech {
  const text = withoutQuotations(message);
  const clauses: Clause[] = [];
  let isTask = false;
  for (const [from, to] of spans(text)) isTask = sentencesOf(text, from, to, isTask, clauses);
  return { clauses, isPasted: isPasted(message, text) };
}

/** What of the text is looked at: all of it, or the first and the last line, where people write around what they paste. */
function spans(text: string): (readonly [number, number])[] {
  if (text.length <= LONGEST_SAID) return [[0, text.length]];
  const first = Math.max(0, text.search(/\S/));
  const firstEnd = text.indexOf('\n', first);
  const end = text.trimEnd().length;
  const last = text.lastIndexOf('\n', end) + 1;
  const head = Math.min(firstEnd === -1 ? end : firstEnd, LONGEST_SAID);
  const tail = Math.max(last, end - LONGEST_SAID, head);
  // A line that is itself too long was not written around anything.
  return [
    ...(firstEnd === -1 || head < firstEnd || first >= head ? [] : [[first, head] as const]),
    ...(tail > last || tail >= end ? [] : [[tail, end] as const]),
  ];
}

/** Adds the clauses of every sentence; whether what comes after them is text to work on. */
function sentencesOf(text: string, start: number, end: number, isTaskBefore: boolean, clauses: Clause[]): boolean {
  let isTask = isTaskBefore;
  let from = start;
  for (const mark of [...text.slice(start, end).matchAll(SENTENCE_END), null]) {
    const to = mark === null ? end : start + mark.index;
    isTask = clausesOf(text.slice(from, to), from, mark?.[0].includes('?') ?? false, isTask, clauses);
    from = mark === null ? to : to + mark[0].length;
  }
  return isTask;
}

/** Adds the sentence's clauses; whether what comes after the sentence is text to work on. */
function clausesOf(sentence: string, from: number, asks: boolean, isTaskBefore: boolean, clauses: Clause[]): boolean {
  let isTask = isTaskBefore;
  let last = -1;
  for (const { index, 0: mark } of sentence.matchAll(CLAUSE_START)) {
    const filler = FILLER.exec(sentence.slice(index + mark.length).trimStart());
    const at = index + mark.length + leading(sentence.slice(index + mark.length)) + (filler?.[0].length ?? 0);
    if (at <= last || at >= sentence.length) continue;
    const isFirst = last === -1;
    last = at;
    const before = sentence.slice(0, at);
    const text = sentence.slice(at);
    isTask ||= TASK.test(text) || hasForeignColon(before);
    clauses.push({
      text,
      start: from + at,
      end: from + sentence.length,
      isFirst,
      asks,
      isMeant: !isTask && !SUPPOSED.test(withoutFillers(before)) && !REPORTED.test(before.replace(OWN_WORDS, '')),
    });
  }
  return isTask || hasForeignColon(sentence);
}

const leading = (text: string): number => text.length - text.trimStart().length;
const withoutFillers = (text: string): string => text.replace(/^(?:say|when),\s/i, '');

/** "He wrote: …", "Translate: …", "Bob: …"; not the colon of a time, nor one after "remember". */
function hasForeignColon(before: string): boolean {
  for (const { index } of before.matchAll(/:(?=\s|$)/g)) {
    if (!OWN_COLON.test(before.slice(0, index))) return true;
  }
  return false;
}

/** Whether what was found in the clause, up to `length` characters from its start, is said, and neither asked nor taken back. */
export function isSaid({ text, asks, isMeant }: Clause, length: number): boolean {
  const rest = text.slice(length);
  if (!isMeant || TAKEN_BACK.test(rest)) return false;
  return !asks || rest.split(/[,;–—]\s*|\s(?=(?:and|but|so)\s)/).some((part) => ASKING.test(part.trimStart()));
}

/** Whether a part of a message, `length` characters from `start`, is said by its writer of themself and meant. */
export function isOwnWords({ clauses, isPasted }: Speech, start: number, length: number): boolean {
  const clause = clauses.findLast((clause) => clause.start <= start && start < clause.end);
  if (isPasted || clause === undefined) return false;
  const before = clause.text.slice(0, start - clause.start);
  const part = clause.text.slice(before.length, before.length + length);
  return (
    !part.includes(BLANK) &&
    !SUPPOSED.test(before) &&
    !REPORTED.test(before) &&
    isSaid(clause, before.length + part.length)
  );
}
