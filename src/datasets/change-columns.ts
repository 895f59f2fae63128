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
  readonly parent?: string | null | undefined;
}

/**
 * The columns with the changes made.
 * @throws {422} column_unknown · column_parent_unfit (no column, itself, or one below it) · column_role_unfit (a measure that is no number, a temporal column that orders nothing)
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
  const changed = columns.map((column) => {
    const change = byName.get(column.name);
    if (change === undefined) return column;
    const given = Object.fromEntries(
      Object.entries(change).filter(([key, value]) => key !== 'name' && value !== undefined),
    );
    const differing = Object.keys(given).filter(
      (key) => JSON.stringify(given[key]) !== JSON.stringify(column[key as keyof ColumnProfile]),
    );
    const edited = [...new Set([...(column.edited ?? []), ...differing])];
    return { ...column, ...given, ...(edited.length > 0 && { edited }) };
  });
  for (const [i, { name, parent }] of changes.entries()) {
    if (typeof parent === 'string' && !isAbove(changed, name, parent)) {
      throw invalid('column_parent_unfit', `columns.${i}.parent`, `"${parent}" cannot be the level above "${name}"`);
    }
  }
  return changed;
}

/** Whether `parent` is a column, and going up from it never comes to `name`. */
function isAbove(columns: readonly ColumnProfile[], name: string, parent: string): boolean {
  let above = columns.find((column) => column.name === parent);
  if (above === undefined) return false;
  for (let steps = 0; above !== undefined && steps <= columns.length; steps++) {
    if (above.name === name) return false;
    const next: string | null | undefined = above.parent;
    above = columns.find((column) => column.name === next);
  }
  return true;
}

/** The columns of new rows, with what the owner said of those that have the same name and type. */
export function keepEdits(columns: readonly ColumnProfile[], before: readonly ColumnProfile[]): ColumnProfile[] {
  const known = new Map(before.map((column) => [column.name, column]));
  return columns.map((column) => {
    const old = known.get(column.name);
    if (old?.edited === undefined || old.type !== column.type) return column;
    const kept = old.edited.map((key) => [key, old[key as keyof ColumnProfile]]);
    return { ...column, ...Object.fromEntries(kept), edited: old.edited } as ColumnProfile;
  });
}

function fits({ type }: ColumnProfile, role: ColumnRole): boolean {
  if (role === 'measure') return type === 'integer' || type === 'number';
  return role !== 'temporal' || type === 'integer' || type === 'date' || type === 'datetime';
}

const invalid = (code: string, path: string, message: string): Problem =>
  new Problem(422, code, `${message}.`, { errors: [{ path, message }] });
