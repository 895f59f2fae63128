import type { AnalyticalQuery, Condition } from '../../../../datasets/query/analytical-query.js';
import type { Reference } from '../../turn.js';
import { type Draft } from '../build/build-parts.js';
import type { Slots } from '../clauses/slots.js';
import type { Unit } from '../clauses/units.js';
import type { Context } from '../reader.js';
import { type Frame, frameOf, measuresOf, valuesKept, winners } from './frame.js';
import { references } from './references.js';

export interface FollowUp extends Draft {
  readonly edits: readonly string[];
  readonly references: readonly Reference[];
}

export const ADDITIVE = /\b(also|as well|too|add|adding|include|including|additionally|along with|update)\b/;

/** The previous query while a follow-up changes it. */
export class EditBase {
  protected frame: Frame;

  protected readonly before: Frame;

  protected readonly edits: string[] = [];

  protected reading: string | null = null;

  protected mark: Slots['chart'];

  protected readonly text: string;

  protected readonly backs: readonly Unit[];

  constructor(
    protected readonly context: Context,
    protected readonly slots: Slots,
    protected readonly query: AnalyticalQuery,
  ) {
    this.before = frameOf(query);
    this.frame = this.before;
    this.mark = slots.chart;
    this.text = context.tokens.map((token) => token.lower).join(' ');
    this.backs = references(context, slots);
  }

  /** Does the change need the earlier winner as a filter, instead of the ranking itself? */
  protected regroups(trend: boolean): boolean {
    const { slots } = this;
    if (this.before.limit === undefined || this.before.groups.length === 0) return false;
    return (
      trend ||
      slots.groups.length > 0 ||
      ((slots.columns.length > 0 || slots.measures.length > 0) && this.backs.length > 0 && slots.superlative === null)
    );
  }

  protected keepWinners(): void {
    const won = winners(this.before, this.context);
    if (!won) return;
    // Of those that it was one of, only it is left.
    const among = new Set(won.conditions.flatMap((condition) => valuesKept(condition)?.column ?? []));
    const others = this.frame.where.filter((condition) => !among.has(valuesKept(condition)?.column ?? ''));
    this.frame = {
      ...this.frame,
      where: [...others, ...won.conditions],
      groups: [],
      order: [],
      limit: undefined,
      having: undefined,
      select: measuresOf(this.frame),
    };
    this.edits.push(`kept: ${won.named}`);
  }

  /** "Which of them are in Africa?" after the last five: of those five, whatever others a filter would let in. */
  protected amongWinners(): void {
    const { slots } = this;
    const asked = slots.filters.length > 0 && slots.superlative === null;
    if (!asked || this.before.limit === undefined || !/\b(of|among) (them|those|these)\b/.test(this.text)) return;
    const won = winners(this.before, this.context);
    if (!won) return;
    this.frame = {
      ...this.frame,
      where: [...this.frame.where, ...won.conditions],
      limit: undefined,
      offset: undefined,
    };
    this.edits.push(`kept: ${won.named}`);
  }

  protected label(name: string): string {
    return this.context.lexicon.columns.get(name)?.label ?? name;
  }

  /** Groups kept by a condition on groups, as a filter on rows. */
  protected amongGroups(): readonly Condition[] {
    const [key] = this.before.groups;
    if (!key || !('column' in key) || !this.before.having) return [];
    return [
      { left: key, inQuery: { select: key, where: this.query.where, groupBy: [key], having: this.before.having } },
    ];
  }

  protected wordAt(from: number): string {
    return this.slots.units.find((unit) => unit.from === from)?.word ?? '';
  }
}
