import type { ColumnProfile } from '../../../datasets/profile.js';
import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';
import {
  aggregateOf,
  columnOf,
  compare,
  countRows,
  equalsAny,
  isMeasure,
  isNumeric,
  literal,
  timeCondition,
} from './expressions.js';
import { isYearColumn } from './lexicon.js';
import { columnOfQuality, qualityOf } from './qualities.js';
import type { Context } from './reader.js';
import type { Filter, Slots } from './slots.js';
import { stemOf, wordsOf } from './tokens.js';
import type { Comparison, Unit } from './units.js';

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

/** Reads comparisons, ranges, times, numbers and values into filters; says which units it used. */
export class FilterReader {
  constructor(
    private readonly context: Context,
    private readonly units: readonly Unit[],
    private readonly used: Set<number>,
    private readonly slots: Slots,
  ) {}

  read(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind === 'compare') this.comparison(at, unit.op);
    });
    this.units.forEach((unit, at) => {
      if (unit.kind === 'number' && !this.used.has(at)) this.range(at);
    });
    this.units.forEach((unit, at) => {
      if (unit.kind === 'compare_after') this.comparisonAfter(at);
    });
    this.units.forEach((unit, at) => {
      if (unit.kind === 'time' && !this.used.has(at)) this.time(at);
    });
    this.units.forEach((unit, at) => {
      if (unit.kind === 'number' && !this.used.has(at)) this.equality(at);
    });
    this.quoted();
    this.values();
  }

  /** The nearest unit to one side that is not a stop word; -1 when a break or the end comes first. */
  private near(at: number, step: 1 | -1, reach = 4): number {
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

  private columnAt(at: number): ColumnProfile | null {
    const unit = this.units[at];
    return unit?.kind === 'column' ? unit.match.column : null;
  }

  private add(filter: Omit<Filter, 'from' | 'to' | 'score'>, from: number, to: number, score = 1): void {
    const [first, last] = [this.units[from], this.units[to]];
    this.slots.filters.push({ ...filter, from: first?.from ?? 0, to: last?.to ?? 0, score });
    for (let at = from; at <= to; at += 1) this.used.add(at);
  }

  private comparison(at: number, op: Comparison): void {
    const unit = this.units[at];
    if (!unit || this.used.has(at)) return;
    const operandAt = this.operand(at);
    if (operandAt === -1) return;
    const operand = this.units[operandAt];
    if (!operand) return;
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
    if (left?.kind === 'or' || left?.kind === 'and') {
      const last = this.slots.filters.at(-1);
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
      (isNumeric(column) || column.role === 'temporal' || op === '!=' || op === '=')
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
    if (!column) {
      const afterAt = right.at + 1 < this.units.length ? this.near(right.at, 1) : -1;
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
        this.having(countRows, op, right.value, at, after.kind === 'word' ? right.at : afterAt);
        this.used.add(afterAt);
        return;
      }
      const far = this.columnLeft(at);
      if (far !== -1) {
        column = this.columnAt(far);
        if (column) this.used.add(far);
      }
    }
    const year =
      operand.kind === 'number' &&
      operand.quantity.digits &&
      operand.quantity.value >= 1000 &&
      operand.quantity.value <= 2100;
    column ??=
      operand.kind === 'time'
        ? this.context.lexicon.temporal
        : (this.onlyMeasure() ?? (year ? this.context.lexicon.temporal : null));
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

  private comparing(
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

  private having(left: Expression, op: Comparison, right: Expression, from: number, to: number): void {
    this.slots.having.push({ left, op, right });
    for (let at = from; at <= to; at += 1) this.used.add(at);
  }

  /** The number, time, average, reference or value that a comparison compares with. */
  private operand(at: number): number {
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
  private ofValue(
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

  private rightSide(
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
  private earlier(at: number): { value: Expression; at: number } | null {
    const query = this.context.previous?.understanding?.query;
    const value = query?.select[0]?.value;
    if (!query || query.groupBy?.length || !value || !('aggregate' in value)) return null;
    const end = this.near(at, 1) === -1 ? at : at;
    return {
      value: { scalar: { aggregate: value.aggregate, of: value.of, ...(query.where ? { where: query.where } : {}) } },
      at: end,
    };
  }

  private columnLeft(at: number): number {
    for (let index = at - 1; index >= 0 && index >= at - 6; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'column' && isNumeric(unit.match.column) && !this.used.has(index)) return index;
      if (this.units[index + 1]?.breaks) return -1;
    }
    return -1;
  }

  private onlyMeasure(): ColumnProfile | null {
    const measures = this.context.profile.columns.filter(isMeasure);
    return measures.length === 1 ? (measures[0] ?? null) : null;
  }

  /** "between 60 and 120", "from 60 to 120". */
  private range(at: number): void {
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
  private comparisonAfter(at: number): void {
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

  private time(at: number): void {
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
          column.min !== null &&
          Number(column.min) <= 2200 &&
          Number(column.max) >= 1000 &&
          Number(column.max) <= 2200));
    if (fits(left) && !this.used.has(leftAt)) {
      this.add(
        { column: left, condition: timeCondition(left, unit.span), values: this.yearsOf(at), negated: false },
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
      { column, condition: negated ? { not: condition } : condition, values: this.yearsOf(at), negated },
      negated ? leftAt : at,
      at,
    );
  }

  private inRange(column: ColumnProfile, start: string | null, end: string | null): boolean {
    const year = (value: unknown): number => Number(String(value).slice(0, 4));
    if (column.min === null || column.max === null) return true;
    return (end === null || year(end) >= year(column.min)) && (start === null || year(start) <= year(column.max));
  }

  /** A number that only looked like a year: "population of 1500". */
  private asValue(at: number): boolean {
    const leftAt = this.near(at, -1);
    const left = this.columnAt(leftAt);
    const unit = this.units[at];
    if (unit?.kind !== 'time' || !left || !isNumeric(left) || unit.span.start === null) return false;
    const value = Number(unit.span.start.slice(0, 4));
    this.add(
      { column: left, condition: compare(columnOf(left), '=', literal(value)), values: [value], negated: false },
      leftAt,
      at,
    );
    return true;
  }

  private yearsOf(at: number): readonly number[] | null {
    const unit = this.units[at];
    if (unit?.kind !== 'time') return null;
    if (unit.span.years) return unit.span.years;
    const [start, end] = [unit.span.start?.slice(0, 4), unit.span.end?.slice(0, 4)];
    return unit.span.unit === 'year' && start !== undefined && start === end ? [Number(start)] : null;
  }

  /** "student id 3", "membership level is 1", "a population of 80000", "20 years old". */
  private equality(at: number): void {
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

  private counting(at: number): boolean {
    const before = this.units[this.near(at, -1)];
    return before?.kind === 'count' || before?.kind === 'superlative';
  }

  /** "having 'Hey' in its name": a quotation that is no value is looked for inside the texts. */
  private quoted(): void {
    const { tokens } = this.context;
    for (let at = 0; at < this.units.length; at += 1) {
      const unit = this.units[at];
      const quote = unit ? (tokens[unit.from]?.quote ?? null) : null;
      if (!unit || quote === null || this.used.has(at) || unit.kind === 'value') continue;
      let last = at;
      while (tokens[this.units[last + 1]?.from ?? -1]?.quote === quote) last += 1;
      if (this.units.slice(at, last + 1).some((other) => other.kind === 'value' || other.kind === 'column')) continue;
      const before = this.units
        .slice(0, at)
        .findLast((other) => other.kind === 'column' && other.match.column.type === 'text');
      const column = before?.kind === 'column' ? before.match.column : this.context.lexicon.labels[0];
      const [first, end] = [tokens[unit.from], tokens[(this.units[last]?.to ?? 1) - 1]];
      if (!column || !first || !end) continue;
      const value = this.context.asked.question.slice(first.start, end.end);
      const beforeAt = before ? this.units.indexOf(before) : -1;
      if (beforeAt > 0 && beforeAt >= at - 4) this.used.add(beforeAt);
      this.add(
        { column, condition: { text: 'contains', left: columnOf(column), value }, values: null, negated: false },
        at,
        last,
      );
      at = last;
    }
  }

  /** Cell values: equalities, alternatives, exclusions. */
  private values(): void {
    const found = this.units.flatMap((unit, at) => (unit.kind === 'value' && !this.used.has(at) ? [{ unit, at }] : []));
    const groups = new Map<string, { column: ColumnProfile; negated: boolean; at: number[]; score: number }>();
    for (const { unit, at } of found) {
      if (unit.kind !== 'value') continue;
      const { column } = unit.match;
      const negated = this.negatedAt(at);
      const key = `${column.name}\u0001${String(negated)}`;
      const group = groups.get(key) ?? { column, negated, at: [], score: 1 };
      group.at.push(at);
      group.score = Math.min(group.score, unit.match.score);
      groups.set(key, group);
      this.absorb(at, column);
    }
    for (const { column, negated, at, score } of groups.values()) {
      const values = [
        ...new Set(
          at.flatMap((index) => {
            const unit = this.units[index];
            return unit?.kind === 'value' ? [unit.match.value] : [];
          }),
        ),
      ];
      const condition: Condition = negated
        ? values.length === 1
          ? compare(columnOf(column), '!=', literal(values[0] ?? null))
          : { in: values, left: columnOf(column), negated: true }
        : equalsAny(column, values);
      const [first = 0, last = first] = [at[0], at.at(-1)];
      this.slots.filters.push({
        column,
        condition,
        values: negated ? null : values,
        negated,
        from: this.units[first]?.from ?? 0,
        to: this.units[last]?.to ?? 0,
        score,
      });
      for (const index of at) this.used.add(index);
    }
  }

  private negatedAt(at: number): boolean {
    for (let index = at - 1; index >= 0 && index >= at - 5; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'not' || (unit?.kind === 'compare' && unit.op === '!=')) {
        this.used.add(index);
        return true;
      }
      if (
        this.units[index + 1]?.breaks ||
        (unit &&
          unit.kind !== 'stop' &&
          unit.kind !== 'column' &&
          unit.kind !== 'value' &&
          unit.kind !== 'word' &&
          unit.kind !== 'or' &&
          unit.kind !== 'and')
      )
        return false;
    }
    return false;
  }

  /** The column's own name beside its value says nothing more: "in the banking industry", "sex is F". */
  private absorb(at: number, column: ColumnProfile): void {
    for (const step of [-1, 1] as const) {
      let index = this.near(at, step, 4);
      if (
        step === -1 &&
        (this.units[index]?.kind === 'not' || this.units[index]?.kind === 'compare' || this.units[index]?.kind === 'or')
      )
        index = this.near(index, -1, 4);
      const unit = this.units[index];
      if (!unit || this.used.has(index)) continue;
      if (
        step === 1 &&
        this.units.slice(at + 1, index).some((other) => !/^(the|a|type|as|for|their|its)$/.test(other.word))
      )
        continue;
      const determiner = this.units[this.near(index, -1)];
      if (determiner && ['each', 'distinct', 'by', 'count', 'aggregate', 'superlative'].includes(determiner.kind))
        continue;
      if (unit.kind === 'column' && unit.match.column === column) {
        // "which region is Angola in": the value's own column beside "which" is asked for, unless it is the filter's column.
        this.used.add(index);
        this.slots.filterColumns.push({
          column,
          grain: null,
          distinct: false,
          from: unit.from,
          score: unit.match.score,
        });
      } else if (
        unit.kind === 'column' &&
        unit.match.score < 0.8 &&
        wordsOf(column.name).some((word) => stemOf(word) === stemOf(unit.word))
      ) {
        this.used.add(index);
      }
    }
  }
}
