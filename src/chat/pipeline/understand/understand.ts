import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Asked, Understanding, Understood } from '../turn.js';
import { readFacts } from './cells/fact-reader.js';
import { readRecords } from './cells/record-reader.js';
import { believed, kindOf, type ReaderName } from './cells/suited.js';
import { contextOf } from './context.js';
import { alone, fitOf, isJoined } from './joined.js';
import { faultIn, type Judged, sure } from './judged.js';
import { foreignName } from './language.js';
import { inEnglish } from './languages/in-english.js';
import { grammarFor, readLanguageNames } from './languages/languages.js';
import { lexiconOf } from './lexicon.js';
import { backTo } from './past/back-to.js';
import { withoutTakenBack } from './past/corrections.js';
import { noneAsked } from './none-asked.js';
import { pointBack } from './past/point-back.js';
import { saidOf } from './past/said.js';
import type { Candidate, Context, Reader } from './reader.js';
import { overRelated, withRole } from './related.js';
import { blank, refused, smallTalk } from './small-talk.js';
import { asAsked, studied } from './studies/studied.js';
import { readTable } from './table-reader.js';
import { wordsHeld } from './words-held.js';

const READERS: readonly { readonly name: ReaderName; readonly read: Reader }[] = [
  { name: 'table', read: readTable },
  { name: 'records', read: readRecords },
  { name: 'facts', read: readFacts },
];

/** What a reader of English idioms is believed of a question in another language. */
const OF_ANOTHER_LANGUAGE = 0.7;
/** Data sets that are looked at for one question; they come most likely first. */
const MOST_DATASETS = 5;

/** A data set that holds this much less of the question's words than another one is not meant. */
const NEARLY_AS_MUCH = 0.8;

/** Most likely first; the data set that the conversation is about before all others. */
function inOrder(turn: Asked): readonly DatasetProfile[] {
  const last = turn.history.findLast((past) => past.understanding?.query)?.understanding?.query?.datasetId;
  const current = turn.datasets.filter((profile) => profile.id === last);
  return [...current, ...turn.datasets.filter((profile) => profile.id !== last)].slice(0, MOST_DATASETS);
}

/**
 * The data sets that may be meant: those whose columns and values hold the question's words. Where the one of the
 * conversation holds as many as any other, it alone is; a data set that holds none of them never is.
 */
function meant(contexts: readonly Context[], profiles: readonly DatasetProfile[]): readonly Context[] {
  const [first] = contexts;
  if (!first || contexts.length === 1) return contexts;
  const held = contexts.map((context, index) => wordsHeld(context, partnersOf(profiles[index])));
  const most = Math.max(...held);
  const enough = (index: number): boolean => (held[index] ?? 0) >= NEARLY_AS_MUCH * most;
  if (most === 0 || (first.previous !== null && enough(0))) return [first];
  // "How much did it grow in percent?": "it" stands for what was asked, whatever table has a percent column.
  const refers =
    first.previous !== null && first.tokens.some((token) => /^(it|its|they|them|those|these)$/.test(token.lower));
  return contexts.filter((_, index) => enough(index) || (refers && index === 0));
}

/** What the rows of the data sets are called that it is related to. */
const partnersOf = (profile: DatasetProfile | undefined): ReadonlySet<string> =>
  profile?.joined === undefined ? new Set() : lexiconOf(profile).relatedSubject;

/** Layer 1: turns a question into an analytical query, small talk, or a refusal that says what is missing. Pure and deterministic. */
export function understand(turn: Asked): Understood {
  const { turn: asked, language, asWritten } = inEnglish(turn);
  const read = (one: Asked): Understanding =>
    analytical(one.history.length > 0 ? { ...one, question: withoutTakenBack(one.question) } : one, language);
  const asPlain = asAsked(asked);
  const understanding =
    smallTalk(asked) ??
    noneAsked(asked) ??
    backTo(asked, read) ??
    pointBack(asked, read) ??
    studied(asPlain, read) ??
    withSaid(asked, read(asPlain));
  return { ...turn, understanding: { ...asWritten(understanding), language } };
}

/** From here on the tables are believed to know what was decided. */
const SURE_OF_DECISIONS = 0.8;

/** What was said is not in the tables, whatever words of the question they hold; what was decided may be in both. */
function withSaid(turn: Asked, read: Understanding): Understanding {
  const said = saidOf(turn.question, turn.askedAt);
  if (said === null) return read;
  const isInTables = said.isDecision && read.query !== null && read.intent.confidence >= SURE_OF_DECISIONS;
  return { ...(isInTables ? read : blank('lookup', 0.9)), said };
}

function analytical(turn: Asked, language: string): Understanding {
  if (turn.datasets.length === 0) {
    return refused(turn, 'no_dataset', 'There is no data to answer from yet: upload a table first.');
  }
  const profiles = inOrder(turn);
  const contexts = profiles.map((profile) => contextOf(turn, goesOn(turn, profile) ? profile : alone(profile)));
  const judged = candidatesOf(contexts, profiles, language);
  const [best, ...others] =
    judged.length > 0
      ? judged
      : candidatesOf(
          contexts.map(({ profile }) => contextOf(turn, alone(profile))),
          profiles,
          language,
        );
  const fault = best === undefined ? null : faultIn(best);
  const other = fault === null ? undefined : others.find((each) => sure(each) && faultIn(each) === null);
  const plain = best === undefined || !sure(best) ? null : (other ?? best);
  const wider = overRelated(turn, profiles, contexts, plain);
  if (wider !== null) return wider;
  if (plain === null) return unclear(turn, language);
  if (plain === best && fault !== null) return refused(turn, 'not_in_data', fault);
  const context = contexts.find(({ profile }) => profile === plain.profile);
  return context === undefined ? plain.understanding : withRole(plain.understanding, context);
}

/** Best first. What counts rows of a related data set several times is none. */
const candidatesOf = (contexts: readonly Context[], profiles: readonly DatasetProfile[], language: string): Judged[] =>
  meant(contexts, profiles)
    .flatMap((context) =>
      READERS.flatMap((reader) =>
        reader.read(context).map((candidate): Judged => ({
          understanding: candidate.understanding,
          score: candidate.score * faith(language, reader.name, context, candidate),
          profile: context.profile,
        })),
      ).filter((each) => !isJoined(each.understanding.query, context.profile) || fitOf(context, each) === 'fits'),
    )
    .sort((left, right) => right.score - left.score);

/** What other readers know are ways of asking in English; the one that takes questions apart reads what was put into it. */
function faith(language: string, reader: ReaderName, context: Context, candidate: Candidate): number {
  const usual = believed(reader, context, candidate);
  if (language === 'en' || kindOf(context.profile) === 'crossed') return usual;
  return reader === 'table' ? 1 : Math.min(usual, OF_ANOTHER_LANGUAGE);
}

function unclear(turn: Asked, language: string): Understanding {
  const names = turn.datasets.slice(0, 3).map((profile) => profile.title);
  const foreign = grammarFor(language) === null ? foreignName(language) : null;
  const hint = foreign === null ? '' : ` I understand ${readLanguageNames}, and this looks like ${foreign}.`;
  return refused(turn, 'unclear', `I cannot tell what is asked of ${names.join(', ')}.${hint}`);
}

/** A question that goes on from one about related data sets is about these as well. */
const goesOn = (turn: Asked, profile: DatasetProfile): boolean =>
  isJoined(
    turn.history.findLast((past) => past.understanding?.query?.datasetId === profile.id)?.understanding?.query,
    profile,
  );
