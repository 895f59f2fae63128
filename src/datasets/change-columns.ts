import { Problem } from '../common/problem.js';
import type { ColumnProfile, ColumnRole } from './profile.js';

/** A correction of what one column means; what is left out stays. */
export interface ColumnChange {
  readonly name: string;
  readonly label?: string | undefined;
  readonly role?: ColumnRole | undefined;
  readonly unit?: string | null | undefined;
  readonly synonyms?: readonly string[] | undefined;
  readonly defaultAggregate?: ColumnProfile['defaultAggregate'] | undefined;
  readonly higherIsBetter?: boolean | null | undefined;
}

/**
 * The columns with the changes made.
 * @throws {422} column_unknown · column_role_unfit (a measure that is no number, a temporal column that orders nothing)
 */
export function changeColumns(columns: readonly ColumnProfile[], changes: readonly ColumnChange[]): ColumnProfile[] {
  const byName = new Map(changes.map((change) => [change.name, change]));
  for (const [i, { name, role }] of changes.entries()) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      throw invalid('column_unknown', `columns.${i}.name`, `There is no column "${name}" in this data set`);
    }
    if (role !== undefined && !fits(column, role)) {
      throw invalid('column_role_unfit', `columns.${i}.role`, `"${name}" is ${column.type}, so it cannot be a ${role}`);
    }
  }
  return columns.map((column) => {
    const change = byName.get(column.name);
    if (change === undefined) return column;
    const given = Object.fromEntries(
      Object.entries(change).filter(([key, value]) => key !== 'name' && value !== undefined),
    );
    return { ...column, ...given };
  });
}

function fits({ type }: ColumnProfile, role: ColumnRole): boolean {
  if (role === 'measure') return type === 'integer' || type === 'number';
  return role !== 'temporal' || type === 'integer' || type === 'date' || type === 'datetime';
}

const invalid = (code: string, path: string, message: string): Problem =>
  new Problem(422, code, `${message}.`, { errors: [{ path, message }] });
