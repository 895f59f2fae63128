import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../../test/support/layout.js';
import { sampleTable } from '../../../test/support/sector-scores.js';
import { pictureOf, sweep } from '../../../test/support/sweep.js';
import { Talk } from '../../../test/support/talk.js';
import { aTable, type Table } from '../../../test/support/turn.js';
import { pictureSize, renderSvg } from './render.js';

describe('every picture of the sweep can be read, and Vega has nothing to say of it:', () => {
  it.each(sweep().map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const picture = await pictureOf(each);
    if (picture !== null) expect(await faultsOf(picture.spec)).toEqual([]);
  });
});

const sample = sampleTable();

it.each([
  ['Show me education sector health in 2024', 'Compare it with healthcare', 'Which region is the lowest?'],
  ['Show education as a trend since 2015', 'and healthcare?', 'as an area chart'],
  ['Average score by sector and region in 2024', 'as a heatmap'],
  ['Average score by region in 2024 as a pie chart', 'Average score by year and region as a line chart'],
  ['Distribution of education scores in 2024', 'education scores of all countries in 2022'],
])('pictures of a conversation can be read in both themes and other sizes: %s', async (...questions) => {
  const talk = new Talk(sample);
  for (const question of questions) {
    const { visualization } = await talk.ask(question);
    if (visualization === null) throw new Error(`nothing was drawn for ${question}`);
    for (const options of [{}, { theme: 'dark' }, { width: 900 }, { width: 640, height: 700 }] as const)
      expect([question, options, await faultsOf(visualization.spec, options)]).toEqual([question, options, []]);
  }
});

/** The three best of each of seven regions, no country in two of them; and a single number. */
const best = aTable(
  {
    region: { type: 'text', role: 'dimension' },
    country: { type: 'text', role: 'dimension' },
    score: { type: 'number', role: 'measure', unit: 'points', decimals: 1 },
  },
  [...Array(21).keys()].map((at) => [
    `Region ${Math.floor(at / 3)} and the Pacific`,
    `Country ${at}${at % 3 === 1 ? ' and the Grenadines' : ''}`,
    90.3 - at,
  ]),
);
const one = aTable({ year: { type: 'integer', role: 'temporal' }, rate: { type: 'number', role: 'measure' } }, [
  [2024, 0.381688090689],
]);

async function drawnFor(table: Table, question: string): Promise<Readonly<Record<string, unknown>>> {
  const { visualization } = await new Talk(table).ask(question);
  if (visualization === null) throw new Error(`nothing was drawn for ${question}`);
  return visualization.spec;
}

it.each(['Average score by region and country', 'Average score by region and country as a bar chart'])(
  'names that each belong to one group are bars of their own, in the colour of the group: %s',
  async (question) => {
    const spec = await drawnFor(best, question);
    const { y, color, xOffset, yOffset } = spec['encoding'] as Record<string, Readonly<Record<string, unknown>>>;
    expect([color?.['field'], xOffset, yOffset]).toEqual(['region', undefined, undefined]);
    expect(JSON.stringify(y)).toContain('Country 1 and the Grenadines');
    for (const options of [{}, { theme: 'dark' }, { width: 900 }] as const)
      expect([options, await faultsOf(spec, options)]).toEqual([options, []]);
    const { width, height } = pictureSize(await renderSvg(spec));
    expect([width < 1000, height < 700]).toEqual([true, true]);
  },
);

it.each(['rate by year as a line chart', 'rate by year as an area chart', 'rate by year as a scatter plot'])(
  'a single value can be read: %s',
  async (question) => {
    const spec = await drawnFor(one, question);
    for (const options of [{}, { width: 400, height: 200 }] as const)
      expect([options, await faultsOf(spec, options)]).toEqual([options, []]);
    expect(await renderSvg(spec)).not.toContain('>0.381688090689<');
  },
);

it('a small picture has its whole title, in lines that fit', async () => {
  const question = 'Show the average score for education and healthcare by region in 2023 and 2024 as a bar chart';
  for (const asked of [
    question,
    'Show me education sector health in 2024',
    'Show education as an area chart since 2015',
  ]) {
    const spec = await drawnFor(sample, asked);
    const faults = await faultsOf(spec, { width: 400, height: 200 });
    const { text } = spec['title'] as { readonly text: string | readonly string[] };
    const title = [text].flat().join(' ');
    expect([asked, faults.filter((fault) => title.split(' ').every((word) => fault.includes(word)))]).toEqual([
      asked,
      [],
    ]);
  }
});

it('the last bin of a histogram does not reach beyond the highest number', async () => {
  const marks = aTable({ mark: { type: 'integer', role: 'measure', unit: 'points' } }, [
    ...[...Array(60).keys()].map((at) => [at + 41]),
    [100],
  ]);
  const talk = new Talk(marks);
  const { visualization, text } = await talk.ask('Show a histogram of mark with bins of 10');
  if (visualization === null) throw new Error('a histogram is drawn');
  expect(JSON.stringify([visualization.spec, text])).not.toContain('110');
  expect(text).toContain('- 100: **2**');
  expect(await faultsOf(visualization.spec)).toEqual([]);
});

it('an area chart since a year runs over the years', async () => {
  const spec = await drawnFor(sample, 'Show education as an area chart since 2015');
  const { x } = spec['encoding'] as Record<string, Readonly<Record<string, unknown>>>;
  expect([(spec['mark'] as { readonly type: string }).type, x?.['field'], x?.['type']]).toEqual([
    'area',
    'year',
    'quantitative',
  ]);
});

describe('the check itself', () => {
  const bars = (labels: object): Readonly<Record<string, unknown>> => ({
    data: { values: [...Array(30).keys()].map((index) => ({ name: `A rather long name ${index}`, value: index })) },
    width: 200,
    mark: 'bar',
    encoding: {
      x: { field: 'name', type: 'nominal', axis: labels },
      y: { field: 'value', type: 'quantitative' },
    },
  });

  it('finds labels that overlap or are cut off', async () => {
    expect((await faultsOf(bars({ labelAngle: 0, labelOverlap: false }))).join()).toContain('overlap');
    expect((await faultsOf(bars({ labelAngle: -90, labelLimit: 30 }))).join()).toContain('cut off');
  });

  it('finds what is outside the picture', async () => {
    const spec = { ...bars({}), autosize: 'none', height: 60 };
    expect((await faultsOf(spec)).join()).toContain('outside the picture');
  });

  it('hears what Vega-Lite complains about', async () => {
    const spec = bars({});
    const encoding = { ...(spec['encoding'] as object), shape: { field: 'name', type: 'quantitative' } };
    expect(await faultsOf({ ...spec, encoding })).not.toEqual([]);
  });
});
