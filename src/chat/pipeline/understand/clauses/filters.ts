import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import { MONTHS } from '../english.js';
import { columnOf, compare, equalsAny, literal } from '../expressions.js';
import { stemOf, wordsOf } from '../tokens.js';
import { BlankReader } from './blanks.js';
import { united } from './periods.js';

/** Reads comparisons, ranges, times, numbers and values into filters; says which units it used. */
export class FilterReader extends BlankReader {
  read(): void {
    this.texts();
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
    this.slots.filters = united(this.slots.filters);
    this.units.forEach((unit, at) => {
      if (unit.kind === 'number' && !this.used.has(at)) this.equality(at);
    });
    this.years();
    this.quoted();
    this.blanks();
    this.values();
    this.alternatives();
    this.units.forEach((unit, at) => {
      if ((unit.kind === 'word' || this.isMay(at)) && !this.used.has(at)) this.monthName(at);
    });
  }

  /** "in 2023 compared to 2024": no row is in both, so that either is meant. */
  protected years(): void {
    const single = this.slots.filters.filter(
      ({ column, values, negated }) => column.role === 'temporal' && values?.length === 1 && !negated,
    );
    const [first] = single;
    const same = single.filter(({ column }) => column === first?.column);
    const values = [...new Set(same.flatMap((filter) => filter.values ?? []))];
    if (first === undefined || values.length < 2) return;
    const to = Math.max(...same.map((filter) => filter.to));
    const both = { ...first, values, condition: equalsAny(first.column, values), to };
    this.slots.filters = [...this.slots.filters.filter((filter) => !same.includes(filter)), both];
  }

  /** "in Asia or with a score above 80": either of two conditions, on different columns, that "or" stands between. */
  protected alternatives(): void {
    for (const [at, unit] of this.units.entries()) {
      if (unit.kind !== 'or' || this.used.has(at)) continue;
      const before = this.slots.filters.filter(({ to }) => to <= unit.from).toSorted((a, b) => b.to - a.to)[0];
      const after = this.slots.filters.filter(({ from }) => from > unit.from).toSorted((a, b) => a.from - b.from)[0];
      if (!before || !after || before.column === after.column || before.negated || after.negated) continue;
      const apart = this.units.filter(
        (other) => other !== unit && other.from > before.to && other.from < after.from && other.kind !== 'stop',
      );
      if (apart.length > 0 || this.units[at + 1]?.breaks === true) continue;
      const condition: Condition = { or: [before.condition, after.condition] };
      const kept = this.slots.filters.filter((filter) => filter !== before && filter !== after);
      this.slots.filters = [...kept, { ...before, condition, values: null, to: after.to }];
      this.used.add(at);
    }
  }

  /** "in May": a month, where "may" asks for nothing. */
  private isMay(at: number): boolean {
    const unit = this.units[at];
    if (unit?.kind !== 'stop' || unit.word !== 'may') return false;
    return (
      this.context.tokens[unit.from]?.text === 'May' && /^(?:in|of|during|for)$/.test(this.units[at - 1]?.word ?? '')
    );
  }

  /** "in July": that month of every year. */
  protected monthName(at: number): void {
    const unit = this.units[at];
    const month = MONTHS.get(unit?.word ?? '');
    const column = this.context.lexicon.temporal;
    if (!unit || month === undefined || !column || (column.type !== 'date' && column.type !== 'datetime')) return;
    if (!/^\p{Lu}/u.test(this.context.tokens[unit.from]?.text ?? '') && this.units[at - 1]?.word !== 'in') return;
    const name = new Date(Date.UTC(2000, month, 1)).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    const condition = compare(columnOf(column, 'month_of_year'), '=', literal(name));
    this.add({ column, condition, values: [name], negated: false }, at, at);
  }

  /** Cell values: equalities, alternatives, exclusions. */
  protected values(): void {
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
            return unit?.kind === 'value' ? [unit.match.value, ...(unit.match.also ?? [])] : [];
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

  protected negatedAt(at: number): boolean {
    const own = this.units[at];
    let joined = false;
    for (let index = at - 1; index >= 0 && index >= at - 5; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'and' || unit?.kind === 'or') joined = true;
      // "except the economy in Norway" leaves out the economy, not Norway.
      if (unit?.kind === 'value' && own?.kind === 'value' && !joined && unit.match.column !== own.match.column)
        return false;
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
  protected absorb(at: number, column: ColumnProfile): void {
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
