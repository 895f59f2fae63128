import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';

import { aggregateOf, columnOf, compare, countRows, equalsAny, isMeasure, isNumeric, literal } from '../expressions.js';
import { columnOfQuality } from '../qualities.js';
import { UnitReader } from './cursor.js';
import type { Comparison } from './english-units.js';
import type { Filter } from './slots.js';
import type { Unit } from './units.js';

/** A plain small number is no date: "days with more than 30 mm". */
const mayBeTime = (unit: Unit): boolean =>
  unit.kind !== 'number' || (unit.quantity.value >= 1000 && unit.quantity.value < 2200);

const isNumericColumn = (column: ColumnProfile | null): boolean => column !== null && isNumeric(column);

/** "price above 20", "more than two students", "between 60 and 120", "5 or more". */
export class ComparisonReader extends UnitReader {
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

  /** "between 60 and 120", "from 60 to 120". */
  protected range(at: number): void {
    const first = this.units[at];
    const joinAt = at + 1;
    const join = this.units[joinAt];
    const second = this.units[joinAt + 1];
    if (first?.kind !== 'number' || second?.kind !== 'number' || !join) return;
    const before = this.units[at - 1]?.word;
    const ranged =
      (before === 'between' && join.kind === 'and') ||
      ((before === 'from' || before === 'ranging') && join.word === 'to') ||
      (join.word === 'to' && before !== 'from');
    if (!ranged) return;
    const from = before === 'between' || before === 'from' ? at - 1 : at;
    let leftAt = this.near(from, -1);
    if (this.units[leftAt]?.word === 'ranging' || this.units[leftAt]?.word === 'range') leftAt = this.near(leftAt, -1);
    let column = this.columnAt(leftAt);
    let [start, end] = [leftAt, joinAt + 1];
    if (!column || !isNumeric(column)) {
      const afterAt = this.near(joinAt + 1, 1);
      const after = this.columnAt(afterAt);
      const far = this.columnLeft(from);
      if (after && isNumeric(after)) [column, start, end] = [after, from, afterAt];
      else if (far !== -1) [column, start] = [this.columnAt(far), from];
      else [column, start] = [this.onlyMeasure(), from];
      if (far !== -1 && start === from && !(after && isNumeric(after))) this.used.add(far);
    }
    if (!column) return;
    const bounds = [first.quantity.value, second.quantity.value].sort((left, right) => left - right);
    this.add(
      {
        column,
        condition: { between: [bounds[0] ?? null, bounds[1] ?? null], left: columnOf(column) },
        values: null,
        negated: false,
      },
      start,
      end,
    );
  }

  /** "5 or more". */
  protected comparisonAfter(at: number): void {
    const unit = this.units[at];
    const numberAt = at - 1;
    const number = this.units[numberAt];
    if (unit?.kind !== 'compare_after' || number?.kind !== 'number' || this.used.has(numberAt)) return;
    const afterAt = this.near(at, 1);
    const leftAt = this.near(numberAt, -1);
    const after = this.columnAt(afterAt);
    const left = this.columnAt(leftAt);
    if (after && isNumeric(after)) {
      this.add(this.comparing(after, unit.op, literal(number.quantity.value), false), numberAt, afterAt);
    } else if (left && isNumeric(left)) {
      this.add(this.comparing(left, unit.op, literal(number.quantity.value), false), leftAt, at);
    } else if (this.units[afterAt]?.kind === 'subject') {
      this.having(countRows, unit.op, literal(number.quantity.value), numberAt, afterAt);
    } else {
      const column = this.onlyMeasure();
      if (column) this.add(this.comparing(column, unit.op, literal(number.quantity.value), false), numberAt, at);
    }
  }
}
