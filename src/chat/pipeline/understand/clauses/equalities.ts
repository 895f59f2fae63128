import type { ColumnProfile } from '../../../../datasets/profile.js';

import { columnOf, compare, equalsAny, isMeasure, isNumeric, literal, timeCondition } from '../expressions.js';
import { isYearColumn } from '../lexicon.js';
import { columnOfQuality, qualityOf } from '../qualities.js';
import { stepsNamed } from './periods.js';
import { RangeReader } from './ranges.js';

const TIMED = /^(in|from|since|before|after|until|during|between)$/;

/** "in 2015", "student id 3", "a population of 80000". */
export class EqualityReader extends RangeReader {
  protected time(at: number): void {
    const unit = this.units[at];
    if (unit?.kind !== 'time') return;
    const leftAt = this.near(at, -1);
    const left = this.columnAt(leftAt);
    const rightAt = this.near(at, 1);
    const right = this.columnAt(rightAt);
    const fits = (column: ColumnProfile | null): column is ColumnProfile =>
      column !== null &&
      (column.role === 'temporal' ||
        isYearColumn(column) ||
        (isNumeric(column) &&
          unit.span.unit === 'year' &&
          // "revenue in 2024", "from 2016 to 2017": the years, though some revenue may be 2024.
          !(
            isMeasure(column) &&
            [unit.word, this.units[at - 1]?.word ?? ''].some((word) => TIMED.test(word)) &&
            this.isWithin(unit.span)
          ) &&
          column.min !== null &&
          Number(column.min) <= 2200 &&
          Number(column.max) >= 1000 &&
          Number(column.max) <= 2200));
    // "by month in 2023": the column groups, the time narrows.
    const groups = ['by', 'each'].includes(this.units[leftAt - 1]?.kind ?? '');
    if (fits(left) && !this.used.has(leftAt) && !groups) {
      this.add(
        {
          column: left,
          condition: timeCondition(left, unit.span),
          values: this.yearsOf(at),
          negated: false,
          ...stepsNamed(left, unit.span),
        },
        leftAt,
        at,
      );
      return;
    }
    // "2015 population" is a population in 2015; "2015 release year" is not said.
    const named = fits(right) && right.role === 'temporal' && rightAt === at + 1 ? right : null;
    const column = named ?? this.context.lexicon.temporal;
    if (!column) return;
    const negated = this.units[leftAt]?.kind === 'not';
    const condition = timeCondition(column, unit.span);
    if (!this.inRange(column, unit.span.start, unit.span.end) && this.asValue(at)) return;
    this.add(
      {
        column,
        condition: negated ? { not: condition } : condition,
        values: this.yearsOf(at),
        negated,
        ...stepsNamed(column, unit.span),
      },
      negated ? leftAt : at,
      at,
    );
  }

  protected isWithin(span: { readonly start: string | null; readonly end: string | null }): boolean {
    const time = this.context.lexicon.temporal;
    return time !== null && this.inRange(time, span.start, span.end);
  }

  protected inRange(column: ColumnProfile, start: string | null, end: string | null): boolean {
    const year = (value: unknown): number => Number(String(value).slice(0, 4));
    if (column.min === null || column.max === null) return true;
    return (end === null || year(end) >= year(column.min)) && (start === null || year(start) <= year(column.max));
  }

  /** A number that only looked like a year: "population of 1500". */
  protected asValue(at: number): boolean {
    const leftAt = this.near(at, -1);
    const left = this.columnAt(leftAt);
    const unit = this.units[at];
    if (unit?.kind !== 'time' || !left || !isNumeric(left) || unit.span.start === null) return false;
    const value = Number(unit.span.start.slice(0, 4));
    if (left.max !== null && value > Number(left.max)) return false;
    if (!/^\d{4}$/.test(this.context.tokens[unit.from]?.lower ?? '')) return false;
    this.add(
      { column: left, condition: compare(columnOf(left), '=', literal(value)), values: [value], negated: false },
      leftAt,
      at,
    );
    return true;
  }

  protected yearsOf(at: number): readonly number[] | null {
    const unit = this.units[at];
    if (unit?.kind !== 'time') return null;
    if (unit.span.years) return unit.span.years;
    const [start, end] = [unit.span.start?.slice(0, 4), unit.span.end?.slice(0, 4)];
    return unit.span.unit === 'year' && start !== undefined && start === end ? [Number(start)] : null;
  }

  /** "student id 3", "membership level is 1", "a population of 80000", "20 years old". */
  protected equality(at: number): void {
    const unit = this.units[at];
    if (unit?.kind !== 'number' || unit.quantity.ordinal) return;
    const { value } = unit.quantity;
    const [before, next] = [this.units[at - 1], this.units[at + 1]];
    if (
      next?.kind === 'superlative' ||
      before?.kind === 'superlative' ||
      before?.word === 'first' ||
      before?.word === 'last'
    )
      return;
    const holds = (column: ColumnProfile): boolean =>
      isNumeric(column) || (column.values?.includes(String(value)) ?? false);
    const stored = (column: ColumnProfile): string | number => (isNumeric(column) ? value : String(value));
    let leftAt = this.near(at, -1, 5);
    let negated = false;
    if (this.units[leftAt]?.kind === 'not') {
      negated = true;
      leftAt = this.near(leftAt, -1);
    }
    if (!negated && this.units[this.near(leftAt, -1, 3)]?.kind === 'not') negated = true;
    const left = this.columnAt(leftAt);
    const between = this.units.slice(leftAt + 1, at).map((other) => other.word);
    const linked = between.every((word) =>
      /^(is|are|was|were|of|as|in|to|equal|equals|be|being|has|had|have|a|an|the|number|exactly|which|with|not)$/.test(
        word,
      ),
    );
    const last = this.slots.filters.at(-1);
    const joint = this.units[at - 1];
    if (
      (joint?.kind === 'or' || (joint?.kind === 'and' && this.units[at - 2]?.kind === 'number')) &&
      last?.values &&
      this.used.has(at - 2) &&
      isNumeric(last.column)
    ) {
      const values = [...last.values, value];
      this.slots.filters[this.slots.filters.length - 1] = {
        ...last,
        values,
        condition: equalsAny(last.column, values),
        to: unit.to,
      };
      this.used.add(at);
      return;
    }
    // "the names of the 2 dogs", "all 15 students": the number only counts what follows.
    const echoes = next && (next.kind === 'subject' || next.kind === 'value') && !next.breaks;
    if (left && linked && !echoes && holds(left) && !this.counting(leftAt)) {
      const condition = equalsAny(left, [stored(left)]);
      this.add(
        {
          column: left,
          condition: negated ? { not: condition } : condition,
          values: negated ? null : [stored(left)],
          negated,
        },
        leftAt,
        at,
      );
      return;
    }
    // "20 years old", "5 points" after "with" or "have".
    const rightAt = this.near(at, 1);
    const right = this.units[rightAt];
    const age = qualityOf(right?.word ?? '') ?? qualityOf(this.units[rightAt + 1]?.word ?? '');
    if (age && right?.word.startsWith('year')) {
      const found = columnOfQuality(age, this.context.lexicon);
      if (found) this.add(this.comparing(found.column, '=', literal(value), false), at, rightAt);
      return;
    }
    const has = this.units[at - 1]?.word ?? '';
    const column = this.columnAt(rightAt);
    if (
      column &&
      rightAt === at + 1 &&
      isNumeric(column) &&
      /^(with|has|have|had|exactly|scored|having|only)$/.test(has)
    ) {
      this.add(this.comparing(column, '=', literal(value), false), at, rightAt);
    }
  }

  protected counting(at: number): boolean {
    const before = this.units[this.near(at, -1)];
    return before?.kind === 'count' || before?.kind === 'superlative';
  }
}
