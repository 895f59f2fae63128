import type { AnalyticalQuery, Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { isNumeric, type Grid, type Line } from './grid.js';

/** One cell of a record table, by the names of its row and column. */
export interface Cell {
  readonly row: Line;
  readonly column: Line;
}

export const sameCell = (left: Cell, right: Cell): boolean => left.row === right.row && left.column === right.column;

/** The cell's year, from its column's name or its row's. */
export const yearOfCell = (cell: Cell): number | null => cell.column.years.at(-1) ?? cell.row.years.at(-1) ?? null;

function rowCondition(row: Line): Condition {
  const dated = row.column.type === 'date' || row.column.type === 'datetime';
  return {
    compare: '=',
    left: dated ? { column: row.column.name, grain: 'year' } : { column: row.column.name },
    right: { literal: row.key },
  };
}

const numberOf = (line: Line): Expression =>
  isNumeric(line.column) ? { column: line.column.name } : { read: 'number', from: { column: line.column.name } };

/** The number in the cell, worked out by itself. */
export const cellValue = (cell: Cell): Expression => ({
  scalar: { aggregate: 'min', of: numberOf(cell.column), where: rowCondition(cell.row) },
});

/** A plain look-up of the cell, as it stands in the table. */
export function cellQuery(grid: Grid, cell: Cell): AnalyticalQuery {
  return {
    datasetId: grid.profile.id,
    select: [{ value: { column: cell.column.column.name } }],
    where: rowCondition(cell.row),
  };
}

/** One value per question: arithmetic over cells. */
export function valueQuery(grid: Grid, value: Expression, as: string): AnalyticalQuery {
  return { datasetId: grid.profile.id, select: [{ value, as }], limit: 1 };
}

function columnIn(expression: Expression | null): string | null {
  if (!expression) return null;
  if ('column' in expression) return expression.column;
  return 'read' in expression ? columnIn(expression.from) : null;
}

function cellAt(grid: Grid, of: Expression | null, where: Condition | undefined): Cell | null {
  const name = columnIn(of);
  if (name === null || !where || !('compare' in where) || where.compare !== '=' || !('literal' in where.right))
    return null;
  const key = where.right.literal;
  if (columnIn(where.left) !== grid.label.name) return null;
  const row = grid.rows.find((line) => line.key === key);
  const column = grid.columns.find((line) => line.column.name === name);
  return row && column ? { row, column } : null;
}

/** What an earlier question worked out, read back from its query. */
export interface PastValue {
  readonly expression: Expression;
  readonly kind: 'cell' | 'difference' | 'ratio' | 'sum' | 'other';
  /** In the order in which they were asked for. */
  readonly cells: readonly Cell[];
  readonly messageId: string;
}

/** The cells that an expression is made of, left to right. */
export function cellsIn(grid: Grid, expression: Expression): readonly Cell[] {
  if ('scalar' in expression) {
    const cell = cellAt(grid, expression.scalar.of, expression.scalar.where);
    return cell ? [cell] : [];
  }
  if ('op' in expression) return [...cellsIn(grid, expression.left), ...cellsIn(grid, expression.right)];
  return [];
}

/** The same arithmetic over other cells. */
export function replaceCells(expression: Expression, from: readonly Cell[], to: readonly Cell[]): Expression {
  if ('scalar' in expression) {
    const text = JSON.stringify(expression);
    const at = from.findIndex((cell) => JSON.stringify(cellValue(cell)) === text);
    const cell = to[at];
    return cell ? cellValue(cell) : expression;
  }
  if (!('op' in expression)) return expression;
  return {
    ...expression,
    left: replaceCells(expression.left, from, to),
    right: replaceCells(expression.right, from, to),
  };
}

const isHundred = (expression: Expression): boolean => 'literal' in expression && expression.literal === 100;

/** The number behind a percentage: a ratio is kept as such for further arithmetic. */
export function plain(expression: Expression): Expression {
  if (!('op' in expression)) return expression;
  if (expression.op === '*' && isHundred(expression.right)) return expression.left;
  if (expression.op === 'percent_change') {
    return { op: '/', left: { op: '-', left: expression.left, right: expression.right }, right: expression.right };
  }
  return expression;
}

/** Is the number shown in percent? */
export const isPercent = (expression: Expression): boolean =>
  'op' in expression &&
  (expression.op === 'percent_change' ||
    (expression.op === '*' && isHundred(expression.right)) ||
    (expression.op === '-' && isPercent(expression.left) && isPercent(expression.right)));

function kindOf(expression: Expression): PastValue['kind'] {
  if (isPercent(expression)) return 'ratio';
  if ('scalar' in expression) return 'cell';
  if (!('op' in expression)) return 'other';
  switch (expression.op) {
    case '-':
    case 'abs_difference':
      return 'difference';
    case '/':
    case 'percent_change':
      return 'ratio';
    case '+':
      return 'sum';
    case '*':
      return 'other';
  }
}

/** null when the query is not one about cells of this table. */
export function pastValue(grid: Grid, query: AnalyticalQuery, messageId: string): PastValue | null {
  const value = query.select[0]?.value;
  if (!value || query.groupBy || query.orderBy) return null;
  const looked = cellAt(grid, value, query.where);
  if (looked) return { expression: cellValue(looked), kind: 'cell', cells: [looked], messageId };
  const cells = cellsIn(grid, value);
  return cells.length === 0 || query.where ? null : { expression: value, kind: kindOf(value), cells, messageId };
}
