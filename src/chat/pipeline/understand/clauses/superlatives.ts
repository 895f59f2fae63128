import { SUPERLATIVES } from '../english.js';
import { isMeasure, isNumeric } from '../expressions.js';
import { columnOfQuality } from '../qualities.js';
import { RoleUnits } from './role-units.js';
import type { Superlative } from './slots.js';

/** "the youngest", "top 3 by price", "most common", "the highest average". */
export class SuperlativeReader extends RoleUnits {
  /** A number that stood before a first superlative. */
  protected pending = 1;

  protected superlatives(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'superlative' || this.slots.superlative || this.used.has(at)) return;
      if (this.followsAt(at)) return;
      const limit = Math.max(this.pending, this.limitNear(at));
      let nextAt = this.after(at, 6);
      while (['distinct', 'number'].includes(this.units[nextAt]?.kind ?? '')) nextAt = this.after(nextAt, 4);
      nextAt = this.afterOther(at, nextAt);
      const next = this.units[nextAt];
      // "the top 5 largest": the second word says it all.
      if (next?.kind === 'superlative') {
        this.used.add(at);
        this.pending = limit;
        return;
      }
      let { direction } = unit;
      if (unit.common) {
        this.set(at, { direction, by: null, aggregate: null, counted: true, limit, direct: true });
        return;
      }
      // "most populous", "least expensive": the adjective says by what.
      const compound = unit.to - unit.from === 2 && unit.quality !== null;
      if (unit.quality && (unit.quality.degree === 'superlative' || compound)) {
        const beside =
          next?.kind === 'column' && isMeasure(next.match.column) && nextAt === at + 1 ? next.match.column : null;
        const found = beside
          ? { column: beside, more: direction }
          : columnOfQuality(unit.quality, this.context.lexicon);
        if (beside) this.used.add(nextAt);
        if (found) {
          const least = compound && unit.word === 'least';
          const more = least ? (found.more === 'asc' ? 'desc' : 'asc') : found.more;
          direction = beside ? direction : more;
          this.set(at, {
            direction,
            by: found.column,
            aggregate: null,
            counted: false,
            limit,
            direct: beside !== null,
            // "best" by a place is the first already.
            ...(beside === null && found.more !== unit.quality.more && { judges: false }),
          });
          return;
        }
        // "longest" where nothing has a length: no other number stands for it.
        const measured = next?.kind === 'column' && isMeasure(next.match.column);
        if ((compound && !measured) || (!SUPERLATIVES.has(unit.word) && next?.kind !== 'column')) return;
      }
      if (next?.kind === 'aggregate' || next?.kind === 'count') {
        const columnAt = this.after(nextAt);
        const column = this.units[columnAt];
        if (next.kind === 'count') {
          const numeric = column?.kind === 'column' && isMeasure(column.match.column) ? column.match.column : null;
          this.used.add(nextAt);
          if (numeric) this.used.add(columnAt);
          this.set(at, { direction, by: numeric, aggregate: null, counted: numeric === null, limit, direct: true });
        } else if (column?.kind === 'column') {
          this.used.add(nextAt).add(columnAt);
          this.set(at, {
            direction,
            by: column.match.column,
            aggregate: next.aggregate,
            counted: false,
            limit,
            direct: true,
          });
        }
        return;
      }
      if (
        next?.kind === 'column' &&
        (isNumeric(next.match.column) || next.match.column.role === 'temporal') &&
        next.match.column.role !== 'identifier'
      ) {
        this.used.add(nextAt);
        this.set(at, { direction, by: next.match.column, aggregate: null, counted: false, limit, direct: true });
        return;
      }
      // "top 3 countries by population", "the most students"
      const byAt = this.byNumber(at);
      const far = byAt === -1 ? -1 : this.after(byAt, 6);
      const farUnit = this.units[far];
      if (
        farUnit?.kind === 'column' &&
        isNumeric(farUnit.match.column) &&
        farUnit.match.column.role !== 'identifier' &&
        this.units[byAt]?.word === 'by'
      ) {
        this.used.add(far).add(byAt);
        this.set(at, { direction, by: farUnit.match.column, aggregate: null, counted: false, limit, direct: false });
        return;
      }
      if (farUnit?.kind === 'count' && this.units[byAt]?.word === 'by') {
        this.used.add(far);
        const after = this.after(far);
        const measured = this.units[after];
        if (measured?.kind === 'subject') this.used.add(after);
        this.set(at, { direction, by: null, aggregate: null, counted: true, limit, direct: false });
        return;
      }
      const word = unit.word;
      // "who earns the most?": the number stands before it.
      const aheadAt = this.units[at - 1]?.kind === 'stop' ? at - 2 : at - 1;
      const ahead = this.units[aheadAt];
      if (/^(most|least)$/.test(word) && ahead?.kind === 'column' && isMeasure(ahead.match.column) && nextAt === -1) {
        this.used.add(aheadAt);
        this.set(at, { direction, by: ahead.match.column, aggregate: null, counted: false, limit, direct: false });
        return;
      }
      // "which team won the most?": the lines of each are counted.
      const often =
        (word === 'most' || word === 'least') &&
        nextAt === -1 &&
        !this.units.some((other) => other.kind === 'back') &&
        !this.isOtherEnd();
      const counted =
        often ||
        ((word === 'most' || word === 'least' || word === 'fewest') &&
          (next?.kind === 'subject' || next?.kind === 'column' || next?.kind === 'word'));
      if (counted && next?.kind === 'column') this.used.add(nextAt);
      this.set(at, { direction, by: null, aggregate: null, counted, limit, direct: counted });
    });
  }

  /** "The highest and lowest score": what both ends are of stands after the second. */
  private afterOther(at: number, nextAt: number): number {
    const one = this.units[at];
    const other = this.units[nextAt + 1];
    const joined = this.units[nextAt]?.kind === 'and' && one?.kind === 'superlative' && other?.kind === 'superlative';
    const plain = SUPERLATIVES.has(one?.word ?? '') && SUPERLATIVES.has(other?.word ?? '');
    if (!joined || !plain || one.direction === other.direction) return nextAt;
    const after = this.after(nextAt + 1, 6);
    return this.units[after]?.kind === 'value' ? this.after(after, 3) : after;
  }

  /** The "by" that a number follows, else the first word that may lead one: "in each region by sales". */
  protected byNumber(at: number): number {
    const leads = [...this.units.keys()].filter(
      (index) => index > at && /^(by|with|in)$/.test(this.units[index]?.word ?? ''),
    );
    const led = leads.find((index) => {
      const unit = this.units[this.after(index, 6)];
      return this.units[index]?.word === 'by' && unit?.kind === 'column' && isMeasure(unit.match.column);
    });
    return led ?? leads[0] ?? -1;
  }

  /** "and the least?" after a ranking: its other end. */
  protected isOtherEnd(): boolean {
    const said = this.units.every((unit) => /^(and|the|who|which|what|about|has|most|least|one)$/.test(unit.word));
    return said && (this.context.previous?.understanding?.query?.orderBy?.length ?? 0) > 0;
  }

  /** "at most", "at least" without a number are no superlatives. */
  protected followsAt(at: number): boolean {
    return (
      this.units[at - 1]?.word === 'at' &&
      /^(most|least)$/.test(this.units[at]?.word ?? '') &&
      this.units[at + 1]?.kind === 'number'
    );
  }

  protected set(
    at: number,
    superlative: Omit<Superlative, 'from' | 'judges'> & Partial<Pick<Superlative, 'judges'>>,
  ): void {
    this.used.add(at);
    const judges = /^(best|worst)$/.test(this.units[at]?.word ?? '');
    this.slots.superlative = { judges, ...superlative, from: this.units[at]?.from ?? 0 };
  }

  /** "top 3", "the 3 youngest", "5 largest countries"; 1 without a number. */
  protected limitNear(at: number): number {
    for (const index of [at - 1, at + 1, at + 2, at - 2]) {
      const unit = this.units[index];
      if (
        unit?.kind === 'number' &&
        !this.used.has(index) &&
        Number.isInteger(unit.quantity.value) &&
        unit.quantity.value > 0 &&
        unit.quantity.value <= 1000
      ) {
        if (unit.quantity.ordinal) continue;
        this.used.add(index);
        return unit.quantity.value;
      }
    }
    // "the 3 countries which have the most"
    for (let index = at - 1; index >= 0 && index >= at - 8; index -= 1) {
      const unit = this.units[index];
      const next = this.units[index + 1];
      if (
        unit?.kind === 'number' &&
        !unit.quantity.ordinal &&
        !this.used.has(index) &&
        (next?.kind === 'subject' || next?.kind === 'column') &&
        unit.quantity.value <= 1000
      ) {
        this.used.add(index);
        return unit.quantity.value;
      }
    }
    return 1;
  }
}
