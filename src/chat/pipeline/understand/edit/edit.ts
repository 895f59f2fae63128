import { outputName } from '../expressions.js';
import { bothSides } from './both-sides.js';
import type { FollowUp } from './edit-base.js';
import { RankingEdit } from './edit-ranking.js';
import { measuresOf, queryOf, winners } from './frame.js';

/** Applies what a follow-up says to the query before it. */
export class Edit extends RankingEdit {
  apply(): FollowUp | null {
    const { slots } = this;
    const line = slots.chart?.mark === 'line' || slots.chart?.mark === 'area';
    // "as a line chart since 2018": over the years since.
    const stretch = slots.filters.some(
      ({ column, values, negated }) => column.role === 'temporal' && !values && !negated,
    );
    const trend =
      line &&
      (slots.chart?.implied === true ||
        slots.chart?.mark === 'area' ||
        stretch ||
        slots.groups.some((use) => use.column.role === 'temporal'));
    if (this.regroups(trend)) this.keepWinners();
    else this.amongWinners();
    const pointed = slots.filters.length === 0 && /\b(them|both|the two|these two)\b/.test(this.text);
    const sides = pointed && !slots.superlative ? bothSides(this.context, this.before) : null;
    if (sides) {
      this.frame = { ...this.frame, ...sides.frame };
      this.besideEachOther(sides.column, sides.values.slice(1), sides.values);
      if (trend) this.trend();
      return this.done();
    }
    if (/\b(compare[ds]?|comparison|versus|vs)\b/.test(this.text) && this.comparing()) {
      if (trend) this.trend();
      return this.done();
    }
    if (/^(and |also |now |please |can you )*add\b/.test(this.text) && this.comparing()) return this.done();
    if (this.text.startsWith('and ') && this.joins() && this.comparing()) return this.done();
    if (this.swap()) return this.done();
    if (this.goesOn()) return this.done();
    if (this.shareOf()) return this.done();
    // A new ranking or split starts from its first place again.
    if (slots.superlative || slots.groups.length > 0) this.frame = { ...this.frame, offset: undefined };
    this.filter();
    if (this.colour()) return this.done();
    if (trend && this.trend()) return this.done();
    this.select();
    this.order();
    return this.done();
  }

  protected done(): FollowUp | null {
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

  protected finish(): FollowUp {
    // What was kept of each group says nothing of other groups.
    const { before } = this;
    if (
      this.frame.qualify !== undefined &&
      this.frame.qualify === before.qualify &&
      JSON.stringify(this.frame.groups) !== JSON.stringify(before.groups)
    )
      this.frame = { ...this.frame, qualify: undefined };
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
