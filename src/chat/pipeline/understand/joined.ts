import type { DatasetProfile, JoinedDataset } from '../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import { faultOf } from '../../../datasets/query/check-query.js';
import { joinsIn } from '../../../datasets/query/joins.js';
import { listed } from '../words/language.js';
import type { Refusal } from '../turn.js';
import type { Candidate, Context } from './reader.js';
import { suggestionsFor } from './suggestions.js';

const own = new WeakMap<DatasetProfile, DatasetProfile>();

/** The data set without what it is related to; the same object for the same data set. */
export function alone(profile: DatasetProfile): DatasetProfile {
  if (profile.joined === undefined) return profile;
  let plain = own.get(profile);
  if (plain === undefined) {
    const { joined: _, related: __, suggested: ___, ...rest } = profile;
    own.set(profile, (plain = rest));
  }
  return plain;
}

export const isJoined = (query: AnalyticalQuery | null | undefined, profile: DatasetProfile): boolean =>
  query !== null && query !== undefined && joinsIn(query, profile).length > 0;

/** What a candidate says of related data sets: `fits`: it may be asked · a sentence: why it may not · null: it is not about both. */
export type Fit = 'fits' | { readonly reason: string; readonly from: JoinedDataset } | null;

/**
 * A question about a related data set alone is not one of this one, whose rows would count each of the other's several times. It
 * is, when it names something of this one, or goes on from a question about it.
 */
export function fitOf(context: Context, { understanding }: Candidate): Fit {
  const { query, edits } = understanding;
  const { profile } = context;
  if (query === null || !isJoined(query, profile) || faultOf(query, profile) !== null) return null;
  const names = new Set(context.profile.columns.map(({ name }) => JSON.stringify(name)));
  const text = JSON.stringify(query);
  const namesOwn = [...names].some((name) => text.includes(`"column":${name}`));
  const namesRows = context.tokens.some(({ stem }) => context.lexicon.subject.has(stem));
  if (!namesOwn && !namesRows && edits.length === 0) return null;
  const [partner] = joinsIn(query, profile);
  if (partner !== undefined && asksForNone(context)) {
    return {
      reason: `Which rows of ${partner.profile.title} have none in ${profile.title} cannot be asked for yet.`,
      from: partner,
    };
  }
  const [first] = countedAgain(query, profile);
  const join = profile.joined?.find(({ name }) => name === first?.join);
  if (first === undefined || join === undefined) return 'fits';
  return {
    reason: `“${first.label}” is told once for each row of ${join.profile.title}; by rows of ${profile.title} it would be counted several times.`,
    from: join,
  };
}

/** "Which customers have no orders?", "… never ordered?": rows of the other that nothing here leads to. */
const asksForNone = ({ tokens, lexicon }: Context): boolean =>
  tokens.some(
    ({ stem }, at) => lexicon.subject.has(stem) && /^(?:no|without|never|any|zero)$/.test(tokens[at - 1]?.lower ?? ''),
  );

interface Counted {
  readonly join: string;
  readonly label: string;
}

/** What a repetition does not change, and a count of the rows themselves. */
const UNCHANGED = new Set<unknown>(['min', 'max', 'count', 'count_distinct']);

/** Numbers of related rows alone, taken together over rows that share them, anywhere in the query. */
function countedAgain(part: unknown, profile: DatasetProfile): Counted[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap((each) => countedAgain(each, profile));
  const inner = Object.values(part).flatMap((each) => countedAgain(each, profile));
  if (!('aggregate' in part) || UNCHANGED.has(part.aggregate)) return inner;
  const { where: _, ...operands } = part as Record<string, unknown>;
  const named = columnsOf(operands);
  const related = (profile.related ?? []).filter(({ name }) => named.includes(name));
  const [first] = related;
  if (first?.origin === undefined || related.length < new Set(named).size) return inner;
  return [{ join: first.origin.join, label: first.origin.label }, ...inner];
}

function columnsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('column' in part && typeof part.column === 'string') return [part.column];
  return Object.values(part).flatMap(columnsOf);
}

/** It can be answered as soon as somebody says that the two belong together. */
export function unconfirmed(query: AnalyticalQuery, profile: DatasetProfile): Refusal | null {
  const known = new Set((profile.joined ?? []).map(({ relationId }) => relationId));
  const { suggested } = profile;
  const join =
    suggested === undefined ? undefined : joinsIn(query, suggested).find(({ relationId }) => !known.has(relationId));
  if (suggested === undefined || join === undefined) return null;
  const text = JSON.stringify(query);
  const named = (suggested.related ?? []).filter(
    ({ name, origin }) => origin?.join === join.name && text.includes(JSON.stringify(name)),
  );
  const what = listed([...new Set(named.map(({ origin }) => `“${origin?.label ?? ''}”`))]);
  const columns = `“${join.left}” of ${profile.title} and “${join.right}” of ${join.profile.title}`;
  return {
    code: 'relation_unconfirmed',
    reason: `${what} ${named.length > 1 ? 'are' : 'is'} in ${join.profile.title}. ${columns} seem to belong together, but nobody has confirmed that: confirm the relation between the two data sets, then ask again.`,
    suggestions: suggestionsFor(profile),
    relation: { datasetId: profile.id, relationId: join.relationId },
  };
}
