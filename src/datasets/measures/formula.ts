import { type Expression as Syntax, type Node, parse, type SpreadElement } from 'acorn';
import { Problem } from '../../common/problem.js';
import type { ColumnProfile, ComputedColumn } from '../profile.js';
import type { Aggregate, Expression } from '../query/analytical-query.js';

/*
 * The formulas of measures: `(revenue - cost) / revenue`, `sum("Sales (USD)") / count()`. A parser of JavaScript gives the tree,
 * with places; of it only what is named here is translated into an expression of analytical queries. Nothing is ever evaluated.
 */

/** Longest formula; it bounds the depth of its tree, too. */
export const LONGEST_FORMULA = 500;

const OPERATORS = ['+', '-', '*', '/'] as const;

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  sum: 'sum',
  avg: 'avg',
  average: 'avg',
  mean: 'avg',
  min: 'min',
  max: 'max',
  median: 'median',
  stddev: 'stddev',
  count: 'count',
  count_distinct: 'count_distinct',
};

/** Of numbers, one for each row or one for all: how many they take, and what they are in terms of others. */
const FUNCTIONS: Readonly<Record<string, readonly [number, (...of: readonly Expression[]) => Expression]>> = {
  abs: [1, (of = ZERO) => ({ op: 'abs_difference', left: of, right: ZERO })],
  difference: [2, (left = ZERO, right = ZERO) => ({ op: 'abs_difference', left, right })],
  percent_change: [2, (from = ZERO, to = ZERO) => ({ op: 'percent_change', left: to, right: from })],
};

const ZERO: Expression = { literal: 0 };

/** A part of a formula. `row`: has a value of its own in each row · `group`: one for all rows together · `constant`. */
interface Part {
  readonly expression: Expression;
  readonly level: 'row' | 'group' | 'constant';
}

/**
 * What a formula means over the columns: names as they are or, where they are no plain words, in double quotes; numbers; + - * / and
 * parentheses; sum, avg, min, max, median, stddev, count, count_distinct over the rows; abs, difference(a, b), percent_change(from, to).
 * A division by zero has no value.
 * @throws {422} formula_invalid, with the place (`position`, from 1)
 */
export function readFormula(
  formula: string,
  columns: readonly ColumnProfile[],
): Pick<ComputedColumn, 'expression' | 'level'> {
  const { expression, level } = new Formula(formula, columns).read();
  if (level === 'constant') throw invalid(0, 'It names no column and no aggregate, so it measures nothing');
  return { expression, level };
}

class Formula {
  constructor(
    private readonly text: string,
    private readonly columns: readonly ColumnProfile[],
  ) {}

  read(): Part {
    if (this.text.length > LONGEST_FORMULA)
      throw invalid(LONGEST_FORMULA, `It is longer than ${LONGEST_FORMULA} characters`);
    const [only, more] = this.statements();
    if (only === undefined) throw invalid(0, 'It is empty');
    if (only.type !== 'ExpressionStatement') throw invalid(only.start, 'This is not a formula');
    if (more !== undefined) throw invalid(more.start, 'A formula ends here');
    return this.part(only.expression);
  }

  private statements(): readonly Statement[] {
    try {
      return parse(this.text, { ecmaVersion: 2025, sourceType: 'script' }).body;
    } catch (error) {
      const { pos } = error as { pos?: number };
      if (typeof pos !== 'number') throw error;
      const here = this.text.slice(pos).trim();
      const hint = /^[\p{L}_]/u.test(here) ? '; a name of several words stands in double quotes' : '';
      throw invalid(pos, here === '' ? 'It ends too early' : `"${here.slice(0, 20)}" does not belong here${hint}`);
    }
  }

  private part(node: Syntax | SpreadElement | Node): Part {
    const syntax = node as Syntax;
    switch (syntax.type) {
      case 'Identifier':
        return this.column(syntax.name, syntax.start);
      case 'Literal':
        if (typeof syntax.value === 'string') return this.column(syntax.value, syntax.start);
        if (typeof syntax.value === 'number') return { expression: { literal: syntax.value }, level: 'constant' };
        break;
      case 'UnaryExpression':
        if (syntax.operator === '+') return this.part(syntax.argument);
        if (syntax.operator === '-') return this.joined('-', { expression: ZERO, level: 'constant' }, syntax.argument);
        break;
      case 'BinaryExpression': {
        const operator = OPERATORS.find((one) => one === syntax.operator);
        if (operator !== undefined) return this.joined(operator, this.part(syntax.left), syntax.right);
        throw invalid(syntax.left.end, `"${syntax.operator}" is not understood; there are + - * /`);
      }
      case 'CallExpression':
        return this.called(syntax.callee, syntax.arguments, syntax.start);
      default:
    }
    throw invalid(syntax.start, `"${this.text.slice(syntax.start, syntax.end).slice(0, 30)}" is not understood`);
  }

  private column(name: string, at: number): Part {
    const wanted = name.trim().toLowerCase();
    const column =
      this.columns.find((one) => one.name === name) ??
      this.columns.find((one) => one.name.trim().toLowerCase() === wanted) ??
      this.columns.find((one) => one.label.trim().toLowerCase() === wanted);
    if (column === undefined) throw invalid(at, `There is no column "${name}"`);
    if (column.computed !== undefined)
      throw invalid(at, `"${name}" is worked out itself; write its formula in its place`);
    if (column.type !== 'integer' && column.type !== 'number')
      throw invalid(at, `"${name}" is ${column.type}; only numbers can be worked with`);
    return { expression: { column: column.name }, level: 'row' };
  }

  private joined(op: (typeof OPERATORS)[number], left: Part, rest: Node): Part {
    const right = this.part(rest);
    return {
      expression: { op, left: left.expression, right: right.expression },
      level: this.levelOf([left, right], rest),
    };
  }

  /** A row's own value and one of all rows do not meet: which row would it be? */
  private levelOf(parts: readonly Part[], at: Node): Part['level'] {
    const levels = new Set(parts.map(({ level }) => level));
    if (levels.has('row') && levels.has('group'))
      throw invalid(
        at.start,
        'Here values of single rows meet an aggregate of all; put the columns into aggregates, too',
      );
    return levels.has('row') ? 'row' : levels.has('group') ? 'group' : 'constant';
  }

  private called(callee: Node, given: readonly Node[], at: number): Part {
    const name = this.text.slice(callee.start, callee.end).toLowerCase();
    const aggregate = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
    if (aggregate !== undefined) return this.aggregate(aggregate, given, at);
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (known === undefined) {
      const names = [...Object.keys(AGGREGATES), ...Object.keys(FUNCTIONS)].join(', ');
      throw invalid(at, `There is no function "${name.slice(0, 30)}"; there are ${names}`);
    }
    const [count, make] = known;
    if (given.length !== count) throw invalid(at, `${name} takes ${count} of them, not ${given.length}`);
    const parts = given.map((one) => this.part(one));
    return { expression: make(...parts.map(({ expression }) => expression)), level: this.levelOf(parts, callee) };
  }

  private aggregate(aggregate: Aggregate, given: readonly Node[], at: number): Part {
    const [of, more] = given;
    if (more !== undefined)
      throw invalid(more.start, `${aggregate} takes one column, or what is worked out of columns`);
    if (of === undefined) {
      if (aggregate !== 'count') throw invalid(at, `${aggregate} needs a column`);
      return { expression: { aggregate, of: null }, level: 'group' };
    }
    // Values of any type can be counted.
    const column = aggregate.startsWith('count') ? this.countedIn(of) : null;
    const inner = column ?? this.part(of);
    if (inner.level !== 'row')
      throw invalid(of.start, `${aggregate} works over rows, and this is not a value of a row`);
    return { expression: { aggregate, of: inner.expression }, level: 'group' };
  }

  private countedIn(node: Node): Part | null {
    const syntax = node as Syntax;
    const name =
      syntax.type === 'Identifier' ? syntax.name : syntax.type === 'Literal' ? String(syntax.value) : undefined;
    const column = this.columns.find((one) => one.name === name && one.computed === undefined);
    return column === undefined ? null : { expression: { column: column.name }, level: 'row' };
  }
}

type Statement = ReturnType<typeof parse>['body'][number];

function invalid(at: number, message: string): Problem {
  const position = at + 1;
  return new Problem(422, 'formula_invalid', `The formula is not usable at position ${position}: ${message}.`, {
    errors: [{ path: 'formula', message: `at position ${position}: ${message}` }],
    members: { position },
  });
}
