import type { AnalyticalQuery, Condition, Expression, Order } from '../../../datasets/query/analytical-query.js';
import type { Reference } from '../turn.js';
import { groupExpression, mainMeasure, orderOf, overRows, type Draft } from './build.js';
import {
  aggregateOf,
  columnOf,
  columnsIn,
  compare,
  countRows,
  equalsAny,
  isAggregate,
  isMeasure,
  isNumeric,
  outputName,
  sameExpression,
} from './expressions.js';
import { frameOf, isAbout, measuredColumn, measuresOf, queryOf, valuesKept, winners, type Frame } from './frame.js';
import type { Context } from './reader.js';
import type { Filter, Slots } from './slots.js';
import { textBetween } from './tokens.js';
import type { Unit } from './units.js';

export interface FollowUp extends Draft {
  readonly edits: readonly string[];
  readonly references: readonly Reference[];
}

const PRONOUNS = /^(it|its|they|their|theirs|them|he|she|his|her|him)$/;
const OPENERS =
  /^(and|what about|how about|also|now|only|just|then|but|instead|same|of (those|these|them|the)|for (those|these|them|each of|that|this)|among|sort|order by|limit|group|remove|exclude|drop|hide|replace|i want to (only )?see|excluding|without|rank|compare|as a|make it|show (it|that|this|them)|out of|by|in|since|from|please sort|with)\b/;
const COURTESY =
  /^((hi|hello|hey|thanks|thank you|ok|okay|great|excellent|alright|good|well|hmm|yes|no|so|oh|for that|that|please|can you|could you|i also want to know|also want)[ ,.!]+)+/;
const ADDITIVE = /\b(also|as well|too|add|adding|include|including|additionally|along with|update)\b/;

/** The question as a change of the previous one; null when it stands on its own. */
export function followUp(context: Context, slots: Slots): FollowUp | null {
  const query = context.previous?.understanding?.query;
  if (!query || !pointsBack(context, slots)) return null;
  return new Edit(context, slots, query).apply();
}

function pointsBack(context: Context, slots: Slots): boolean {
  const text = context.tokens.map((token) => token.lower).join(' ');
  if (references(context, slots).length > 0) return true;
  const bare = text.replace(COURTESY, '');
  const asks = slots.columns.length + slots.groups.length + slots.subjects.length + (slots.counted ? 1 : 0);
  if (
    /^(what|how) about\b|^(and|also) |^(sort|limit|order|remove|exclude|replace|group by|drop) |\binstead\b/.test(bare)
  ) {
    // "And what is the population of Nigeria?" names all it needs.
    return !(
      /^(and|also)\b/.test(bare) &&
      slots.columns.length > 0 &&
      slots.filters.length > 0 &&
      !ADDITIVE.test(text)
    );
  }
  if (/^(who|whose) /.test(bare)) return false;
  if (asks === 0 && (slots.filters.length > 0 || slots.order !== null || slots.chart !== null)) return true;
  if (asks === 0 && slots.measures.length > 0 && slots.measures.every((measure) => measure.column === null))
    return true;
  if (asks === 0 && slots.superlative !== null && slots.superlative.by === null) return true;
  if (
    slots.superlative !== null &&
    slots.superlative.by === null &&
    !slots.superlative.counted &&
    slots.columns.every((use) => !isMeasure(use.column))
  )
    return true;
  if (ADDITIVE.test(text) && slots.subjects.length === 0 && !/^show|^give/.test(bare)) return true;
  // "which countries are also republics?" narrows what was listed.
  if (/\balso\b/.test(text) && slots.columns.length === 0 && slots.filters.length > 0) return true;
  // "What is the area of each country?" after a list that was narrowed: of those.
  const before = context.previous?.understanding?.query;
  if (
    slots.eachRow &&
    slots.filters.length === 0 &&
    slots.groups.length === 0 &&
    before?.where &&
    !before.groupBy &&
    slots.columns.length > 0
  )
    return true;
  return OPENERS.test(bare) && asks === 0;
}

/** Words that point back, those left out that find their noun in the same question. */
function references(context: Context, slots: Slots): readonly Unit[] {
  const { labels } = context.lexicon;
  return slots.back.filter((unit) => {
    if (!PRONOUNS.test(unit.word))
      return (
        unit.word !== 'one' ||
        slots.units.some((other) => /^(which|what|first|last|top|the)$/.test(other.word) && other.from < unit.from)
      );
    const nouns = slots.units.filter(
      (other) =>
        other.from < unit.from &&
        (other.kind === 'subject' ||
          (other.kind === 'column' && labels.includes(other.match.column)) ||
          (other.kind === 'value' && unit.word !== 'it')),
    );
    return nouns.length === 0;
  });
}

function isColumnNamed(value: unknown, name: string): value is { readonly column: string } {
  return typeof value === 'object' && value !== null && 'column' in value && value.column === name;
}

/** A frame that only went through JSON keeps its shape. */
const parseFrame = (json: string): Frame => JSON.parse(json) as Frame;

class Edit {
  private frame: Frame;
  private readonly before: Frame;
  private readonly edits: string[] = [];
  private reading: string | null = null;
  private mark: Slots['chart'];
  private readonly text: string;
  private readonly backs: readonly Unit[];

  constructor(
    private readonly context: Context,
    private readonly slots: Slots,
    private readonly query: AnalyticalQuery,
  ) {
    this.before = frameOf(query);
    this.frame = this.before;
    this.mark = slots.chart;
    this.text = context.tokens.map((token) => token.lower).join(' ');
    this.backs = references(context, slots);
  }

  apply(): FollowUp | null {
    const { slots } = this;
    const trend =
      slots.chart?.mark === 'line' &&
      (slots.chart.implied || slots.groups.some((use) => use.column.role === 'temporal'));
    if (this.regroups(trend)) this.keepWinners();
    if (/\b(compare[ds]?|comparison|versus|vs)\b/.test(this.text) && this.comparing()) return this.done();
    if (this.swap()) return this.done();
    this.filter();
    if (this.colour()) return this.done();
    if (trend && this.trend()) return this.done();
    this.select();
    this.order();
    return this.done();
  }

  /** "creative type instead of genre", "replace displacement with weight": one column for another wherever it stands. */
  private swap(): boolean {
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
  private colour(): boolean {
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

  /** Does the change need the earlier winner as a filter, instead of the ranking itself? */
  private regroups(trend: boolean): boolean {
    const { slots } = this;
    if (this.before.limit === undefined || this.before.groups.length === 0) return false;
    return (
      trend ||
      slots.groups.length > 0 ||
      ((slots.columns.length > 0 || slots.measures.length > 0) && this.backs.length > 0 && slots.superlative === null)
    );
  }

  private keepWinners(): void {
    const won = winners(this.before, this.context);
    if (!won) return;
    this.frame = {
      ...this.frame,
      where: [...this.frame.where, ...won.conditions],
      groups: [],
      order: [],
      limit: undefined,
      having: undefined,
      select: measuresOf(this.frame),
    };
    this.edits.push(`kept: ${won.named}`);
  }

  private label(name: string): string {
    return this.context.lexicon.columns.get(name)?.label ?? name;
  }

  /** Filters on the same column are replaced, others added; "what about X?" puts X in the place of the one value kept before. */
  private filter(): void {
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
    const leaveOut =
      /^(please )?((do not|dont|don t) (list|show|include|count)|remove|exclude|drop|leave out|hide|without|skip)\b/.test(
        this.text,
      );
    for (const filter of this.slots.filters)
      this.refilter(leaveOut ? { ...filter, condition: { not: filter.condition }, values: null } : filter);
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

  private refilter(filter: Filter): void {
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
    this.frame = { ...this.frame, where: [...kept, filter.condition] };
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

  /** "compare it with X": both values, side by side. */
  private comparing(): boolean {
    const filter = this.slots.filters.find((one) => one.values !== null && !isMeasure(one.column));
    if (!filter?.values) return false;
    const { column } = filter;
    const old = this.frame.where.flatMap((condition) => {
      const kept = valuesKept(condition);
      return kept && kept.column === column.name ? [kept] : [];
    });
    const values = [...new Set([...old.flatMap((one) => one.values), ...filter.values])];
    if (values.length < 2) return false;
    const others = this.slots.filters.filter((one) => one !== filter);
    for (const other of others) this.refilter(other);
    const key = columnOf(column);
    const where = [...this.frame.where.filter((condition) => !isAbout(condition, column)), equalsAny(column, values)];
    const measures = measuresOf(this.frame);
    const groups = [key, ...this.frame.groups.filter((group) => !sameExpression(group, key))];
    if (measures.length > 0) {
      this.frame = {
        ...this.frame,
        where,
        groups,
        select: [...groups, ...measures],
        order: this.frame.order.filter((one) => isAggregate(one.by)),
      };
    } else {
      const select = this.frame.select.some((one) => sameExpression(one, key))
        ? this.frame.select
        : [key, ...this.frame.select];
      this.frame = { ...this.frame, where, select, order: [], limit: undefined };
    }
    this.edits.push(
      `${this.label(column.name)}: ${old.flatMap((one) => one.values).join(', ')} → ${values.join(', ')}`,
    );
    return true;
  }

  /** "show that as a trend since 2015": over time, what was compared as series. */
  private trend(): boolean {
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

  private select(): void {
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

  /** "can you list those?" after a count: the rows that were counted. */
  private listing(): void {
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

  private columns(additive: boolean): void {
    const asked = this.slots.columns.map((use) =>
      this.frame.groups.length > 0 && isMeasure(use.column) ? overRows(use.column) : columnOf(use.column),
    );
    const fresh = asked.filter((one, index) => asked.findIndex((other) => sameExpression(other, one)) === index);
    const single = this.frame.groups.length === 0 && measuresOf(this.frame).length > 0;
    if (this.frame.groups.length > 0) {
      const measures = fresh.filter(isAggregate);
      const keys = this.frame.groups;
      if (measures.length > 0)
        this.frame = { ...this.frame, select: [...(additive ? this.frame.select : keys), ...measures] };
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

  /** Groups kept by a condition on groups, as a filter on rows. */
  private amongGroups(): readonly Condition[] {
    const [key] = this.before.groups;
    if (!key || !('column' in key) || !this.before.having) return [];
    return [
      { left: key, inQuery: { select: key, where: this.query.where, groupBy: [key], having: this.before.having } },
    ];
  }

  private measure(): void {
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
  private counting(distinct: boolean): Expression {
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

  private regroup(): void {
    const keys = this.slots.groups.map(groupExpression);
    const add = ADDITIVE.test(this.text) && this.frame.groups.length > 0;
    const groups = add
      ? [...this.frame.groups, ...keys.filter((key) => !this.frame.groups.some((group) => sameExpression(group, key)))]
      : keys;
    const measured = measuredColumn(this.frame, this.context);
    const asked = this.slots.measures.flatMap((measure): Expression[] => {
      if (measure.aggregate === 'count') return [countRows];
      const column = measure.column ?? measured ?? mainMeasure(this.context);
      return column ? [aggregateOf(measure.aggregate, column)] : [];
    });
    const columns = this.slots.columns.filter((use) => isMeasure(use.column)).map((use) => overRows(use.column));
    const old = measuresOf(this.frame);
    const fromRows = measured && old.length === 0 && this.frame.select.length <= 3 ? [overRows(measured)] : [countRows];
    const values = asked.length + columns.length > 0 ? [...asked, ...columns] : old.length > 0 ? old : fromRows;
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

  /** "which one is the lowest?", "and the highest?", "the top 3" over what was shown before. */
  private superlative(): boolean {
    const { superlative } = this.slots;
    if (!superlative) return false;
    const { direction, limit } = superlative;
    const measures = measuresOf(this.frame);
    const asked = [...this.slots.columns, ...this.slots.groups];
    const [entity] = asked.filter((use) => !isMeasure(use.column));
    const by = superlative.by;
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
        direction: /^(top|first|bottom|last)$/.test(this.wordAt(superlative.from)) ? one.direction : direction,
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

  private onlyNumbers(): boolean {
    return (
      this.frame.select.every((one) =>
        columnsIn(one).every((name) => {
          const column = this.context.lexicon.columns.get(name);
          return column !== undefined && isMeasure(column);
        }),
      ) && this.slots.units.some((unit) => /^(who|whose)$/.test(unit.word))
    );
  }

  private wordAt(from: number): string {
    return this.slots.units.find((unit) => unit.from === from)?.word ?? '';
  }

  private order(): void {
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
  private limitAsked(): number | undefined {
    const first =
      /\b(?:first|top) (one|\d+|two|three|five|ten)\b|\blimit(?: \w+)? to (one|\d+|two|three|five|ten)\b|\bonly (?:the )?first\b/.exec(
        this.text,
      );
    if (!first) return this.slots.order ? undefined : undefined;
    const word = first[1] ?? first[2] ?? 'one';
    const named: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, five: 5, ten: 10 };
    return named[word] ?? Number(word);
  }

  private done(): FollowUp | null {
    const changed = JSON.stringify(this.frame) !== JSON.stringify(this.before);
    if (
      !changed &&
      !this.mark &&
      this.slots.filters.length === 0 &&
      (this.backs.length === 0 ||
        this.slots.columns.length + this.slots.measures.length + this.slots.groups.length === 0)
    )
      return this.backs.length > 0 && this.slots.unknown.length === 0 ? this.finish() : null;
    return this.finish();
  }

  private finish(): FollowUp {
    const changed = JSON.stringify(this.frame) !== JSON.stringify(this.before);
    if (this.mark && !changed) this.edits.push(`as a ${this.mark.mark ?? 'chart'}`);
    const query = queryOf(this.frame, this.context.profile.id);
    const { groups, select } = this.frame;
    const values = measuresOf(this.frame);
    const x = groups[0] ?? select[0];
    const y = values[0] ?? select[1];
    const previous = this.context.previous;
    const old = previous?.understanding?.chart ?? null;
    const mark = this.mark?.mark ?? old?.mark;
    const chart =
      this.mark || old
        ? {
            mark: mark ?? undefined,
            stacked: this.mark?.stacked === true ? true : undefined,
            x: x ? outputName(x) : undefined,
            y: y ? outputName(y) : undefined,
            color: groups[1]
              ? outputName(groups[1])
              : mark === 'point' && select[2]
                ? outputName(select[2])
                : undefined,
          }
        : null;
    const one = select.length === 1;
    return {
      query,
      chart: values.length === 0 && !this.mark ? null : chart,
      expects:
        one && ((groups.length === 0 && values.length === 1) || this.frame.limit === 1)
          ? 'value'
          : one
            ? 'values'
            : this.frame.limit === 1 && groups.length === 1
              ? 'value'
              : 'table',
      reading: this.reading,
      edits: this.edits,
      references: this.backs.map((unit) => ({
        text: unit.word,
        messageId: previous?.messageId ?? '',
        meaning: winners(this.before, this.context)?.named ?? previous?.question ?? '',
      })),
    };
  }
}
