import type { Aggregate } from '../../../../datasets/query/analytical-query.js';
import { isMeasure, isNumeric } from '../expressions.js';
import { isModifier } from '../modifiers.js';
import { stemOf } from '../tokens.js';
import { SuperlativeReader } from './superlatives.js';

/** "average age", "how many", "number of different". */
export class AggregateReader extends SuperlativeReader {
  protected aggregates(): void {
    for (let at = 0; at < this.units.length; at += 1) {
      const unit = this.units[at];
      if (unit?.kind !== 'aggregate' || this.used.has(at)) continue;
      // "the total average price": the second one is meant.
      if (
        unit.aggregate === 'sum' &&
        ['aggregate', 'count'].includes(this.units[this.after(at, 3)]?.kind ?? '') &&
        this.units[at + 1]?.kind !== 'and'
      ) {
        this.used.add(at);
        if (this.units[this.after(at, 3)]?.kind === 'aggregate') continue;
        continue;
      }
      // "average, minimum, and maximum age": all of them take the column that follows.
      const run = [unit.aggregate];
      let last = at;
      for (let next = this.step(last); next !== -1; next = this.step(last)) {
        const other = this.units[next];
        if (other?.kind !== 'aggregate') break;
        run.push(other.aggregate);
        last = next;
      }
      let columnAt = this.after(last, 6);
      // "average healthcare score", "total 2020 revenue": what narrows the number stands before its name.
      for (let next = columnAt; next !== -1 && ['value', 'time'].includes(this.units[next]?.kind ?? '');) {
        next = this.after(next, 2);
        const measured = this.units[next];
        if (measured?.kind === 'column' && isMeasure(measured.match.column)) columnAt = next;
      }
      if (this.units[columnAt]?.kind === 'back' && this.units[this.after(columnAt, 3)]?.kind === 'column')
        columnAt = this.after(columnAt, 3);
      if (this.units[columnAt]?.kind === 'count') {
        this.used.add(columnAt);
        columnAt = this.after(columnAt);
      }
      // "the average of each score" is of the score; "the total per order" is of something else.
      while (['each', 'distinct'].includes(this.units[columnAt]?.kind ?? '') && this.units[columnAt]?.word !== 'per')
        columnAt = this.after(columnAt);
      const target = this.units[columnAt];
      for (let index = at; index <= last; index += 1) if (this.units[index]?.kind === 'aggregate') this.used.add(index);
      if (
        target?.kind === 'column' &&
        !this.used.has(columnAt) &&
        (isNumeric(target.match.column) || run.every((aggregate) => aggregate === 'min' || aggregate === 'max'))
      ) {
        this.used.add(columnAt);
        for (const aggregate of run)
          this.slots.measures.push({ aggregate, column: target.match.column, from: unit.from });
        this.alike(run, columnAt);
      } else if (target?.kind === 'column' && run.includes('sum')) {
        // "the total of locations" can only be counted.
        this.slots.counted = this.use(columnAt);
        this.slots.measures.push({ aggregate: 'count', column: null, from: unit.from });
      } else {
        for (const aggregate of run) this.slots.measures.push({ aggregate, column: null, from: unit.from });
      }
      at = last;
    }
  }

  /** "average age and weight": the aggregate reaches over "and" to further numbers. */
  protected alike(run: readonly Aggregate[], columnAt: number): void {
    const andAt = columnAt + 1;
    const nextAt = columnAt + 2;
    const next = this.units[nextAt];
    if (
      this.units[andAt]?.kind === 'and' &&
      next?.kind === 'column' &&
      isMeasure(next.match.column) &&
      !this.used.has(nextAt)
    ) {
      this.used.add(nextAt);
      for (const aggregate of run) this.slots.measures.push({ aggregate, column: next.match.column, from: next.from });
    }
  }

  protected step(at: number): number {
    for (let index = at + 1; index < this.units.length && index <= at + 4; index += 1) {
      const unit = this.units[index];
      if (!unit) return -1;
      if (unit.kind === 'aggregate') return index;
      if (unit.kind !== 'and' && unit.kind !== 'stop') return -1;
    }
    return -1;
  }

  protected counts(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'count' || this.used.has(at)) return;
      this.used.add(at);
      let nextAt = this.after(at);
      let distinct = false;
      while (this.units[nextAt]?.kind === 'distinct') {
        distinct = true;
        this.used.add(nextAt);
        nextAt = this.after(nextAt);
      }
      // "how many distinct values does category have": the column is named after its values.
      const named = this.after(nextAt);
      if (distinct && this.units[nextAt]?.word === 'values' && this.units[named]?.kind === 'column') {
        this.used.add(nextAt);
        nextAt = named;
      }
      const next = this.units[nextAt];
      if (this.countsUnits(at, nextAt)) {
        this.used.add(nextAt);
        return;
      }
      // "how many total credits": the sum that follows says it.
      if (this.slots.measures.some((measure) => measure.from > unit.from && measure.from <= unit.to + 1)) return;
      if (
        this.slots.measures.some((measure) => measure.aggregate === 'count' || measure.aggregate === 'count_distinct')
      ) {
        if (next?.kind === 'subject') this.used.add(nextAt);
        return;
      }
      // "number of orders" where there is an order date: the rows are the orders.
      if (next?.kind === 'column' && next.match.column.role === 'temporal' && isModifier(next.match, next.word)) {
        this.used.add(nextAt);
        this.slots.measures.push({ aggregate: 'count', column: null, from: unit.from });
        return;
      }
      if (next?.kind === 'column' && !this.used.has(nextAt)) {
        const determiner = this.units
          .slice(at + 1, nextAt)
          .some((other) => other.kind === 'each' || other.kind === 'by' || /^(in|for|from)$/.test(other.word));
        if (!determiner) {
          const { column } = next.match;
          if (isMeasure(column) && !unit.total && !distinct && next.match.score >= 0.6) {
            // "the number of floors" is what the column holds.
            const use = this.use(nextAt);
            if (use) this.slots.columns.push(use);
            return;
          }
          if (isMeasure(column) && unit.total && !distinct) {
            this.used.add(nextAt);
            this.slots.measures.push({ aggregate: 'sum', column, from: unit.from });
            return;
          }
          this.slots.counted = this.use(nextAt, distinct);
          this.slots.measures.push({ aggregate: distinct ? 'count_distinct' : 'count', column: null, from: unit.from });
          return;
        }
      }
      // A noun that nothing explains names the rows; a word before the noun says which rows, and is not known.
      const describes = ['word', 'subject', 'grain'].includes(this.units[nextAt + 1]?.kind ?? '');
      if (next?.kind === 'subject' || (next?.kind === 'word' && !describes)) this.used.add(nextAt);
      this.slots.measures.push({ aggregate: 'count', column: null, from: unit.from });
    });
  }

  /** "by how many points", "how many points more": what a difference is counted in, whatever the number is called. */
  protected countsUnits(at: number, nextAt: number): boolean {
    const [unit, next, more] = [this.units[at], this.units[nextAt], this.units[nextAt + 1]];
    const { columns } = this.context.profile;
    const isUnit = columns.some(
      (column) => isMeasure(column) && stemOf(column.unit ?? '') === stemOf(next?.word ?? ''),
    );
    if (unit === undefined || !(isUnit || next?.kind === 'word' || next?.kind === 'share')) return false;
    const by = this.context.tokens[unit.from - 1]?.lower === 'by';
    return by || /^(more|less|fewer|higher|lower|ahead|behind|better|worse)$/.test(more?.word ?? '');
  }
}
