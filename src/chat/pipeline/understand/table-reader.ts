import type { Understanding } from '../turn.js';
import { build, type Draft } from './build.js';
import { followUp } from './follow-up.js';
import { parse } from './parse.js';
import type { Candidate, Context } from './reader.js';

/** Reads questions about any table: filters, groups, aggregates, order, charts, and follow-ups to them. */
export function readTable(context: Context): readonly Candidate[] {
  const slots = parse(context);
  const followed = followUp(context, slots);
  const draft: Draft | null = followed ?? build(context, slots);
  if (!draft) return [];
  const content = slots.units.filter((unit) => unit.kind !== 'stop').length;
  const confidence = content === 0 ? 0 : Math.max(0, 1 - slots.unknown.length / Math.max(3, content));
  const understanding: Understanding = {
    intent: { kind: 'lookup', confidence },
    language: 'en',
    entities: [],
    references: followed?.references ?? [],
    query: draft.query,
    chart: draft.chart,
    expects: draft.expects,
    reading: draft.reading,
    edits: followed?.edits ?? [],
    refusal: null,
  };
  return [{ understanding, score: confidence }];
}
