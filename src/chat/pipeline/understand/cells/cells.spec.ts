import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import type { PastTurn, Understanding } from '../../turn.js';
import { understand } from '../understand.js';
import { yearsIn } from './grid.js';
import { kindOf } from './suited.js';

type Row = readonly Scalar[];

/** A table with its rows, so that a query's meaning can be checked by working it out. */
interface Table {
  readonly profile: DatasetProfile;
  readonly rows: readonly Row[];
}

function table(title: string, header: readonly string[], rows: readonly Row[]): Table {
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
  constructor(private readonly source: Table) {}

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
      return sorted.slice(0, query.limit).map((group) => query.select.map(({ value }) => this.value(value, group)));
    }
    if (query.select.some(({ value }) => 'aggregate' in value))
      return [query.select.map(({ value }) => this.value(value, kept))];
    const order = query.orderBy?.[0];
    if (order)
      kept = kept.sort((a, b) => this.compare(this.value(order.by, [a]), this.value(order.by, [b]), order.direction));
    return kept.slice(0, query.limit).map((at) => query.select.map(({ value }) => this.value(value, [at])));
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
    if ('aggregate' in expression) return this.aggregate(expression.aggregate, expression.of, rows);
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

class Conversation {
  private readonly history: PastTurn[] = [];

  constructor(private readonly source: Table) {}

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
      understanding.query === null ? null : understanding.expects === 'values' ? values : (values[0] ?? null);
    this.history.push({ messageId: String(this.history.length), question, understanding, result: null, answer });
    return answer;
  }
}

const bakery = table(
  'Bakery accounts',
  ['in thousands', '2021', '2020', '2019'],
  [
    ['bread sales', 120, 100, 80],
    ['cake sales', 60, 50, 45],
    ['total sales', 180, 150, 125],
    ['cost of flour', 45, 40, 30],
    ['rent paid', 20, 20, 18],
  ],
);

const fund = table(
  'Fund',
  ['item', '12/31/17', '12/31/18', '12/31/20'],
  [
    ['Blue River Capital', 100, 90, 130],
    ['market index', 100, 104, 110],
  ],
);

const huts = table(
  'Mountain huts',
  ['Hut', 'Country', 'Height (m)', 'Beds', 'Opened', 'Result of inspection'],
  [
    ['Adlerhorst', 'Austria', '2,210 m', 40, 1952, 'Pass'],
    ['Bergheim (closed in winter)', 'Austria', '1,870 m', 64, 1961, 'Pass'],
    ['Casa Alta', 'Italy', '2,450 m', 22, 1934, 'Fail'],
    ['Dufour Hut', 'Switzerland', '3,003 m', 80, 1972, 'Pass'],
    ['Etzel', 'Switzerland', '1,990 m', 64, 1988, 'Fail'],
    ['Fiorita', 'Italy', '2,120 m', 18, 2003, 'Pass'],
  ],
);

describe('years in names', () => {
  it('reads calendar years and short dates, and no amounts', () => {
    expect(yearsIn('year ended September 30, 2019')).toEqual([2019]);
    expect(yearsIn('12/31/04')).toEqual([2004]);
    expect(yearsIn('1,995 units')).toEqual([]);
  });
});

describe('a conversation over a record table', () => {
  it('looks cells up, and takes the line from the turn before', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What were the bread sales in 2021?')).toBe(120);
    expect(talk.ask('And in 2019?')).toBe(80);
    expect(talk.ask('What was the difference between these two years?')).toBe(40);
    expect(talk.ask('So what was the percentage change?')).toBe(50);
  });

  it('relates a change to where it started, and to the number one', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the change in total sales from 2019 to 2021?')).toBe(55);
    expect(
      talk.ask('How much does this change represent in relation to the total sales in 2019, in percentage?'),
    ).toBeCloseTo(44);
    const ratio = new Conversation(bakery);
    expect(ratio.ask('What is the ratio of cake sales in 2021 to 2020?')).toBeCloseTo(1.2);
    expect(ratio.ask('What is that value less 1?')).toBeCloseTo(0.2);
  });

  it('adds and averages cells', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the sum of bread sales and cake sales in 2020?')).toBe(150);
    expect(talk.ask('What is that value divided by 2?')).toBe(75);
    expect(new Conversation(bakery).ask('What was the average cost of flour from 2019 to 2020?')).toBe(35);
  });

  it('works out shares of what was spoken of', () => {
    const talk = new Conversation(bakery);
    expect(talk.ask('What was the cost of flour in 2021?')).toBe(45);
    expect(talk.ask('And what were the total sales in that year?')).toBe(180);
    expect(talk.ask('What percentage of this value does that amount represent?')).toBeCloseTo(25);
  });

  it('knows a name by its initials, and compares two changes in percent', () => {
    const talk = new Conversation(fund);
    expect(talk.ask('What was the change in the price of BRC from 2017 to 2020?')).toBe(30);
    expect(talk.ask('What was the percent change?')).toBe(30);
    expect(talk.ask('What was the change in the market index from 2017 to 2020?')).toBe(10);
    expect(talk.ask('What was the percent change?')).toBe(10);
    expect(talk.ask('What is the difference between the two percentages?')).toBe(20);
  });

  it('keeps the cells in the query, so that an answer can be traced', () => {
    const talk = new Conversation(bakery);
    talk.ask('What was the rent paid in 2021?');
    talk.ask('And in 2019?');
    expect(talk.understanding('What was the difference?').query?.select[0]?.value).toMatchObject({
      op: '-',
      left: { scalar: { of: { column: '2021' }, where: { right: { literal: 'rent paid' } } } },
      right: { scalar: { of: { column: '2019' } } },
    });
  });

  it('does not guess a year that the table lacks', () => {
    expect(new Conversation(bakery).ask('What were the bread sales in 2014?')).toBeNull();
  });
});

describe('facts in a published table', () => {
  const ask = (question: string): Scalar | Scalar[] => new Conversation(huts).ask(question);

  it('is told from a table of a program', () => {
    expect(kindOf(huts.profile)).toBe('published');
    expect(kindOf(bakery.profile)).toBe('crossed');
    const machine = table(
      'Pets',
      ['pet_id', 'pet_age', 'owner_id'],
      [
        [1, 3, 9],
        [2, 4, 9],
      ],
    );
    expect(kindOf(machine.profile)).toBe('data');
  });

  it('looks a cell up by another, a part in brackets left out', () => {
    expect(ask('In which country is Casa Alta?')).toEqual(['Italy']);
    expect(ask('How many beds does Bergheim have?')).toBe(64);
  });

  it('counts rows by values, numbers in texts and years', () => {
    expect(ask('How many huts are in Switzerland?')).toBe(2);
    expect(ask('How many huts have more than 50 beds?')).toBe(3);
    expect(ask('How many huts were opened after the year 1960?')).toBe(4);
    expect(ask('How many different countries are listed?')).toBe(3);
  });

  it('finds extremes, also of numbers in texts', () => {
    expect(ask('Which hut has the most beds?')).toBe('Dufour Hut');
    expect(ask('Which hut has the lowest height?')).toBe('Bergheim (closed in winter)');
    expect(ask('What is the first hut listed?')).toBe('Adlerhorst');
    expect(ask('Which country has the highest average beds?')).toBe('Switzerland');
    expect(ask('Which country has the lowest total beds?')).toBe('Italy');
  });

  it('finds neighbours in the order of the table', () => {
    expect(ask('Which hut comes after Casa Alta?')).toBe('Dufour Hut');
    expect(ask('What hut is listed before Casa Alta?')).toBe('Bergheim (closed in winter)');
  });

  it('sets two rows side by side', () => {
    expect(ask('Which hut has more beds, Etzel or Fiorita?')).toBe('Etzel');
    expect(ask('What is the difference in beds between Adlerhorst and Fiorita?')).toBe(22);
    expect(ask('Which hut has the same number of beds as Etzel?')).toEqual(['Bergheim (closed in winter)']);
    expect(ask('How many huts have more beds than Adlerhorst?')).toBe(3);
  });

  it('leaves a question alone that the table says nothing about', () => {
    expect(ask('Who painted the murals of the old harbour?')).toBeNull();
  });
});
