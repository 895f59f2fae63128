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
import { likeliest, meant, rivalOf, withRival } from './which-table.js';

/** Layer 1: turns a question into an analytical query, small talk, or a refusal that says what is missing. Pure and deterministic. */
export function understand(turn: Asked): Understood {
  const { turn: asked, language, asWritten } = inEnglish(turn);
  const read = (one: Asked): Understanding =>
    analytical(one.history.length > 0 ? { ...one, question: withoutTakenBack(one.question) } : one, language);
  const asPlain = asAsked(asked);
  const understanding =
    // Is nothing asked of the data?
    smallTalk(asked) ??
    // Or nothing of it: the top 0?
    noneAsked(asked) ??
    // Is an earlier turn of this conversation meant, or an earlier result of any?
    backTo(asked, read) ??
    pointBack(asked, read) ??
    // Is it one of the studies: a forecast, outliers, reasons?
    studied(asPlain, read) ??
    // Else it is a question about tables, or about what was said.
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

const READERS: readonly { readonly name: ReaderName; readonly read: Reader }[] = [
  { name: 'table', read: readTable },
  { name: 'records', read: readRecords },
  { name: 'facts', read: readFacts },
];

/** What a reader of English idioms is believed of a question in another language. */
const OF_ANOTHER_LANGUAGE = 0.7;

function analytical(turn: Asked, language: string): Understanding {
  if (turn.datasets.length === 0) {
    return refused(turn, 'no_dataset', 'There is no data to answer from yet: upload a table first.');
  }
  const profiles = likeliest(turn);
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
  if (context === undefined) return plain.understanding;
  const rival = rivalOf(context, plain, judged);
  return withRival(withRole(plain.understanding, context), plain.profile, rival);
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
