import type { Context } from '../reader.js';
import type { ColumnUse, Slots } from './slots.js';
import type { Unit } from './units.js';

/** What all readers of roles share: the units, and which of them have found their part. */
export class RoleUnits {
  constructor(
    protected readonly context: Context,
    protected readonly units: readonly Unit[],
    protected readonly used: Set<number>,
    protected readonly slots: Slots,
  ) {}

  protected use(at: number, distinct = false): ColumnUse | null {
    const unit = this.units[at];
    if (unit?.kind !== 'column') return null;
    this.used.add(at);
    return { column: unit.match.column, grain: null, distinct, from: unit.from, score: unit.match.score };
  }

  /** Next unit that is not a stop word, within reach, not over a break. */
  protected after(at: number, reach = 5): number {
    for (let index = at + 1; index < this.units.length && index <= at + reach; index += 1) {
      const unit = this.units[index];
      if (!unit || unit.breaks) return -1;
      if (unit.kind !== 'stop') return index;
    }
    return -1;
  }
}
