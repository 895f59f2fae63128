import type { ColumnProfile } from '../../../datasets/profile.js';
import { Scan } from './clauses/scan.js';
import type { Slots } from './clauses/slots.js';
import { likelihood, type Unit } from './clauses/units.js';
import { listed } from '../words/language.js';
import type { Context } from './reader.js';
import { textBetween } from './tokens.js';

/** A name that is a value of several columns, none of which anything in the question makes the likelier. */
export interface Ambiguous {
  readonly unit: Unit;
  /** The column that was taken. */
  readonly column: ColumnProfile;
  readonly others: readonly ColumnProfile[];
}

/** Scores closer than this tell nothing. */
const ALIKE = 0.1;

/** The first value of the question that would do as well in another column; null where there is none. */
export function ambiguousValue(context: Context, slots: Slots): Ambiguous | null {
  for (const unit of slots.units) {
    if (unit.kind !== 'value' || !slots.used.has(unit) || typeof unit.match.value !== 'string') continue;
    const { column, from, to, score } = unit.match;
    if (slots.filterColumns.some((use) => use.column === column)) continue;
    const scan = new Scan(context);
    const own = score + likelihood(scan, unit.match);
    const others = context.matches.filter(
      (match) =>
        match.kind === 'value' &&
        match.from === from &&
        match.to === to &&
        match.column !== column &&
        match.score + likelihood(scan, match) > own - ALIKE,
    );
    if (others.length > 0) return { unit, column, others: [...new Set(others.map((match) => match.column))] };
  }
  return null;
}

/** “Rome” is read as a value of Origin; Destination would fit too. Null where nothing is ambiguous. */
export function ambiguousReading(context: Context, slots: Slots): string | null {
  const found = ambiguousValue(context, slots);
  if (found === null) return null;
  const { unit, column, others } = found;
  const said = textBetween(context.asked.question, context.tokens, unit.from, unit.to);
  const labels = others.slice(0, 3).map(({ label }) => label);
  return `“${said}” is read as a value of ${column.label}; ${listed(labels, 'or')} would fit too.`;
}
