import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { mainMeasure, overRows } from '../build/build-parts.js';
import { grainOfStep, stepKept, steppedBy } from '../clauses/periods.js';
import type { Filter } from '../clauses/slots.js';
import {
  columnOf,
  columnsIn,
  compare,
  equalsAny,
  isAggregate,
  isMeasure,
  isNumeric,
  literal,
  sameExpression,
} from '../expressions.js';
import { textBetween } from '../tokens.js';
import { ADDITIVE, EditBase } from './edit-base.js';
import { isSelfContained, refiltered } from './inner-filters.js';
import { isAbout, measuredColumn, measuresOf, valuesKept, valuesLeftOut } from './frame.js';
import { stretchShown } from './periods.js';

/** "Remove Japan", "do not count the students": what follows is left out. */
export const LEAVE_OUT =
  /^(please )?((do not|dont|don t) (list|show|include|count)|remove|exclude|drop|leave out|hide|without|skip)\b/;

/** Steps of time, or other values, that a filter names. */
const stepsOrValues = (filter: Filter): readonly Scalar[] | null => filter.steps ?? filter.values;

/** Changes of what is kept: "and in 2020?", "compare it with X", "as a trend since 2015". */
export class FilterEdit extends EditBase {
  /** Filters on the same column are replaced, others added; "what about X?" puts X in the place of the one value kept before. */
  protected filter(): void {
    const [only, ...rest] = this.slots.filters;
    if (
      only?.values &&
      rest.length === 0 &&
      /\b(what|how) about\b/.test(this.text) &&
      this.backs.length === 0 &&
      !isMeasure(only.column)
    ) {
      const kept = this.frame.where.filter(
        (condition) => valuesKept(condition) !== null && !isAbout(condition, only.column),
      );
      const [old] = kept;
      const column = old ? this.context.lexicon.columns.get(valuesKept(old)?.column ?? '') : undefined;
      if (
        kept.length === 1 &&
        this.frame.where.length === 1 &&
        column?.type === 'text' &&
        only.column.type === 'text'
      ) {
        this.frame = { ...this.frame, where: [] };
      }
    }
    for (const filter of this.slots.filters) {
      const out = filter.negated ? valuesLeftOut(filter.condition) : LEAVE_OUT.test(this.text) ? filter.values : null;
      if (out !== null) this.leaveOut(filter, out);
      else if (LEAVE_OUT.test(this.text) && !filter.negated)
        this.refilter({ ...filter, condition: { not: filter.condition } });
      else this.refilter(filter);
    }
    const [counted] = this.frame.select;
    if (this.slots.having.length > 0 && this.frame.groups.length === 0 && this.frame.select.length === 1 && counted) {
      // "how many of those have an average over 72?": the things that were counted, each with its rows.
      const key =
        'aggregate' in counted && counted.aggregate === 'count_distinct'
          ? counted.of
          : 'column' in counted
            ? counted
            : null;
      if (key) {
        this.slots.measures = [];
        this.frame = { ...this.frame, groups: [key], select: [key], distinct: false, order: [], limit: undefined };
      }
    }
    if (this.slots.having.length > 0 && this.frame.groups.length > 0) {
      const parts = this.slots.having.map((one) => compare(one.left, one.op, one.right));
      this.frame = { ...this.frame, having: parts.length === 1 ? parts[0] : { and: parts } };
      this.edits.push('groups narrowed');
    }
  }

  protected refilter(filter: Filter): void {
    const { column } = filter;
    const old = this.frame.where.filter((condition) => isAbout(condition, column));
    const kept = this.frame.where.filter((condition) => !isAbout(condition, column));
    const was = old.flatMap((condition) => valuesKept(condition)?.values ?? []);
    const now = filter.values ?? [];
    const said = textBetween(this.context.asked.question, this.context.tokens, filter.from, filter.to);
    const after = now.length > 0 ? now.join(', ') : said;
    this.edits.push(
      was.length > 0
        ? `${this.label(column.name)}: ${was.join(', ')} → ${after}`
        : `${this.label(column.name)}: ${after}`,
    );
    const stretch = stretchShown(this.frame, column.name, filter.condition);
    if (stretch !== null) {
      this.frame = stretch;
      return;
    }
    this.frame = { ...this.frame, where: [...kept, filter.condition] };
    if (isSelfContained(this.frame.select)) this.refilterInside(old, filter.condition);
    // A filter on the only group leaves a single line; its group says nothing any more.
    const group = this.frame.groups[0];
    if (
      this.frame.groups.length === 1 &&
      group &&
      'column' in group &&
      group.column === column.name &&
      now.length === 1 &&
      old.length > 0 &&
      this.frame.limit === undefined
    ) {
      this.frame = { ...this.frame, groups: [], select: measuresOf(this.frame), order: [] };
    }
  }

  /** "Remove Japan": taken from the values that are kept, or left out beside those that are left out already. */
  private leaveOut(filter: Filter, values: readonly Scalar[]): void {
    const { column } = filter;
    // What is taken away is not there to be found in the query.
    this.slots.filters = this.slots.filters.map((one) => (one === filter ? { ...one, values: null } : one));
    const about = this.frame.where.filter((condition) => isAbout(condition, column));
    const kept = about.flatMap((condition) => valuesKept(condition)?.values ?? []);
    const left = kept.filter((value) => !values.includes(value));
    const before = about.flatMap((condition) => valuesLeftOut(condition) ?? []);
    const out = [...new Set([...before, ...values])];
    const condition: Condition =
      left.length > 0
        ? equalsAny(column, left)
        : out.length === 1
          ? compare(columnOf(column), '!=', literal(out[0] ?? null))
          : { in: out, left: columnOf(column), negated: true };
    this.frame = { ...this.frame, where: [...this.frame.where.filter((one) => !about.includes(one)), condition] };
    this.edits.push(`${this.label(column.name)}: without ${values.join(', ')}`);
  }

  /** What is worked out by itself is narrowed by its own filters, and keeps its name. */
  private refilterInside(old: readonly Condition[], fresh: Condition): void {
    const select = refiltered(this.frame.select, old, fresh);
    const names = this.frame.select.flatMap((one, at) => {
      const name = this.frame.names[JSON.stringify(one)];
      return name === undefined ? [] : [[JSON.stringify(select[at]), name]];
    });
    this.frame = { ...this.frame, select, names: Object.fromEntries(names) };
  }

  /** "what share is X?" of a number: X's part of it, in percent. */
  protected shareOf(): boolean {
    const [filter = this.shareKept(), ...more] = this.slots.filters;
    const [value] = measuresOf(this.frame);
    if (!this.slots.share || !filter?.values || more.length > 0 || !value || !('aggregate' in value)) return false;
    const where = this.frame.where.filter((condition) => !isAbout(condition, filter.column));
    const part: Expression = { ...value, where: filter.condition };
    const percent: Expression = { op: '*', left: { literal: 100 }, right: { op: '/', left: part, right: value } };
    this.frame = {
      ...this.frame,
      where,
      select: [percent],
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
    };
    this.edits.push(`share of ${filter.values.join(', ')}`);
    return true;
  }

  /** "and Italy?" after France and Germany side by side: one more beside them. */
  protected joins(): boolean {
    const [only, ...more] = this.slots.filters;
    const [group] = this.frame.groups;
    if (!only?.values || more.length > 0 || this.frame.limit !== undefined || !group || !('column' in group))
      return false;
    if (this.slots.columns.length + this.slots.groups.length + this.slots.measures.length > 0) return false;
    const named = this.frame.groups.some((one) => 'column' in one && one.column === only.column.name);
    return (
      named && this.frame.where.some((one) => isAbout(one, only.column) && (valuesKept(one)?.values.length ?? 0) > 1)
    );
  }

  /** "what percentage is that?" of a count: what it was narrowed to, of all. */
  private shareKept(): Filter | undefined {
    const [value] = this.before.select;
    const counts = value !== undefined && 'aggregate' in value && value.aggregate === 'count' && value.of === null;
    const condition = this.before.where.findLast((one) => valuesKept(one) !== null);
    const kept = condition && valuesKept(condition);
    const column = this.context.lexicon.columns.get(kept?.column ?? '');
    if (!counts || this.before.groups.length > 0 || !condition || !kept || !column) return undefined;
    return { column, condition, values: kept.values, negated: false, from: 0, to: 0, score: 1 };
  }

  /** "compare it with X": both values, side by side. */
  protected comparing(): boolean {
    const filter = this.slots.filters.find((one) => stepsOrValues(one) !== null && !isMeasure(one.column));
    const named = filter && stepsOrValues(filter);
    if (!filter || !named) return false;
    const { column } = filter;
    const step = stepKept({ and: this.frame.where.filter((condition) => isAbout(condition, column)) });
    const kept = this.frame.where.flatMap((condition) => {
      const own = valuesKept(condition);
      return own && own.column === column.name ? [own] : [];
    });
    const old = step === null ? kept : [{ column: column.name, values: [step] }];
    // "Compare A and B" names both; "compare it with B" one of them.
    const anew = named.length > 1 && this.backs.length === 0 && !ADDITIVE.test(this.text);
    const values = anew ? named : [...new Set([...old.flatMap((one) => one.values), ...named])];
    if (values.length < 2) return false;
    // A year beside a month is no comparison by one grain.
    const grains = new Set(column.role === 'temporal' ? values.map(grainOfStep) : []);
    if (grains.size > 1) return false;
    // Both named anew: what was shown by other groups is asked for by these.
    const known = this.frame.groups.some((group) => 'column' in group && group.column === column.name);
    if (old.length === 0 && !known && this.frame.groups.length > 0)
      this.frame = { ...this.frame, groups: [], order: [], limit: undefined, having: undefined, qualify: undefined };
    const others = this.slots.filters.filter((one) => one !== filter);
    for (const other of others) this.refilter(other);
    this.besideEachOther(
      column,
      old.flatMap((one) => one.values),
      values,
    );
    return true;
  }

  /** The values of a column as groups, where some of them were all that was kept. */
  protected besideEachOther(column: ColumnProfile, old: readonly Scalar[], values: readonly Scalar[]): void {
    const key = steppedBy(column, values[0] ?? null);
    const either: Condition = sameExpression(key, columnOf(column))
      ? equalsAny(column, values)
      : { in: values, left: key };
    const where = [...this.frame.where.filter((condition) => !isAbout(condition, column)), either];
    const measures = measuresOf(this.frame);
    const isShown = this.frame.groups.some((group) => sameExpression(group, key));
    // Time runs on, what stands beside each other is told apart.
    const isTime = (group: Expression): boolean =>
      columnsIn(group).some((name) => this.context.lexicon.columns.get(name)?.role === 'temporal');
    const [times, others] = [this.frame.groups.filter(isTime), this.frame.groups.filter((group) => !isTime(group))];
    const groups = isShown ? this.frame.groups : [...times, key, ...others];
    if (measures.length > 0) {
      this.frame = {
        ...this.frame,
        where,
        groups,
        select: [...groups, ...measures],
        order: this.frame.order.filter(
          (one) => isAggregate(one.by) || groups.some((group) => sameExpression(group, one.by)),
        ),
      };
    } else {
      const select = this.frame.select.some((one) => sameExpression(one, key))
        ? this.frame.select
        : [key, ...this.frame.select];
      this.frame = { ...this.frame, where, select, order: [], limit: undefined };
    }
    this.edits.push(`${this.label(column.name)}: ${old.join(', ')} → ${values.join(', ')}`);
  }

  /** "show that as a trend since 2015": over time, what was compared as series. */
  protected trend(): boolean {
    const time =
      this.slots.groups.find((use) => use.column.role === 'temporal')?.column ?? this.context.lexicon.temporal;
    const measures = measuresOf(this.frame);
    const column = measuredColumn(this.frame, this.context) ?? mainMeasure(this.context);
    if (!time || (measures.length === 0 && !column)) return false;
    const values = measures.length > 0 ? measures : column ? [overRows(column)] : [];
    const grain = this.slots.groups.find((use) => use.column === time)?.grain ?? 'year';
    const x: Expression = isNumeric(time) || time.type === 'text' ? columnOf(time) : columnOf(time, grain);
    const asked = this.slots.filters.some((filter) => filter.column === time);
    const where = this.frame.where.filter((condition) => asked || !isAbout(condition, time));
    const several = where.flatMap((condition) => {
      const kept = valuesKept(condition);
      return kept && kept.values.length > 1 && kept.column !== time.name
        ? [{ column: kept.column } satisfies Expression]
        : [];
    });
    const series = [...this.frame.groups.filter((group) => !columnsIn(group).includes(time.name)), ...several].slice(
      0,
      1,
    );
    const groups = [x, ...series];
    this.frame = {
      ...this.frame,
      select: [...groups, ...values],
      where,
      groups,
      having: undefined,
      order: [{ by: x, direction: 'asc' }],
      limit: undefined,
    };
    this.edits.push(`over ${this.label(time.name)}`);
    return true;
  }
}
