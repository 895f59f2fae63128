import type { ColumnProfile } from '../../../../datasets/profile.js';
import { isMeasure, isNumeric } from '../expressions.js';
import { AggregateReader } from './aggregates.js';
import type { ColumnUse } from './slots.js';

/** Gives every column that is left its part: group, aggregate, superlative, or simply asked for. */
export class RoleReader extends AggregateReader {
  read(): void {
    this.superlatives();
    this.aggregates();
    this.counts();
    this.columns();
    this.grains();
  }

  /** "name of the building", "major id", "population size": the general word beside a column adds nothing. */
  protected dropGeneral(): void {
    this.units.forEach((unit, at) => {
      if (unit.kind !== 'column' || this.used.has(at) || unit.to - unit.from > 1) return;
      const before = this.units[at - 1];
      if (
        /^(id|ids|code|codes|number|numbers|size|type|types|name|names|values?|amounts?)$/.test(unit.word) &&
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

  protected columns(): void {
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
        // "each item" may be the rows; "per widget" says what is not there.
        if (next?.kind === 'word' && (unit.word !== 'per' || /^(person|head|capita)$/.test(next.word)))
          this.used.add(nextAt);
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
  protected leadOf(at: number): readonly string[] {
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
  protected boundTo(at: number): ColumnProfile | null {
    for (let index = at - 1; index >= 0 && index >= at - 6; index -= 1) {
      const unit = this.units[index];
      if (unit?.kind === 'column' && unit.match.column.role === 'temporal') return unit.match.column;
    }
    return null;
  }

  /** "each year", "by weekday", "bin by month", "over time". */
  protected grains(): void {
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
          (other) =>
            other.kind === 'each' || other.kind === 'by' || /^(into|bin|over|interval|within)$/.test(other.word),
        ) ||
        this.units.some((other) => /^(bin\w*|interval|convert\w*)$/.test(other.word)) ||
        unit.word.endsWith('ly');
      // "which month was the wettest?", "the hottest day of 2015": stretches of time are ranked.
      const ranked = this.slots.superlative !== null && !(isNumeric(target) && unit.grain !== 'year');
      if (!asked && !ranked) return;
      this.used.add(at);
      for (const [index, other] of this.units.entries())
        if (/^(bin\w*|interval|convert\w*)$/.test(other.word)) this.used.add(index);
      const charted = this.slots.chart !== null && this.slots.chart.mark !== 'line' && this.slots.chart.mark !== 'area';
      const inOneYear = this.slots.filters.some((filter) => filter.column === target && filter.values?.length === 1);
      // Of orders, a month is one of a year: those of several years have no more in common than their name.
      const named = inOneYear || this.context.lexicon.isTransactional;
      const calendar = unit.grain === 'month' && (charted || (!asked && !named));
      const wanted = calendar ? 'month_of_year' : unit.grain === 'day' && target.type === 'date' ? null : unit.grain;
      const grain = isNumeric(target) && unit.grain !== 'year' && unit.grain !== 'weekday' ? 'year' : wanted;
      const known = this.slots.groups.findIndex((use) => use.column === target);
      const use: ColumnUse = { column: target, grain, distinct: false, from: unit.from, score: 1 };
      this.slots.columns = this.slots.columns.filter((column) => column.column !== target);
      if (this.slots.counted?.column === target) this.slots.counted = null;
      // "The best month in each year" is of two grains of one time.
      const both =
        ranked && known !== -1 && this.slots.groups[known]?.grain !== null && this.slots.groups[known]?.grain !== grain;
      if (known === -1 || both) this.slots.groups.push(use);
      else this.slots.groups[known] = use;
    });
  }
}
