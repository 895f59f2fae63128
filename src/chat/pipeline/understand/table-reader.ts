import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { Understanding } from '../turn.js';
import { analyse } from './build/analysis.js';
import { build } from './build/build.js';
import type { Draft } from './build/build-parts.js';
import { namedGroups } from './build/named-groups.js';
import { windowPhrase } from './build/window-phrases.js';
import { lowerFirst, sentence } from '../words/language.js';
import { ambiguousReading } from './ambiguous.js';
import { trust } from './confidence.js';
import { OPERATOR_WORDS } from './english.js';
import { entitiesOf, intentOf } from './describe.js';
import { followUp } from './edit/follow-up.js';
import { lastLevel } from './edit/levels.js';
import { aboutGroups } from './ratio-measures.js';
import { parse } from './clauses/parse.js';
import { PART } from './match-values.js';
import type { Candidate, Context } from './reader.js';
import { blank } from './small-talk.js';
import type { Slots } from './clauses/slots.js';
import type { Unit } from './clauses/units.js';
import { suggestionsFor } from './suggestions.js';
import { textBetween } from './tokens.js';

const COMPARES = /^(compare[ds]?|comparing|comparison|vs|versus|against|difference|change[ds]?)$/;

/** With a word that nothing explains, this much of the rest must be explained to answer all the same. */
const SURE_WITH_UNKNOWN = 0.8;
/** The same for pictures and follow-ups, which say more in other words. */
const SURE_ENOUGH_TO_SHOW = 0.6;

/** Reads questions about any table: filters, groups, aggregates, order, charts, and follow-ups to them. */
export function readTable(read: Context): readonly Candidate[] {
  const slots = parse(read);
  const context = aboutGroups(read, slots);
  const followed = followUp(context, slots);
  const last = followed === null ? lastLevel(context, slots) : null;
  if (last !== null) return [refusal(context, `There is no level below ${lowerFirst(last.label)}.`)];
  const draft: Draft | null = followed ?? analyse(context, slots) ?? build(context, slots);
  const without = stepsMissing(context, draft);
  if (without !== null) return [without];
  const full = nothingLacks(context, slots);
  if (full !== null) return [{ understanding: notInData(context, full), score: 0.9 }];
  const missing = missingWords(context, slots);
  const sure = followed !== null || slots.chart !== null ? SURE_ENOUGH_TO_SHOW : SURE_WITH_UNKNOWN;
  // A follow-up that changes nothing was not understood.
  const idle = followed !== null && followed.edits.length === 0 ? 0.5 : 1;
  const score = draft ? idle * scoreOf(slots, followed !== null) * doubts(context, slots, draft, followed !== null) : 0;
  const unexplained =
    missing !== null &&
    (score < sure || namesUnknown(context, slots) || assumes(slots, followed !== null) || lacking(slots) !== null);
  if (!draft || unexplained) {
    return missing === null
      ? []
      : [
          {
            understanding: notInData(context, missingReason(context, missing)),
            score: namesUnknown(context, slots) || lacking(slots) !== null ? 0.9 : 0.25,
          },
        ];
  }
  const understanding: Understanding = {
    intent: {
      kind: intentOf(slots, draft),
      confidence: Math.round(score * trust(context, slots, followed !== null) * 100) / 100,
    },
    language: 'en',
    entities: entitiesOf(context, slots),
    references: followed?.references ?? [],
    query: namedGroups(draft.query, context.profile),
    chart: draft.chart,
    expects: draft.expects,
    reading:
      both(draft.reading, ambiguousReading(context, slots)) ??
      otherReading(context, slots, draft) ??
      guessedMeasure(context, slots, draft, followed !== null) ??
      (missing === null ? null : `“${missing}” is not in the data and was left out.`),
    edits: followed?.edits ?? [],
    refusal: null,
  };
  return [{ understanding, score }];
}

/** Two sentences about the reading, of which either may be missing. */
const both = (one: string | null, other: string | null): string | null =>
  one !== null && other !== null ? `${sentence(one)} ${other}` : (one ?? other);

/** "temperature" where two columns hold one: the column taken, and the one that would fit as well. */
function otherReading(context: Context, slots: Slots, draft: Draft): string | null {
  const written = JSON.stringify(draft.query);
  for (const unit of slots.units) {
    if (unit.kind === 'value' && unit.match.score === PART)
      return `“${textBetween(context.asked.question, context.tokens, unit.from, unit.to)}” is read as ${[unit.match.value, ...(unit.match.also ?? [])].join(' and ')}.`;
    if (unit.kind !== 'column' || unit.match.score >= 0.9) continue;
    const { column, score, from, to } = unit.match;
    if (!written.includes(JSON.stringify(column.name))) continue;
    const other = context.matches.find(
      (match) =>
        match.kind === 'column' &&
        match.column !== column &&
        match.from === from &&
        match.to === to &&
        match.column.role === column.role &&
        match.score >= score - 0.05 &&
        !written.includes(JSON.stringify(match.column.name)),
    );
    if (!other && score < 0.8 && from + 1 === to && column.role === 'measure')
      return `“${textBetween(context.asked.question, context.tokens, from, to)}” is read as ${column.label}.`;
    if (other)
      return `“${textBetween(context.asked.question, context.tokens, from, to)}” is read as ${column.label}; ${other.column.label} would fit too.`;
  }
  return null;
}

/** "The average by region" of a table with several numbers: which one was taken. */
function guessedMeasure({ profile }: Context, slots: Slots, draft: Draft, followed: boolean): string | null {
  const guessed = slots.measures.some(({ aggregate, column }) => column === null && !aggregate.startsWith('count'));
  const measures = profile.columns.filter((column) => column.role === 'measure');
  if (followed || !guessed || measures.length < 2) return null;
  const written = JSON.stringify(draft.query);
  const taken = measures.find(({ name }) => written.includes(JSON.stringify(name)));
  return taken === undefined ? null : `No number was named: ${taken.label} is taken.`;
}

/** A moving average where time has no such steps: the plain average would answer another question. */
function stepsMissing(context: Context, draft: Draft | null): Candidate | null {
  const { asked, lexicon, profile } = context;
  const phrase = windowPhrase(asked.question);
  if (phrase === null || phrase.kind === 'running') return null;
  if (draft?.query.select.some(({ value }) => 'window' in value || 'op' in value)) return null;
  const { temporal } = lexicon;
  const has = temporal === null ? 'no time' : `only ${temporal.label} as a time`;
  const words = asked.question.slice(phrase.start, phrase.end);
  return refusal(context, `“${words}” cannot be worked out: ${profile.title} has ${has}.`);
}

const refusal = ({ profile }: Context, reason: string): Candidate => ({
  understanding: {
    ...blank('unknown', 0.8),
    refusal: { code: 'not_in_data', reason, suggestions: suggestionsFor(profile) },
  },
  score: 0.9,
});

/** How much of what the question says found its place: names weigh more than small words, weak matches count in part. */
function scoreOf(slots: Slots, followed: boolean): number {
  let weight = 0;
  let found = 0;
  for (const unit of slots.units) {
    if (['stop', 'and', 'or', 'by'].includes(unit.kind)) continue;
    const unknown = slots.unknown.includes(unit);
    if (unit.kind === 'word' && !unknown) continue;
    const own =
      unit.kind === 'column' || unit.kind === 'value' ? 1.5 : unknown && OPERATOR_WORDS.has(unit.word) ? 2 : 1;
    weight += own;
    if (unit.kind === 'column' || unit.kind === 'value') found += own * Math.min(1, unit.match.score + 0.15);
    else if (!unknown) found += own;
  }
  if (weight === 0) return followed ? 0.8 : slots.chart || slots.order ? 0.5 : 0;
  return found / weight;
}

/** Words that change the answer; left over, they were not understood. */
const LEFT_OVER = new Set(
  'gap minus same only previous next other after before first last second third not without never difference combined both neither besides than more less fewer once twice another until till consecutive altogether'.split(
    ' ',
  ),
);

/** Verbs that set what does it against what it is done to. */
const COMPARES_SIDES = /^(beat|beats|beaten|outperform(s|ed)?|exceed(s|ed)?|surpass(es|ed)?)$/;

/** Factor below 1 for readings that leave words of weight out, or that give a whole column for a question about one thing. */
function doubts(context: Context, slots: Slots, draft: Draft, followed: boolean): number {
  const charted = slots.chart !== null;
  let factor = 1;
  for (const [at, unit] of slots.units.entries()) {
    if (slots.used.has(unit) || !LEFT_OVER.has(unit.word)) continue;
    if (followed && ['only', 'other', 'more', 'first'].includes(unit.word)) continue;
    if (followed && draft.query.offset !== undefined) continue;
    if (charted && ['first', 'last', 'other', 'more'].includes(unit.word)) continue;
    if (unit.kind === 'column' || unit.kind === 'value') continue;
    if (unit.word === 'other' && slots.units[at + 1]?.word === 'than') continue;
    factor *= 0.6;
  }
  // Two stretches that are to be compared, and that no grain tells apart, are not one number.
  if (slots.filters.some(({ several }) => several) && slots.units.some(({ word }) => COMPARES.test(word)))
    factor *= 0.25;
  // "How many countries beat France?": without the verb it is the count of France's rows.
  if (slots.unknown.some(({ word }) => COMPARES_SIDES.test(word))) factor *= 0.4;
  for (const [at, unit] of slots.units.entries()) {
    const echoes = ['subject', 'value', 'column'].includes(slots.units[at + 1]?.kind ?? '');
    if (unit.kind === 'number' && !slots.used.has(unit) && !echoes && !LEFT_OVER.has(unit.word)) factor *= 0.6;
  }
  const { query } = draft;
  factor *= losses(slots, query);
  const words = slots.units.map((unit) => unit.word);
  const single =
    words.some((word) => /^(is|was|did|does|has|had)$/.test(word)) || /^(who|when|where)$/.test(words[0] ?? '');
  const many = words.some((word) => /^(all|each|every|are|list|show|different|order|sort|display|names)$/.test(word));
  const narrowed = query.where ?? query.having ?? query.limit;
  // "How has it grown year over year?" is answered by each year.
  const windowed = query.select.some(({ value }) => 'window' in value);
  const asksOne = single && !many && !charted && !followed && !windowed && slots.groups.length === 0;
  if (asksOne && narrowed === undefined && draft.expects !== 'value') factor *= 0.5;
  const all = query.limit === undefined && query.qualify === undefined && slots.having.length === 0;
  if (asksOne && (query.groupBy?.length ?? 0) > 0 && all) factor *= 0.6;
  if (
    asksOne &&
    draft.expects === 'table' &&
    query.select.length === context.profile.columns.length &&
    query.select.length > 2
  )
    factor *= 0.75;
  return factor;
}

/** A value, time or condition that was recognised and is not in the query would be an answer to another question. */
function losses(slots: Slots, query: AnalyticalQuery): number {
  const written = JSON.stringify(query);
  let factor = 1;
  for (const filter of slots.filters) {
    const kept = filter.values
      ? filter.values.every((value) => written.includes(JSON.stringify(value)))
      : written.includes(JSON.stringify(filter.column.name));
    if (!kept) factor *= 0.3;
  }
  for (const unit of slots.units) {
    if ((unit.kind === 'value' || unit.kind === 'time') && !slots.used.has(unit)) factor *= 0.4;
  }
  // The best of each group is more than one ranking tells.
  if (slots.superlative && query.limit !== undefined && (query.groupBy?.length ?? 0) > 1) factor *= 0.4;
  if (slots.unknown.some((unit) => unit.kind === 'compare')) factor *= 0.6;
  if (slots.having.length > 0 && query.having === undefined && !written.includes('"inQuery"')) factor *= 0.5;
  return factor;
}

/** A name that the question asks for or filters by, and the data does not have; null when there is none. */
function missingWords(context: Context, slots: Slots): string | null {
  const words = slots.unknown.filter(
    (unit) =>
      unit.kind === 'superlative' || (unit.kind === 'word' && unit.word.length > 2 && !OPERATOR_WORDS.has(unit.word)),
  );
  if (words.length === 0) return null;
  const text = words.map((unit) => textBetween(context.asked.question, context.tokens, unit.from, unit.to));
  return text.slice(0, 3).join(' ');
}

/** Nothing that is in the data was asked for, only something about it: "the president of France". */
function assumes(slots: Slots, followed: boolean): boolean {
  if (slots.unknown.some((unit) => unit.kind === 'superlative' || /[a-z]iest$/.test(unit.word))) return true;
  // "What is the population of France?": the population is what is asked for.
  const head = slots.units.findIndex((unit) => slots.unknown.includes(unit));
  const measured = slots.columns.length + slots.measures.length > 0;
  if (!measured && /^(what|whats)$/.test(slots.units[0]?.word ?? '') && slots.units[head + 1]?.word === 'of')
    return true;
  const asked = slots.columns.length + slots.groups.length + slots.measures.length + slots.subjects.length;
  return !followed && asked === 0 && slots.counted === null && slots.superlative === null;
}

/** A proper name that the data does not hold: "the score of Atlantis". */
function namesUnknown(context: Context, slots: Slots): boolean {
  const { question } = context.asked;
  if (question === question.toUpperCase()) return false;
  return slots.unknown.some((unit) => {
    const token = context.tokens[unit.from];
    return (
      unit.kind === 'word' &&
      unit.from > 0 &&
      token !== undefined &&
      token.quote === null &&
      !context.lexicon.valueWords.has(token.stem) &&
      /^\p{Lu}\p{Ll}{2,}/u.test(token.text) &&
      !/[.?!]\s*$/.test(token.before)
    );
  });
}

/** "the most missing countries": without that word, those that are there would be counted. */
const lacking = ({ unknown }: Slots): Unit | null =>
  unknown.find(({ kind, word }) => kind === 'word' && /^(missing|lacking|absent|blank)$/.test(word)) ?? null;

/** What most or fewest rows lack is asked for, and every row has it. */
function nothingLacks({ profile }: Context, slots: Slots): string | null {
  if (slots.superlative === null) return null;
  const full = slots.filters.find(
    ({ column, condition }) => 'missing' in condition && condition.missing && column.nulls === 0,
  );
  return full === undefined
    ? null
    : `Every row of ${profile.title} has its ${full.column.label}: what has no row at all cannot be counted from it.`;
}

function missingReason({ profile: { title, columns } }: Context, missing: string): string {
  const labels = columns.slice(0, 6).map((column) => column.label);
  return `“${missing}” is neither a column nor a value of ${title}. It has ${labels.join(', ')}${columns.length > 6 ? '…' : ''}.`;
}

const notInData = ({ profile }: Context, reason: string): Understanding => ({
  ...blank('unknown', 0.8),
  refusal: { code: 'not_in_data', reason, suggestions: suggestionsFor(profile) },
});
