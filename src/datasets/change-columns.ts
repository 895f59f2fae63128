import { Problem } from '../common/problem.js';
import type { ColumnProfile, ColumnRole, NumberFormat } from './profile.js';

/** What is left out is as usual: as many decimals as were seen, not compact. */
export interface FormatChange {
  readonly decimals?: number | null | undefined;
  readonly compact?: boolean | undefined;
}

/** A correction of what one column means; what is left out stays. */
export interface ColumnChange {
  readonly name: string;
  readonly label?: string | undefined;
  readonly description?: string | null | undefined;
  readonly role?: ColumnRole | undefined;
  readonly unit?: string | null | undefined;
  readonly format?: FormatChange | null | undefined;
  readonly synonyms?: readonly string[] | undefined;
  readonly defaultAggregate?: ColumnProfile['defaultAggregate'] | undefined;
  readonly higherIsBetter?: boolean | null | undefined;
  readonly parent?: string | null | undefined;
}

/**
 * The columns with the changes made.
 * @throws {422} column_unknown · column_twice · column_parent_unfit (no column, a measure, itself, or one below it) · column_role_unfit (a measure that is no
 * number, a temporal column that orders nothing) · column_format_unfit (decimals of what is no number) · synonym_taken (it is how
 * another column is called)
 */
export function changeColumns(columns: readonly ColumnProfile[], changes: readonly ColumnChange[]): ColumnProfile[] {
  const byName = new Map(changes.map((change) => [change.name, change]));
  for (const [i, change] of changes.entries()) {
    const { name, role } = change;
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      throw invalid('column_unknown', `columns.${i}.name`, `There is no column "${name}" in this data set`);
    }
    if (changes.findIndex((other) => other.name === name) < i) {
      throw invalid('column_twice', `columns.${i}.name`, `"${name}" is changed twice; say all of it in one entry`);
    }
    if (role !== undefined && !fits(column, role)) {
      throw invalid('column_role_unfit', `columns.${i}.role`, `"${name}" is ${column.type}, so it cannot be a ${role}`);
    }
    if (change.format !== undefined && change.format !== null && !isNumber(column)) {
      const detail = `"${name}" is ${column.type}; only numbers have a format`;
      throw invalid('column_format_unfit', `columns.${i}.format`, detail);
    }
    requireFreeSynonyms(columns, change, `columns.${i}.synonyms`);
  }
  const changed = columns.map((column) => {
    const change = byName.get(column.name);
    if (change === undefined) return column;
    const { name: _, ...said } = change;
    const synonyms = said.synonyms === undefined ? undefined : cleaned(said.synonyms);
    const format = formatOf(said.format);
    const given = Object.fromEntries(
      Object.entries({ ...said, synonyms, format }).filter(([, value]) => value !== undefined),
    );
    // That there is no level above is said, too: nothing is found in its place then.
    const differing = Object.keys(given).filter(
      (key) =>
        key === 'parent' || JSON.stringify(given[key]) !== JSON.stringify(column[key as keyof ColumnProfile] ?? null),
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
  if (above === undefined || above.role === 'measure') return false;
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

/** A word that two columns are called by would make every question with it ambiguous. @throws {422} synonym_taken */
export function requireFreeSynonyms(
  columns: readonly ColumnProfile[],
  { name, synonyms = [] }: Pick<ColumnChange, 'name' | 'synonyms'>,
  path: string,
): void {
  const words = new Set(synonyms.map((synonym) => synonym.trim().toLowerCase()));
  for (const column of columns) {
    const called = [column.name, column.label].find((word) => words.has(word.trim().toLowerCase()));
    if (column.name === name || called === undefined) continue;
    throw invalid('synonym_taken', path, `"${called}" is how the column "${column.name}" is called`);
  }
}

export function formatOf(given: FormatChange | null | undefined): NumberFormat | null | undefined {
  if (given === null || given === undefined) return given;
  const { decimals = null, compact = false } = given;
  return decimals === null && !compact ? null : { decimals, compact };
}

/** Without outer blanks, empty ones and repetitions. */
export const cleaned = (synonyms: readonly string[]): string[] => [
  ...new Set(synonyms.map((synonym) => synonym.trim()).filter((synonym) => synonym !== '')),
];

const isNumber = ({ type }: ColumnProfile): boolean => type === 'integer' || type === 'number';

function fits(column: ColumnProfile, role: ColumnRole): boolean {
  const { type } = column;
  if (column.computed !== undefined || role === 'measure') return isNumber(column) && role === 'measure';
  return role !== 'temporal' || type === 'integer' || type === 'date' || type === 'datetime';
}

const invalid = (code: string, path: string, message: string): Problem =>
  new Problem(422, code, `${message}.`, { errors: [{ path, message }] });
