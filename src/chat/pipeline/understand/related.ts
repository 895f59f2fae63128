import { columnNamed, type DatasetProfile, type JoinedDataset } from '../../../datasets/profile.js';
import { joinsIn } from '../../../datasets/query/joins.js';
import { listed, lowerFirst } from '../words/language.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { Asked, Understanding } from '../turn.js';
import { believed } from './cells/suited.js';
import { contextOf } from './context.js';
import { bestCover } from './cover.js';
import { type Fit, fitOf, unconfirmed } from './joined.js';
import { faultIn, type Judged, sure } from './judged.js';
import type { Context } from './reader.js';
import { isRoleOpen } from './roles-played.js';
import { refused } from './small-talk.js';
import { suggestionsFor } from './suggestions.js';
import { readTable } from './table-reader.js';
import { OUTRIGHT, wordsHeld } from './words-held.js';

/** By this much a reading over related data sets has to explain more than one over a single one. */
const MORE = 0.02;
/** A reading that names more may be this much less sure otherwise. */
const NEARLY = 0.15;

/** Which of two is meant was a guess. */
const OPEN = 0.7;

interface Joined extends Judged {
  readonly context: Context;
  readonly fit: Fit;
  /** It goes on from a question about a related data set, put in terms of this one. */
  readonly follows: boolean;
}

/**
 * What the question says with the columns of related data sets, where that explains more of it than one data set by itself does
 * (`plain`, from `contexts`); null where it does not. What is counted several times is said to be, and so is what only a relation
 * that nobody has confirmed would answer.
 */
export function overRelated(
  turn: Asked,
  profiles: readonly DatasetProfile[],
  contexts: readonly Context[],
  plain: Judged | null,
): Understanding | null {
  const answered = plain !== null && plain.understanding.query !== null && faultIn(plain) === null ? plain : null;
  const by = contexts.find(({ profile }) => profile === answered?.profile) ?? null;
  const read = (wider: (profile: DatasetProfile) => DatasetProfile | undefined): Joined[] =>
    profiles
      .flatMap((profile, index) => {
        const context = contexts[index];
        const extended = wider(profile);
        return extended?.related === undefined || context === undefined ? [] : readingsOf(turn, extended, context);
      })
      .filter((each) => each.fit !== null && sure(each) && (answered === null || betters(each, answered, by)))
      .toSorted((left, right) => right.score - left.score);
  const [best] = read((profile) => profile);
  if (best?.fit === 'fits') return withRole(best.understanding, best.context);
  if (best !== undefined && best.fit !== null && (answered === null || best.score > answered.score + MORE)) {
    const { reason, from } = best.fit;
    const refusal = { code: 'not_in_data', reason, suggestions: suggestionsFor(from.profile) } as const;
    return { ...refused(turn, 'not_in_data', reason), refusal };
  }
  if (answered !== null) return null;
  for (const { understanding, context, fit } of read(({ suggested }) => suggested)) {
    const profile = profiles.find(({ id }) => id === context.profile.id);
    if (fit !== 'fits' || understanding.query === null || profile === undefined) continue;
    const refusal = unconfirmed(understanding.query, profile);
    if (refusal !== null) return { ...refused(turn, 'relation_unconfirmed', refusal.reason), refusal };
  }
  return null;
}

/** "By country", where flights have two: the one taken, and that the other would fit as well. */
export function withRole(understanding: Understanding, { profile, tokens }: Context): Understanding {
  const { query } = understanding;
  const joins = query === null ? [] : joinsIn(query, profile);
  const open = joins.find(({ name }) => isRoleOpen(profile, name, tokens));
  if (open === undefined || understanding.edits.length > 0) return understanding;
  const names = (profile.joined ?? [])
    .filter(({ profile: { id } }) => id === open.profile.id)
    .map(({ left }) => lowerFirst(columnNamed(profile, left)?.label ?? left));
  const taken = lowerFirst(columnNamed(profile, open.left)?.label ?? open.left);
  const others = listed(names.filter((name) => name !== taken));
  const { kind, confidence } = understanding.intent;
  return {
    ...understanding,
    intent: { kind, confidence: confidence * OPEN },
    reading: `${open.profile.title} are meant by ${taken}; by ${others} would fit too.`,
  };
}

function readingsOf(turn: Asked, profile: DatasetProfile, alone: Context): Joined[] {
  const past = asAskedOf(turn, profile);
  const own = contextOf(past ?? turn, profile);
  const last = turn.history.findLast(({ understanding }) => understanding?.query)?.understanding?.query;
  const goesOn = past !== null || last?.datasetId === profile.id;
  const context = goesOn ? own : { ...own, previous: null };
  if (wordsHeld(context) <= wordsHeld(alone) && context.previous === null) return [];
  return readTable(context).map((candidate) => ({
    ...candidate,
    score: candidate.score * believed('table', context, candidate),
    profile,
    context,
    fit: fitOf(context, candidate),
    follows: past !== null && candidate.understanding.edits.length > 0,
  }));
}

/** It explains more; it names what the other cannot know; or it goes on with the talk, where the other begins another one. */
function betters(joined: Joined, plain: Judged, by: Context | null): boolean {
  const { understanding, score, profile, follows } = joined;
  if (score > plain.score + MORE) return true;
  const isOwn = plain.profile.id === profile.id;
  if (by !== null && score >= plain.score - NEARLY && namesMore(joined, by, isOwn)) return true;
  if (understanding.edits.length === 0) return false;
  if (follows) return plain.profile.id !== lastJoinOf(joined)?.profile.id;
  return !isOwn && plain.understanding.edits.length === 0;
}

/** A column or value of the one data set that the other has none of; or what the rows of the one are called. */
function namesMore({ context, profile }: Joined, plain: Context, isOwn: boolean): boolean {
  const covered = (at: number): boolean => known.some(({ from, to }) => from <= at && at < to);
  const known = bestCover(plain.matches, plain.tokens.length);
  const isPartner = (profile.joined ?? []).some((join) => join.profile.id === plain.profile.id);
  const more =
    (isOwn || isPartner) &&
    bestCover(context.matches, context.tokens.length).some(
      ({ column, score, from }) => score >= OUTRIGHT && (column.origin !== undefined) === isOwn && !covered(from),
    );
  const { subject } = context.lexicon;
  return (
    more ||
    (!isOwn &&
      context.tokens.some(({ stem }, at) => subject.has(stem) && !plain.lexicon.subject.has(stem) && !covered(at)))
  );
}

const lastJoinOf = ({ profile, context }: Joined): JoinedDataset | undefined => {
  const last = context.asked.history.at(-1)?.understanding?.query;
  return profile.joined?.find(({ name }) => JSON.stringify(last).includes(`"column":"${name}.`));
};

/**
 * The talk as if its last question, about a related data set, had been asked of this one: its columns by their names here, its rows
 * counted once each; null where it was about another.
 */
function asAskedOf(turn: Asked, profile: DatasetProfile): Asked | null {
  const at = turn.history.findLastIndex(({ understanding }) => understanding?.query);
  const past = turn.history[at];
  const query = past?.understanding?.query;
  const join = profile.joined?.find((each) => each.profile.id === query?.datasetId && !each.name.includes('.'));
  if (!past?.understanding || !query || join === undefined) return null;
  const renamed = JSON.parse(JSON.stringify(query), (key, value: unknown) => {
    if (key === 'column' && typeof value === 'string') return `${join.name}.${value}`;
    const isCount = typeof value === 'object' && value !== null && 'aggregate' in value && 'of' in value;
    return isCount && value.aggregate === 'count' && value.of === null
      ? { ...value, aggregate: 'count_distinct', of: { column: join.left } }
      : value;
  }) as AnalyticalQuery;
  const understanding = { ...past.understanding, query: { ...renamed, datasetId: profile.id } };
  return { ...turn, history: turn.history.with(at, { ...past, understanding }) };
}
