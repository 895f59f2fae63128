import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';

import { columnOf, equalsAny, isMeasure, isNumeric, literal } from '../expressions.js';
import { UnitReader } from './cursor.js';
import type { Comparison } from './english-units.js';
import type { Unit } from './units.js';

/** What a comparison compares with: a number, a time, an average, an earlier answer, the number of another thing. */
export class ComparandReader extends UnitReader {
  /** 1000 is no year in a table of 2023 and 2024. */
  protected isYearHere(value: number): boolean {
    const time = this.context.lexicon.temporal;
    const year = (bound: unknown): number => Number(String(bound).slice(0, 4));
    if (value < 1000 || value > 2100) return false;
    return time === null || time.min === null || (value >= year(time.min) - 100 && value <= year(time.max) + 100);
  }

  /** What a time is compared with; "over 1000" only looks like a year. */
  protected ofTime(unit: Unit): ColumnProfile | null {
    const value = Number(unit.word);
    const plain = unit.to === unit.from + 1 && Number.isInteger(value) && !this.isYearHere(value);
    return (plain ? this.onlyAround(value) : null) ?? this.context.lexicon.temporal;
  }

  /** "orders over 1000": the one measure whose numbers lie on both sides of it; null when several do, or none. */
  protected onlyAround(value: number): ColumnProfile | null {
    const around = this.context.profile.columns.filter(
      (column) => isMeasure(column) && Number(column.min ?? value) < value && value < Number(column.max ?? value),
    );
    return around.length === 1 ? (around[0] ?? null) : null;
  }

  /** The number, time, average, reference or value that a comparison compares with. */
  protected operand(at: number): number {
    for (let index = at + 1; index < this.units.length && index <= at + 9; index += 1) {
      const unit = this.units[index];
      if (!unit || unit.breaks) return -1;
      if (unit.kind === 'back' && this.units[index + 1]?.word === 'of') continue;
      if (['number', 'time', 'aggregate', 'back', 'value'].includes(unit.kind)) return index;
      if (!['stop', 'column', 'subject'].includes(unit.kind)) return -1;
    }
    return -1;
  }

  /** "than that of any country in Africa", "than Nigeria": the number of the rows that hold the value. */
  protected ofValue(
    at: number,
    compareAt: number,
    op: Comparison,
    inner: ColumnProfile | null,
  ): { value: Expression; at: number } | null {
    const unit = this.units[at];
    const column = inner ?? this.columnAt(this.near(compareAt, -1)) ?? this.columnAt(this.columnLeft(compareAt));
    if (unit?.kind !== 'value' || !column || !isNumeric(column)) return null;
    const between = this.units.slice(compareAt, at).map((other) => other.word);
    const up = op === '>' || op === '>=';
    // "any" is read as "at least one of them", "all" as every one.
    const aggregate = between.includes('all')
      ? up
        ? 'max'
        : 'min'
      : between.includes('any')
        ? up
          ? 'min'
          : 'max'
        : 'max';
    for (let index = compareAt; index <= at; index += 1) this.used.add(index);
    return {
      value: { scalar: { aggregate, of: columnOf(column), where: equalsAny(unit.match.column, [unit.match.value]) } },
      at,
    };
  }

  protected rightSide(
    at: number,
    compareAt: number,
    op: Comparison,
    inner: ColumnProfile | null,
  ): { value: Expression; at: number } | null {
    const unit = this.units[at];
    if (unit?.kind === 'value') return this.ofValue(at, compareAt, op, inner);
    if (unit?.kind === 'number') return { value: literal(unit.quantity.value), at };
    if (unit?.kind === 'time') {
      const iso = unit.span.start ?? unit.span.end;
      if (iso === null) return null;
      return { value: literal(unit.span.unit === 'year' ? Number(iso.slice(0, 4)) : iso), at };
    }
    if (unit?.kind === 'aggregate') {
      const columnAt = this.near(at, 1);
      const named = this.columnAt(columnAt);
      const column = named ?? this.columnAt(this.columnLeft(at)) ?? this.onlyMeasure();
      if (!column) return null;
      return {
        value: { scalar: { aggregate: unit.aggregate, of: columnOf(column) } },
        at: named ? columnAt : at,
      };
    }
    return unit?.kind === 'back' ? this.earlier(at) : null;
  }

  /** "than that": the single aggregate that the question before asked for. */
  protected earlier(at: number): { value: Expression; at: number } | null {
    const query = this.context.previous?.understanding?.query;
    const value = query?.select[0]?.value;
    if (!query || query.groupBy?.length || !value || !('aggregate' in value)) return null;
    const end = this.near(at, 1) === -1 ? at : at;
    return {
      value: { scalar: { aggregate: value.aggregate, of: value.of, ...(query.where ? { where: query.where } : {}) } },
      at: end,
    };
  }
}
