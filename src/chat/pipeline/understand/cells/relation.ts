import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { isPercent, plain } from './cell.js';
import { mentionIn } from './mention.js';
import { names, operandIn, pastOperand, textOf, tokensOf, type Ask, type Operand, type Stretch } from './operands.js';
import type { Reading } from './reading.js';
import { IN_PERCENT } from './record-english.js';

/** Where the two sides stand: `part` in relation to `base`. */
interface Sides {
  readonly part: Stretch | null;
  readonly base: Stretch | null;
}

/** "How much does A represent in relation to B", "what percentage of B is A", "the ratio of A to B": A ÷ B. */
export function relation(ask: Ask): Reading | null {
  const { part, base } = sidesOf(ask);
  const [numerator, denominator] = operands(ask, part, base);
  const pair = complete(ask, part, base, numerator, denominator);
  if (!pair) return null;
  const [over, under] = pair;
  const ratio: Expression = { op: '/', left: plain(over.value), right: plain(under.value) };
  const percent = IN_PERCENT.test(ask.question.toLowerCase());
  return {
    kind: 'share',
    as: percent ? 'percent' : 'ratio',
    cell: null,
    value: percent ? { op: '*', left: ratio, right: { literal: 100 } } : ratio,
    cells: [...over.cells, ...under.cells],
    explained: Math.min(over.explained, under.explained),
    clear: Math.min(over.clear, under.clear),
    pointed: [over, under].flatMap((operand) => (operand.from ? [operand.from] : [])),
    note: null,
  };
}

/** Each side takes what it does not say from the other: "sales in 2014 to 2013". */
function operands(ask: Ask, part: Stretch | null, base: Stretch | null): readonly [Operand | null, Operand | null] {
  const said = (stretch: Stretch | null): boolean =>
    stretch !== null && names(ask.grid, mentionIn(ask.grid, tokensOf(ask, stretch)));
  const read = (stretch: Stretch | null, other: Operand | null): Operand | null => {
    if (!stretch || isEmpty(ask, stretch)) return null;
    const cell = other?.from === null ? other.cells[0] : undefined;
    const inner: Ask = cell ? { ...ask, context: cell } : ask;
    const except = other ? ask.past.filter((past) => past === other.from || equal(past.expression, other.value)) : [];
    return operandIn(inner, stretch, except);
  };
  if (said(part) && !said(base)) {
    const numerator = read(part, null);
    return [numerator, read(base, numerator)];
  }
  const denominator = originalIn(ask, base) ?? read(base, null);
  return [read(part, denominator), denominator];
}

/** "Of the original value": what the last change started from. */
function originalIn(ask: Ask, base: Stretch | null): Operand | null {
  if (!base || !/\b(original|initial|starting|first|earlier|base)\b/.test(textOf(ask, base))) return null;
  const change = ask.past.findLast((past) => past.kind === 'difference');
  const expression = change?.expression;
  return change && expression && 'op' in expression
    ? { ...pastOperand(change), value: expression.right, from: null }
    : null;
}

/** Nothing but a verb or a preposition. */
function isEmpty(ask: Ask, stretch: Stretch): boolean {
  return stretch.to <= stretch.from || !/[a-z0-9]/.test(textOf(ask, stretch));
}

/** Fills the side that was not said from the earlier answers. */
function complete(
  ask: Ask,
  part: Stretch | null,
  base: Stretch | null,
  numerator: Operand | null,
  denominator: Operand | null,
): readonly [Operand, Operand] | null {
  if (numerator && denominator) return same(numerator, denominator) ? null : [numerator, denominator];
  const said = (stretch: Stretch | null): boolean =>
    stretch !== null && names(ask.grid, mentionIn(ask.grid, tokensOf(ask, stretch)));
  if (denominator && !said(part)) {
    const ratio = ask.past.at(-1);
    // "How much do they represent in relation to B?": what the last share was of.
    if (ratio?.kind === 'ratio' && part && /\b(it|they|this|that|these|those)\b/.test(textOf(ask, part))) {
      const inner = plain(ratio.expression);
      if ('op' in inner && inner.op === '/') return [{ ...pastOperand(ratio), value: inner.left }, denominator];
    }
    const past = ask.past.findLast(
      (value) => !isPercent(value.expression) && !equal(value.expression, denominator.value),
    );
    return past ? [pastOperand(past), denominator] : null;
  }
  if (numerator && !said(base)) {
    // "And what percentage did B represent?": of the same whole as before.
    const ratio = ask.past.at(-1);
    if (ratio?.kind === 'ratio') {
      const inner = plain(ratio.expression);
      if ('op' in inner && inner.op === '/') return [numerator, { ...pastOperand(ratio), value: inner.right }];
    }
    const past = ask.past.findLast((value) => value.kind !== 'ratio' && !equal(value.expression, numerator.value));
    return past ? [numerator, pastOperand(past)] : null;
  }
  if (!numerator && !denominator && !said(part) && !said(base)) {
    const [first, second] = ask.past.slice(-2);
    return first && second ? [pastOperand(first), pastOperand(second)] : null;
  }
  return null;
}

const equal = (left: Expression, right: Expression): boolean => JSON.stringify(left) === JSON.stringify(right);
const same = (left: Operand, right: Operand): boolean => equal(left.value, right.value);

function sidesOf(ask: Ask): Sides {
  const words = ask.tokens.map((token) => token.lower);
  const length = /\bin percent(age)?( terms)?$/.test(words.join(' ')) ? words.lastIndexOf('in') : words.length;
  const at = (pattern: RegExp, from = 0): number => {
    for (let index = from; index < length; index += 1)
      if (pattern.test(words.slice(index, index + 6).join(' '))) return index;
    return -1;
  };
  // "what percentage of B does A represent / is A / is related to A / was due to A"
  const ofWhole = at(/^(percentage|percent|portion|proportion|share|fraction) (then )?of\b/);
  if (ofWhole >= 0) {
    const verb = at(/^(does|do|did|is|are|was|were|came|comes|come|that|has|had|can)\b/, ofWhole + 2);
    if (verb > ofWhole + 2)
      return { base: { from: ofWhole + 2, to: verb }, part: { from: verb + 1, to: Math.min(length, trimEnd(words)) } };
    // "the percentage of A in relation to B", "… A to B"
    const to = at(/^(in relation to|relative to|compared (to|with)|to)\b/, ofWhole + 2);
    if (to > 0) return { part: { from: ofWhole + 2, to }, base: { from: to + linkLength(words, to), to: length } };
    return { part: { from: 0, to: ofWhole }, base: { from: ofWhole + 2, to: length } };
  }
  const ratio = at(/^(ratio|quotient|proportion|percentage) (of|between)\b/);
  if (ratio >= 0) {
    const to = lastLink(words, ratio + 2);
    if (to > 0) return { part: { from: ratio + 2, to }, base: { from: to + 1, to: length } };
  }
  const link = at(
    /^(in relation to|in comparison (to|with)|relative to|compared (to|with)|divided by|as (a |the )?(percentage|percent|portion|proportion|share|fraction|ratio) of|as (a )?percent of)\b/,
  );
  const start = at(/^(does|do|did|is|was|were|are)\b/) + 1;
  if (link >= 0) {
    return {
      part: { from: start < link ? start : 0, to: link },
      base: { from: link + linkLength(words, link), to: length },
    };
  }
  const over = at(/^over the\b/);
  if (over >= 0) return { part: { from: start < over ? start : 0, to: over }, base: { from: over + 1, to: length } };
  // "what percentage did A represent of B", "… is related to A"
  const represent = at(/^represents?(ed)?\b/);
  if (represent >= 0) {
    const base = words.slice(represent + 1).some((word) => !/^(in|of|as|a|percentage|percent|then|terms)$/.test(word));
    const from = start < represent ? start : 0;
    return { part: { from, to: represent }, base: base ? { from: represent + 1, to: length } : null };
  }
  const related = at(/^(related|attributed|due|attributable) to\b/);
  if (related >= 0) return { part: { from: related + 2, to: length }, base: null };
  return { part: { from: start, to: length }, base: null };
}

function trimEnd(words: readonly string[]): number {
  const verb = words.findLastIndex((word) => /^represents?(ed)?$/.test(word));
  return verb > 0 && verb >= words.length - 4 ? verb : words.length;
}

function linkLength(words: readonly string[], at: number): number {
  const text = words.slice(at, at + 6).join(' ');
  const match =
    /^(in relation to|in comparison (to|with)|relative to|compared (to|with)|divided by|as (a |the )?\w+ of|as a percent of|to)\b/.exec(
      text,
    );
  return match ? match[0].split(' ').length : 1;
}

/** "of A to B", "between A and B": the link nearest the middle that leaves words on both sides. */
function lastLink(words: readonly string[], from: number): number {
  for (const link of ['to', 'over', 'and']) {
    const index = words.lastIndexOf(link);
    if (index > from && index < words.length - 1) return index;
  }
  return -1;
}
