import type { Asked, Understanding, Understood } from '../turn.js';
import { contextOf } from './context.js';
import type { Candidate, Reader } from './reader.js';
import { readTable } from './table-reader.js';

const READERS: readonly Reader[] = [readTable];

export function understand(turn: Asked): Understood {
  const candidates: Candidate[] = [];
  for (const profile of turn.datasets) {
    const context = contextOf(turn, profile);
    for (const reader of READERS) candidates.push(...reader(context));
  }
  const best = candidates.reduce<Candidate | null>((top, one) => (top && top.score >= one.score ? top : one), null);
  return { ...turn, understanding: best?.understanding ?? none() };
}

function none(): Understanding {
  return {
    intent: { kind: 'unknown', confidence: 0 },
    language: 'en',
    entities: [],
    references: [],
    query: null,
    chart: null,
    expects: 'value',
    reading: null,
    edits: [],
    refusal: { code: 'unclear', reason: 'I cannot tell what is asked.', suggestions: [] },
  };
}
