import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { leadsObservation, rowsAreThings } from '../build/build-parts.js';
import { growth } from '../build/change.js';
import type { Slots } from '../clauses/slots.js';
import { conjuncts, isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { ADDITIVE, type FollowUp } from './edit-base.js';
import { againstAgain } from './against-again.js';
import { amongSides } from './among-sides.js';
import { apart } from './apart.js';
import { changeAgain } from './change-again.js';
import { Edit } from './edit.js';
import { LEAVE_OUT } from './edit-filters.js';
import { atLevel } from './levels.js';
import { endsAgain } from './ends-again.js';
import { isAbout } from './frame.js';
import { isBarePlace } from './place-asked.js';
import { narrowGroups } from './narrow-groups.js';
import { periodsAgain } from './periods-again.js';
import { rankAgain } from './rank-again.js';
import { references } from './references.js';
import { widened } from './widen.js';

const OPENERS =
  /^(and|what about|how about|also|now|only|just|then|but|instead|same|of (those|these|them|the)|for (those|these|them|each of|that|this)|among|sort|order by|limit|group|remove|exclude|drop|hide|replace|i want to (only )?see|excluding|without|rank|compare|as a|make it|show (it|that|this|them)|out of|by|in|since|from|please sort|with)\b/;
const COURTESY =
  /^((hi|hello|hey|thanks|thank you|ok|okay|great|excellent|alright|good|well|hmm|yes|no|nope|sorry|wait|actually|rather|i meant|i mean|so|oh|for that|that|please|can you|could you|i also want to know|also want)[ ,.!]+)+/;

/** The question as a change of the previous one; null when it stands on its own. */
export function followUp(context: Context, slots: Slots): FollowUp | null {
  const query = context.previous?.understanding?.query;
  if (!query) return null;
  if (!query.where || context.previous?.understanding?.refusal?.code !== 'no_rows' || mends(slots, query))
    return changed(context, slots, query);
  const anew = changed(context, slots, withoutFilter(query));
  return anew && { ...anew, reading: anew.reading ?? 'What left no rows before was left out.' };
}

function changed(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const own =
    againstAgain(context, slots, query) ??
    amongSides(context, slots, query) ??
    narrowGroups(context, slots, query) ??
    widened(context, slots, query) ??
    rankAgain(context, slots, query) ??
    periodsAgain(context, slots, query) ??
    apart(context, slots, query) ??
    changeAgain(context, slots, query) ??
    endsAgain(context, slots, query) ??
    atLevel(context, slots, query);
  if (own) return own;
  if (asksForChange(context, slots)) return null;
  if (!pointsBack(context, slots)) return null;
  if (isFragment(context, slots)) slots.columns = [];
  return new Edit(context, slots, query).apply();
}

/** A condition in the place of one that left nothing. */
const mends = (slots: Slots, { where }: AnalyticalQuery): boolean =>
  slots.filters.some(({ column }) => conjuncts(where).some((condition) => isAbout(condition, column)));

/** What left no rows is not asked for again. */
const withoutFilter = (query: AnalyticalQuery): AnalyticalQuery => ({
  ...query,
  where: undefined,
  having: undefined,
  qualify: undefined,
});

/** "for low income countries only": a place or a kind to keep, whose noun asks for nothing. */
function isFragment(context: Context, slots: Slots): boolean {
  const text = context.tokens.map((token) => token.lower).join(' ');
  if (
    !/^(and |but |now |then )*(for|in|within|among|only|just|without|excluding|except)\b/.test(text) &&
    !LEAVE_OUT.test(text)
  )
    return false;
  if (slots.filters.length === 0 || slots.measures.length > 0 || slots.superlative !== null || slots.order !== null)
    return false;
  if (
    slots.groups.length > 0 ||
    slots.units.some((unit) => /^(what|which|who|how|is|are|was|were|list|show)$/.test(unit.word))
  )
    return false;
  if (LEAVE_OUT.test(text)) return slots.columns.every((use) => !isMeasure(use.column));
  const named = slots.units.filter((unit) => unit.kind === 'value').map((unit) => unit.to);
  return slots.columns.every((use) => !isMeasure(use.column) && named.includes(use.from));
}

/** "Germany vs France in healthcare over time": sides to compare and what about them, all named anew. */
function standsAlone(context: Context, slots: Slots): boolean {
  if (!leadsObservation(context) || rowsAreThings(context)) return false;
  const named = new Set(slots.filters.map((filter) => filter.column));
  const sides = slots.filters.some((filter) => (filter.values?.length ?? 0) > 1);
  const ranked = slots.superlative !== null && slots.columns.some(({ column }) => !isMeasure(column));
  return named.size > 1 && (sides || ranked || slots.chart?.implied === true);
}

/** "Which countries improved most since 2015?": what changed and from when on, which is no change of the ranking before. */
function asksForChange(context: Context, slots: Slots): boolean {
  const isOpened = OPENERS.test(
    context.tokens
      .map((token) => token.lower)
      .join(' ')
      .replace(COURTESY, ''),
  );
  const named = [...slots.groups, ...slots.columns].some((use) => !isMeasure(use.column));
  if (isOpened || !named || references(context, slots).length > 0 || rowsAreThings(context)) return false;
  return growth(context, { ...slots, unknown: [...slots.unknown], used: new Set(slots.used) }) !== null;
}

/** "I want to only see the cars with less than 70": of what was shown. */
function narrows(slots: Slots, text: string): boolean {
  const only =
    /\b(only|just) (see|show|keep|include|consider|look)\b|\b(see|show|keep|include|consider) (me )?(only|just)\b/;
  return (
    only.test(text) &&
    slots.filters.length > 0 &&
    slots.columns.length + slots.groups.length + slots.measures.length === 0 &&
    slots.superlative === null
  );
}

/** "How does the number vary over the years?": the number that was shown before. */
function isBareNumber(slots: Slots, text: string): boolean {
  const named = [...slots.groups, ...slots.columns];
  return (
    /\bthe (number|count|total|average|value)s? (\w+ )?(over|by|per|across|each|through)\b/.test(text) &&
    slots.counted === null &&
    slots.subjects.length + slots.filters.length === 0 &&
    named.length > 0 &&
    named.every((use) => use.column.role === 'temporal') &&
    slots.measures.every((measure) => measure.column === null)
  );
}

function pointsBack(context: Context, slots: Slots): boolean {
  const text = context.tokens.map((token) => token.lower).join(' ');
  if (references(context, slots).length > 0) return true;
  const bare = text.replace(COURTESY, '');
  if (isFragment(context, slots) || isBarePlace(slots)) return true;
  const asks =
    slots.columns.length +
    slots.groups.length +
    slots.subjects.length +
    (slots.counted ? 1 : 0) +
    slots.measures.filter((measure) => measure.column !== null).length;
  if ((!OPENERS.test(bare) || /^compare\b/.test(bare)) && standsAlone(context, slots)) return false;
  if (
    /^(what|how) about\b|^(and|also) |^(sort|limit|order|remove|exclude|replace|group by|drop) |\binstead\b/.test(bare)
  ) {
    // "And what is the population of Nigeria?" names all it needs.
    return !(
      /^(and|also)\b/.test(bare) &&
      slots.columns.length > 0 &&
      slots.filters.length > 0 &&
      !ADDITIVE.test(text)
    );
  }
  if (/^(who|whose) /.test(bare)) return false;
  // "only the best in each region": of those that were shown.
  if (/^(only|just)\b/.test(bare) && slots.superlative !== null && slots.columns.every((use) => !isMeasure(use.column)))
    return true;
  if (narrows(slots, text) || isBareNumber(slots, text)) return true;
  // "by region", "per month": how to split what was asked for.
  const named = slots.columns.length + slots.measures.length + slots.subjects.length + (slots.counted ? 1 : 0);
  if (/^(by|per|for each|for every|broken down|split|across)\b/.test(bare) && slots.groups.length > 0 && named === 0)
    return true;
  if (asks === 0 && (slots.filters.length > 0 || slots.order !== null || slots.chart !== null)) return true;
  if (asks === 0 && slots.measures.length > 0 && slots.measures.every((measure) => measure.column === null))
    return true;
  if (asks === 0 && slots.superlative !== null && slots.superlative.by === null) return true;
  if (
    slots.superlative !== null &&
    slots.superlative.by === null &&
    !slots.superlative.counted &&
    slots.columns.every((use) => !isMeasure(use.column))
  )
    return true;
  if (ADDITIVE.test(text) && slots.subjects.length === 0 && !/^show|^give/.test(bare)) return true;
  // "which countries are also republics?" narrows what was listed.
  if (/\balso\b/.test(text) && slots.columns.length === 0 && slots.filters.length > 0) return true;
  // "What is the area of each country?" after a list that was narrowed: of those.
  const before = context.previous?.understanding?.query;
  if (
    slots.eachRow &&
    slots.filters.length === 0 &&
    slots.groups.length === 0 &&
    before?.where &&
    !before.groupBy &&
    slots.columns.length > 0
  )
    return true;
  return OPENERS.test(bare) && asks === 0;
}
