import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import { columnOf, compare, isNumeric, literal } from '../expressions.js';
import { TextReader } from './texts.js';

const NONE = /^(no|without|missing|lack|lacks|lacking|lacked|empty|blank|null)$/;
const BLANK = /^(missing|empty|blank|null|unknown)$/;
const HAVE = /^(have|has|had|having)$/;
const FILLER =
  /^(a|an|any|the|some|of|its|their|recorded|known|data|values?|information|info|entry|entries|for|on|in)$/;
const IS = /^(is|are|was|were|be|being|=|equals|equal|to)$/;

/** "without a manager", "no score", "whose score is missing", "have a score": whether a cell is empty. */
export class BlankReader extends TextReader {
  protected blanks(): void {
    this.units.forEach((unit, at) => {
      if (this.used.has(at) || unit.kind === 'column' || unit.kind === 'value') return;
      if (HAVE.test(unit.word)) this.had(at);
      else if (NONE.test(unit.word)) this.none(at);
      else if (BLANK.test(unit.word)) this.told(at);
    });
  }

  /** "do not have a score"; "have a score" says that it is there where it may not be. */
  private had(at: number): void {
    const columnAt = this.columnFrom(at);
    const column = this.columnAt(columnAt);
    if (column === null) return;
    const notAt = this.units[at - 1]?.kind === 'not' ? at - 1 : -1;
    if (notAt !== -1) this.mark(column, true, notAt, columnAt);
    else if (column.nulls > 0 && this.isArticle(at + 1) && this.isLast(columnAt))
      this.mark(column, false, at, columnAt);
  }

  private none(at: number): void {
    const word = this.units[at]?.word ?? '';
    const blankAt = word === 'no' && BLANK.test(this.units[at + 1]?.word ?? '') ? at + 1 : at;
    const columnAt = this.columnFrom(blankAt);
    const column = this.columnAt(columnAt);
    if (column === null) return this.told(at);
    if (blankAt !== at) return this.mark(column, false, at, columnAt);
    // "flats with no parking" are those whose parking says so.
    const says = column.type === 'boolean' || column.values?.some((value) => /^(no|none|n|false)$/i.test(value));
    if (word === 'no' && says === true) return;
    const isZero = column.nulls === 0 && isNumeric(column) && column.min === 0;
    if (isZero && (word === 'no' || word === 'without')) this.markAs(column, zero(column), at, columnAt);
    else this.mark(column, true, at, columnAt);
  }

  /** "where the score is missing", "scores are not null". */
  private told(at: number): void {
    if (!BLANK.test(this.units[at]?.word ?? '')) return;
    let from = at - 1;
    const isNot = this.units[from]?.word === 'not';
    if (isNot) from -= 1;
    // "is the score missing"
    const isBefore = this.columnAt(from) !== null && this.units.slice(0, from).some((unit) => IS.test(unit.word));
    if (!isBefore && !IS.test(this.units[from]?.word ?? '')) return;
    while (IS.test(this.units[from]?.word ?? '')) from -= 1;
    const column = this.columnAt(from);
    if (column !== null && !this.used.has(from)) this.mark(column, !isNot, from, at);
  }

  /** The column that comes next, with nothing before it that says anything but values: "no education score". -1: none. */
  private columnFrom(at: number): number {
    for (let next = at + 1; next < this.units.length; next++) {
      const unit = this.units[next];
      if (unit === undefined || unit.breaks) return -1;
      if (unit.kind === 'column') return this.used.has(next) ? -1 : next;
      if (unit.kind !== 'value' && !FILLER.test(unit.word)) return -1;
    }
    return -1;
  }

  private isArticle(at: number): boolean {
    return /^(a|an|any)$/.test(this.units[at]?.word ?? '') && this.units[at + 1]?.kind === 'column';
  }

  /** Nothing is said of it further on: no "have a score above 80", no "have a score increase". */
  private isLast(at: number): boolean {
    const next = this.units[at + 1];
    return (
      next === undefined ||
      next.breaks ||
      next.kind === 'time' ||
      (next.kind === 'stop' && /^(in|for|at)$/.test(next.word))
    );
  }

  private mark(column: ColumnProfile, missing: boolean, from: number, to: number): void {
    this.markAs(column, { missing, left: columnOf(column) }, from, to);
  }

  /** Values in between are filters of their own. */
  private markAs(column: ColumnProfile, condition: Condition, from: number, to: number): void {
    const [first, last] = [this.units[from], this.units[to]];
    this.slots.filters.push({
      column,
      condition,
      values: null,
      negated: false,
      from: first?.from ?? 0,
      to: last?.to ?? 0,
      score: 1,
    });
    for (let at = from; at <= to; at += 1) if (this.units[at]?.kind !== 'value') this.used.add(at);
  }
}

const zero = (column: ColumnProfile): Condition => compare(columnOf(column), '=', literal(0));
