import type { Expression, Order } from '../../../../datasets/query/analytical-query.js';
import { groupExpression, orderOf } from '../build/build-parts.js';
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
import { endOf } from '../clauses/slots.js';
import { ADDITIVE } from './edit-base.js';
import { ShownEdit } from './edit-shown.js';
import { measuredColumn, measuresOf, valuesKept } from './frame.js';
import { placeAsked } from './place-asked.js';
import { placesAgain } from './places.js';

/** Changes of the ranking: "which one is the lowest?", "sort by age", "the first one". */
export class RankingEdit extends ShownEdit {
  protected select(): void {
    const { slots } = this;
    const additive = ADDITIVE.test(this.text) && slots.columns.length > 0;
    if (slots.superlative && this.superlative()) return;
    if (slots.groups.length > 0) {
      this.regroup();
      return;
    }
    if (slots.measures.length > 0) {
      this.measure();
      return;
    }
    if (slots.columns.length > 0) this.columns(additive);
    else this.listing();
  }

  /** "and the one after that?", "the second one?", "the second best?": further down the same ranking, or up from its other end. */
  protected goesOn(): boolean {
    const { limit, order } = this.before;
    const { slots } = this;
    const [by, ...more] = order;
    if (limit === undefined || by === undefined || slots.filters.length + slots.measures.length > 0) return false;
    const next = /\b(next|after (that|this|it|them)|runner up|following)\b/.test(this.text);
    const place = placeAsked(slots);
    if ((!next && place === null) || slots.columns.length + slots.groups.length > 0) return false;
    const { superlative } = slots;
    const measured = measuredColumn(this.frame, this.context);
    const isOther = superlative !== null && (superlative.counted || (superlative.by ?? measured) !== measured);
    if (isOther || (superlative !== null && (place === null || more.length > 0))) return false;
    const direction = superlative === null ? by.direction : endOf(superlative, measured);
    const offset = next ? (this.before.offset ?? 0) + limit : (place ?? 1) - 1;
    this.frame = { ...this.frame, offset, limit: next ? limit : 1, order: [{ ...by, direction }, ...more] };
    slots.unknown = [];
    this.edits.push(`from place ${String(offset + 1)}`);
    return true;
  }

  /** "which one is the lowest?", "and the highest?", "the top 3" over what was shown before. */
  protected superlative(): boolean {
    const { superlative } = this.slots;
    if (!superlative) return false;
    const again = placesAgain(this.frame, this.slots);
    if (again !== null) {
      this.frame = again.frame;
      this.edits.push(again.edit);
      return true;
    }
    const { limit } = superlative;
    const direction = endOf(superlative, superlative.by ?? measuredColumn(this.frame, this.context));
    const measures = measuresOf(this.frame);
    const asked = [...this.slots.columns, ...this.slots.groups];
    const [entity] = asked.filter((use) => !isMeasure(use.column));
    // "and the worst?": what "bad" is measured by is what was measured before.
    const by = superlative.by === measuredColumn(this.frame, this.context) ? null : superlative.by;
    if (superlative.counted) {
      const key = entity ? columnOf(entity.column) : this.frame.groups[0];
      if (!key) return false;
      const shown = this.slots.measures.length > 0 ? [key, countRows] : [key];
      this.frame = {
        ...this.frame,
        groups: [key],
        select: shown,
        order: [{ by: countRows, direction }],
        limit,
        distinct: false,
      };
      this.edits.push(`ranked by count`);
      return true;
    }
    if (!by && this.frame.limit !== undefined && this.frame.order.length > 0 && !entity) {
      // "and the lowest?": the same ranking from its other end.
      const order = this.frame.order.map((one): Order => ({
        by: one.by,
        direction: /^(first|last)$/.test(this.wordAt(superlative.from)) ? one.direction : direction,
      }));
      this.frame = { ...this.frame, order, limit };
      this.edits.push(direction === 'asc' ? 'lowest instead' : 'highest instead');
      return true;
    }
    const [value] = measures;
    if (!by && value) {
      if (!entity && this.frame.groups.length === 0) {
        if ('aggregate' in value && value.of && value.aggregate !== 'count') {
          const flipped: Expression = { ...value, aggregate: direction === 'asc' ? 'min' : 'max' };
          this.frame = { ...this.frame, select: [flipped] };
          this.edits.push(`shown: ${outputName(flipped)}`);
          return true;
        }
        return false;
      }
      const key = entity ? groupExpression(entity) : (this.frame.groups[0] ?? null);
      if (!key) return false;
      const dropped = this.frame.groups.filter((group) => !sameExpression(group, key));
      if (entity && dropped.length > 0) {
        const names = dropped.flatMap(columnsIn).map((name) => this.label(name));
        const kept = this.frame.where.flatMap((condition) => {
          const values = valuesKept(condition)?.values ?? [];
          return values.length > 1 ? values : [];
        });
        this.reading = `Ranked over ${kept.length > 0 ? kept.join(' and ') : names.join(', ')} together.`;
      }
      this.frame = { ...this.frame, groups: [key], select: [key, value], order: [{ by: value, direction }], limit };
      this.edits.push(
        `by ${columnsIn(key)
          .map((name) => this.label(name))
          .join(' ')}, ${direction === 'asc' ? 'lowest' : 'highest'} first`,
      );
      return true;
    }
    const ranked = by ?? measuredColumn(this.frame, this.context);
    if (!ranked) {
      if (this.frame.order.length > 0) {
        this.frame = { ...this.frame, limit };
        this.edits.push(`first ${String(limit)}`);
        return true;
      }
      return false;
    }
    if (/^(top|first|bottom)$/.test(this.wordAt(superlative.from)) && by === null && this.frame.order.length > 0) {
      this.frame = { ...this.frame, limit };
      this.edits.push(`first ${String(limit)}`);
      return true;
    }
    const seeks =
      this.slots.units.some((unit) => /^(which|who|whose|one|ones|name|names)$/.test(unit.word)) ||
      asked.length > 0 ||
      this.slots.subjects.length > 0;
    if (!seeks && superlative.direct && this.frame.groups.length === 0) {
      const extreme = aggregateOf(direction === 'asc' ? 'min' : 'max', ranked);
      this.frame = { ...this.frame, select: [extreme], order: [], limit: undefined, distinct: false };
      this.edits.push(`shown: ${outputName(extreme)}`);
      return true;
    }
    const whole = this.frame.select.length === this.context.profile.columns.length;
    const shown =
      asked.length > 0
        ? asked.map((use) => columnOf(use.column))
        : whole || measures.length > 0 || this.onlyNumbers()
          ? this.context.lexicon.labels.map((column) => columnOf(column))
          : this.frame.select;
    this.frame = {
      ...this.frame,
      select: shown,
      groups: [],
      having: undefined,
      order: [{ by: columnOf(ranked), direction }],
      limit,
      distinct: false,
    };
    this.edits.push(`ranked by ${ranked.label}`);
    return true;
  }

  protected onlyNumbers(): boolean {
    return (
      this.frame.select.every((one) =>
        columnsIn(one).every((name) => {
          const column = this.context.lexicon.columns.get(name);
          return column !== undefined && isMeasure(column);
        }),
      ) && this.slots.units.some((unit) => /^(who|whose)$/.test(unit.word))
    );
  }

  protected order(): void {
    const { slots, frame } = this;
    const limit = this.limitAsked();
    if (slots.order) {
      const numbers = frame.select.filter(
        (one) =>
          isAggregate(one) ||
          columnsIn(one).some((name) => {
            const column = this.context.lexicon.columns.get(name);
            return column !== undefined && isNumeric(column);
          }),
      );
      const y = numbers[0] ?? null;
      const order = orderOf(
        slots,
        frame.select[0] ?? null,
        slots.order.target === null ? (frame.order[0]?.by ?? y) : y,
        frame.select,
      );
      if (order) {
        this.frame = { ...this.frame, order, limit };
        this.edits.push(
          `sorted by ${order.map((one) => outputName(one.by)).join(', ')} ${slots.order.direction === 'asc' ? 'ascending' : 'descending'}`,
        );
      }
    } else if (limit !== undefined && slots.superlative === null) {
      this.frame = { ...this.frame, limit };
      this.edits.push(`first ${String(limit)}`);
    }
  }

  /** "the first one", "limit it to 3". */
  protected limitAsked(): number | undefined {
    const first =
      /\b(?:first|top) (one|\d+|two|three|five|ten)\b|\blimit(?: \w+)? to (one|\d+|two|three|five|ten)\b|\bonly (?:the )?first\b/.exec(
        this.text,
      );
    if (!first) return this.slots.order ? undefined : undefined;
    const word = first[1] ?? first[2] ?? 'one';
    const named: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, five: 5, ten: 10 };
    return named[word] ?? Number(word);
  }
}
