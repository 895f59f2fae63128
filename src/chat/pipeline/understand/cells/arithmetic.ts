import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { isPercent, plain, replaceCells, sameCell, yearOfCell, type PastValue } from './cell.js';
import { findCell, mentionIn, type Found, type Mention } from './mention.js';
import {
  cellOperand,
  cellsForYears,
  names,
  operandIn,
  pastOperand,
  tokensOf,
  yearFor,
  yearsBetween,
  type Ask,
  type Operand,
} from './operands.js';
import {
  AVERAGE,
  OPERATOR_WORD,
  CHANGE_NOUN,
  DIFFERENCE,
  PAIR,
  PERCENT_CHANGE,
  RELATION,
  SUM,
  WHOLE_PERIOD,
} from './record-english.js';
import { relation } from './relation.js';
import { withConstant } from './constants.js';
import type { Reading } from './record-reader.js';

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

/** Later minus earlier; in the order of the question where no years tell. */
function ordered(first: Operand, second: Operand): readonly [Operand, Operand] {
  const [left, right] = [first.cells[0], second.cells[0]];
  const years = left && right ? [yearOfCell(left), yearOfCell(right)] : [];
  const [one, two] = years;
  if (typeof one === 'number' && typeof two === 'number' && one !== two)
    return one > two ? [first, second] : [second, first];
  return [first, second];
}

/** The two numbers that a difference is between. */
function pairOf(ask: Ask): readonly [Operand, Operand] | null {
  const text = ask.question.toLowerCase();
  const mention = mentionIn(ask.grid, ask.tokens);
  const named = names(ask.grid, mention);
  const years = [...new Set(ask.years)];
  const last = ask.context ? yearOfCell(ask.context) : null;
  if (years.length === 1 && last !== null && /\b(from|since) (this|that) year\b/.test(text)) {
    const pair = earliestContext(ask);
    if (pair !== null) years.unshift(pair);
  }
  if (years.length >= 2) {
    const found = cellsForYears(ask, mention, [years[0] ?? 0, years.at(-1) ?? 0]);
    const [one, two] = found.map(cellOperand);
    return one && two ? ordered(one, two) : null;
  }
  if (named) {
    const sides = twoSides(ask);
    if (sides) return sides;
    const span = spanOfContext(ask);
    const whole = span === null && (WHOLE_PERIOD.test(text) || ask.past.length === 0);
    const found = whole || !span ? (whole ? extremes(ask, mention) : []) : cellsForYears(ask, mention, span);
    const [one, two] = found.map(cellOperand);
    return one && two ? ordered(one, two) : null;
  }
  if (years.length === 1 && ask.context !== null && last !== null && years[0] !== last) {
    const found = cellsForYears(ask, mention, [years[0] ?? 0, last]);
    const [one, two] = found.map(cellOperand);
    return one && two ? ordered(one, two) : null;
  }
  if (mention.unknown.length > 1) return null;
  return lastTwo(ask, 1 / (1 + mention.unknown.length));
}

function earliestContext(ask: Ask): number | null {
  const years = (ask.past.at(-1)?.cells ?? []).map(yearOfCell).filter((year) => year !== null);
  return years.length === 0 ? null : Math.min(...years);
}

/** The two years that the last difference (or the last two answers) were about. */
function spanOfContext(ask: Ask): readonly number[] | null {
  const years = new Set<number>();
  for (const past of ask.past.toReversed()) {
    const own = new Set(past.cells.map(yearOfCell).filter((year) => year !== null));
    if (own.size >= 2) return [Math.min(...own), Math.max(...own)];
    for (const year of own) years.add(year);
    if (years.size === 2) return [...years];
  }
  return null;
}

/** The line that is named at the first and the last period of the table. */
function extremes(ask: Ask, mention: Mention): readonly Found[] {
  const { grid } = ask;
  const dated = grid.columns.filter((line) => line.years.length > 0);
  const [first, last] = [dated[0], dated.at(-1)];
  if (dated.length < 2 || !first || !last) {
    const years = [...grid.years];
    return years.length < 2 ? [] : cellsForYears(ask, mention, [Math.min(...years), Math.max(...years)]);
  }
  const found = findCell(grid, mention, null, { row: grid.rows[0] ?? first, column: first });
  if (!found?.rowNamed) return [];
  return [first, last].map((column) => ({ ...found, cell: { row: found.cell.row, column }, clear: 1 }));
}

/** The last two different earlier answers that are cells. */
function lastTwo(ask: Ask, explained: number): readonly [Operand, Operand] | null {
  const cells: PastValue[] = [];
  const plainCells = ask.past.filter((past) => past.kind === 'cell');
  const distinct = new Set(plainCells.map((past) => JSON.stringify(past.expression)));
  for (const past of (distinct.size >= 2 ? plainCells : ask.past).toReversed()) {
    if (past.kind === 'ratio') continue;
    if (cells.some((other) => JSON.stringify(other.expression) === JSON.stringify(past.expression))) continue;
    cells.push(past);
    if (cells.length === 2) break;
  }
  const [second, first] = cells;
  return first && second ? ordered(pastOperand(first, explained), pastOperand(second, explained)) : null;
}

/** "between A and B", "A and B", "from A to B": both sides name a cell. */
function twoSides(ask: Ask): readonly [Operand, Operand] | null {
  const start = ask.tokens.findIndex((token) => /^(between|from|in|of|sum|total)$/.test(token.lower));
  for (const [at, token] of ask.tokens.entries()) {
    if (!/^(and|to|versus|vs|than|minus)$/.test(token.lower) || at <= start) continue;
    if (token.lower === 'to' && !ask.tokens.some((word) => word.lower === 'from')) continue;
    const sides = [
      { from: Math.max(0, start), to: at },
      { from: at + 1, to: ask.tokens.length },
    ];
    const mentions = sides.map((side) => mentionIn(ask.grid, tokensOf(ask, side)));
    if (!mentions.every((mention) => names(ask.grid, mention))) continue;
    const [left, right] = sides.map((side) => operandIn(ask, side));
    const [one, two] = [left?.cells[0], right?.cells[0]];
    if (left && right && one && two && !sameCell(one, two)) {
      const shared = shareColumn(ask, left, right);
      return shared;
    }
  }
  return null;
}

/** "the silver medals of A and B": the column said on one side holds for both. */
function shareColumn(ask: Ask, left: Operand, right: Operand): readonly [Operand, Operand] {
  const mention = mentionIn(ask.grid, ask.tokens);
  const [one, two] = [left.cells[0], right.cells[0]];
  if (!one || !two || one.column === two.column || one.row === two.row) return [left, right];
  const said = (cell: typeof one): number =>
    [...cell.column.words].reduce((sum, [stem, weight]) => sum + (mention.stems.has(stem) ? weight : 0), 0);
  const column = said(one) >= said(two) ? one.column : two.column;
  const operand = (base: Operand, row: typeof one.row): Operand => ({
    ...cellOperand({
      cell: { row, column },
      rowNamed: true,
      columnNamed: true,
      explained: base.explained,
      clear: base.clear,
    }),
  });
  return [operand(left, one.row), operand(right, two.row)];
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
