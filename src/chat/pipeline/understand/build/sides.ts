import type { Scalar } from '../../../../common/scalar.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { allOf, columnOf, conjuncts, isMeasure, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { claim, has, measured, only, pairOf, rest, valueCondition } from './analysis-parts.js';
import { type Draft, groupExpression, output, rowsAreThings, unique } from './build-parts.js';

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

const DIFFERS = /^(difference|differences|differ|differs|gap|minus)$/;
const COMPARED =
  /^(difference|differences|differ|differs|gap|minus|between|than|higher|lower|more|less|fewer|larger|greater|bigger|smaller|ratio|times|exceeds?|exceeded|surpass(es|ed)?|big|large|high|as)$/;

const textOf = (context: Context): string => context.tokens.map((token) => token.lower).join(' ');

const BEATS =
  'exceed(?:s|ed)?|surpass(?:es|ed)?|beat(?:s|en)?|outperform(?:s|ed)?|outscore[sd]?|outrank(?:s|ed)?|top(?:s|ped)?|ahead|lead(?:s)?|led';
const TRAILS = 'trail(?:s|ed)?|lag(?:s|ged)?|behind|below|underperform(?:s|ed)?';

/** "How much higher is A than B?", "by how many points does A beat B?" */
const COMPARES_BOTH = new RegExp(
  `\\b(?:how much|how many|how far)\\b.*\\b(?:than|compared to|compared with|${BEATS}|${TRAILS})\\b`,
);
const FEWER = new RegExp(
  `\\b(?:how much|how many) (?:\\w+ )?(?:lower|less|fewer|smaller|worse|shorter|younger|cheaper)\\b|\\bhow (?:much|many|far)\\b.*\\b(?:${TRAILS})\\b`,
);
const MOVED = new RegExp(`^(?:${BEATS}|${TRAILS}|far)$`);

/** "ratio of A to B", "how many times as large as B is A?" */
const TIMES = /\b(ratio|how many times|times (as|more|larger|higher|bigger|greater))\b/;

/** What is asked of two sides, left first. */
interface Asked {
  readonly op: '-' | 'abs_difference' | '/';
  readonly flipped: boolean;
}

function askedOf(context: Context, slots: Slots, grouped: boolean): Asked | null {
  const text = textOf(context);
  // "How many times the revenue of A is that of B?" is B over A.
  if (TIMES.test(text)) return { op: '/', flipped: /\bhow many times (the|that|those|what)\b/.test(text) };
  // "In how many years did A beat B?" counts the years that it did.
  const isNamed = slots.units.some((unit) => unit.kind === 'column' && MOVED.test(unit.word));
  if (COMPARES_BOTH.test(text) && !isNamed && !/\bin how many\b/.test(text))
    return { op: '-', flipped: FEWER.test(text) };
  if (!has(slots, DIFFERS)) return null;
  return { op: grouped || has(slots, /^minus$/) ? '-' : 'abs_difference', flipped: false };
}

/** "the difference in score between A and B", "how much higher is A than B?", "the ratio of A to B", of each group where groups are named. */
export function difference(context: Context, slots: Slots): Draft | null {
  const pair = pairOf(slots);
  const [first, second] = pair?.values ?? [];
  const value = measured(context, slots);
  if (!pair || !value || first === undefined || second === undefined) return null;
  const keys = unique(
    [...slots.groups, ...slots.columns]
      .filter((use) => !isMeasure(use.column) && use.column !== pair.column)
      .map(groupExpression),
  );
  const asked = askedOf(context, slots, keys.length > 0);
  if (!asked) return null;
  const side = (one: Scalar): Expression => only(value, valueCondition(pair.column, one));
  const [one, other] = asked.flipped ? [second, first] : [first, second];
  const gap: Expression = { op: asked.op, left: side(one), right: side(other) };
  claim(slots, COMPARED);
  claim(slots, MOVED);
  slots.unknown = slots.unknown.filter((unit) => unit.kind !== 'compare');
  const time = [...slots.groups, ...slots.columns].find((use) => use.column.role === 'temporal');
  const timed = time && groupExpression(time);
  const ranked = slots.superlative === null ? undefined : slots.superlative;
  const both = keys.length > 0 ? [pair.condition] : [];
  return {
    query: {
      datasetId: context.profile.id,
      select: [
        ...keys.map(output),
        { value: gap, as: asked.op === '/' ? 'ratio' : 'difference' },
        { value: side(first), as: String(first) },
        { value: side(second), as: String(second) },
      ],
      where: allOf([...conjuncts(rest(slots, pair)), ...both]),
      groupBy: keys.length > 0 ? keys : undefined,
      orderBy:
        timed && !ranked
          ? [{ by: timed, direction: 'asc' }]
          : keys.length > 0
            ? [{ by: gap, direction: ranked?.direction ?? 'desc' }]
            : undefined,
      limit: keys.length > 0 ? ranked?.limit : undefined,
    },
    chart: keys[0] ? { x: outputName(keys[0]), y: asked.op === '/' ? 'ratio' : 'difference' } : null,
    expects: keys.length > 0 ? 'table' : 'value',
    reading: null,
  };
}
