import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';

import { columnOf, compare, isMeasure, isNumeric, literal } from '../expressions.js';
import type { Context } from '../reader.js';
import { wordsOf } from '../tokens.js';
import type { Filter, Slots } from './slots.js';
import type { Comparison } from './english-units.js';
import type { Unit } from './units.js';

const SCALE_WORDS: readonly (readonly [RegExp, number])[] = [
  [/\bmillions?\b|\bmn\b/, 1e6],
  [/\bbillions?\b|\bbn\b/, 1e9],
  [/\bthousands?\b/, 1e3],
];

/** "over 30 million" against a column that is kept in millions. */
function scaled(column: ColumnProfile, right: Expression): Expression {
  if (!('literal' in right) || typeof right.literal !== 'number') return right;
  const words = `${wordsOf(column.name).join(' ')} ${column.unit?.toLowerCase() ?? ''}`;
  for (const [pattern, scale] of SCALE_WORDS) {
    if (pattern.test(words) && Math.abs(right.literal) >= scale) return literal(right.literal / scale);
  }
  return right;
}

/** Walks the units of a question and collects filters. */
export class UnitReader {
  constructor(
    protected readonly context: Context,
    protected readonly units: readonly Unit[],
    protected readonly used: Set<number>,
    protected readonly slots: Slots,
  ) {}

  /** The nearest unit to one side that is not a stop word; -1 when a break or the end comes first. */
  protected near(at: number, step: 1 | -1, reach = 4): number {
    for (let index = at + step, left = reach; index >= 0 && index < this.units.length; index += step) {
      const unit = this.units[index];
      if (!unit) return -1;
      const breaks = step === 1 ? unit.breaks : (this.units[index + 1]?.breaks ?? false);
      if (breaks) return -1;
      if (unit.kind !== 'stop') return index;
      left -= 1;
      if (left === 0) return -1;
    }
    return -1;
  }

  protected columnAt(at: number): ColumnProfile | null {
    const unit = this.units[at];
    return unit?.kind === 'column' ? unit.match.column : null;
  }

  protected add(filter: Omit<Filter, 'from' | 'to' | 'score'>, from: number, to: number, score = 1): void {
    const [first, last] = [this.units[from], this.units[to]];
    this.slots.filters.push({ ...filter, from: first?.from ?? 0, to: last?.to ?? 0, score });
    for (let at = from; at <= to; at += 1) this.used.add(at);
  }

  protected having(left: Expression, op: Comparison, right: Expression, from: number, to: number): void {
    this.slots.having.push({ left, op, right });
    for (let at = from; at <= to; at += 1) this.used.add(at);
  }

  protected columnLeft(at: number): number {
    for (let index = at - 1; index >= 0 && index >= at - 6; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'column' && isNumeric(unit.match.column) && !this.used.has(index)) return index;
      if (this.units[index + 1]?.breaks) return -1;
    }
    return -1;
  }

  protected onlyMeasure(): ColumnProfile | null {
    const measures = this.context.profile.columns.filter(isMeasure);
    return measures.length === 1 ? (measures[0] ?? null) : null;
  }

  protected comparing(
    column: ColumnProfile,
    op: Comparison,
    right: Expression,
    negated: boolean,
  ): Omit<Filter, 'from' | 'to' | 'score'> {
    const date = column.type === 'date' || column.type === 'datetime';
    right = scaled(column, right);
    const year =
      date && 'literal' in right && typeof right.literal === 'number' && right.literal > 999 && right.literal < 2200;
    const left = year ? columnOf(column, 'year') : columnOf(column);
    const condition = compare(left, op, right);
    const values = op === '=' && 'literal' in right ? [right.literal] : null;
    return { column, condition: negated ? { not: condition } : condition, values: negated ? null : values, negated };
  }
}
