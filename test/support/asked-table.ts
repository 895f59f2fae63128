import type { Scalar } from '../../src/common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../src/datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../src/datasets/query/analytical-query.js';
import { ROW_NUMBER } from '../../src/datasets/query/analytical-query.js';
import type { PastTurn, Understanding } from '../../src/chat/pipeline/turn.js';
import { understand } from '../../src/chat/pipeline/understand/understand.js';

/* Questions asked of a small table in memory: what understanding makes of them is worked out over the rows. */

type Row = readonly Scalar[];

/** A table with its rows, so that a query's meaning can be checked by working it out. */
export interface AskedTable {
  readonly profile: DatasetProfile;
  readonly rows: readonly Row[];
}

export function askedTable(title: string, header: readonly string[], rows: readonly Row[]): AskedTable {
  const columns = header.map((name, at): ColumnProfile => {
    const cells = rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
    const numbers = cells.filter((cell) => typeof cell === 'number');
    const numeric = cells.length > 0 && numbers.length === cells.length;
    const years = numeric && numbers.every((cell) => Number.isInteger(cell) && cell >= 1900 && cell <= 2100);
    return {
      name,
      label: name,
      type: numeric ? (numbers.every(Number.isInteger) ? 'integer' : 'number') : 'text',
      role: years ? 'temporal' : numeric ? 'measure' : 'dimension',
      unit: null,
      synonyms: [],
      higherIsBetter: null,
      defaultAggregate: 'sum',
      distinct: new Set(cells).size,
      nulls: rows.length - cells.length,
      min: numeric ? Math.min(...numbers) : null,
      max: numeric ? Math.max(...numbers) : null,
      decimals: 0,
      values: numeric ? null : [...new Set(cells.map(String))],
    };
  });
  const name = title.toLowerCase();
  const profile = { id: title, version: 1, name, title, description: null, source: null, licence: null };
  return { profile: { ...profile, rowCount: rows.length, columns }, rows };
}

const digits = (cell: Scalar): number | null => {
  const match = /\d[\d,]*(?:\.\d+)?/.exec(String(cell ?? ''));
  return match ? Number(match[0].replaceAll(',', '')) : null;
};

/** Works a query out over the rows: the part of the language that these questions use. */
class Calculator {
  constructor(private readonly source: AskedTable) {}

  run(query: AnalyticalQuery): Row[] {
    const all = this.source.rows.map((_, at) => at);
    let kept = all.filter((at) => !query.where || this.holds(query.where, at));
    if (query.groupBy) {
      const groups = new Map<string, number[]>();
      for (const at of kept) {
        const key = JSON.stringify(query.groupBy.map((by) => this.value(by, [at])));
        groups.set(key, [...(groups.get(key) ?? []), at]);
      }
      const order = query.orderBy?.[0];
      const sorted = [...groups.values()].sort((a, b) =>
        order ? this.compare(this.value(order.by, a), this.value(order.by, b), order.direction) : 0,
      );
      return this.limited(sorted, query).map((group) => query.select.map(({ value }) => this.value(value, group)));
    }
    if (query.select.some(({ value }) => 'aggregate' in value || ('op' in value && 'aggregate' in value.left)))
      return [query.select.map(({ value }) => this.value(value, kept))];
    const order = query.orderBy?.[0];
    if (order)
      kept = kept.sort((a, b) => this.compare(this.value(order.by, [a]), this.value(order.by, [b]), order.direction));
    return this.limited(
      kept.map((at) => [at]),
      query,
    ).map(([at = 0]) => query.select.map(({ value }) => this.value(value, [at])));
  }

  /** The first rows or groups, and with them those that tie with the last. */
  private limited(groups: readonly number[][], { limit, withTies, orderBy }: AnalyticalQuery): readonly number[][] {
    const last = limit === undefined ? undefined : groups[limit - 1];
    const by = orderBy?.[0]?.by;
    if (withTies !== true || last === undefined || by === undefined) return groups.slice(0, limit);
    const tied = this.value(by, last);
    return groups.filter((group, at) => at < (limit ?? 0) || this.value(by, group) === tied);
  }

  private compare(left: Scalar, right: Scalar, direction: 'asc' | 'desc'): number {
    const less =
      typeof left === 'number' && typeof right === 'number' ? left - right : String(left) < String(right) ? -1 : 1;
    return direction === 'asc' ? less : -less;
  }

  private aggregate(kind: string, of: Expression | null, rows: readonly number[]): Scalar {
    if (of === null) return rows.length;
    const cells = rows.map((at) => this.value(of, [at])).filter((cell) => cell !== null);
    if (kind === 'count_distinct') return new Set(cells).size;
    const numbers = cells.map(Number);
    if (numbers.length === 0) return null;
    if (kind === 'min') return Math.min(...numbers);
    if (kind === 'max') return Math.max(...numbers);
    const sum = numbers.reduce((total, number) => total + number, 0);
    return kind === 'avg' ? sum / numbers.length : sum;
  }

  private value(expression: Expression, rows: readonly number[]): Scalar {
    const at = rows[0] ?? 0;
    if ('literal' in expression) return expression.literal;
    if ('column' in expression) {
      if (expression.column === ROW_NUMBER) return at + 1;
      const place = this.source.profile.columns.findIndex((column) => column.name === expression.column);
      return this.source.rows[at]?.[place] ?? null;
    }
    if ('read' in expression) return digits(this.value(expression.from, rows));
    if ('aggregate' in expression) {
      const { aggregate, of, where } = expression;
      return this.aggregate(aggregate, of, where ? rows.filter((row) => this.holds(where, row)) : rows);
    }
    if ('scalar' in expression) {
      const { aggregate, of, where } = expression.scalar;
      const all = this.source.rows.map((_, row) => row).filter((row) => !where || this.holds(where, row));
      return this.aggregate(aggregate, of, all);
    }
    if (!('op' in expression)) throw new Error('not worked out here');
    const [left, right] = [Number(this.value(expression.left, rows)), Number(this.value(expression.right, rows))];
    switch (expression.op) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return left / right;
      case 'percent_change':
        return ((left - right) / Math.abs(right)) * 100;
      case 'abs_difference':
        return Math.abs(left - right);
    }
  }

  private holds(condition: Condition, at: number): boolean {
    if ('and' in condition) return condition.and.every((part) => this.holds(part, at));
    if ('or' in condition) return condition.or.some((part) => this.holds(part, at));
    if ('not' in condition) return !this.holds(condition.not, at);
    const left = this.value(condition.left, [at]);
    if ('missing' in condition) return (left === null) === condition.missing;
    if ('in' in condition) return condition.in.includes(left) !== (condition.negated ?? false);
    if ('between' in condition)
      return Number(left) >= Number(condition.between[0]) && Number(left) <= Number(condition.between[1]);
    if (!('compare' in condition)) throw new Error('not worked out here');
    const right = this.value(condition.right, [at]);
    if (condition.compare === '=') return left === right;
    if (condition.compare === '!=') return left !== right;
    const [a, b] = [Number(left), Number(right)];
    return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[condition.compare];
  }
}

export class Conversation {
  private readonly history: PastTurn[] = [];

  constructor(private readonly source: AskedTable) {}

  understanding(question: string): Understanding {
    const { understanding } = understand({
      question,
      askedAt: new Date('2026-11-21T10:00:00Z'),
      persona: { name: 'analyst', displayName: 'Analyst', starterQuestions: [] },
      datasets: [this.source.profile],
      history: [...this.history],
    });
    return understanding;
  }

  /** The value, the values, or null when the question was not answered. */
  ask(question: string): Scalar | Scalar[] {
    const understanding = this.understanding(question);
    const rows = understanding.query ? new Calculator(this.source).run(understanding.query) : [];
    const values = rows.map((row) => row[0] ?? null);
    const answer =
      understanding.query === null
        ? null
        : understanding.expects === 'values' || (understanding.query.withTies === true && values.length > 1)
          ? values
          : (values[0] ?? null);
    this.history.push({ messageId: String(this.history.length), question, understanding, result: null, answer });
    return answer;
  }
}
