import type { Grain } from '../../../../datasets/query/analytical-query.js';
import {
  AGGREGATE_PHRASES,
  AGGREGATE_WORDS,
  type AggregateWord,
  COMPARISONS,
  COMPARISONS_AFTER,
  SUPERLATIVES,
} from '../english.js';
import { isMeasure } from '../expressions.js';
import { isYearColumn } from '../lexicon.js';
import type { Match } from '../cover.js';
import type { Quantity } from '../numbers.js';
import { type QualityWord, qualityOf } from '../qualities.js';
import type { TimeSpan } from '../times.js';
import {
  COMMON,
  COMPARATIVES,
  COUNT_PHRASES,
  DIRECTIONS,
  GRAIN_WORDS,
  SHARE,
  type Comparison,
} from './english-units.js';
import { type PlainKind, plainKind } from './plain-kinds.js';
import { wordsOf } from '../tokens.js';
import { Scan } from './scan.js';

/** What a stretch of words does in the question. */
export type Role =
  | { readonly kind: 'column' | 'value'; readonly match: Match }
  | { readonly kind: 'number'; readonly quantity: Quantity }
  | { readonly kind: 'time'; readonly span: TimeSpan }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly quality: QualityWord | null }
  | { readonly kind: 'compare_after'; readonly op: '>=' | '<=' }
  | { readonly kind: 'aggregate'; readonly aggregate: AggregateWord }
  | { readonly kind: 'count'; readonly total: boolean }
  | {
      readonly kind: 'superlative';
      readonly direction: 'asc' | 'desc';
      readonly quality: QualityWord | null;
      readonly common: boolean;
    }
  | { readonly kind: PlainKind }
  | { readonly kind: 'grain'; readonly grain: Grain };

export type Unit = Role & {
  /** Token indexes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly word: string;
  /** A comma or sentence end stands before it. */
  readonly breaks: boolean;
};

/** Reads the words that are still there as a row of units, left to right. */
export function unitsOf(scan: Scan): readonly Unit[] {
  const { context } = scan;
  const cover = new Map(
    scan.cover(0, scan.length, (match) => likelihood(scan, match)).map((match) => [match.from, match]),
  );
  const times = new Map(context.times.map((span) => [span.from, span]));
  const numbers = new Map(context.numbers.map((quantity) => [quantity.from, quantity]));
  const hasTime = context.profile.columns.some((column) => column.role === 'temporal' || isYearColumn(column));
  const timed = new Map([...times].filter(([, span]) => !measuresMore(scan, span, cover)));
  const units: Unit[] = [];
  for (let at = 0; at < scan.length;) {
    if (!scan.free(at)) {
      at += 1;
      continue;
    }
    const read = unitAt(scan, at, cover, hasTime ? timed : new Map(), numbers);
    units.push({ ...read.role, from: at, to: read.to, word: scan.word(at), breaks: scan.breakBefore(at) });
    at = read.to;
  }
  return units;
}

const LINKS = /^(is|are|was|were|of|between|from|to|and|a|an|the|exactly|equals|equal)$/;

/** "a bonus between 1944 and 7080": numbers that look like years, after a measure, where no time of the data lies. */
function measuresMore(scan: Scan, span: TimeSpan, cover: ReadonlyMap<number, Match>): boolean {
  const plain = scan.tokens
    .slice(span.from, span.to)
    .every((token) => /^\d{4}$/.test(token.lower) || LINKS.test(token.lower));
  const time = scan.context.lexicon.temporal;
  if (!plain || !time) return false;
  let at = span.from - 1;
  while (LINKS.test(scan.raw(at)) || /^\d+(\.\d+)?$/.test(scan.raw(at))) at -= 1;
  const column = [...cover.values()].find((match) => match.kind === 'column' && match.to === at + 1)?.column;
  if (column?.role !== 'measure') return false;
  const linked = scan.tokens.slice(at + 1, span.to).some((token) => /^(is|are|was|were)$/.test(token.lower));
  const year = (value: unknown): number => Number(String(value).slice(0, 4));
  const inside = (value: string | null): boolean =>
    value === null || (year(value) >= year(time.min) - 1 && year(value) <= year(time.max) + 1);
  return linked || !inside(span.start) || !inside(span.end);
}

function unitAt(
  scan: Scan,
  at: number,
  cover: ReadonlyMap<number, Match>,
  times: ReadonlyMap<number, TimeSpan>,
  numbers: ReadonlyMap<number, Quantity>,
): { role: Role; to: number } {
  const word = scan.word(at);
  const match = cover.get(at);
  const spanHere = times.get(at);
  if (spanHere && spanHere.to > at + 1) return { role: { kind: 'time', span: spanHere }, to: spanHere.to };
  const compared = scan.longest(at, COMPARISONS, 7);
  if (compared && comparedAt(scan, compared.to, numbers, cover) && !(match && match.to > compared.to)) {
    const adjective = qualityOf(word);
    return {
      role: { kind: 'compare', op: compared.value, quality: adjective?.degree === 'comparative' ? adjective : null },
      to: compared.to,
    };
  }
  // "a greater surface area than that": the column stands inside the comparison.
  const beside = cover.get(at + 1);
  if (COMPARATIVES.has(word) && beside?.kind === 'column' && scan.word(beside.to) === 'than') {
    return { role: { kind: 'compare', op: COMPARATIVES.get(word) ?? '>', quality: null }, to: at + 1 };
  }
  const comparative = qualityOf(word);
  if (comparative?.degree === 'comparative' && scan.word(at + 1) === 'than') {
    return { role: { kind: 'compare', op: comparative.more === 'desc' ? '>' : '<', quality: comparative }, to: at + 2 };
  }
  if (match && match.to - match.from > 1) return { role: { kind: match.kind, match }, to: match.to };
  const counted = scan.longest(at, COUNT_PHRASES, 4);
  const own =
    match?.kind === 'column' &&
    (match.score >= 0.95 || (match.score >= 0.6 && match.column.role === 'measure')) &&
    match.to === at + 1 &&
    // "count the orders": what to do, also where another column could be called so.
    !(/^counts?$/.test(word) && match.score < 0.98);
  const inside =
    counted !== null &&
    [...cover.values()].some((other) => other.from > at && other.from < counted.to && other.to > counted.to);
  // "the total quantity of orders": a column that is called so, whatever else the words may mean.
  const called = own && match.score >= 0.95 && /^(quantity|amount|frequency)$/.test(word);
  if (counted && !inside && !(own && counted.to - at === 1) && !called) {
    return { role: { kind: 'count', total: counted.value }, to: counted.to };
  }
  const span = times.get(at);
  if (span) return { role: { kind: 'time', span }, to: span.to };
  const after = scan.longest(at, COMPARISONS_AFTER, 2);
  if (
    after &&
    endsNumber(numbers, at) &&
    scan.word(after.to) !== 'than' &&
    !numbers.has(after.to) &&
    !numbers.has(after.to + 1)
  )
    return { role: { kind: 'compare_after', op: after.value }, to: after.to };
  if (word === 'one' && /^(which|each|the|that|this|first|last|top|other|any|another|every)$/.test(scan.raw(at - 1))) {
    return { role: { kind: 'back' }, to: at + 1 };
  }
  const quantity = numbers.get(at);
  if (quantity && !(match && !quantity.digits)) {
    if (match?.kind === 'value' && scan.context.profile.columns.every((column) => column.role !== 'measure')) {
      return { role: { kind: 'value', match }, to: match.to };
    }
    return { role: { kind: 'number', quantity }, to: quantity.to };
  }
  // "overall output": what the number is taken by anyway.
  if (word === 'overall' && beside?.kind === 'column' && isMeasure(beside.column))
    return { role: { kind: 'aggregate', aggregate: beside.column.defaultAggregate }, to: at + 1 };
  const phrase = scan.longest(at, AGGREGATE_PHRASES, 2);
  if (phrase && (match?.score ?? 0) < 0.98)
    return { role: { kind: 'aggregate', aggregate: phrase.value }, to: phrase.to };
  const aggregate = AGGREGATE_WORDS.get(word);
  if (
    aggregate !== undefined &&
    aggregate !== 'count' &&
    !(match && match.score >= 0.98 && !leadsColumn(scan, at, cover))
  ) {
    return { role: { kind: 'aggregate', aggregate }, to: at + 1 };
  }
  const superlative = superlativeAt(scan, at);
  if (superlative && !(match && match.score >= 0.98 && match.kind === 'column')) return superlative;
  // "what share" is no column that has the word somewhere in its name.
  if (match && !(match.kind === 'column' && SHARE.has(word) && match.to === at + 1 && match.score < 0.8))
    return { role: { kind: match.kind, match }, to: match.to };
  const grain = scan.longest(at, GRAIN_WORDS, 4);
  if (grain) return { role: { kind: 'grain', grain: grain.value }, to: grain.to };
  return { role: { kind: plainKind(scan, at, word) }, to: at + 1 };
}

function superlativeAt(scan: Scan, at: number): { role: Role; to: number } | null {
  const word = scan.word(at);
  const direction = SUPERLATIVES.get(word);
  const next = scan.word(at + 1);
  if (direction !== undefined) {
    if (COMMON.has(next)) return { role: { kind: 'superlative', direction, quality: null, common: true }, to: at + 2 };
    const quality = qualityOf(next);
    if (quality?.degree === 'positive' && (word === 'most' || word === 'least')) {
      const more = word === 'most' ? quality.more : quality.more === 'asc' ? 'desc' : 'asc';
      return { role: { kind: 'superlative', direction: more, quality, common: false }, to: at + 2 };
    }
    if (word === 'most' && next === 'of')
      return { role: { kind: 'superlative', direction, quality: null, common: false }, to: at + 2 };
    const own = qualityOf(word);
    return { role: { kind: 'superlative', direction, quality: own, common: false }, to: at + 1 };
  }
  const quality = qualityOf(word);
  if (quality?.degree === 'superlative') {
    return { role: { kind: 'superlative', direction: quality.more, quality, common: false }, to: at + 1 };
  }
  return null;
}

function leadsColumn(scan: Scan, at: number, cover: ReadonlyMap<number, Match>): boolean {
  let next = at + 1;
  while (['of', 'the', 'number', 'all', 'amount', 'and', 'minimum', 'maximum'].includes(scan.word(next))) next += 1;
  return cover.get(next)?.kind === 'column' || scan.word(at + 1) === 'number';
}

/** A comparison is one only when something to compare with follows soon. */
function comparedAt(
  scan: Scan,
  to: number,
  numbers: ReadonlyMap<number, Quantity>,
  cover: ReadonlyMap<number, Match>,
): boolean {
  const than = scan.raw(to - 1) === 'than';
  for (let at = to; at < to + 7 && scan.free(at); at += 1) {
    if (at > to && scan.breakBefore(at)) return false;
    if (numbers.has(at)) return true;
    const word = scan.word(at);
    if (/^(average|mean|avg|median)$/.test(word)) return true;
    const match = cover.get(at);
    if (than && (/^(that|any|all)$/.test(word) || match?.kind === 'value')) return true;
    if (match?.kind === 'column') at = match.to - 1;
    else if (!than && !/^(the|a|an|to|of|about|year|or|equal|is|was|age)$/.test(word)) return false;
  }
  return false;
}

function endsNumber(numbers: ReadonlyMap<number, Quantity>, at: number): boolean {
  for (const quantity of numbers.values()) if (quantity.to === at || quantity.to + 1 === at) return true;
  return false;
}

/** A value beside its column's name is meant more than one alone; a code in another case is meant less. */
export function likelihood(scan: Scan, match: Match): number {
  // "how much did it rain": the number, not the days.
  if (
    match.kind === 'column' &&
    match.column.role === 'measure' &&
    [2, 3, 4, 5].some((back) => scan.phraseAt(match.from - back, 'how much') > 0)
  )
    return 0.6;
  // "the most rain": what is ranked by, even where some rows are called so.
  if (match.kind === 'column' && match.column.role === 'measure' && SUPERLATIVES.has(scan.word(match.from - 1)))
    return 0.6;
  if (match.kind !== 'value') return 0.05 * (match.score >= 0.95 ? 1 : 0);
  // "flights to Rome", "transfers from Oslo": the end that the word before it says.
  let gain = DIRECTIONS.get(scan.word(match.from - 1))?.test(wordsOf(match.column.name).join(' ')) === true ? 0.2 : 0;
  for (const other of scan.context.matches) {
    if (other.kind !== 'column' || other.column !== match.column || other.score < 0.6) continue;
    const apart = other.to <= match.from ? match.from - other.to : other.from >= match.to ? other.from - match.to : 9;
    if (apart <= 3) gain = Math.max(gain, 0.3);
  }
  const text = scan.tokens[match.from]?.text ?? '';
  if (
    match.to - match.from === 1 &&
    typeof match.value === 'string' &&
    match.value.length <= 2 &&
    match.value !== text &&
    gain === 0
  )
    gain -= 0.6;
  return gain;
}
