import type { Scalar } from '../../../src/common/scalar.js';
import { asked, best, type Cells, type Maker, work } from '../asking.js';
import { timePart } from './plain.js';

const rounded = (value: number): number => Number(value.toPrecision(3));

const byGroup: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const aggregate = about.aggregate(column);
  const said = about.said(aggregate, column);
  const d = by.said;
  return asked(
    'by group',
    about.say(
      `${said} by ${d}`,
      `What is the ${said} for each ${d}?`,
      `Show the ${said} per ${d}`,
      `${said} of ${about.rows} by ${d}`,
    ),
    { rows: about.groups(by).map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))]) },
  );
};

const countBy: Maker = (about) => {
  const by = about.any('category');
  if (!by) return null;
  const d = by.said;
  const r = about.rows;
  return asked(
    'count by group',
    about.say(
      `How many ${r} are there per ${d}?`,
      `number of ${r} by ${d}`,
      `count of ${r} for each ${d}`,
      `How many ${r} for each ${d}?`,
      `Count ${r} by ${d}`,
    ),
    { rows: about.groups(by).map(([key, rows]) => [key, rows.length]) },
  );
};

const byGroupInTime: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  const part = timePart(about);
  if (!column || !by || !part) return null;
  const aggregate = about.aggregate(column);
  const said = about.said(aggregate, column);
  return asked(
    'by group in time',
    about.say(`${said} by ${by.said} ${part.words}`, `What was the ${said} for each ${by.said} ${part.words}?`),
    {
      rows: about
        .groups(by, about.where(part.fits))
        .map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))]),
    },
  );
};

const byTwo: Maker = (about) => {
  const column = about.any('measure');
  const pair = about.two('category');
  if (!column || !pair) return null;
  const [one, other] = pair;
  const aggregate = about.aggregate(column);
  const said = about.said(aggregate, column);
  const rows = about
    .groups(one)
    .flatMap(([key, inside]) =>
      about.groups(other, inside).map(([second, all]) => [key, second, work(aggregate, about.numbers(column, all))]),
    );
  return asked(
    'by two groups',
    about.say(
      `${said} by ${one.said} and ${other.said}`,
      `What is the ${said} for each ${one.said} and ${other.said}?`,
    ),
    { rows },
  );
};

const topGroups: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const count = about.dice.int(2, 3);
  const low = about.dice.chance(0.35);
  const found = best(
    about.groups(by).map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))] as const),
    low ? 'asc' : 'desc',
    count,
  );
  if (!found) return null;
  const a = aggregate === 'sum' ? 'total' : 'average';
  const n = String(count);
  const [d, m] = [by.said, column.said];
  return asked(
    low ? 'lowest groups' : 'top groups',
    low
      ? about.say(
          `Bottom ${n} ${d} by ${a} ${m}`,
          `Which ${n} ${d} values have the lowest ${a} ${m}?`,
          `the ${n} ${d} with the lowest ${a} ${m}`,
        )
      : about.say(
          `Top ${n} ${d} by ${a} ${m}`,
          `Which ${n} ${d} values have the highest ${a} ${m}?`,
          `the ${n} ${d} with the highest ${a} ${m}`,
        ),
    { set: found },
  );
};

const topRows: Maker = (about) => {
  const column = about.any('measure');
  const label = about.any('label');
  if (!column || !label) return null;
  const count = about.dice.int(2, 6);
  const low = about.dice.chance(0.35);
  const at = [about.at(label), about.at(column)] as const;
  const pairs = about.table.rows.map((row) => [row[at[0]] ?? null, row[at[1]] as number | null] as const);
  const found = best<Scalar>(pairs, low ? 'asc' : 'desc', count);
  if (!found) return null;
  const n = String(count);
  const [l, m, r] = [label.said, column.said, about.rows];
  return asked(
    low ? 'lowest rows' : 'top rows',
    low
      ? about.say(
          `Which ${n} ${r} have the lowest ${m}?`,
          `${n} ${r} with the smallest ${m}`,
          `bottom ${n} ${r} by ${m}`,
        )
      : about.say(
          `Top ${n} ${r} by ${m}`,
          `Which ${n} ${r} have the highest ${m}?`,
          `the ${l} of the ${n} ${r} with the largest ${m}`,
        ),
    { set: found },
  );
};

const bestRow: Maker = (about) => {
  const column = about.any('measure');
  const label = about.any('label');
  if (!column || !label) return null;
  const low = about.dice.chance(0.4);
  const at = [about.at(label), about.at(column)] as const;
  const pairs = about.table.rows.map((row) => [row[at[0]] ?? null, row[at[1]] as number | null] as const);
  const [found] = best<Scalar>(pairs, low ? 'asc' : 'desc', 1) ?? [];
  if (found === undefined) return null;
  const most = low ? about.say('lowest', 'smallest') : about.say('highest', 'largest');
  const [l, m, r] = [label.said, column.said, about.table.theme.row];
  return asked(
    'superlative row',
    about.say(
      `Which ${r} has the ${most} ${m}?`,
      `What is the ${l} of the ${r} with the ${most} ${m}?`,
      `${l} with the ${most} ${m}`,
      `Which ${l} has the ${most} ${m}?`,
    ),
    { one: found },
  );
};

const bestGroup: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || !column) return null;
  const counts = about.dice.chance(0.4);
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const low = about.dice.chance(0.4);
  const [found] =
    best<Scalar>(
      about.groups(by).map(([key, rows]) => [key, counts ? rows.length : work(aggregate, about.numbers(column, rows))]),
      low ? 'asc' : 'desc',
      1,
    ) ?? [];
  if (found === undefined) return null;
  const [d, m, r] = [by.said, column.said, about.rows];
  const a = aggregate === 'sum' ? 'total' : 'average';
  const most = low ? about.say('lowest', 'smallest') : about.say('highest', 'largest');
  if (counts)
    return asked(
      'group with most rows',
      low
        ? about.say(`Which ${d} has the fewest ${r}?`, `What is the least common ${d}?`)
        : about.say(
            `Which ${d} has the most ${r}?`,
            `What is the most common ${d}?`,
            `Which ${d} has the highest number of ${r}?`,
          ),
      { one: found },
    );
  return asked(
    'superlative group',
    about.say(
      `Which ${d} has the ${most} ${a} ${m}?`,
      `${d} with the ${most} ${a} ${m}`,
      `What ${d} had the ${most} ${a} ${m}?`,
    ),
    { one: found },
  );
};

const share: Maker = (about) => {
  const by = about.any('category');
  if (!by) return null;
  const part = about.part(by);
  const all = about.table.rows.length;
  const percent = (100 * about.where(part.fits).length) / all;
  return asked(
    'share of rows',
    about.say(
      `What percentage of ${about.rows} are ${part.short}?`.replace(' are for ', ' are '),
      `What share of ${about.rows} is ${part.short}?`.replace(' is for ', ' is '),
      `percentage of ${about.rows} ${part.words}`,
    ),
    { one: percent, also: [percent / 100] },
  );
};

const shareOfTotal: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || column?.quantity?.adds !== true) return null;
  const value = about.value(by);
  const total = work('sum', about.numbers(column)) ?? 0;
  const own = work('sum', about.numbers(column, about.where(about.is(by, value))));
  if (total === 0 || own === null) return null;
  return asked(
    'percent of total',
    about.say(
      `What percentage of total ${column.said} comes from ${value}?`,
      `What share of the total ${column.said} is from ${value}?`,
      `${value} as a percentage of total ${column.said}`,
    ),
    { one: (100 * own) / total, also: [own / total] },
  );
};

const sharesBy: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || column?.quantity?.adds !== true) return null;
  const groups = about.groups(by);
  // Rows without a group have a share as well; whether it is shown is left open.
  if (about.cells(by).length < about.table.rows.length) return null;
  const total = work('sum', about.numbers(column)) ?? 0;
  if (total === 0 || groups.some(([, rows]) => about.numbers(column, rows).length === 0)) return null;
  return asked(
    'shares by group',
    about.say(
      `share of total ${column.said} by ${by.said}`,
      `What percentage of total ${column.said} does each ${by.said} have?`,
      `percentage of ${column.said} by ${by.said}`,
    ),
    { rows: groups.map(([key, rows]) => [key, (100 * (work('sum', about.numbers(column, rows)) ?? 0)) / total]) },
  );
};

const difference: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || !column) return null;
  const [one, other] = about.dice.some(about.values(by), 2);
  if (one === undefined || other === undefined) return null;
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const of = (value: string): number | null => work(aggregate, about.numbers(column, about.where(about.is(by, value))));
  const [left, right] = [of(one), of(other)];
  if (left === null || right === null) return null;
  const said = `${aggregate === 'sum' ? 'total' : 'average'} ${column.said}`;
  return asked(
    'difference',
    about.say(
      `What is the difference in ${said} between ${one} and ${other}?`,
      `How much higher is the ${said} of ${one} than ${other}?`,
      `difference between ${one} and ${other} in ${said}`,
    ),
    { one: left - right, also: [right - left] },
  );
};

const trend: Maker = (about) => {
  const column = about.any('measure');
  const time = about.any('date', 'year');
  if (!column || !time) return null;
  const aggregate = about.aggregate(column);
  const said = about.said(aggregate, column);
  const monthly = time.kind === 'date' && about.dice.chance(0.4);
  const at = about.at(time);
  const groups = new Map<Scalar, Cells[]>();
  for (const row of about.table.rows) {
    if ((row[at] ?? null) === null) continue;
    const key = monthly ? String(row[at]).slice(0, 7) : about.year(row, time);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const grain = monthly ? 'month' : 'year';
  return asked(
    `trend by ${grain}`,
    about.say(`${said} by ${grain}`, `What was the ${said} per ${grain}?`, `Show the ${said} for each ${grain}`),
    { rows: [...groups].map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))]) },
  );
};

const growth: Maker = (about) => {
  const column = about.any('measure');
  const time = about.any('date', 'year');
  if (!column || !time) return null;
  const [one, other] = about.dice.some(about.years(time), 2).sort((left, right) => left - right);
  if (one === undefined || other === undefined) return null;
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const of = (year: number): number | null =>
    work(
      aggregate,
      about.numbers(
        column,
        about.where((row) => about.year(row, time) === year),
      ),
    );
  const [before, after] = [of(one), of(other)];
  if (before === null || after === null || before === 0) return null;
  const said = `${aggregate === 'sum' ? 'total' : 'average'} ${column.said}`;
  const percent = (100 * (after - before)) / before;
  const [a, b] = [String(one), String(other)];
  if (about.dice.chance(0.5))
    return asked(
      'growth in percent',
      about.say(
        `By what percentage did the ${said} change from ${a} to ${b}?`,
        `What is the percentage change in ${said} between ${a} and ${b}?`,
        `percent growth of ${said} from ${a} to ${b}`,
      ),
      { one: percent },
    );
  return asked(
    'change',
    about.say(
      `How much did the ${said} change from ${a} to ${b}?`,
      `What was the change in ${said} between ${a} and ${b}?`,
      `By how much did ${said} grow from ${a} to ${b}?`,
    ),
    { one: after - before, also: [percent] },
  );
};

const having: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || !column) return null;
  const groups = about.groups(by);
  const [d, r] = [by.said, about.rows];
  if (about.dice.chance(0.5)) {
    const sizes = groups.map(([, rows]) => rows.length).sort((left, right) => left - right);
    const bound = sizes[Math.floor(sizes.length / 2) - 1];
    if (bound === undefined || sizes.at(-1) === bound) return null;
    return asked(
      'groups with many rows',
      about.say(
        `Which ${d} values have more than ${String(bound)} ${r}?`,
        `${d} with more than ${String(bound)} ${r}`,
        `List each ${d} that has more than ${String(bound)} ${r}`,
      ),
      { set: groups.filter(([, rows]) => rows.length > bound).map(([key]) => key) },
    );
  }
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const worked = groups.flatMap(([key, rows]) => {
    const value = work(aggregate, about.numbers(column, rows));
    return value === null ? [] : [[key, value] as const];
  });
  const sorted = worked.map(([, value]) => value).sort((left, right) => left - right);
  const bound = rounded(sorted[Math.floor(sorted.length / 2)] ?? 0);
  const found = worked.filter(([, value]) => value > bound).map(([key]) => key);
  if (found.length === 0 || worked.some(([, value]) => Math.abs(value - bound) < 1e-9)) return null;
  const a = aggregate === 'sum' ? 'a total' : 'an average';
  return asked(
    'groups with a high number',
    about.say(
      `Which ${d} values have ${a} ${column.said} above ${String(bound)}?`,
      `${d} with ${a} ${column.said} over ${String(bound)}`,
      `Which ${d} has ${a} ${column.said} of more than ${String(bound)}?`,
    ),
    { set: found },
  );
};

const rank: Maker = (about) => {
  const by = about.any('category');
  const column = about.any('measure');
  if (!by || !column) return null;
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const worked = about.groups(by).flatMap(([key, rows]) => {
    const value = work(aggregate, about.numbers(column, rows));
    return value === null ? [] : [[key, value] as const];
  });
  if (worked.length < 2) return null;
  const [key, own] = about.dice.pick(worked);
  const ahead = (better: (value: number) => boolean): number => 1 + worked.filter(([, value]) => better(value)).length;
  const said = `${aggregate === 'sum' ? 'total' : 'average'} ${column.said}`;
  return asked(
    'rank',
    about.say(
      `How does ${String(key)} rank by ${said}?`,
      `What rank is ${String(key)} by ${said}?`,
      `Where does ${String(key)} rank in ${said}?`,
    ),
    {
      one: ahead((value) => value > own + 1e-9),
      // Of what is better when it is low, the lowest is first.
      ...(/cost|price|rate|downtime|delay|time|error|energy|fee/.test(column.said) && {
        also: [ahead((value) => value < own - 1e-9)],
      }),
    },
  );
};

export const GROUPED: readonly Maker[] = [
  byGroup,
  byGroup,
  countBy,
  byGroupInTime,
  byTwo,
  topGroups,
  topRows,
  bestRow,
  bestGroup,
  bestGroup,
  share,
  shareOfTotal,
  sharesBy,
  difference,
  trend,
  growth,
  having,
  rank,
];
