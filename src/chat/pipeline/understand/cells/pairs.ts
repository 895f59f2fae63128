import { type PastValue, sameCell, yearOfCell } from './cell.js';
import { type Found, type Mention, findCell, mentionIn } from './mention.js';
import {
  type Ask,
  type Operand,
  cellOperand,
  cellsForYears,
  names,
  operandIn,
  pastOperand,
  tokensOf,
} from './operands.js';
import { WHOLE_PERIOD } from './record-english.js';

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
export function pairOf(ask: Ask): readonly [Operand, Operand] | null {
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
export function spanOfContext(ask: Ask): readonly number[] | null {
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
export function lastTwo(ask: Ask, explained: number): readonly [Operand, Operand] | null {
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
export function twoSides(ask: Ask): readonly [Operand, Operand] | null {
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
