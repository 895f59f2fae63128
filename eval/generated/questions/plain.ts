import type { Scalar } from '../../../src/common/scalar.js';
import { type About, asked, type Cells, type Maker, type Part, work } from '../asking.js';
import { MONTHS } from '../table.js';

const countAll: Maker = (about) =>
  asked(
    'count',
    about.say(
      `How many ${about.rows} are there?`,
      `Count the ${about.rows}`,
      `What is the number of ${about.rows}?`,
      `how many rows are in the table`,
      `total number of ${about.rows}`,
    ),
    { one: about.table.rows.length },
  );

function countOf(about: About, kind: string, part: Part): ReturnType<Maker> {
  const count = about.where(part.fits).length;
  if (count === 0) return null;
  return asked(
    kind,
    about.say(
      `How many ${about.rows} are there ${part.words}?`,
      `Count of ${about.rows} ${part.words}`,
      `number of ${about.rows} ${part.words}`,
      `How many ${about.rows} ${part.words}?`,
    ),
    { one: count },
  );
}

const countFiltered: Maker = (about) => {
  const column = about.any('category');
  return column && countOf(about, 'count with filter', about.part(column));
};

const countTwo: Maker = (about) => {
  const pair = about.two('category');
  if (!pair) return null;
  const [one, other] = pair.map((column) => about.part(column));
  if (!one || !other) return null;
  return countOf(about, 'count with two filters', {
    words: `${one.words} and ${other.words.replace(/^where /, '')}`,
    short: '',
    fits: (row) => one.fits(row) && other.fits(row),
  });
};

const countEither: Maker = (about) => {
  const column = about.any('category');
  if (!column) return null;
  const [one, other] = about.dice.some(about.values(column), 2);
  if (one === undefined || other === undefined) return null;
  const words = about.say(
    `where ${column.said} is ${one} or ${other}`,
    `with ${column.said} ${one} or ${other}`,
    `where the ${column.said} is either ${one} or ${other}`,
  );
  return countOf(about, 'count with or', { words, short: '', fits: about.is(column, one, other) });
};

const countNot: Maker = (about) => {
  const column = about.any('category');
  if (!column) return null;
  const value = about.value(column);
  const at = about.at(column);
  const known = about.where((row) => (row[at] ?? null) !== null && row[at] !== value).length;
  const all = about.where((row) => row[at] !== value).length;
  const words = about.say(
    `where ${column.said} is not ${value}`,
    `that are not ${value}`,
    `excluding ${value}`,
    `with a ${column.said} other than ${value}`,
    `except ${value}`,
  );
  return asked(
    'count with not',
    about.say(`How many ${about.rows} are there ${words}?`, `number of ${about.rows} ${words}`),
    { one: known, also: [all] },
  );
};

const countFlag: Maker = (about) => {
  const column = about.any('flag');
  if (!column) return null;
  const negated = about.dice.chance(0.4);
  const count = about.where(about.is(column, !negated)).length;
  const not = negated ? 'not ' : '';
  return asked(
    negated ? 'count of no' : 'count of yes',
    about.say(
      `How many ${about.rows} are ${not}${column.said}?`,
      `How many ${about.rows} were ${not}${column.said}?`,
      `number of ${about.rows} that are ${not}${column.said}`,
    ),
    { one: count },
  );
};

/** A bound that some rows lie above and some below. */
function boundOf(about: About, column: Parameters<About['numbers']>[0]): number | null {
  const numbers = [...new Set(about.numbers(column))].sort((left, right) => left - right);
  return numbers.length < 4 ? null : (numbers[about.dice.int(1, numbers.length - 2)] ?? null);
}

const compares: Maker = (about) => {
  const column = about.any('measure');
  const bound = column && boundOf(about, column);
  if (!column || bound === null) return null;
  const m = column.said;
  const b = String(bound);
  const at = about.at(column);
  const [words, test] = about.dice.pick<readonly [string, (value: number) => boolean]>([
    [`with a ${m} above ${b}`, (value) => value > bound],
    [`with a ${m} greater than ${b}`, (value) => value > bound],
    [`where ${m} is over ${b}`, (value) => value > bound],
    [`with ${m} below ${b}`, (value) => value < bound],
    [`where the ${m} is less than ${b}`, (value) => value < bound],
    [`with a ${m} of at least ${b}`, (value) => value >= bound],
    [`where ${m} >= ${b}`, (value) => value >= bound],
    [`with a ${m} of at most ${b}`, (value) => value <= bound],
    [`with ${m} under ${b}`, (value) => value < bound],
    [`where ${m} is ${b} or more`, (value) => value >= bound],
  ]);
  const fits = (row: Cells): boolean => typeof row[at] === 'number' && test(row[at]);
  return countOf(about, 'count with comparison', { words, short: '', fits });
};

const between: Maker = (about) => {
  const column = about.any('measure');
  const one = column && boundOf(about, column);
  const other = column && boundOf(about, column);
  if (!column || one === null || other === null || one === other) return null;
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const at = about.at(column);
  const words = about.say(
    `with a ${column.said} between ${String(low)} and ${String(high)}`,
    `where ${column.said} is between ${String(low)} and ${String(high)}`,
    `with ${column.said} from ${String(low)} to ${String(high)}`,
  );
  const fits = (row: Cells): boolean => typeof row[at] === 'number' && row[at] >= low && row[at] <= high;
  return countOf(about, 'count between', { words, short: '', fits });
};

const contains: Maker = (about) => {
  const column = about.any('label');
  if (!column) return null;
  const piece = about.value(column).split(' ')[0]?.slice(0, about.dice.int(3, 5)) ?? '';
  const starts = about.dice.chance(0.4);
  const at = about.at(column);
  const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = starts
    ? about.say(`whose ${column.said} starts with '${piece}'`, `with a ${column.said} beginning with "${piece}"`)
    : about.say(
        `whose ${column.said} contains '${piece}'`,
        `with "${piece}" in the ${column.said}`,
        `where the ${column.said} contains "${piece}"`,
      );
  const fits = (row: Cells): boolean => {
    const text = fold(String(row[at] ?? ''));
    return starts ? text.startsWith(fold(piece)) : text.includes(fold(piece));
  };
  return countOf(about, starts ? 'count starting with' : 'count containing', { words, short: '', fits });
};

/** "in 2021", "before 2020", "in March 2021". */
export function timePart(about: About): Part | null {
  const column = about.any('date', 'year');
  if (!column) return null;
  const years = about.years(column);
  const year = about.dice.pick(years);
  const of =
    (test: (year: number) => boolean) =>
    (row: Cells): boolean => {
      const own = about.year(row, column);
      return own !== null && test(own);
    };
  const y = String(year);
  const ways: (readonly [string, (row: Cells) => boolean])[] = [
    [`in ${y}`, of((own) => own === year)],
    [`in ${y}`, of((own) => own === year)],
    [`before ${y}`, of((own) => own < year)],
    [`after ${y}`, of((own) => own > year)],
    [`since ${y}`, of((own) => own >= year)],
    [`between ${y} and ${String(year + 1)}`, of((own) => own === year || own === year + 1)],
    [`from ${String(year - 1)} to ${y}`, of((own) => own === year || own === year - 1)],
  ];
  if (column.kind === 'date') {
    const date = String(about.dice.pick(about.cells(column)));
    const month = `${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''} ${date.slice(0, 4)}`;
    const at = about.at(column);
    ways.push(
      [`in ${month}`, (row) => String(row[at]).slice(0, 7) === date.slice(0, 7)],
      [`before ${date}`, (row) => String(row[at]) < date],
      [`after ${date}`, (row) => String(row[at]) > date],
    );
  }
  const [words, fits] = about.dice.pick(ways);
  return about.where(fits).length === 0 ? null : { words, short: words, fits };
}

const countTime: Maker = (about) => {
  const part = timePart(about);
  return part && countOf(about, 'count in time', part);
};

const distinct: Maker = (about) => {
  const column = about.any('category');
  if (!column) return null;
  const d = column.said;
  return asked(
    'distinct count',
    about.say(
      `How many different ${d} values are there?`,
      `number of distinct ${d} values`,
      `How many unique ${d} values are there?`,
      `count distinct ${d}`,
      `How many distinct values does ${d} have?`,
    ),
    { one: about.values(column).length },
  );
};

const list: Maker = (about) => {
  const column = about.any('category');
  if (!column) return null;
  return asked(
    'list of values',
    about.say(
      `List the different ${column.said} values`,
      `What are the distinct ${column.said} values?`,
      `Show all unique ${column.said} values`,
    ),
    { set: about.values(column) },
  );
};

const listWhere: Maker = (about) => {
  const label = about.any('label');
  const column = about.any('measure');
  const bound = column && boundOf(about, column);
  if (!label || !column || bound === null) return null;
  const at = about.at(column);
  const found = about.where((row) => typeof row[at] === 'number' && row[at] > bound);
  if (found.length > 40) return null;
  return asked(
    'list with comparison',
    about.say(
      `List the ${label.said} of ${about.rows} with a ${column.said} above ${String(bound)}`,
      `Which ${about.rows} have a ${column.said} over ${String(bound)}? Give the ${label.said}`,
      `Show the ${label.said} where ${column.said} is greater than ${String(bound)}`,
    ),
    { set: about.cells(label, found) },
  );
};

const lookup: Maker = (about) => {
  const label = about.any('label');
  const column = about.any('measure', 'category');
  if (!label || !column) return null;
  const row = about.dice.pick(about.table.rows);
  const cell: Scalar = row[about.at(column)] ?? null;
  if (cell === null) return null;
  const name = String(row[about.at(label)]);
  return asked(
    'lookup',
    about.say(
      `What is the ${column.said} of ${name}?`,
      `${column.said} of ${name}`,
      `What ${column.said} does ${name} have?`,
      `Show me the ${column.said} for ${name}`,
    ),
    { one: cell },
  );
};

/** Whole table, no grouping: the plain aggregates. */
const overall: Maker = (about) => {
  const column = about.any('measure');
  if (!column) return null;
  const aggregate = about.aggregate(column);
  const said = about.said(aggregate, column);
  return asked(
    aggregate,
    about.say(
      `What is the ${said}?`,
      said,
      `What's the ${said} of all ${about.rows}?`,
      `Show me the ${said}`,
      `Calculate the ${said} across all ${about.rows}`,
    ),
    { one: work(aggregate, about.numbers(column)) },
  );
};

const filtered: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const aggregate = about.aggregate(column);
  const part = about.part(by);
  const value = work(aggregate, about.numbers(column, about.where(part.fits)));
  if (value === null) return null;
  const said = about.said(aggregate, column);
  return asked(
    `${aggregate} with filter`,
    about.say(
      `What is the ${said} ${part.words}?`,
      `${said} ${part.short}`,
      `What was the ${said} ${part.short}?`,
      `${said} of ${about.rows} ${part.words}`,
    ),
    { one: value },
  );
};

const inTime: Maker = (about) => {
  const column = about.any('measure');
  const part = timePart(about);
  if (!column || !part) return null;
  const aggregate = about.aggregate(column);
  const value = work(aggregate, about.numbers(column, about.where(part.fits)));
  if (value === null) return null;
  const said = about.said(aggregate, column);
  return asked(
    `${aggregate} in time`,
    about.say(
      `What was the ${said} ${part.words}?`,
      `${said} ${part.words}`,
      `Tell me the ${said} of ${about.rows} ${part.words}`,
    ),
    { one: value },
  );
};

export const PLAIN: readonly Maker[] = [
  countAll,
  countFiltered,
  countTwo,
  countEither,
  countNot,
  countFlag,
  compares,
  between,
  contains,
  countTime,
  distinct,
  list,
  listWhere,
  lookup,
  overall,
  overall,
  filtered,
  filtered,
  inTime,
];
