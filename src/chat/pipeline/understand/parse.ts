import type { ColumnProfile } from '../../../datasets/profile.js';
import type { Aggregate } from '../../../datasets/query/analytical-query.js';
import { readChart } from './charts.js';
import { OPERATOR_WORDS, TASK_WORDS } from './english.js';
import { isMeasure, isNumeric } from './expressions.js';
import { FilterReader } from './filters.js';
import { readOrder } from './ordering.js';
import { columnOfQuality } from './qualities.js';
import type { Context } from './reader.js';
import { Scan } from './scan.js';
import type { ColumnUse, Slots } from './slots.js';
import { unitsOf, type Unit } from './units.js';

/** Takes a question apart: chart, order, filters, superlative, groups, aggregates, columns. */
export function parse(context: Context): Slots {
  const scan = new Scan(context);
  const chart = readChart(scan);
  takeAxisWords(scan);
  const order = readOrder(scan, chart !== null);
  const units = unitsOf(scan);
  const slots: Slots = {
    chart,
    order,
    filters: [],
    having: [],
    groups: [],
    series: null,
    measures: [],
    counted: null,
    columns: [],
    superlative: null,
    share: units.some((unit) => unit.kind === 'share'),
    eachRow: false,
    subjects: units.filter((unit) => unit.kind === 'subject'),
    back: units.filter((unit) => unit.kind === 'back'),
    unknown: [],
    filterColumns: [],
    units,
    used: new Set(),
  };
  const used = new Set<number>();
  new FilterReader(context, units, used, slots).read();
  new RoleReader(context, units, used, slots).read();
  slots.back = slots.back.filter((unit) => !used.has(units.indexOf(unit)));
  slots.unknown = units.filter(
    (unit, at) =>
      !used.has(at) &&
      (unit.kind === 'word'
        ? !TASK_WORDS.has(unit.word) || OPERATOR_WORDS.has(unit.word)
        : unit.kind === 'compare' || unit.kind === 'aggregate' || unit.kind === 'not'),
  );
  slots.used = new Set(units.filter((_, at) => used.has(at)));
  return slots;
}

/** "x axis card type code y axis the total number": the axes follow from what stands on them. */
function takeAxisWords(scan: Scan): void {
  for (let at = 0; at < scan.length; at += 1) {
    if (!/^(x|y)$/.test(scan.word(at)) || scan.word(at + 1) !== 'axis') continue;
    const ordered = /^(in|ascending|asc|descending|desc|from|please|by)$/;
    const before = scan.word(at - 1) === 'the' ? scan.word(at - 2) : scan.word(at - 1);
    if (
      /^(by|rank|sort|order|display|show|list|of|based|according|arrange|using)$/.test(before) ||
      ordered.test(scan.word(at + 2))
    )
      continue;
    scan.take(at, at + 2);
  }
}

/** Gives every column that is left its part: group, aggregate, superlative, or simply asked for. */
class RoleReader {
  constructor(
    private readonly context: Context,
    private readonly units: readonly Unit[],
    private readonly used: Set<number>,
    private readonly slots: Slots,
  ) {}

  read(): void {
    this.superlatives();
    this.aggregates();
    this.counts();
    this.columns();
    this.grains();
  }

  private use(at: number, distinct = false): ColumnUse | null {
    const unit = this.units[at];
    if (unit?.kind !== 'column') return null;
    this.used.add(at);
    return { column: unit.match.column, grain: null, distinct, from: unit.from, score: unit.match.score };
  }

  /** Next unit that is not a stop word, within reach, not over a break. */
  private after(at: number, reach = 5): number {
    for (let index = at + 1; index < this.units.length && index <= at + reach; index += 1) {
      const unit = this.units[index];
      if (!unit || unit.breaks) return -1;
      if (unit.kind !== 'stop') return index;
    }
    return -1;
  }

  /** A number that stood before a first superlative. */
  private pending = 1;

  private superlatives(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'superlative' || this.slots.superlative || this.used.has(at)) return;
      if (this.followsAt(at)) return;
      const limit = Math.max(this.pending, this.limitNear(at));
      let nextAt = this.after(at, 6);
      while (['distinct', 'number'].includes(this.units[nextAt]?.kind ?? '')) nextAt = this.after(nextAt, 4);
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
      if (unit.quality && unit.quality.degree === 'superlative') {
        const beside =
          next?.kind === 'column' && isMeasure(next.match.column) && nextAt === at + 1 ? next.match.column : null;
        const found = beside
          ? { column: beside, more: direction }
          : columnOfQuality(unit.quality, this.context.lexicon);
        if (beside) this.used.add(nextAt);
        if (found) {
          direction = beside ? direction : found.more;
          this.set(at, {
            direction,
            by: found.column,
            aggregate: null,
            counted: false,
            limit,
            direct: beside !== null,
          });
          return;
        }
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
      const byAt = this.units.findIndex(
        (other, index) => index > at && (other.word === 'by' || other.word === 'with' || other.word === 'in'),
      );
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
      // "which team won the most?": the lines of each are counted.
      const often =
        (word === 'most' || word === 'least') && nextAt === -1 && !this.units.some((other) => other.kind === 'back');
      const counted =
        often ||
        ((word === 'most' || word === 'least' || word === 'fewest') &&
          (next?.kind === 'subject' || next?.kind === 'column' || next?.kind === 'word'));
      if (counted && next?.kind === 'column') this.used.add(nextAt);
      this.set(at, { direction, by: null, aggregate: null, counted, limit, direct: counted });
    });
  }

  /** "at most", "at least" without a number are no superlatives. */
  private followsAt(at: number): boolean {
    return (
      this.units[at - 1]?.word === 'at' &&
      /^(most|least)$/.test(this.units[at]?.word ?? '') &&
      this.units[at + 1]?.kind === 'number'
    );
  }

  private set(at: number, superlative: Omit<NonNullable<Slots['superlative']>, 'from'>): void {
    this.used.add(at);
    this.slots.superlative = { ...superlative, from: this.units[at]?.from ?? 0 };
  }

  /** "top 3", "the 3 youngest", "5 largest countries"; 1 without a number. */
  private limitNear(at: number): number {
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

  private aggregates(): void {
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
      if (this.units[columnAt]?.kind === 'back' && this.units[this.after(columnAt, 3)]?.kind === 'column')
        columnAt = this.after(columnAt, 3);
      if (this.units[columnAt]?.kind === 'count') {
        this.used.add(columnAt);
        columnAt = this.after(columnAt);
      }
      while (['each', 'distinct'].includes(this.units[columnAt]?.kind ?? '') && columnAt !== -1)
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
  private alike(run: readonly Aggregate[], columnAt: number): void {
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

  private step(at: number): number {
    for (let index = at + 1; index < this.units.length && index <= at + 4; index += 1) {
      const unit = this.units[index];
      if (!unit) return -1;
      if (unit.kind === 'aggregate') return index;
      if (unit.kind !== 'and' && unit.kind !== 'stop') return -1;
    }
    return -1;
  }

  private counts(): void {
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
      const next = this.units[nextAt];
      // "how many total credits": the sum that follows says it.
      if (this.slots.measures.some((measure) => measure.from > unit.from && measure.from <= unit.to + 1)) return;
      if (
        this.slots.measures.some((measure) => measure.aggregate === 'count' || measure.aggregate === 'count_distinct')
      ) {
        if (next?.kind === 'subject') this.used.add(nextAt);
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
      if (next?.kind === 'subject' || next?.kind === 'word') this.used.add(nextAt);
      this.slots.measures.push({ aggregate: 'count', column: null, from: unit.from });
    });
  }

  /** "name of the building", "major id", "population size": the general word beside a column adds nothing. */
  private dropGeneral(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'column' || this.used.has(at) || unit.to - unit.from > 1) return;
      const before = this.units[at - 1];
      if (
        /^(id|ids|code|codes|number|numbers|size|type|types|name|names|value|amount)$/.test(unit.word) &&
        before?.kind === 'column' &&
        !unit.breaks &&
        before.match.column !== unit.match.column &&
        unit.match.score < 0.97
      ) {
        this.used.add(at);
        return;
      }
      const nextAt = this.after(at, 3);
      const next = this.units[nextAt];
      const linked =
        this.units.slice(at + 1, nextAt).every((other) => /^(of|the|for|all|each)$/.test(other.word)) &&
        this.units[at + 1]?.word === 'of';
      if (
        /^names?$/.test(unit.word) &&
        linked &&
        next?.kind === 'column' &&
        !isMeasure(next.match.column) &&
        next.match.column !== unit.match.column &&
        next.match.score > 0.6
      ) {
        this.used.add(at);
      }
    });
  }

  private columns(): void {
    this.dropGeneral();
    let group = false;
    this.units.forEach((unit, at) => {
      if (unit.kind === 'each') {
        const nextAt = this.after(at, 3);
        const next = this.units[nextAt];
        if (next?.kind === 'subject') {
          this.slots.eachRow = true;
          // "each student's city": the subject before a column.
        }
        if (next?.kind === 'word') this.used.add(nextAt);
      }
      if (unit.kind !== 'column' || this.used.has(at)) {
        if (unit.kind !== 'and' && unit.kind !== 'column' && unit.kind !== 'stop') group = false;
        return;
      }
      const lead = this.leadOf(at);
      const distinct = lead.includes('distinct');
      const use = this.use(at, distinct);
      if (!use) return;
      const joined = group && this.units[at - 1]?.kind === 'and';
      if (lead.includes('each') || lead.includes('by') || joined) {
        group = true;
        this.slots.groups.push(use);
      } else if (
        distinct &&
        (this.slots.measures.length > 0 || this.slots.superlative?.counted === true) &&
        lead.includes('in')
      ) {
        group = true;
        this.slots.groups.push(use);
      } else {
        group = false;
        this.slots.columns.push(use);
      }
    });
  }

  /** What stands directly before a column: kinds of units, and prepositions. */
  private leadOf(at: number): readonly string[] {
    const lead: string[] = [];
    for (let index = at - 1; index >= 0 && index >= at - 4; index -= 1) {
      const unit = this.units[index];
      if (!unit || this.units[index + 1]?.breaks) break;
      if (unit.kind === 'each' || unit.kind === 'by' || unit.kind === 'distinct') {
        if (unit.kind === 'by' || unit.kind === 'each') {
          lead.push(unit.kind);
          break;
        }
        lead.push(unit.kind);
      } else if (unit.kind === 'stop') {
        if (/^(in|of|from|for|across|per|among)$/.test(unit.word)) lead.push('in');
        if (/^(is|are|was|were|has|have|do|does|with|show|that|which|what)$/.test(unit.word)) break;
      } else if (unit.kind !== 'subject' && !(unit.kind === 'back' && unit.word !== 'one')) break;
      if (unit.kind === 'subject' && lead.length > 0) break;
    }
    return lead;
  }

  /** "bin date of birth by month": the column just before the grain. */
  private boundTo(at: number): ColumnProfile | null {
    for (let index = at - 1; index >= 0 && index >= at - 6; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'column' && unit.match.column.role === 'temporal') return unit.match.column;
    }
    return null;
  }

  /** "each year", "by weekday", "bin by month", "over time". */
  private grains(): void {
    const temporal = this.context.lexicon.temporal;
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'grain' || this.used.has(at)) return;
      const target =
        this.boundTo(at) ??
        [...this.slots.groups, ...this.slots.columns, ...(this.slots.counted ? [this.slots.counted] : [])].find(
          (use) => use.column.role === 'temporal',
        )?.column ??
        temporal;
      if (!target) return;
      const before = this.units.slice(Math.max(0, at - 3), at);
      const asked =
        before.some(
          (other) => other.kind === 'each' || other.kind === 'by' || /^(into|bin|over|interval)$/.test(other.word),
        ) ||
        this.units.some((other) => /^(bin\w*|interval|convert\w*)$/.test(other.word)) ||
        unit.word.endsWith('ly');
      if (!asked) return;
      this.used.add(at);
      for (const [index, other] of this.units.entries())
        if (/^(bin\w*|interval|convert\w*)$/.test(other.word)) this.used.add(index);
      const charted = this.slots.chart !== null && this.slots.chart.mark !== 'line' && this.slots.chart.mark !== 'area';
      const wanted = charted && unit.grain === 'month' ? 'month_of_year' : unit.grain;
      const grain = isNumeric(target) && unit.grain !== 'year' && unit.grain !== 'weekday' ? 'year' : wanted;
      const known = this.slots.groups.findIndex((use) => use.column === target);
      const use: ColumnUse = { column: target, grain, distinct: false, from: unit.from, score: 1 };
      this.slots.columns = this.slots.columns.filter((column) => column.column !== target);
      if (this.slots.counted?.column === target) this.slots.counted = null;
      if (known === -1) this.slots.groups.push(use);
      else this.slots.groups[known] = use;
    });
  }
}
