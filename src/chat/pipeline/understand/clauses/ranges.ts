import { columnOf, countRows, isNumeric, literal } from '../expressions.js';
import { ComparisonReader } from './comparisons.js';

/** "between 60 and 120", "5 or more": bounds that are said otherwise than before one number. */
export class RangeReader extends ComparisonReader {
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
