import type { DatasetProfile } from '../../../datasets/profile.js';
import { sentence } from '../words/language.js';
import type { Asked, Understanding } from '../turn.js';
import { alone } from './joined.js';
import { faultIn, type Judged, sure } from './judged.js';
import { lexiconOf } from './lexicon.js';
import type { Context } from './reader.js';
import { type Token, tokenize } from './tokens.js';
import { holdsWord, namesIt, titleStems, wordsHeld } from './words-held.js';

/** Data sets that are read in full for one question. */
const MOST_DATASETS = 5;
/** A data set that holds this much less of the question's words than another one is not meant. */
const NEARLY_AS_MUCH = 0.8;
/** A reading of another data set that is this near could as well be the answer. */
const NEARLY_AS_SURE = 0.95;
/** Which of two is meant was a guess. */
const OPEN = 0.7;

/**
 * The data sets that a question is read against, in the order they came in (most likely first), the one that the conversation is
 * about before all others. Of many, those that hold most of its words, each word looked up once.
 */
export function likeliest(turn: Asked): readonly DatasetProfile[] {
  const last = turn.history.findLast((past) => past.understanding?.query)?.understanding?.query?.datasetId;
  const ordered = [
    ...turn.datasets.filter((profile) => profile.id === last),
    ...turn.datasets.filter((profile) => profile.id !== last),
  ];
  if (ordered.length <= MOST_DATASETS) return ordered;
  const tokens = tokenize(turn.question);
  const held = new Map(
    ordered.map((profile) => [
      profile,
      tokens.reduce((sum, token) => sum + holdsWord(profile, token), profile.id === last ? tokens.length : 0),
    ]),
  );
  const best = new Set(
    ordered.toSorted((left, right) => (held.get(right) ?? 0) - (held.get(left) ?? 0)).slice(0, MOST_DATASETS),
  );
  return ordered.filter((profile) => best.has(profile));
}

/**
 * The data sets that may be meant: those whose columns and values hold the question's words. Where the one of the
 * conversation holds as many as any other, it alone is; a data set that holds none of them never is.
 */
export function meant(contexts: readonly Context[], profiles: readonly DatasetProfile[]): readonly Context[] {
  const [first] = contexts;
  if (!first || contexts.length === 1) return contexts;
  const titles = profiles.map(titleStems);
  const held = contexts.map((context, index) =>
    wordsHeld(
      context,
      partnersOf(profiles[index]),
      new Set(titles.filter((_, at) => at !== index).flatMap((each) => [...each])),
    ),
  );
  const most = Math.max(...held);
  const enough = (index: number): boolean => (held[index] ?? 0) >= NEARLY_AS_MUCH * most;
  if (most === 0 || (first.previous !== null && enough(0))) return [first];
  // "How much did it grow in percent?": "it" stands for what was asked, whatever table has a percent column.
  const refers =
    first.previous !== null && first.tokens.some((token) => /^(it|its|they|them|those|these)$/.test(token.lower));
  const likely = contexts.filter((_, index) => enough(index) || (refers && index === 0));
  return refers ? likely : counting(likely, contexts);
}

/** "How many customers per region?" is asked of a table that knows customers, whatever others have regions. */
function counting(likely: readonly Context[], all: readonly Context[]): readonly Context[] {
  const [{ tokens } = { tokens: [] }] = all;
  const at = tokens.findIndex(({ lower }, index) => lower === 'many' && tokens[index - 1]?.lower === 'how');
  const noun = at === -1 ? undefined : tokens[at + 1];
  if (noun === undefined) return likely;
  const knows = (contexts: readonly Context[]): readonly Context[] =>
    contexts.filter(({ profile }) => holdsWord(profile, noun) > 0);
  return [knows(likely), knows(all), likely].find((contexts) => contexts.length > 0) ?? likely;
}

/** What the rows of the data sets are called that it is related to. */
const partnersOf = (profile: DatasetProfile | undefined): ReadonlySet<string> =>
  profile?.joined === undefined ? new Set() : lexiconOf(profile).relatedSubject;

/** Another data set that would answer a new question as well, where the question names neither; null when there is none. */
export function rivalOf(context: Context, taken: Judged, judged: readonly Judged[]): DatasetProfile | null {
  if (taken.understanding.query === null || context.asked.history.length > 0) return null;
  const called = (profile: DatasetProfile): boolean => context.tokens.some((token: Token) => namesIt(profile, token));
  if (called(taken.profile)) return null;
  const partners = new Set((context.profile.joined ?? []).map(({ profile }) => profile.id));
  const rival = judged.find(
    (each) =>
      each.profile.id !== taken.profile.id &&
      !partners.has(each.profile.id) &&
      each.understanding.query !== null &&
      each.score >= NEARLY_AS_SURE * taken.score &&
      sure(each) &&
      faultIn(each) === null,
  );
  return rival === undefined ? null : alone(rival.profile);
}

/** The answer says which table it is from. */
export function withRival(
  understanding: Understanding,
  { title }: DatasetProfile,
  rival: DatasetProfile | null,
): Understanding {
  if (rival === null) return understanding;
  const { kind, confidence } = understanding.intent;
  const from = `This is from ${title}; ${rival.title} could answer it too.`;
  return {
    ...understanding,
    intent: { kind, confidence: Math.round(confidence * OPEN * 100) / 100 },
    reading: understanding.reading === null ? from : `${sentence(understanding.reading)} ${from}`,
  };
}
