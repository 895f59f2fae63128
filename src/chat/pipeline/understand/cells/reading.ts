import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { IntentKind } from '../../turn.js';
import type { Cell, PastValue } from './cell.js';

/** What a question about cells was taken to mean. */
export interface Reading {
  readonly kind: IntentKind;
  /** Name of the result. */
  readonly as: string;
  /** Set when the answer is one cell as it stands in the table. */
  readonly cell: Cell | null;
  readonly value: Expression;
  readonly cells: readonly Cell[];
  readonly explained: number;
  readonly clear: number;
  readonly pointed: readonly PastValue[];
  /** What was assumed, in a sentence. */
  readonly note: string | null;
}
