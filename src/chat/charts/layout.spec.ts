import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../../test/support/layout.js';
import { sampleTable } from '../../../test/support/sector-scores.js';
import { pictureOf, sweep } from '../../../test/support/sweep.js';
import { Talk } from '../../../test/support/talk.js';

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
