import type { ColumnProfile } from '../../../../datasets/profile.js';
import { columnOf } from '../expressions.js';
import { EqualityReader } from './equalities.js';

type Part = 'contains' | 'starts_with' | 'ends_with';

const VERBS: readonly (readonly [RegExp, Part])[] = [
  [/^contain(s|ing)?$/, 'contains'],
  [/^(start|begin)(s|n?ing)?$/, 'starts_with'],
  [/^end(s|ing)?$/, 'ends_with'],
];

/** "whose name contains 'an'", "starting with Q", "'Hey' in its title": a piece of a text. */
export class TextReader extends EqualityReader {
  protected texts(): void {
    this.units.forEach((unit, at) => {
      const part = VERBS.find(([verb]) => verb.test(unit.word))?.[1];
      if (part === undefined || unit.kind === 'column' || unit.kind === 'value' || this.used.has(at)) return;
      const tied = this.units[at + 1]?.word ?? '';
      if (part !== 'contains' && !/^(with|in|on)$/.test(tied)) return;
      let from = part === 'contains' ? at + 1 : at + 2;
      while (
        /^(the|a|an|word|words|letters?|text|string|phrase)$/.test(this.units[from]?.word ?? '') &&
        !this.quoteAt(from)
      )
        from += 1;
      const piece = this.pieceAt(from);
      if (!piece) return;
      const [columnAt, column] = this.textColumn(at, piece.last);
      if (!column) return;
      if (columnAt !== -1) this.used.add(columnAt);
      const condition = { text: part, left: columnOf(column), value: piece.value };
      this.add({ column, condition, values: null, negated: false }, at, piece.last);
      const before = this.near(columnAt === -1 || columnAt > at ? at : columnAt, -1);
      if (this.units[at - 1]?.kind === 'not') this.negate(at - 1);
      else if (this.units[before]?.kind === 'not') this.negate(before);
    });
  }

  private negate(at: number): void {
    const filter = this.slots.filters.at(-1);
    if (!filter) return;
    this.used.add(at);
    this.slots.filters[this.slots.filters.length - 1] = {
      ...filter,
      condition: { not: filter.condition },
      negated: true,
    };
  }

  /** "having 'Hey' in its name": a quotation that is no value is looked for inside the texts. */
  protected quoted(): void {
    for (let at = 0; at < this.units.length; at += 1) {
      const unit = this.units[at];
      if (!unit || !this.quoteAt(at) || this.used.has(at) || unit.kind === 'value') continue;
      const piece = this.pieceAt(at);
      if (!piece) continue;
      const inside = this.units.slice(at, piece.last + 1);
      if (inside.some((other) => other.kind === 'value' || other.kind === 'column')) continue;
      const [columnAt, column] = this.textColumn(at, piece.last);
      if (!column) continue;
      if (columnAt > piece.last || (columnAt > 0 && columnAt >= at - 4)) this.used.add(columnAt);
      const condition = { text: 'contains' as const, left: columnOf(column), value: piece.value };
      this.add({ column, condition, values: null, negated: false }, at, piece.last);
      at = piece.last;
    }
  }

  private quoteAt(at: number): boolean {
    return (this.context.tokens[this.units[at]?.from ?? -1]?.quote ?? null) !== null;
  }

  /** What is quoted from here, or one word that is not; with the signs that no token holds: 'EN-'. */
  private pieceAt(at: number): { readonly value: string; readonly last: number } | null {
    const { tokens, asked } = this.context;
    const first = tokens[this.units[at]?.from ?? -1];
    if (!first) return null;
    let last = at;
    if (first.quote !== null) while (tokens[this.units[last + 1]?.from ?? -1]?.quote === first.quote) last += 1;
    const end = tokens[(this.units[last]?.to ?? 1) - 1]?.end ?? first.end;
    if (first.quote === null) return { value: asked.question.slice(first.start, end), last };
    const open = asked.question.slice(0, first.start).search(/["“'‘][^"“'‘]*$/);
    const close = asked.question.slice(end).search(/["”'’]/);
    const [from, to] = [open === -1 ? first.start : open + 1, close === -1 ? end : end + close];
    return { value: asked.question.slice(from, to), last };
  }

  /** The text that is searched: named after ("in the title"), named before, or what the rows are called. */
  private textColumn(at: number, last: number): readonly [number, ColumnProfile | null] {
    const isText = (index: number): boolean => this.columnAt(index)?.type === 'text';
    const afterAt = this.near(last, 1);
    if (/^(in|within|inside)$/.test(this.units[last + 1]?.word ?? '') && isText(afterAt))
      return [afterAt, this.columnAt(afterAt)];
    for (let index = at - 1; index >= 0; index -= 1) if (isText(index)) return [index, this.columnAt(index)];
    const label = this.context.lexicon.labels[0];
    return [-1, label?.type === 'text' ? label : null];
  }
}
