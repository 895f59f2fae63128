import { type Cells, type Maker, work } from '../asking.js';

const change = (before: number, after: number): number => (100 * (after - before)) / Math.abs(before);

/** "What is the total X for A?", "and for B?", "what is the difference between them?", "and as a percentage?" */
const sides: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const [one, other] = about.dice.some(about.values(by), 2);
  if (one === undefined || other === undefined) return null;
  const aggregate = about.aggregate(column, ['sum', 'avg']);
  const of = (value: string): number | null => work(aggregate, about.numbers(column, about.where(about.is(by, value))));
  const [left, right] = [of(one), of(other)];
  if (left === null || right === null || left === 0 || right === 0) return null;
  const said = `${aggregate === 'sum' ? 'total' : 'average'} ${column.said}`;
  return {
    kind: 'talk: the other, the difference',
    turns: [
      { question: `What is the ${said} for ${one}?`, expected: { one: left } },
      { question: about.say(`And for ${other}?`, `What about ${other}?`, `and ${other}?`), expected: { one: right } },
      {
        question: about.say(
          'What is the difference between them?',
          'What is the difference?',
          'How big is the difference between the two?',
        ),
        expected: { one: right - left, also: [left - right] },
      },
      {
        question: about.say('And as a percentage?', 'And in percent?', 'as a percentage?'),
        expected: { one: change(left, right), also: [change(right, left), -change(left, right), -change(right, left)] },
      },
    ],
  };
};

const regrouped: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const aggregate = about.aggregate(column);
  return {
    kind: 'talk: by group',
    turns: [
      {
        question: `What is the ${about.said(aggregate, column)}?`,
        expected: { one: work(aggregate, about.numbers(column)) },
      },
      {
        question: about.say(
          `And by ${by.said}?`,
          `by ${by.said}`,
          `Break it down by ${by.said}`,
          `Show that per ${by.said}`,
        ),
        expected: { rows: about.groups(by).map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))]) },
      },
    ],
  };
};

const corrected: Maker = (about) => {
  const column = about.any('measure');
  const time = about.any('date', 'year');
  if (!column || !time) return null;
  const [one, other] = about.dice.some(about.years(time), 2);
  if (one === undefined || other === undefined) return null;
  const aggregate = about.aggregate(column);
  const of = (year: number): number | null =>
    work(
      aggregate,
      about.numbers(
        column,
        about.where((row) => about.year(row, time) === year),
      ),
    );
  const [left, right] = [of(one), of(other)];
  if (left === null || right === null) return null;
  const y = String(other);
  return {
    kind: 'talk: another year',
    turns: [
      { question: `What was the ${about.said(aggregate, column)} in ${String(one)}?`, expected: { one: left } },
      {
        question: about.say(`No, I meant ${y}`, `And in ${y}?`, `What about ${y}?`, `sorry, I meant ${y}`, `no, ${y}`),
        expected: { one: right },
      },
    ],
  };
};

const measured: Maker = (about) => {
  const pair = about.two('measure');
  const by = about.any('category');
  if (!pair || !by) return null;
  const [one, other] = pair;
  const part = about.part(by);
  const of = (column: typeof one): number | null => work('avg', about.numbers(column, about.where(part.fits)));
  if (of(one) === null || of(other) === null) return null;
  return {
    kind: 'talk: another measure',
    turns: [
      { question: `What is the average ${one.said} ${part.short}?`, expected: { one: of(one) } },
      {
        question: about.say(`And the average ${other.said}?`, `What about ${other.said}?`, `and the ${other.said}?`),
        expected: { one: of(other) },
      },
    ],
  };
};

const aggregated: Maker = (about) => {
  const column = about.any('measure');
  const by = about.any('category');
  if (!column || !by) return null;
  const of = (aggregate: 'avg' | 'median' | 'max'): readonly Cells[] =>
    about.groups(by).map(([key, rows]) => [key, work(aggregate, about.numbers(column, rows))]);
  const other = about.dice.pick(['median', 'max'] as const);
  const word = other === 'max' ? 'maximum' : 'median';
  return {
    kind: 'talk: another aggregate',
    turns: [
      { question: `average ${column.said} by ${by.said}`, expected: { rows: of('avg') } },
      {
        question: about.say(`And the ${word}?`, `Now the ${word}`, `what about the ${word}?`),
        expected: { rows: of(other) },
      },
    ],
  };
};

const narrowed: Maker = (about) => {
  const pair = about.two('category');
  if (!pair) return null;
  const [by, other] = pair;
  const value = about.value(other);
  const kept = about.where(about.is(other, value));
  if (kept.length === 0) return null;
  return {
    kind: 'talk: only some',
    turns: [
      {
        question: `How many ${about.rows} are there per ${by.said}?`,
        expected: { rows: about.groups(by).map(([key, rows]) => [key, rows.length]) },
      },
      {
        question: about.say(
          `Only for ${value}`,
          `And for ${value}?`,
          `just ${value}`,
          `Only where ${other.said} is ${value}`,
        ),
        expected: { rows: about.groups(by, kept).map(([key, rows]) => [key, rows.length]) },
      },
    ],
  };
};

export const TALKS: readonly Maker[] = [sides, regrouped, corrected, measured, aggregated, narrowed];
