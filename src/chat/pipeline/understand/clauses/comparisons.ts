import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';

import { aggregateOf, columnOf, compare, countRows, isMeasure, isNumeric } from '../expressions.js';
import { columnOfQuality } from '../qualities.js';
import { ComparandReader } from './comparands.js';
import type { Comparison } from './english-units.js';
import type { Filter } from './slots.js';
import type { Unit } from './units.js';

/** A plain small number is no date: "days with more than 30 mm". */
const mayBeTime = (unit: Unit): boolean =>
  unit.kind !== 'number' || (unit.quantity.value >= 1000 && unit.quantity.value < 2200);

const isNumericColumn = (column: ColumnProfile | null): boolean => column !== null && isNumeric(column);

/** "price above 20", "more than two students", "between 60 and 120", "5 or more". */
export class ComparisonReader extends ComparandReader {
  protected comparison(at: number, op: Comparison): void {
    const unit = this.units[at];
    if (!unit || this.used.has(at)) return;
    const operandAt = this.operand(at);
    if (operandAt === -1) return;
    const operand = this.units[operandAt];
    // "how much higher is A than B": the two are sides, nothing is left out.
    if (!operand || ((operand.kind === 'value' || operand.kind === 'aggregate') && this.asksHowMuch(at))) return;
    // "other than Norway" leaves it out.
    if (op === '!=' && operand.kind === 'value') return;
    const innerAt = this.units.findIndex((other, index) => index > at && index < operandAt && other.kind === 'column');
    const inner = this.columnAt(innerAt);
    const right = this.rightSide(operandAt, at, op, inner);
    if (!right) return;
    const quality = unit.kind === 'compare' ? unit.quality : null;
    let leftAt = this.near(at, -1);
    let column = this.columnAt(leftAt);
    let from = at;
    let flipped = op;
    const left = this.units[leftAt];
    const negated = left?.kind === 'not';
    if (negated) {
      leftAt = this.near(leftAt, -1);
      column = this.columnAt(leftAt);
    }
    if (inner && operand.kind !== 'aggregate') {
      this.used.add(innerAt);
      this.add(this.comparing(inner, op, right.value, false), at, right.at);
      return;
    }
    const last = this.slots.filters.at(-1);
    if (last && !column && this.holdsElsewhere(last, at)) {
      // "above 60 in education, above 50 in healthcare": each where it stands.
      this.add(this.comparing(last.column, op, right.value, negated), at, right.at);
      return;
    }
    if (left?.kind === 'or' || left?.kind === 'and') {
      if (last && !column) {
        // "higher than 1000 or lower than 500"
        const condition = compare(columnOf(last.column), op, right.value);
        const joined: Condition =
          left.kind === 'or' ? { or: [last.condition, condition] } : { and: [last.condition, condition] };
        this.slots.filters[this.slots.filters.length - 1] = { ...last, condition: joined, values: null };
        for (let index = at; index <= operandAt; index += 1) this.used.add(index);
        return;
      }
    }
    const ofQuality = quality ? columnOfQuality(quality, this.context.lexicon) : null;
    const fits = column !== null && (!ofQuality || isMeasure(column) || ofQuality.column === column);
    if (
      column &&
      fits &&
      !this.used.has(leftAt) &&
      (isNumeric(column) || (column.role === 'temporal' && mayBeTime(operand)) || op === '!=' || op === '=')
    ) {
      from = leftAt;
    } else {
      column = null;
      if (left?.kind === 'count') {
        this.having(countRows, op, right.value, leftAt, right.at);
        return;
      }
      if (quality) {
        const found = ofQuality;
        if (found) {
          column = found.column;
          // "older than" counts up in ages and down in birth dates.
          const up = op === '>' || op === '>=';
          if (quality.more === 'desc' ? found.more === 'asc' : found.more === 'desc') flipped = up ? '<' : '>';
        }
      }
    }
    // "whose average exceeds 60": the number that the table is about.
    if (!column && left?.kind === 'aggregate' && operand.kind === 'number' && !this.used.has(leftAt)) {
      const measure =
        this.onlyMeasure() ?? (this.context.lexicon.temporal ? this.context.profile.columns.find(isMeasure) : null);
      const nextAt = this.near(right.at, 1);
      if (measure && !isNumericColumn(this.columnAt(nextAt))) {
        this.having(aggregateOf(left.aggregate, measure), op, right.value, leftAt, right.at);
        return;
      }
    }
    if (!column) {
      let afterAt = right.at + 1 < this.units.length ? this.near(right.at, 1) : -1;
      // "30 mm of rain": the unit stands between.
      if (
        this.units[afterAt]?.kind === 'word' &&
        this.units[afterAt + 1]?.word === 'of' &&
        this.columnAt(this.near(afterAt, 1))
      ) {
        this.used.add(afterAt);
        afterAt = this.near(afterAt, 1);
      }
      const after = this.units[afterAt];
      if (after?.kind === 'column' && isNumeric(after.match.column) && !after.breaks && after.match.score >= 0.5) {
        column = after.match.column;
        this.add(this.comparing(column, flipped, right.value, negated), from, afterAt);
        return;
      }
      // "more than 20 remote employees": the rows are counted, of those that are so.
      const describes = after?.kind === 'value' || (after?.kind === 'column' && after.match.column.type === 'boolean');
      const subjectAt = describes ? this.near(afterAt, 1) : -1;
      if (this.units[subjectAt]?.kind === 'subject' && operand.kind === 'number') {
        this.having(countRows, op, right.value, at, right.at);
        this.used.add(subjectAt);
        return;
      }
      if (
        after &&
        (after.kind === 'subject' || after.kind === 'column' || (after.kind === 'word' && !this.columnLeft(at))) &&
        operand.kind === 'number'
      ) {
        this.having(this.countedIn(after), op, right.value, at, after.kind === 'word' ? right.at : afterAt);
        this.used.add(afterAt);
        return;
      }
      const far = this.columnLeft(at);
      if (far !== -1) {
        column = this.columnAt(far);
        if (column) this.used.add(far);
      }
    }
    const year = operand.kind === 'number' && operand.quantity.digits && this.isYearHere(operand.quantity.value);
    column ??=
      operand.kind === 'time'
        ? this.ofTime(operand)
        : (this.onlyMeasure() ??
          (year ? this.context.lexicon.temporal : null) ??
          (operand.kind === 'number' && left?.kind === 'subject' ? this.onlyAround(operand.quantity.value) : null));
    // "where education is above 70": the number that the rows of a value hold.
    if (!column && left?.kind === 'value' && operand.kind === 'number' && this.context.lexicon.temporal)
      column = this.context.profile.columns.find(isMeasure) ?? null;
    if (!column) return;
    const aggregateAt = from === at ? -1 : this.near(from, -1);
    const aggregate = this.units[aggregateAt];
    if (aggregate?.kind === 'aggregate') {
      this.having(aggregateOf(aggregate.aggregate, column), flipped, right.value, aggregateAt, right.at);
      return;
    }
    if (aggregate?.kind === 'count' && !isMeasure(column)) {
      this.having(countRows, flipped, right.value, aggregateAt, right.at);
      return;
    }
    this.add(this.comparing(column, flipped, right.value, negated), from, right.at);
  }

  /** Does a value stand between a bound of a number and the next bound, which names none? */
  protected holdsElsewhere(last: Filter, at: number): boolean {
    const between = this.units.filter((unit, index) => index < at && unit.from >= last.to);
    const bound = 'compare' in last.condition && isNumeric(last.column) && last.column.role === 'measure';
    const [first] = between.filter(({ kind }) => kind !== 'stop');
    const plain = between.every(({ kind }) => ['stop', 'value', 'and', 'or', 'word', 'time'].includes(kind));
    return bound && plain && first?.kind === 'value';
  }

  /** "More than two countries": different ones, where a country has many rows. */
  protected countedIn(unit: Unit): Expression {
    const column = unit.kind === 'column' && unit.match.score >= 0.9 ? unit.match.column : null;
    const repeats =
      column?.role === 'dimension' && column.distinct < 0.9 * (this.context.profile.rowCount - column.nulls);
    return column && repeats ? aggregateOf('count_distinct', column) : countRows;
  }

  protected asksHowMuch(at: number): boolean {
    return this.units
      .slice(0, at)
      .some((unit, index) => unit.word === 'how' && /^(much|many)$/.test(this.units[index + 1]?.word ?? ''));
  }
}
