import type { Understanding } from '../turn.js';
import { build, type Draft } from './build.js';
import { OPERATOR_WORDS } from './english.js';
import { entitiesOf, intentOf } from './describe.js';
import { followUp } from './follow-up.js';
import { parse } from './parse.js';
import type { Candidate, Context } from './reader.js';
import { blank } from './small-talk.js';
import type { Slots } from './slots.js';
import { suggestionsFor } from './suggestions.js';

/** With a word that nothing explains, this much of the rest must be explained to answer all the same. */
const SURE_WITH_UNKNOWN = 0.6;

/** Reads questions about any table: filters, groups, aggregates, order, charts, and follow-ups to them. */
export function readTable(context: Context): readonly Candidate[] {
  const slots = parse(context);
  const followed = followUp(context, slots);
  const draft: Draft | null = followed ?? build(context, slots);
  const missing = missingWords(context, slots);
  const score = draft ? scoreOf(slots, followed !== null) : 0;
  if (!draft || (missing !== null && score < SURE_WITH_UNKNOWN)) {
    return missing === null ? [] : [{ understanding: notInData(context, missing), score: Math.max(0.2, 0.6 - score) }];
  }
  const understanding: Understanding = {
    intent: { kind: intentOf(slots, draft), confidence: Math.round(score * 100) / 100 },
    language: 'en',
    entities: entitiesOf(context, slots),
    references: followed?.references ?? [],
    query: draft.query,
    chart: draft.chart,
    expects: draft.expects,
    reading: draft.reading,
    edits: followed?.edits ?? [],
    refusal: null,
  };
  return [{ understanding, score }];
}

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

/** A name that the question asks for or filters by, and the data does not have; null when there is none. */
function missingWords(context: Context, slots: Slots): string | null {
  const words = slots.unknown.filter(
    (unit) => unit.kind === 'word' && unit.word.length > 2 && !OPERATOR_WORDS.has(unit.word),
  );
  if (words.length === 0) return null;
  const text = words.map((unit) => context.tokens[unit.from]?.text ?? unit.word);
  return text.slice(0, 3).join(' ');
}

function notInData(context: Context, missing: string): Understanding {
  const { title } = context.profile;
  const columns = context.profile.columns.slice(0, 6).map((column) => column.label);
  const reason = `“${missing}” is neither a column nor a value of ${title}. It has ${columns.join(', ')}${context.profile.columns.length > 6 ? '…' : ''}.`;
  return {
    ...blank('unknown', 0.8),
    refusal: { code: 'not_in_data', reason, suggestions: suggestionsFor(context.profile) },
  };
}
