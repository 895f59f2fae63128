import type { Answer, Evidence, Finding, Understanding, Visualization } from './turn.js';

export const LAYERS = ['intent', 'retrieval', 'analysis', 'visualization'] as const;
export type Layer = (typeof LAYERS)[number];

/** What a turn has found out when it is through its layers; before that, as much of it as there is. */
export interface Progress extends Understanding {
  readonly evidence: Evidence;
  readonly answer: Answer | null;
  readonly findings: readonly Finding[];
  readonly visualization: Visualization | null;
}

const NOTHING: Evidence = { primary: null, context: [], pastResults: [] };

/** What clients are told of a layer that is done. `ms`: how long it took. */
export function stepDetail(layer: Layer, turn: Partial<Progress>, ms: number): Readonly<Record<string, unknown>> {
  switch (layer) {
    case 'intent': {
      const { intent, language, entities, references, query, reading, edits, refusal } = turn;
      return { intent, language, entities, references, query, reading, edits, refusal, ms };
    }
    case 'retrieval': {
      const { primary, context, pastResults, passages, messages, sources } = turn.evidence ?? NOTHING;
      return {
        columns: primary?.columns.map(({ name }) => name) ?? [],
        matchedRows: primary?.matchedRows ?? null,
        sql: primary?.sql ?? null,
        context: context.map(({ purpose, result }) => ({ purpose, matchedRows: result.matchedRows })),
        pastResults: pastResults.length,
        ...(passages && { passages: passages.map(({ documentId, title, n }) => ({ documentId, title, n })) }),
        ...(messages && {
          messages: messages.map(({ messageId, conversationId, at }) => ({ messageId, conversationId, at })),
        }),
        ...(sources && { sources }),
        ms,
      };
    }
    case 'analysis':
      return { answer: turn.answer ?? null, findings: turn.findings ?? [], ms };
    case 'visualization':
      return { title: turn.visualization?.title ?? null, ms };
  }
}
