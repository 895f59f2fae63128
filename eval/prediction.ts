import type { TurnRecord } from '../src/chat/turn-record.js';
import type { ResultSet } from '../src/datasets/query/result-set.js';
import { chartOf, columnsOf, filtersOf } from './meaning.js';
import type { Prediction } from './scoring/types.js';
import type { Question } from './suite.js';

export interface Answered {
  /** null: a layer failed. */
  readonly record: TurnRecord | null;
  /** The whole primary result, where the record keeps a part of it. */
  readonly result: ResultSet | null;
  readonly text: string;
  readonly ms: number;
}

/** A line of the predictions file, with the words of the answer and the query beside what is scored. */
export type PredictionLine = Prediction &
  Readonly<Record<'question' | 'text' | 'confidence' | 'query' | 'code', unknown>> & {
    /** Which numbers of the answer the evidence bears out; null where nothing was worked out. */
    readonly grounded: TurnRecord['grounded'];
  };

/** What an answer says, in the fields that the question's suite is judged by. Its suite is used for nothing else. */
export function predictionOf(
  { id, suite, question }: Question,
  { record, result, text, ms }: Answered,
): PredictionLine {
  const told = {
    id,
    ms: Math.round(ms * 100) / 100,
    question,
    text,
    confidence: record?.intent.confidence ?? null,
    query: record?.query ?? null,
    grounded: record?.grounded ?? null,
  };
  if (record === null) return { ...told, status: 'refused', code: 'failed' };
  if (record.refusal !== null || record.query === null) {
    const code = record.refusal?.code ?? record.intent.kind;
    return { ...told, status: code === 'unclear' ? 'clarify' : 'refused', code };
  }
  return { ...told, status: 'answered', code: null, ...fieldsOf(suite, record, result) };
}

function fieldsOf(suite: Question['suite'], record: TurnRecord, result: ResultSet | null): Partial<Prediction> {
  const { query, visualization, evidence } = record;
  const filters = query?.where === undefined ? [] : filtersOf(query.where);
  const columns = query === null ? [] : columnsOf(query);
  switch (suite) {
    case 'charts':
      return { vegaLite: visualization?.spec ?? null, columns, filters };
    case 'dialogue':
      return {
        rows: result?.rows ?? null,
        rowColumns: result?.columns.map(({ name }) => name) ?? [],
        columns,
        filters,
      };
    case 'tableqa':
    case 'finance':
      return { answer: record.answer };
    case 'followups': {
      const results = [evidence.primary, ...evidence.context.map((part) => part.result)].filter(
        (part) => part !== null,
      );
      return { chart: visualization === null ? null : chartOf(visualization.spec, results), filters };
    }
  }
}
