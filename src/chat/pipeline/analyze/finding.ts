import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Finding } from '../turn.js';
import { sentence } from '../words/language.js';
import { numbersIn } from '../words/numbers.js';
import type { Shape } from '../words/shape.js';

/** One result under analysis. */
export interface Subject {
  /** 0 = primary, 1… = context. */
  readonly result: number;
  readonly set: ResultSet;
  readonly shape: Shape;
  readonly profile: DatasetProfile;
}

type Support = Finding['support'];

/**
 * A claim. Numbers that stand in `names` (years, "Boeing 747") are added to its values, so that every number of the text
 * is among them.
 */
export function finding(
  kind: Finding['kind'],
  interest: number,
  text: string,
  values: Readonly<Record<string, number>>,
  support: Support,
  names: readonly string[] = [],
): Finding {
  const named = names.flatMap((name) =>
    numbersIn(name).map((written) => [`name ${written.text}`, written.value] as const),
  );
  return { kind, text: sentence(text), values: { ...Object.fromEntries(named), ...values }, support, interest };
}

/** Support by some rows of one result. */
export const rowsOf = (subject: Subject, rows: readonly number[]): Support => [{ result: subject.result, rows }];

/** Support by every row. */
export const allRows = (subject: Subject): Support => rowsOf(subject, [...subject.set.rows.keys()]);
