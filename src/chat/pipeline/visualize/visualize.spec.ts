import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../../../test/support/layout.js';
import { aTable, aTurn, portOf, type Table } from '../../../../test/support/turn.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { analyze } from '../analyze/analyze.js';
import { retrieve } from '../retrieve/retrieve.js';
import type { Mark, Understanding, Visualization } from '../turn.js';
import { withoutDrawn, wrapped } from './title.js';
import { visualize } from './visualize.js';

const column = (name: string): Expression => ({ column: name });
const average: Expression = { aggregate: 'avg', of: column('score') };
const count: Expression = { aggregate: 'count', of: null };
type Query = Omit<AnalyticalQuery, 'datasetId'>;

const shop = aTable(
  {
    team: { type: 'text', role: 'dimension' },
    town: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    day: { type: 'date', role: 'temporal' },
    score: { type: 'number', role: 'measure', unit: 'points' },
    "odd.[name]'s": { type: 'number', role: 'measure' },
  },
  [
    ['Red', 'Ulm', 2020, '2020-01-31', 10.5, 1],
    ['Blue', 'Ulm', 2020, '2020-02-29', 20.5, 2],
    ['Green', 'Bonn', 2020, '2020-03-31', 15.5, 3],
    ['Red', 'Bonn', 2021, '2021-01-31', 14.5, 4],
    ['Blue', 'Bonn', 2021, '2021-02-28', 18.5, 5],
    ['Green', 'Ulm', 2021, '2021-03-31', 12.5, 6],
  ],
);
const grouped = (value: Expression, ...by: Expression[]): Query => ({
  select: [...by.map((each) => ({ value: each })), { value }],
  groupBy: by,
});

interface Channel {
  readonly field?: string;
  readonly type?: string;
  readonly sort?: unknown;
}
interface Spec {
  readonly mark: { readonly type: string };
  readonly encoding: Readonly<Record<'x' | 'y' | 'color' | 'theta' | 'xOffset' | 'yOffset', Channel | undefined>>;
  readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] };
  readonly title: { readonly text: string };
  readonly layer?: readonly unknown[];
}

async function drawn(
  query: Query,
  understanding: Partial<Understanding> = {},
  table: Table = shop,
): Promise<Visualization | null> {
  const turn = visualize(analyze(await retrieve(aTurn(table, query, understanding), portOf(table))));
  if (turn.visualization !== null) expect(await faultsOf(turn.visualization.spec)).toEqual([]);
  return turn.visualization;
}
async function specOf(query: Query, understanding: Partial<Understanding> = {}, table: Table = shop): Promise<Spec> {
  const visualization = await drawn(query, understanding, table);
  if (visualization === null) throw new Error('nothing was drawn');
  const spec = visualization.spec as unknown as Spec;
  return { ...spec, ...(spec.layer?.[0] as Partial<Spec> | undefined) };
}
const asked = (mark: Mark): Partial<Understanding> => ({ chart: { mark } });

describe('what is drawn', () => {
  it('carries exactly the rows of the result, under their names', async () => {
    const { data } = await specOf(grouped(average, column('team')));
    expect(data.values).toEqual([
      { team: 'Blue', average_score: 19.5 },
      { team: 'Green', average_score: 14 },
      { team: 'Red', average_score: 12.5 },
    ]);
  });

  it('uses plain fields only: everything is worked out before', async () => {
    const text = JSON.stringify(await specOf(grouped(average, column('year'), column('team'))));
    expect(text).not.toMatch(/"(?:transform|aggregate|bin|timeUnit|url)"/);
  });

  it('reads names that Vega-Lite would take for paths', async () => {
    const name = "odd.[name]'s";
    const { encoding, data } = await specOf({
      select: [{ value: column('team') }, { value: column(name) }],
      where: { compare: '=', left: column('year'), right: { literal: 2020 } },
    });
    expect(data.values[0]).toHaveProperty([name], 3);
    expect(encoding.y?.field).toBe("odd\\.\\[name\\]\\'s");
  });

  it.each<[string, Partial<Understanding>]>([
    ['small talk', { query: null, intent: { kind: 'small_talk', confidence: 1 } }],
    ['refusals', { refusal: { code: 'unclear', reason: 'Unclear.', suggestions: [] } }],
  ])('is nothing for %s', async (_, understanding) => {
    expect(await drawn(grouped(average, column('team')), understanding)).toBeNull();
  });

  it('is nothing for no rows, and for a single name', async () => {
    const nowhere = { compare: '=' as const, left: column('town'), right: { literal: 'Rome' } };
    expect(await drawn({ ...grouped(average, column('team')), where: nowhere })).toBeNull();
    expect(await drawn({ select: [{ value: column('team') }], limit: 1 })).toBeNull();
  });
});

describe('the mark', () => {
  it.each<[string, Query, Partial<Understanding>, string]>([
    ['bars for categories', grouped(average, column('team')), {}, 'bar'],
    ['a line over time', grouped(average, column('year')), {}, 'line'],
    [
      'points for two measures',
      { select: [{ value: column('score') }, { value: column("odd.[name]'s") }] },
      { intent: { kind: 'correlation', confidence: 1 } },
      'point',
    ],
    ['a pie for few shares', grouped(count, column('team')), { intent: { kind: 'share', confidence: 1 } }, 'arc'],
    ['what the question asked for', grouped(average, column('year')), asked('bar'), 'bar'],
    ['a pie when asked for', grouped(average, column('team')), asked('arc'), 'arc'],
    ['an area when asked for', grouped(average, column('year')), asked('area'), 'area'],
    [
      'boxes of plain rows',
      { select: [{ value: column('team') }, { value: column('score') }] },
      asked('boxplot'),
      'boxplot',
    ],
    ['tints for two groups when asked for', grouped(average, column('team'), column('year')), asked('rect'), 'rect'],
  ])('is %s', async (_, query, understanding, mark) => {
    expect((await specOf(query, understanding)).mark.type).toBe(mark);
  });

  it('is not a pie when a part is negative', async () => {
    const table = aTable({ team: { type: 'text', role: 'dimension' }, score: { type: 'number', role: 'measure' } }, [
      ['A', -1],
      ['B', 2],
    ]);
    expect(
      (await specOf(grouped({ aggregate: 'sum', of: column('score') }, column('team')), asked('arc'), table)).mark.type,
    ).toBe('bar');
  });
});

describe('the axes', () => {
  it('are the group, the value, and the second group as colour', async () => {
    const { encoding } = await specOf(grouped(average, column('team'), column('town')), asked('bar'));
    expect([encoding.x?.field, encoding.y?.field, encoding.color?.field, encoding.xOffset?.field]).toEqual([
      'team',
      'average_score',
      'town',
      'town',
    ]);
  });

  it('have time along x whichever group came first', async () => {
    const { encoding } = await specOf(grouped(average, column('team'), column('year')));
    expect([encoding.x?.field, encoding.color?.field]).toEqual(['year', 'team']);
  });

  it('are those that the question fixed', async () => {
    const { encoding } = await specOf(grouped(average, column('team'), column('town')), {
      chart: { mark: 'bar', x: 'town', color: 'team' },
    });
    expect([encoding.x?.field, encoding.color?.field]).toEqual(['town', 'team']);
  });

  it('lie on their side for long names', async () => {
    const table = aTable({ team: { type: 'text', role: 'dimension' }, score: { type: 'number', role: 'measure' } }, [
      ['The team with the long name', 1],
      ['Another long name of a team', 2],
    ]);
    const { encoding } = await specOf(grouped({ aggregate: 'sum', of: column('score') }, column('team')), {}, table);
    expect([encoding.y?.field, encoding.x?.type]).toEqual(['team', 'quantitative']);
  });

  it('say their units', async () => {
    expect(JSON.stringify(await specOf(grouped(average, column('team'))))).toContain(
      '"title":"Average score (points)"',
    );
  });

  it('of a pie are angle and colour', async () => {
    const { encoding } = await specOf(grouped(count, column('team')), asked('arc'));
    expect([encoding.theta?.field, encoding.color?.field, encoding.x]).toEqual(['number_of_rows', 'team', undefined]);
  });

  it('of a scatter plot with a group are two numbers and a colour', async () => {
    const query: Query = {
      select: [{ value: column('team') }, { value: average }, { value: count }],
      groupBy: [column('team')],
    };
    const { encoding } = await specOf(query, asked('point'));
    expect([encoding.x?.field, encoding.y?.field, encoding.color?.field]).toEqual([
      'average_score',
      'number_of_rows',
      'team',
    ]);
  });
});

describe('the order', () => {
  const names = ({ data }: Spec): unknown[] => data.values.map(({ team }) => team);

  it('is the query’s own where it has one', async () => {
    const spec = await specOf({ ...grouped(average, column('team')), orderBy: [{ by: average, direction: 'asc' }] });
    expect([names(spec), spec.encoding.x?.sort]).toEqual([['Red', 'Green', 'Blue'], null]);
  });

  it('is the largest first where nobody asked for another', async () => {
    expect(names(await specOf(grouped(average, column('team'))))).toEqual(['Blue', 'Green', 'Red']);
  });

  it('runs along time in bars and lines', async () => {
    const query: Query = {
      ...grouped(average, { column: 'day', grain: 'month' }),
      orderBy: [{ by: average, direction: 'desc' }],
    };
    const months = (await specOf(query)).data.values.map((row) => String(row['day']));
    expect(months).toEqual(months.toSorted((a, b) => a.localeCompare(b)));
  });

  it('shows months of bars as words, though they are kept as dates', async () => {
    const { data, encoding } = await specOf(grouped(average, { column: 'day', grain: 'month' }), asked('bar'));
    expect(data.values[0]).toHaveProperty('day', '2020-01');
    expect(JSON.stringify(encoding)).not.toContain('"temporal"');
    expect(JSON.stringify(encoding.x)).toContain('January 2020');
  });

  it('keeps weekdays as the week has them', async () => {
    const table = aTable({ weekday: { type: 'text', role: 'dimension' }, score: { type: 'number', role: 'measure' } }, [
      ['Wed', 9],
      ['Mon', 1],
      ['Sun', 5],
    ]);
    const weekday: Expression = { column: 'weekday', grain: 'weekday' };
    const { data } = await specOf(grouped({ aggregate: 'sum', of: column('score') }, weekday), {}, table);
    expect(data.values.map((row) => row['weekday'])).toEqual(['Mon', 'Wed', 'Sun']);
  });
});

describe('many bars', () => {
  const many = aTable(
    { team: { type: 'text', role: 'dimension' }, score: { type: 'number', role: 'measure' } },
    [...Array(40).keys()].map((index) => [`T${index}`, index]),
  );
  const query = grouped({ aggregate: 'sum', of: column('score') }, column('team'));

  it('are cut to the first where the rest does not add up, and the title says so', async () => {
    const spec = await specOf(grouped(average, column('team')), {}, many);
    expect([spec.data.values.length, spec.title.text]).toEqual([25, 'Average score by team, top 25 of 40']);
  });

  it('are cut to the first and the sum of the others, and the title says so', async () => {
    const spec = await specOf(query, {}, many);
    const { values } = spec.data;
    expect([values.length, values[25], spec.title.text]).toEqual([
      26,
      { team: 'Other (15)', total_score: 105 },
      'Total score by team, top 25 of 40 and the others together',
    ]);
  });

  it('are all drawn when a picture of them was asked for', async () => {
    expect((await specOf(query, asked('bar'), many)).data.values.length).toBe(40);
  });
});

describe('one number', () => {
  it('is drawn among its parts, with a line where it lies', async () => {
    const visualization = await drawn(
      { select: [{ value: average }], where: { compare: '>', left: column('score'), right: { literal: 11 } } },
      { expects: 'value' },
    );
    expect(visualization?.title).toBe('Average score by team, score > 11');
    expect(visualization?.spec).toHaveProperty('layer.length', 3);
    expect(JSON.stringify(visualization?.spec)).toContain('All: 16.3');
  });

  it('that names a winner is drawn among those it was chosen from', async () => {
    const query: Query = {
      ...grouped(average, column('team')),
      orderBy: [{ by: average, direction: 'desc' }],
      limit: 1,
    };
    expect((await specOf(query, { expects: 'value' })).data.values.length).toBe(3);
  });
});

it('says in words what the picture shows', async () => {
  const visualization = await drawn({
    ...grouped(average, column('team')),
    where: { compare: '=', left: column('year'), right: { literal: 2020 } },
  });
  expect(visualization?.title).toBe('Average score by team, 2020');
  expect(visualization?.altText).toBe(
    'Bar chart: Average score by team, 2020 (3 values). Blue is highest with 20.5 points and Red lowest with 10.5 points, a gap of 10.0 points.',
  );
  expect(visualization?.spec).toHaveProperty('description', visualization?.altText);
});

it('draws several numbers of the same kind as series', async () => {
  const highest: Expression = { aggregate: 'max', of: column('score') };
  const lowest: Expression = { aggregate: 'min', of: column('score') };
  const { data, encoding } = await specOf({
    select: [{ value: column('team') }, { value: lowest }, { value: highest }],
    groupBy: [column('team')],
  });
  expect(data.values.length).toBe(6);
  expect([encoding.color?.field, encoding.y?.field]).toEqual(['Measure', 'Value']);
});

it('breaks long titles at words', () => {
  expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  expect(wrapped('short', 9)).toBe('short');
});

it('gives what follows from a question the colours that it had', async () => {
  const past = await drawn(grouped(average, column('year'), column('team')));
  const query: Query = {
    ...grouped(average, column('year'), column('team')),
    where: { in: ['Red', 'Green'], left: column('team') },
  };
  const turn = await retrieve(aTurn(shop, query), portOf(shop));
  const before = { messageId: 'm', question: 'q', understanding: null, result: null, answer: null };
  const spec = visualize(analyze({ ...turn, history: [{ ...before, colors: past?.colors }] })).visualization?.spec;
  const colorsIn = (drawnSpec: unknown): Record<string, string> => {
    const { domain, range } = (drawnSpec as { encoding: { color: { scale: { domain: string[]; range: string[] } } } })
      .encoding.color.scale;
    return Object.fromEntries(domain.map((value, index) => [value, range[index] ?? '']));
  };
  const [first, then] = [colorsIn(past?.spec), colorsIn(spec)];
  expect(Object.keys(then).toSorted((a, b) => a.localeCompare(b))).toEqual(['Green', 'Red']);
  expect(then).toEqual({ Red: first['Red'], Green: first['Green'] });
});

it('breaks a line where years are missing', async () => {
  const years = [2015, 2016, 2017, 2020, 2021];
  const table = aTable(
    { year: { type: 'integer', role: 'temporal' }, score: { type: 'number', role: 'measure' } },
    years.map((year, index) => [year, index]),
  );
  const spec = await specOf(grouped(average, column('year')), {}, table);
  expect(spec.encoding.y).toHaveProperty('impute', { value: null, keyvals: [2018, 2019] });
  expect(spec.data.values).toHaveLength(5);
});

it('writes at the ends of a single line what it begins and ends with', async () => {
  const table = aTable(
    { year: { type: 'integer', role: 'temporal' }, score: { type: 'number', role: 'measure' } },
    [2019, 2020, 2021].map((year, index) => [year, 1.5 + index]),
  );
  const { layer } = await specOf(grouped(average, column('year')), {}, table);
  expect(JSON.stringify(layer?.slice(1))).toMatch(/"text":\{"value":"1\.5"\}.*"text":\{"value":"3\.5"\}/);
});

it('lets the winner stand out from those it was chosen from', async () => {
  const query: Query = {
    ...grouped(average, column('team')),
    orderBy: [{ by: average, direction: 'desc' }],
    limit: 1,
  };
  const { encoding } = await specOf(query, { expects: 'value' });
  expect(encoding.color).toHaveProperty('condition.test', 'datum["team"] === "Blue"');
});

it('writes values, not shares of their sum, beside the parts of a pie of averages', async () => {
  const legend = JSON.stringify((await specOf(grouped(average, column('team')), asked('arc'))).encoding.color);
  expect(legend).toContain('Blue · 19.5 points');
  expect(legend).not.toContain('%');
});

it('a scatter plot does not say that its points have the values that are drawn', () => {
  const there = (name: string): Condition => ({ missing: false, left: column(name) });
  const select = [{ value: column('score') }];
  const drawn = withoutDrawn(
    { datasetId: 'd', select, where: { and: [there('score'), there('staff'), there('team')] } },
    ['score', 'staff'],
  );
  expect(drawn).toEqual({ datasetId: 'd', select, where: { and: [there('team')] } });
});
