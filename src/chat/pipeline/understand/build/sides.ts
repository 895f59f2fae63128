import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { allOf, columnOf, isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { claim, has, measured, only, pairOf, rest, valueCondition } from './analysis-parts.js';
import { type Draft, output, rowsAreThings } from './build-parts.js';

const LESS = /^(lower|less|fewer|smaller|worse|least|lowest|shorter|younger|cheaper|colder|slower)$/;

/** "Is A better than B?": both beside each other, the one that is asked about as more first if it is. */
export function better(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  if (!pair || isMeasure(pair.column) || slots.groups.length > 0 || rowsAreThings(context)) return null;
  const words = context.tokens.map((token) => token.lower);
  const compared = words.some(
    (word, at) =>
      words.includes('than', at) && words.indexOf('than', at) - at <= 4 && (LESS.test(word) || MORE.test(word)),
  );
  const value = measured(context, slots);
  if (!compared || !value || !/^(is|are|was|were|does|do|did|has|have|had)$/.test(words[0] ?? '')) return null;
  slots.unknown = slots.unknown.filter((unit) => unit.kind !== 'compare');
  const key = columnOf(pair.column);
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value].map(output),
      where: allOf(slots.filters.map((filter) => filter.condition)),
      groupBy: [key],
      orderBy: [{ by: value, direction: words.some((word) => LESS.test(word)) ? 'asc' : 'desc' }],
    },
    chart: null,
    expects: 'table',
    reading: null,
  };
}

const MORE =
  /^(higher|more|larger|greater|bigger|better|longer|older|stronger|richer|warmer|hotter|wetter|taller|heavier|faster)$/;

/** "Did A or B have the higher score?", "which is higher, A or B?" */
export function choice(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  const or = slots.units.some((unit) => unit.kind === 'or');
  if (!pair || !or || isMeasure(pair.column)) return null;
  const word = slots.units.find((unit) =>
    /^(higher|more|larger|greater|bigger|better|most|highest|longer|older|lower|less|fewer|smaller|worse|least|lowest|shorter|younger)$/.test(
      unit.word,
    ),
  );
  const value = measured(context, slots);
  if (!word || !value) return null;
  const key = columnOf(pair.column);
  const direction = /^(lower|less|fewer|smaller|worse|least|lowest|shorter|younger)$/.test(word.word) ? 'asc' : 'desc';
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value].map(output),
      where: allOf(slots.filters.map((filter) => filter.condition)),
      groupBy: [key],
      orderBy: [{ by: value, direction }],
      limit: 1,
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

const DIFFERS = /^(difference|differences|differ|differs|gap)$/;
const COMPARED =
  /^(difference|differences|differ|differs|gap|between|than|higher|lower|more|less|fewer|larger|greater|bigger|smaller)$/;

/** "How much higher is A than B?" */
const comparesBoth = (context: Context): boolean =>
  /\b(how much|by how much|how many)\b.*\b(than|compared to|compared with)\b/.test(
    context.tokens.map((token) => token.lower).join(' '),
  );

/** "the difference in score between A and B", "how much higher is A than B?" */
export function difference(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  const [first, second] = pair?.values ?? [];
  const value = measured(context, slots);
  if (!pair || !value || first === undefined || second === undefined) return null;
  if (!has(slots, DIFFERS) && !comparesBoth(context)) return null;
  const [left, right] = [first, second].map((one) => only(value, valueCondition(pair.column, one)));
  if (!left || !right) return null;
  claim(slots, COMPARED);
  slots.unknown = slots.unknown.filter((unit) => unit.kind !== 'compare');
  const gap: Expression = { op: 'abs_difference', left, right };
  return {
    query: {
      datasetId: context.profile.id,
      select: [
        { value: gap, as: 'difference' },
        { value: left, as: String(first) },
        { value: right, as: String(second) },
      ],
      where: rest(slots, pair),
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}
