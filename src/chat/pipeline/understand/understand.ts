import type { DatasetProfile } from '../../../datasets/profile.js';
import { faultOf } from '../../../datasets/query/check-query.js';
import type { Asked, Understanding, Understood } from '../turn.js';
import { readFacts } from './cells/fact-reader.js';
import { readRecords } from './cells/record-reader.js';
import { believed, type ReaderName } from './cells/suited.js';
import { contextOf } from './context.js';
import { SUPERLATIVES, TIME_UNITS } from './english.js';
import { foreignName, languageOf } from './language.js';
import { bestCover } from './cover.js';
import { pointBack } from './past/point-back.js';
import { columnOfQuality, qualityOf } from './qualities.js';
import type { Candidate, Context, Reader } from './reader.js';
import { refused, smallTalk } from './small-talk.js';
import { asAsked, studied } from './studies/studied.js';
import { readTable } from './table-reader.js';

const READERS: readonly { readonly name: ReaderName; readonly read: Reader }[] = [
  { name: 'table', read: readTable },
  { name: 'records', read: readRecords },
  { name: 'facts', read: readFacts },
];

/** Below this the words of the question are accounted for too poorly to answer from. */
const SURE_ENOUGH = 0.35;
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
function meant(turn: Asked): readonly Context[] {
  const contexts = inOrder(turn).map((profile) => contextOf(turn, profile));
  const [first] = contexts;
  if (!first || contexts.length === 1) return contexts;
  const held = contexts.map(wordsHeld);
  const most = Math.max(...held);
  const enough = (index: number): boolean => (held[index] ?? 0) >= NEARLY_AS_MUCH * most;
  if (most === 0 || (first.previous !== null && enough(0))) return [first];
  // "How much did it grow in percent?": "it" stands for what was asked, whatever table has a percent column.
  const refers =
    first.previous !== null && first.tokens.some((token) => /^(it|its|they|them|those|these)$/.test(token.lower));
  return contexts.filter((_, index) => enough(index) || (refers && index === 0));
}

/** How many words of the question name columns or values of the data set, weak matches in part; words of its title a little. */
function wordsHeld(context: Context): number {
  const cover = bestCover(context.matches, context.tokens.length);
  const { lexicon } = context;
  // "year" and "month" name the column of any data set with a time; "driest" names the one that holds rain.
  const timed = (stem: string): boolean => lexicon.temporal !== null && TIME_UNITS.has(stem);
  const units = context.tokens.filter((token) => timed(token.lower)).length;
  const qualities = context.tokens.filter((token) => {
    const quality = qualityOf(token.lower);
    return quality !== null && !SUPERLATIVES.has(token.lower) && columnOfQuality(quality, lexicon) !== null;
  }).length;
  const titled = context.tokens.filter((token) => context.lexicon.subject.has(token.stem)).length;
  const named = cover.filter((match) => match.to - match.from > 1 || !timed(context.tokens[match.from]?.lower ?? ''));
  return (
    named.reduce((sum, match) => sum + match.score * (match.to - match.from), 0) + units + qualities + 0.3 * titled
  );
}

/** Layer 1: turns a question into an analytical query, small talk, or a refusal that says what is missing. Pure and deterministic. */
export function understand(turn: Asked): Understood {
  const language = languageOf(turn.question);
  const read = (asked: Asked): Understanding => analytical(asked, language);
  return {
    ...turn,
    understanding: {
      ...(smallTalk(turn) ?? pointBack(turn, read) ?? studied(asAsked(turn), read) ?? read(asAsked(turn))),
      language,
    },
  };
}

function analytical(turn: Asked, language: string): Understanding {
  if (turn.datasets.length === 0) {
    return refused(turn, 'no_dataset', 'There is no data to answer from yet: upload a table first.');
  }
  const candidates = meant(turn).flatMap((context) =>
    READERS.flatMap((reader) =>
      reader.read(context).map((candidate): Judged => ({
        understanding: candidate.understanding,
        score: candidate.score * believed(reader.name, context, candidate),
        profile: context.profile,
      })),
    ),
  );
  const [best, ...others] = candidates.sort((left, right) => right.score - left.score);
  if (!best || !sure(best)) {
    const names = turn.datasets.slice(0, 3).map((profile) => profile.title);
    const foreign = foreignName(language);
    const hint = foreign === null ? '' : ` I understand English so far, and this looks like ${foreign}.`;
    return refused(turn, 'unclear', `I cannot tell what is asked of ${names.join(', ')}.${hint}`);
  }
  const fault = faultIn(best);
  if (fault === null) return best.understanding;
  const other = others.find((candidate) => sure(candidate) && faultIn(candidate) === null);
  return other?.understanding ?? refused(turn, 'not_in_data', fault);
}

interface Judged extends Candidate {
  readonly profile: DatasetProfile;
}

const sure = ({ understanding, score }: Judged): boolean => understanding.query === null || score >= SURE_ENOUGH;

/** Nothing is retrieved that the data set cannot answer. */
const faultIn = ({ understanding, profile }: Judged): string | null =>
  understanding.query === null ? null : faultOf(understanding.query, profile);
