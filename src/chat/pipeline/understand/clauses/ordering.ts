import type { ColumnProfile } from '../../../../datasets/profile.js';
import {
  AGGREGATE_WORDS,
  ASCENDING,
  type AggregateWord,
  DESCENDING,
  FALLING_STARTS,
  RISING_STARTS,
} from '../english.js';
import { qualityOf } from '../qualities.js';
import { stemOf } from '../tokens.js';
import { Scan } from './scan.js';

export interface OrderClause {
  /** null: the question does not say by what. `y`: the number drawn or shown. */
  readonly target:
    | { readonly kind: 'x' }
    | { readonly kind: 'y' }
    | { readonly kind: 'column'; readonly column: ColumnProfile; readonly aggregate: AggregateWord | null }
    | { readonly kind: 'quality'; readonly word: string }
    | null;
  readonly direction: 'asc' | 'desc';
  readonly more: readonly ColumnProfile[];
}

const VERBS =
  /^(sort(s|ed|ing)?|order(s|ed|ing)?|rank(s|ed|ing)?|arrang(e|es|ed|ing)|list(s|ed|ing)?|display(s|ed|ing)?|show(s|n|ing|ed)?|organi[sz]ed?|present(ed)?|sequence[ds]?|depict(ed|ing)?|put)$/;
const STRONG = /^(sort(s|ed|ing)?|order(s|ed|ing)?|rank(s|ed|ing)?|arrang(e|es|ed|ing)|organi[sz]ed?)$/;
const BY = new Set(['by', 'of', 'on', 'to', 'using']);
const FILLER = new Set(
  'the in a an and please could you i want to me can would like order results result them it from by on of based according with bars axis values using ensure kindly that is are sequence also then now for manner way list table this'.split(
    ' ',
  ),
);

interface Direction {
  readonly from: number;
  readonly to: number;
  readonly direction: 'asc' | 'desc';
  readonly quality: string | null;
}

/** Takes ", and sort by the y axis in descending order please" out of the question. */
export function readOrder(scan: Scan, charted: boolean): OrderClause | null {
  const direction = directionIn(scan);
  if (direction) {
    const clause = withDirection(scan, direction, charted);
    // "in ascending order, from lowest to highest": said twice.
    for (let again = directionIn(scan); again; again = directionIn(scan))
      scan.take(prepositionFrom(scan, again.from), again.to);
    return clause;
  }
  // No direction: "ordered by budget", "sort the results by name".
  for (let at = 0; at < scan.length; at += 1) {
    if (!STRONG.test(scan.word(at)) || isThing(scan, at)) continue;
    const by = byWithin(scan, at + 1, 5);
    // "average order value by city": an order is a thing here.
    if (by === -1 || AGGREGATE_WORDS.has(scan.raw(at - 1))) continue;
    // "Rank the regions by score in 2020": what is ranked, and by what, is the question itself.
    const things = scan.cover(at + 1, by).some((match) => match.kind === 'column');
    if (at === 0 && !charted && things && scan.context.lexicon.temporal !== null) {
      scan.take(at, at + 1);
      scan.take(by, by + 1);
      return { target: null, direction: scan.raw(at).startsWith('rank') ? 'desc' : 'asc', more: [] };
    }
    const target = targetIn(scan, by + 1, Math.min(scan.length, by + 9), charted);
    if (!target) continue;
    // "what rank is Norway by score": what stands between is asked about, not ordered.
    const named = scan.cover(at + 1, by).some((match) => match.kind === 'value' && match.score >= 0.9);
    if (named) {
      scan.take(at, at + 1);
      scan.take(by, target.to);
    } else scan.take(at, target.to);
    if (scan.word(at - 1) === 'and') scan.take(at - 1, at);
    return { target: target.target, direction: 'asc', more: target.more };
  }
  return null;
}

/** "number of orders by channel", "revenue per order by region": an order is a thing here, and what follows "by" groups. */
function isThing(scan: Scan, at: number): boolean {
  const word = scan.word(at);
  if (!/^orders?$/.test(word)) return false;
  const before = scan.raw(at - 1);
  if (word === 'orders') return !/^(and|that|it|please)$/.test(before);
  if (/^(per|each|every|an|single|one)$/.test(before)) return true;
  const { subject } = scan.context.lexicon;
  return (
    subject.has(stemOf('order')) && /^(of|many|all|the|count|total|average|our|this|that|which|what)$/.test(before)
  );
}

function byWithin(scan: Scan, from: number, reach: number): number {
  for (let at = from; at < from + reach; at += 1) {
    if (scan.word(at) === 'by' || (scan.word(at) === 'to' && scan.word(at - 1) === 'according')) return at;
    if (scan.breakBefore(at)) return -1;
  }
  return -1;
}

function withDirection(scan: Scan, found: Direction, charted: boolean): OrderClause {
  // After the direction: "in ascending order of price", "descending by age".
  let to = found.to;
  if (scan.word(to) === 'order' || scan.word(to) === 'manner' || scan.word(to) === 'sequence') to += 1;
  let start = segmentStart(scan, found.from);
  if (found.quality !== null) {
    const end = scan.word(to) === 'first' ? to + 1 : to;
    const before = targetIn(scan, start, found.from, charted);
    scan.take(verbFrom(scan, start, found.from) ?? found.from, end);
    return { target: before?.target ?? { kind: 'quality', word: found.quality }, direction: found.direction, more: [] };
  }
  let by = to;
  while (['based', 'according', 'with', 'respect', 'using', 'regard', 'in', 'terms'].includes(scan.word(by))) by += 1;
  if (BY.has(scan.word(by)) && !scan.breakBefore(by)) {
    const after = targetIn(scan, by + 1, Math.min(scan.length, by + 10), charted);
    if (after) {
      const verb = verbFrom(scan, start, found.from);
      scan.take(
        verb !== null && onlyFiller(scan, verb + 1, found.from) ? verb : prepositionFrom(scan, found.from),
        after.to,
      );
      return { target: after.target, direction: found.direction, more: after.more };
    }
  }
  // "by descending population": the column follows at once.
  if (/^(by|in)$/.test(scan.word(found.from - 1)) && to === found.to && !scan.breakBefore(to)) {
    const after = targetIn(scan, to, Math.min(scan.length, to + 4), charted);
    if (after && (scan.word(found.from - 1) === 'by' || after.target?.kind === 'column')) {
      const verb = verbFrom(scan, start, found.from);
      scan.take(verb !== null && onlyFiller(scan, verb + 1, found.from) ? verb : found.from - 1, found.to);
      scan.take(found.from, after.to);
      if (/^(size|value|number|count)$/.test(scan.word(after.to))) scan.take(after.to, after.to + 1);
      return { target: after.target, direction: found.direction, more: after.more };
    }
  }
  const verb = verbFrom(scan, start, found.from);
  if (verb !== null) {
    start = verb;
    const inside = targetIn(scan, verb + 1, found.from, charted);
    const strong = STRONG.test(scan.word(verb));
    // "List the names of products in ascending order": a weak verb with more than a target is the question itself.
    if (inside && (strong || inside.pure)) {
      scan.take(verb, to);
      while (
        /^(could|you|please|i|want|to|and|can|would|like)$/.test(scan.word(verb - 1)) &&
        !/[.?]/.test(scan.tokens[verb]?.before ?? '')
      ) {
        scan.take(verb - 1, verb);
        start -= 1;
        if (scan.breakBefore(start)) break;
        return finish(scan, start, inside, found.direction);
      }
      return { target: inside.target, direction: found.direction, more: inside.more };
    }
    if (strong && onlyFiller(scan, verb + 1, found.from)) {
      scan.take(verb, to);
      return { target: null, direction: found.direction, more: [] };
    }
  }
  scan.take(prepositionFrom(scan, found.from), to);
  return { target: null, direction: found.direction, more: [] };
}

function finish(scan: Scan, from: number, inside: Target, direction: 'asc' | 'desc'): OrderClause {
  let at = from;
  while (
    at > 0 &&
    /^(could|you|please|i|want|to|and|can|would|like)$/.test(scan.word(at - 1)) &&
    !scan.breakBefore(at)
  ) {
    scan.take(at - 1, at);
    at -= 1;
  }
  return { target: inside.target, direction, more: inside.more };
}

function prepositionFrom(scan: Scan, at: number): number {
  let from = at;
  while (['in', 'the', 'from', 'reverse', 'with', 'by', 'a', 'an'].includes(scan.word(from - 1))) from -= 1;
  return from;
}

function onlyFiller(scan: Scan, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (scan.free(at) && !FILLER.has(scan.word(at))) return false;
  return true;
}

function segmentStart(scan: Scan, at: number): number {
  let from = at;
  while (from > 0 && !/[.?!;]/.test(scan.tokens[from]?.before ?? '') && at - from < 14) from -= 1;
  return from;
}

/** The verb of ordering nearest before the direction. */
function verbFrom(scan: Scan, from: number, to: number): number | null {
  let weak: number | null = null;
  for (let at = to - 1; at >= from; at -= 1) {
    if (isThing(scan, at)) continue;
    if (STRONG.test(scan.word(at))) return at;
    if (weak === null && VERBS.test(scan.word(at))) weak = at;
  }
  return weak;
}

function directionIn(scan: Scan): Direction | null {
  for (let at = 0; at < scan.length; at += 1) {
    const word = scan.word(at);
    if (word === '') continue;
    const next = scan.word(at + 1);
    if (ASCENDING.has(word) || DESCENDING.has(word)) {
      // "trend is increasing" is not an order.
      if (word.startsWith('alphabet') && (scan.word(at - 1) === 'reverse' || DESCENDING.has(scan.word(at - 1)))) {
        return { from: at - 1, to: at + 1, direction: 'desc', quality: null };
      }
      const to = next.startsWith('alphabet') ? at + 2 : at + 1;
      return { from: at, to, direction: ASCENDING.has(word) ? 'asc' : 'desc', quality: null };
    }
    if ((RISING_STARTS.has(word) || FALLING_STARTS.has(word)) && next === 'to') {
      const the = scan.word(at + 2) === 'the' ? 1 : 0;
      const end = scan.word(at + 2 + the);
      const rising = RISING_STARTS.has(word) && FALLING_STARTS.has(end);
      const falling = FALLING_STARTS.has(word) && RISING_STARTS.has(end);
      if (!rising && !falling) continue;
      const quality = /^(low|high|small|large|least|most|big|great)/.test(word) ? null : word;
      return { from: at, to: at + 3 + the, direction: rising ? 'asc' : 'desc', quality };
    }
    if (next === 'first' && at > 0) {
      const quality = qualityOf(word);
      if (quality) return { from: at, to: at + 1, direction: quality.more, quality: quality.base };
      if (FALLING_STARTS.has(word)) return { from: at, to: at + 2, direction: 'desc', quality: null };
      if (RISING_STARTS.has(word)) return { from: at, to: at + 2, direction: 'asc', quality: null };
      if (word === 'common') {
        const least = scan.word(at - 1) === 'least';
        return { from: at - 1, to: at + 2, direction: least ? 'asc' : 'desc', quality: null };
      }
    }
  }
  return null;
}

interface Target {
  readonly target: OrderClause['target'];
  readonly to: number;
  readonly more: readonly ColumnProfile[];
  /** Nothing but the target stands in the stretch. */
  readonly pure: boolean;
}

/** "the y axis", "total number", "names", "the bars", a column, "average age". */
function targetIn(scan: Scan, from: number, to: number, charted: boolean): Target | null {
  let end = from;
  while (end < to && scan.free(end) && (end === from || !/[,.;?!]/.test(scan.tokens[end]?.before ?? ''))) end += 1;
  for (let at = from; at < end; at += 1) {
    const word = scan.word(at);
    const axis = /^(x|y)$/.exec(word)?.[1];
    if (axis === 'x' || axis === 'y') {
      const after = scan.word(at + 1) === 'axis' ? at + 2 : at + 1;
      return { target: { kind: axis }, to: after, more: [], pure: true };
    }
    if (charted && /^bars?$/.test(word)) return { target: { kind: 'x' }, to: at + 1, more: [], pure: true };
    if (/^(horizontal|vertical)$/.test(word)) {
      return { target: { kind: word === 'horizontal' ? 'x' : 'y' }, to: at + 2, more: [], pure: true };
    }
  }
  const columns = scan.cover(from, end).filter((match) => match.kind === 'column');
  const first = columns[0];
  const text = Array.from({ length: end - from }, (_, index) => scan.word(from + index));
  const lead = text.join(' ');
  const counted =
    /^(?:(?:the|a) )*(?:how many|(?:total )?(?:number|count|amount|quantity)(?: of)?|total|counts?|frequency|value)\b/.test(
      lead,
    );
  if (counted && (!first || first.from > from + 1 || !first.column.name.toLowerCase().startsWith('n'))) {
    const last = columns.at(-1);
    const numeric =
      last && (last.column.type === 'integer' || last.column.type === 'number') && last.column.role === 'measure';
    const stop = last ? last.to : Math.min(end, from + 3);
    // "by the total number of passengers": the measure itself; `y` is the sum or count that is shown.
    if (!numeric || charted) return { target: { kind: 'y' }, to: stop, more: [], pure: true };
    return { target: { kind: 'column', column: last.column, aggregate: null }, to: stop, more: [], pure: true };
  }
  if (
    charted &&
    /^(?:the )?names?$/.test(lead.trim().split(' ').slice(0, 2).join(' ')) &&
    (!first || first.score < 0.99 || first.to - first.from === 1)
  ) {
    const at = text.findIndex((word) => word.startsWith('name'));
    return { target: { kind: 'x' }, to: from + at + 1, more: [], pure: true };
  }
  if (!first) return null;
  let aggregate: AggregateWord | null = null;
  for (let at = from; at < first.from; at += 1) {
    const read = AGGREGATE_WORDS.get(scan.word(at));
    if (read !== undefined && read !== 'count') aggregate = read;
    else if (scan.phraseAt(at, 'number of') > 0 || scan.phraseAt(at, 'how many') > 0) aggregate = 'count';
  }
  const covered = new Set(
    columns.flatMap((match) => Array.from({ length: match.to - match.from }, (_, index) => match.from + index)),
  );
  let pure = true;
  for (let at = from; at < end; at += 1) {
    if (!covered.has(at) && !FILLER.has(scan.word(at)) && !AGGREGATE_WORDS.has(scan.word(at))) pure = false;
  }
  return {
    target: { kind: 'column', column: first.column, aggregate },
    to: (columns.at(-1) ?? first).to,
    more: columns.slice(1).map((match) => match.column),
    pure,
  };
}
