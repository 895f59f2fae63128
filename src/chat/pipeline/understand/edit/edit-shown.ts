import type { Aggregate, Expression } from '../../../../datasets/query/analytical-query.js';
import { binWidth } from '../build/build-groups.js';
import { groupExpression, mainMeasure, overRows, rowsAreThings } from '../build/build-parts.js';
import {
  aggregateOf,
  columnOf,
  columnsIn,
  countRows,
  isAggregate,
  isMeasure,
  isNumeric,
  outputName,
  sameExpression,
} from '../expressions.js';
import { ADDITIVE } from './edit-base.js';
import { FilterEdit } from './edit-filters.js';
import { type Frame, measuredColumn, measuresOf } from './frame.js';
import { splitByGroups } from './periods.js';
import { placesBy } from './places.js';

function isColumnNamed(value: unknown, name: string): value is { readonly column: string } {
  return typeof value === 'object' && value !== null && 'column' in value && value.column === name;
}

/** Aggregates that the next number is taken by as well. */
const AGAIN: ReadonlySet<Aggregate> = new Set(['sum', 'avg', 'min', 'max', 'median'] as const);

/** A frame that only went through JSON keeps its shape. */
const parseFrame = (json: string): Frame => JSON.parse(json) as Frame;

/** Changes of what is shown: "their ages", "the average", "by region", "X instead of Y". */
export class ShownEdit extends FilterEdit {
  protected columns(additive: boolean): void {
    if (additive ? this.splitBins() : this.rebin()) return;
    const [before] = measuresOf(this.frame);
    // "What about the salary?" after an average age: on average as well.
    const same = before !== undefined && 'aggregate' in before && AGAIN.has(before.aggregate) ? before.aggregate : null;
    const asked = this.slots.columns.map((use) => {
      if (!isMeasure(use.column)) return columnOf(use.column);
      if (same !== null && !(same === 'sum' && use.column.defaultAggregate === 'avg'))
        return aggregateOf(same, use.column);
      const over = this.frame.groups.length > 0 || (before !== undefined && !rowsAreThings(this.context));
      return over ? overRows(use.column) : columnOf(use.column);
    });
    const fresh = asked.filter((one, index) => asked.findIndex((other) => sameExpression(other, one)) === index);
    const single = this.frame.groups.length === 0 && measuresOf(this.frame).length > 0;
    if (this.frame.groups.length > 0) {
      const measures = fresh.filter(isAggregate);
      const keys = this.frame.groups;
      if (measures.length > 0)
        this.frame = {
          ...this.frame,
          select: [...(additive ? this.frame.select : keys), ...measures],
          // What was ranked by the number before is ranked by the new one.
          order: additive
            ? this.frame.order
            : this.frame.order.map((one) => (isAggregate(one.by) ? { ...one, by: measures[0] ?? one.by } : one)),
        };
      else if (fresh.every((one) => keys.some((key) => sameExpression(key, one))))
        this.frame = { ...this.frame, select: fresh };
      else
        this.frame = {
          ...this.frame,
          groups: [],
          having: undefined,
          order: [],
          limit: undefined,
          select: fresh,
          where: [...this.frame.where, ...this.amongGroups()],
        };
    } else if (additive && !single) {
      const kept = this.frame.select.length === this.context.profile.columns.length ? [] : this.frame.select;
      this.frame = {
        ...this.frame,
        select: [...kept, ...fresh.filter((one) => !kept.some((other) => sameExpression(other, one)))],
      };
    } else {
      this.frame = { ...this.frame, select: fresh, distinct: this.slots.columns.some((use) => use.distinct) };
    }
    this.edits.push(`shown: ${this.frame.select.map(outputName).join(', ')}`);
  }

  /** "Add the type" after a distribution of heights: each bar split by type. */
  protected splitBins(): boolean {
    const [bins, ...more] = this.frame.groups;
    const [use, ...others] = this.slots.columns;
    if (!bins || !('column' in bins) || bins.bin === undefined || more.length > 0) return false;
    if (!use || others.length > 0 || isMeasure(use.column)) return false;
    const key = columnOf(use.column);
    this.frame = { ...this.frame, groups: [bins, key], select: [bins, key, ...measuresOf(this.frame)] };
    this.edits.push(`split by ${use.column.label}`);
    return true;
  }

  /** "And the weight?" after a distribution of heights: that of weights. */
  protected rebin(): boolean {
    const [bins, ...more] = this.frame.groups;
    const [use, ...others] = this.slots.columns;
    if (!bins || !('column' in bins) || bins.bin === undefined || more.length > 0) return false;
    if (!use || others.length > 0 || !isMeasure(use.column) || this.slots.measures.length > 0) return false;
    const fresh: Expression = { column: use.column.name, bin: binWidth(use.column) };
    const change = (one: Expression): Expression => (sameExpression(one, bins) ? fresh : one);
    this.frame = {
      ...this.frame,
      groups: [fresh],
      select: this.frame.select.map(change),
      order: this.frame.order.map((one) => ({ ...one, by: change(one.by) })),
    };
    this.edits.push(`distribution of ${use.column.label}`);
    return true;
  }

  protected measure(): void {
    const { slots } = this;
    const measured = measuredColumn(this.frame, this.context);
    const [only] = this.frame.select;
    const values = slots.measures.flatMap((measure): Expression[] => {
      if (measure.aggregate === 'count' || measure.aggregate === 'count_distinct')
        return [this.counting(measure.aggregate === 'count_distinct')];
      const column = measure.column ?? measured ?? mainMeasure(this.context);
      return column ? [aggregateOf(measure.aggregate, column)] : [];
    });
    if (values.length === 0) return;
    const each = slots.units.some((unit) => unit.kind === 'each');
    const counted = slots.measures.every((measure) => measure.aggregate === 'count');
    let groups = this.frame.groups;
    const side = slots.filters.find(
      (filter) => filter.values !== null && filter.values.length > 1 && !isNumeric(filter.column),
    );
    if (side && groups.length === 0 && /\band\b/.test(this.text)) groups = [columnOf(side.column)];
    if (groups.length > 0 && counted && !each) groups = [];
    if (groups.length === 0 && each && only && 'column' in only && this.frame.select.length === 1) groups = [only];
    const having = groups.length > 0 ? this.frame.having : undefined;
    const among = groups.length === 0 && this.frame.groups.length > 0 ? this.amongGroups() : [];
    const shown = groups.length > 0 ? [...groups, ...values] : values;
    const ranked = this.frame.limit !== undefined && groups.length === 0;
    this.frame = {
      ...this.frame,
      where: [...this.frame.where, ...among],
      select: ADDITIVE.test(this.text) && groups.length > 0 ? [...this.frame.select, ...values] : shown,
      groups,
      having,
      order:
        groups.length > 0 ? this.frame.order.filter((one) => shown.some((value) => sameExpression(value, one.by))) : [],
      limit: ranked ? undefined : this.frame.limit,
      distinct: false,
    };
    this.edits.push(`shown: ${shown.map(outputName).join(', ')}`);
  }

  /** "How many are there?": rows, or the different things that were listed. */
  protected counting(distinct: boolean): Expression {
    const { counted } = this.slots;
    if (
      counted &&
      (distinct || (!isMeasure(counted.column) && counted.column.distinct < this.context.profile.rowCount))
    ) {
      return aggregateOf('count_distinct', counted.column);
    }
    const [first] = this.frame.select;
    const [group] = this.frame.groups;
    if (group && 'column' in group && !this.slots.units.some((unit) => unit.kind === 'each'))
      return { aggregate: 'count_distinct', of: group };
    if (this.frame.distinct && first && 'column' in first) return { aggregate: 'count_distinct', of: first };
    if (this.frame.groups.length === 0 && first && 'aggregate' in first && first.aggregate === 'count_distinct')
      return first;
    return countRows;
  }

  protected regroup(): void {
    const keys = this.slots.groups.map(groupExpression);
    const add = ADDITIVE.test(this.text) && this.frame.groups.length > 0;
    const places = add || this.slots.measures.length > 0 ? null : placesBy(this.frame, keys);
    if (places !== null) {
      this.frame = places.frame;
      this.edits.push(places.edit);
      return;
    }
    const groups = add
      ? [...this.frame.groups, ...keys.filter((key) => !this.frame.groups.some((group) => sameExpression(group, key)))]
      : keys;
    const split = add || this.slots.measures.length > 0 ? null : splitByGroups(this.frame, keys);
    if (split !== null) {
      this.frame = split;
      this.edits.push(`by ${this.slots.groups.map((use) => use.column.label).join(', ')}`);
      return;
    }
    const measured = measuredColumn(this.frame, this.context);
    const asked = this.slots.measures.flatMap((measure): Expression[] => {
      if (measure.aggregate === 'count') return [countRows];
      const column = measure.column ?? measured ?? mainMeasure(this.context);
      return column ? [aggregateOf(measure.aggregate, column)] : [];
    });
    const columns = this.slots.columns.filter((use) => isMeasure(use.column)).map((use) => overRows(use.column));
    const old = measuresOf(this.frame);
    // The smallest of all was one row; by group it is the smallest of each.
    const [ranked] = this.before.order;
    const extreme =
      measured && old.length === 0 && this.before.limit === 1 && ranked && sameExpression(ranked.by, columnOf(measured))
        ? [aggregateOf(ranked.direction === 'asc' ? 'min' : 'max', measured)]
        : null;
    const fromRows = measured && old.length === 0 && this.frame.select.length <= 3 ? [overRows(measured)] : [countRows];
    const values =
      asked.length + columns.length > 0 ? [...asked, ...columns] : old.length > 0 ? old : (extreme ?? fromRows);
    this.frame = {
      ...this.frame,
      groups,
      select: [...groups, ...values],
      order: [],
      limit: undefined,
      distinct: false,
    };
    this.edits.push(
      `by ${groups
        .map((group) =>
          columnsIn(group)
            .map((name) => this.label(name))
            .join(' '),
        )
        .join(', ')}`,
    );
  }

  /** "can you list those?" after a count: the rows that were counted. */
  protected listing(): void {
    const [only] = this.frame.select;
    if (
      this.backs.length === 0 ||
      this.frame.select.length !== 1 ||
      this.frame.groups.length > 0 ||
      !only ||
      !('aggregate' in only)
    )
      return;
    if (only.aggregate !== 'count' && only.aggregate !== 'count_distinct') return;
    if (!/\b(list|show|name|names|which|who|what are|give)\b/.test(this.text) || this.slots.having.length > 0) return;
    const shown = only.of ? [only.of] : this.context.lexicon.labels.map((column) => columnOf(column));
    this.frame = { ...this.frame, select: shown, distinct: only.of !== null };
    this.edits.push(`listed: ${shown.map(outputName).join(', ')}`);
  }

  /** "creative type instead of genre", "replace displacement with weight": one column for another wherever it stands. */
  protected swap(): boolean {
    const instead = /\binstead of\b/.test(this.text);
    const replace = /\breplace\b.*\bwith\b/.test(this.text);
    if (!instead && !replace) return false;
    const uses = [
      ...this.slots.columns,
      ...this.slots.groups,
      ...this.slots.measures.flatMap((measure) =>
        measure.column ? [{ column: measure.column, from: measure.from }] : [],
      ),
    ].sort((left, right) => left.from - right.from);
    const [first, second] = uses;
    if (first && second) {
      const [old, fresh] = instead ? [second, first] : [first, second];
      const renamed = JSON.stringify(this.frame, (_, value: unknown) =>
        isColumnNamed(value, old.column.name) ? { ...value, column: fresh.column.name } : value,
      );
      this.frame = parseFrame(renamed);
      this.edits.push(`${old.column.label} → ${fresh.column.label}`);
      return true;
    }
    const [aggregate] = this.slots.measures.map((measure) => measure.aggregate);
    if (instead && aggregate && this.slots.measures.length <= 2) {
      const change = (one: Expression): Expression => ('aggregate' in one && one.of ? { ...one, aggregate } : one);
      this.frame = {
        ...this.frame,
        select: this.frame.select.map(change),
        order: this.frame.order.map((one) => ({ ...one, by: change(one.by) })),
      };
      this.edits.push(`${aggregate} instead`);
      return true;
    }
    return false;
  }

  /** "group by origin" after points: the points are coloured. */
  protected colour(): boolean {
    const [use] = this.slots.groups;
    const points = this.context.previous?.understanding?.chart?.mark === 'point';
    if (
      !use ||
      !points ||
      this.before.groups.length > 0 ||
      this.slots.measures.length > 0 ||
      this.frame.select.length < 2
    )
      return false;
    this.frame = { ...this.frame, select: [...this.frame.select.slice(0, 2), columnOf(use.column)] };
    this.edits.push(`coloured by ${use.column.label}`);
    return true;
  }
}
