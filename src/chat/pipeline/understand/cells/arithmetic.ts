import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { isPercent, plain, replaceCells, yearOfCell } from './cell.js';
import { withConstant } from './constants.js';
import { findCell, mentionIn } from './mention.js';
import {
  type Ask,
  type Operand,
  cellOperand,
  cellsForYears,
  names,
  pastOperand,
  yearFor,
  yearsBetween,
} from './operands.js';
import { lastTwo, pairOf, spanOfContext, twoSides } from './pairs.js';
import {
  AVERAGE,
  CHANGE_NOUN,
  DIFFERENCE,
  OPERATOR_WORD,
  PAIR,
  PERCENT_CHANGE,
  RELATION,
  SUM,
} from './record-english.js';
import type { Reading } from './reading.js';
import { relation } from './relation.js';

/** What a question asks to be worked out from cells and earlier answers; null when it does not fit a record table. */
export function arithmetic(ask: Ask): Reading | null {
  const text = ask.question.toLowerCase();
  const constant = withConstant(ask, text);
  if (constant) return constant;
  const named = lookup(ask);
  if (named && coversOperator(ask, named)) return named;
  const related = LINK.test(text) || (RELATION.test(text) && !PERCENT_CHANGE.test(text));
  if (related && !/\b(what|how much)\b[^?]{0,20}\bdifference (in|between|among|of)\b/.test(text)) return relation(ask);
  const betweenShares = /\bdifference (in|between|among)\b.*\b(percent|percentage|percents|growth)/.test(text);
  if (PERCENT_CHANGE.test(text) && !betweenShares) return percentChange(ask);
  if (
    /\bdifference\b.*\b(percents|percentages|percentage|percent|ratios|growth|rates)\b|\bdifference among\b/.test(text)
  ) {
    const shares = differenceOfShares(ask);
    if (shares) return shares;
  }
  if (DIFFERENCE.test(text)) return difference(ask);
  if (AVERAGE.test(text)) {
    const mean = averaged(ask);
    if (mean) return mean;
  }
  if (SUM.test(text)) {
    const total = summed(ask);
    if (total) return total;
  }
  return substituted(ask, text) ?? named;
}

function combine(
  operands: readonly Operand[],
  parts: Pick<Reading, 'kind' | 'as' | 'value'>,
  explained?: number,
): Reading {
  return {
    ...parts,
    cell: null,
    cells: operands.flatMap((operand) => operand.cells),
    explained: explained ?? Math.min(...operands.map((operand) => operand.explained)),
    clear: Math.min(...operands.map((operand) => operand.clear)),
    pointed: operands.flatMap((operand) => (operand.from ? [operand.from] : [])),
    note: null,
  };
}

/** "And in 2012?", "what was the net revenue in 2013?" */
function lookup(ask: Ask): Reading | null {
  const mention = mentionIn(ask.grid, ask.tokens);
  const named = names(ask.grid, mention);
  const text = ask.question.toLowerCase();
  if (!named && ask.years.length === 0) {
    if (ask.context === null || mention.unknown.length > 0) return null;
  }
  if (ask.years.length > 1) return null;
  const said = ask.years[0] ?? null;
  const found = findCell(ask.grid, mention, said ?? yearFor(ask, text), ask.context, said !== null);
  if (!found || (!found.rowNamed && !found.columnNamed)) return null;
  const operand = cellOperand(found);
  return { ...combine([operand], { kind: 'lookup', as: 'value', value: operand.value }), cell: found.cell };
}

/** Words that relate two numbers, rather than ask for a change of one. */
const LINK =
  /\bin relation to\b|\brelative to\b|\bas a (percent|percentage|portion|proportion|share|fraction|ratio) of\b|\bdivided by\b|\bover the (19|20)\d\d\b|\b(ratio|quotient) of\b/;

/** "The increase in provisions" may be the name of a line: then it is looked up, not worked out. */
function coversOperator(ask: Ask, reading: Reading): boolean {
  const cell = reading.cell;
  if (!cell || reading.explained < 0.95) return false;
  const operators = ask.tokens.filter((token) => OPERATOR_WORD.test(token.lower));
  // "The total of …" of one cell is the cell.
  const strong = operators.filter((token) => !/^(sum|total|average|mean)$/.test(token.lower));
  const operator = strong.length > 0 ? strong : operators;
  return (
    operator.length > 0 &&
    operator.every((token) => cell.row.words.has(token.stem) || cell.column.words.has(token.stem))
  );
}

/** "And for B?" after something was worked out for A: the same for B. */
function substituted(ask: Ask, text: string): Reading | null {
  const last = ask.past.at(-1);
  if (!last || last.kind === 'cell' || !/^(and|what about|how about|so)\b/.test(text)) return null;
  if (/\b(value|amount|specific|specifically|again|what was|what is|how much)\b/.test(text)) return null;
  const mention = mentionIn(ask.grid, ask.tokens);
  if (!names(ask.grid, mention) || ask.years.length > 0 || mention.unknown.length > 0) return null;
  const replaced = last.cells.map((cell) => findCell(ask.grid, mention, yearOfCell(cell), cell));
  const cells = replaced.flatMap((found) => (found ? [found.cell] : []));
  if (cells.length < last.cells.length) return null;
  const value = replaceCells(last.expression, last.cells, cells);
  return { ...combine([pastOperand(last)], { kind: 'compare', as: 'value', value }), cells };
}

function difference(ask: Ask): Reading | null {
  const pair = pairOf(ask);
  if (!pair) return null;
  const [left, right] = pair;
  return combine(pair, {
    kind:
      left.cells[0] && right.cells[0] && yearOfCell(left.cells[0]) !== yearOfCell(right.cells[0])
        ? 'growth'
        : 'compare',
    as: 'difference',
    value: { op: '-', left: left.value, right: right.value },
  });
}

/** In percent of the earlier value. */
function percentChange(ask: Ask): Reading | null {
  const mention = mentionIn(ask.grid, ask.tokens);
  const text = ask.question.toLowerCase();
  const fresh = names(ask.grid, mention) || ask.years.length >= 2;
  if (!fresh || CHANGE_NOUN.test(text)) {
    const changed = ask.past.findLast((past) => past.kind === 'difference');
    if (changed && 'op' in changed.expression) {
      const { left, right } = changed.expression;
      const operand = pastOperand(changed, 1 / (1 + mention.unknown.length));
      return combine([operand], { kind: 'growth', as: 'percent_change', value: { op: 'percent_change', left, right } });
    }
  }
  const pair = pairOf(ask);
  if (!pair) return null;
  const [left, right] = pair;
  return combine(pair, {
    kind: 'growth',
    as: 'percent_change',
    value: { op: 'percent_change', left: left.value, right: right.value },
  });
}

/** "The difference between the two percentages": first minus second. */
function differenceOfShares(ask: Ask): Reading | null {
  const shares = ask.past.filter((past) => past.kind === 'ratio');
  const [first, second] = shares.slice(-2);
  if (!first || !second) return null;
  const mention = mentionIn(ask.grid, ask.tokens);
  const operands = [first, second].map((past) => pastOperand(past, mention.unknown.length > 2 ? 0.6 : 1));
  const both: readonly [Expression, Expression] =
    isPercent(first.expression) === isPercent(second.expression)
      ? [first.expression, second.expression]
      : [plain(first.expression), plain(second.expression)];
  return combine(operands, { kind: 'compare', as: 'difference', value: { op: '-', left: both[0], right: both[1] } });
}

function addUp(values: readonly Expression[]): Expression {
  const [first, ...rest] = values;
  if (!first) return { literal: null };
  return rest.reduce<Expression>((left, right) => ({ op: '+', left, right }), first);
}

/** The numbers that a total or an average is over: years, several names, or earlier answers. */
function several(ask: Ask, span: boolean): readonly Operand[] {
  const text = ask.question.toLowerCase();
  const mention = mentionIn(ask.grid, ask.tokens);
  const named = names(ask.grid, mention);
  const years = [...new Set(ask.years)];
  if (years.length >= 2) {
    const range = /\b(from|between|through|to)\b|-/.test(text) && (span || /\bfrom\b.*\bto\b|through/.test(text));
    return cellsForYears(ask, mention, range ? yearsBetween(ask.grid, years) : years).map(cellOperand);
  }
  if (/\binclud(e|ing)\b/.test(text) && years.length === 1) {
    const last = ask.past.at(-1);
    const found = findCell(ask.grid, mention, years[0] ?? null, ask.context);
    return last && found ? [pastOperand(last), cellOperand(found)] : [];
  }
  if (named) {
    const sides = twoSides(ask);
    if (sides) return sides;
    if (years.length === 0 && PAIR.test(text)) {
      const around = spanOfContext(ask);
      if (around) return cellsForYears(ask, mention, around).map(cellOperand);
    }
    return [];
  }
  if (years.length > 0 || mention.unknown.length > 1) return [];
  const pair = lastTwo(ask, 1 / (1 + mention.unknown.length));
  return pair ?? [];
}

function summed(ask: Ask): Reading | null {
  const operands = several(ask, /\b(all|every|each|over|through|period)\b/.test(ask.question));
  if (operands.length < 2) return null;
  return combine(operands, { kind: 'aggregate', as: 'total', value: addUp(operands.map((operand) => operand.value)) });
}

function averaged(ask: Ask): Reading | null {
  const operands = several(ask, true);
  if (operands.length < 2) return null;
  const total = addUp(operands.map((operand) => operand.value));
  return combine(operands, {
    kind: 'aggregate',
    as: 'average',
    value: { op: '/', left: total, right: { literal: operands.length } },
  });
}
