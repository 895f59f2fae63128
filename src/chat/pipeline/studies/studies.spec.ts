import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf, type Table } from '../../../../test/support/turn.js';
import { Talk } from '../../../../test/support/talk.js';
import type { Scalar } from '../../../common/scalar.js';
import { checkFaithfulness } from '../faithfulness/check.js';
import { evidenceOf } from '../faithfulness/evidence.js';
import { runPipeline, type Piped } from '../run-pipeline.js';

const month = (index: number): string =>
  `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;

/** Sales of two regions over four years: 100 and rising by 2 a month in the North, half of it in the South. */
function sales(change: (revenue: number, index: number, region: string) => number = (revenue) => revenue): Table {
  const rows = [...Array(48).keys()].flatMap((index) =>
    ['North', 'South'].map((region): Scalar[] => {
      const revenue = (100 + 2 * index) * (region === 'North' ? 1 : 0.5);
      return [`${month(index)}-15`, region, change(revenue, index, region)];
    }),
  );
  return aTable(
    {
      day: { type: 'date', role: 'temporal' },
      region: { type: 'text', role: 'dimension' },
      revenue: { type: 'integer', role: 'measure', defaultAggregate: 'sum', unit: 'USD' },
    },
    rows,
    { title: 'Sales' },
  );
}

const MEASURE = { type: 'integer', role: 'measure', defaultAggregate: 'sum' } as const;

async function asked(table: Table, question: string): Promise<Piped> {
  const { understanding: _, ...turn } = aTurn(table, null);
  const piped = await runPipeline({ ...turn, question }, portOf(table));
  expect([question, piped.text, piped.grounded?.unsupported]).toEqual([question, piped.text, []]);
  return piped;
}

describe('a forecast', () => {
  it('of a straight line goes on with it', async () => {
    const { text, answer, understanding, visualization } = await asked(
      sales(),
      'Forecast revenue for the next 3 months',
    );
    expect(understanding.intent.kind).toBe('forecast');
    // 1.5 × (100 + 2 × 48), and 3 more each month.
    expect(answer).toEqual([294, 297, 300].map((value) => expect.closeTo(value, 6)));
    expect(text).toContain('- January 2024: **294 USD**');
    expect(text).toContain('from 48 months (January 2020 to December 2023)');
    expect(visualization?.title).toContain('with forecast to March 2024');
    expect(JSON.stringify(visualization?.spec)).toContain('strokeDash');
  });

  it('up to a year counts the steps from the last one known', async () => {
    const years = aTable(
      { year: { type: 'integer', role: 'temporal' }, score: { type: 'integer', role: 'measure' } },
      [...Array(10).keys()].map((index) => [2010 + index, 50 + index]),
    );
    const { answer, text } = await asked(years, 'What will the score be in 2021?');
    expect(answer).toEqual([60, 61].map((value) => expect.closeTo(value, 6)));
    expect(text).toContain('from 2020 to 2021');
    expect((await asked(years, 'What will the score be in 2015?')).understanding.intent.kind).not.toBe('forecast');
    const far = await asked(years, 'Predict the score for 2040');
    expect(far.understanding.refusal?.code).toBe('not_in_data');
    expect(far.text).toContain('21 years ahead');
  });

  it('of a long series leaves others their turn between working it out and checking it', async () => {
    const days = aTable(
      { day: { type: 'date', role: 'temporal' }, revenue: { ...MEASURE } },
      [...Array(1_200).keys()].map((at) => [
        new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10),
        100 + at + (at % 7),
      ]),
    );
    const { understanding: _, ...turn } = aTurn(days, null);
    const seen: string[] = [];
    const { text } = await runPipeline({ ...turn, question: 'Forecast revenue for the next 300 days' }, portOf(days), {
      onStep: (layer, phase) => {
        seen.push(`${layer} ${phase}`);
        if (layer === 'analysis' && phase === 'completed') setImmediate(() => seen.push('another'));
      },
    });
    expect(text).toMatch(/from 1,200 days \(.+\), fitted to the latest 200 of them\./);
    expect(seen).toContain('another');
  });

  it('is refused of fewer points than six, with what there is', async () => {
    const few = aTable(
      { year: { type: 'integer', role: 'temporal' }, score: { type: 'integer', role: 'measure' } },
      [2020, 2021, 2022, 2023].map((year) => [year, year - 2000]),
    );
    const { text, understanding, answer } = await asked(few, 'Forecast score for the next 2 years');
    expect(understanding.refusal?.code).toBe('too_few');
    expect(answer).toBeNull();
    expect(text).toBe('There are only 4 years of the average score: too few for a forecast, which takes 6.');
  });

  it('of a value alone is of what the conversation measures, or of the main measure, not of its rows', async () => {
    const years = aTable(
      {
        kind: { type: 'text', role: 'dimension' },
        year: { type: 'integer', role: 'temporal' },
        score: { type: 'integer', role: 'measure' },
        cost: { type: 'integer', role: 'measure' },
      },
      ['Tea', 'Coffee'].flatMap((kind) =>
        [...Array(10).keys()].map((index): Scalar[] => [kind, 2010 + index, 50 + index, 200 - index]),
      ),
    );
    const alone = await asked(years, 'forecast tea for the next two years');
    expect(alone.answer).toEqual([60, 61].map((value) => expect.closeTo(value, 6)));
    const talk = new Talk(years);
    await talk.ask('What is the average cost for tea in 2019?');
    const { answer, text } = await talk.ask('forecast coffee for the next two years');
    expect(text).toContain('average cost for Coffee');
    expect(answer).toEqual([190, 189].map((value) => expect.closeTo(value, 6)));
    const counted = await asked(years, 'forecast the number of rows for tea for the next two years');
    expect(counted.text).toContain('number of rows');
  });

  it('is none where the word is that of a column', async () => {
    const table = aTable(
      { city: { type: 'text', role: 'dimension' }, forecast: { type: 'integer', role: 'measure' } },
      [...Array(9).keys()].map((index) => [`City ${index}`, index]),
    );
    expect((await asked(table, 'What is the average forecast?')).understanding.study).toBeUndefined();
  });
});

describe('what is over at the moment of asking', () => {
  /** Ten a day, from the first of 2025 on. */
  const daily = (count: number): Table =>
    aTable(
      { day: { type: 'date', role: 'temporal' }, sold: MEASURE },
      [...Array(count).keys()].map((index): Scalar[] => [
        new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10),
        10 + (index % 5),
      ]),
    );
  const forecast = async (count: number, at: string): Promise<Piped> => {
    const { understanding: _, ...turn } = aTurn(daily(count), null);
    const question = 'Forecast sold for the next 2 months';
    return runPipeline({ ...turn, askedAt: new Date(at), question }, portOf(daily(count)));
  };

  it('is complete though its last day has no rows', async () => {
    const { text } = await forecast(364, '2026-11-27T00:00:00Z');
    expect(text).toContain('from January 2026 to February 2026');
    expect(text).not.toContain('left out');
  });

  it('is left out while it goes on, and where the data stops early; its point is not drawn beside the forecast', async () => {
    for (const [count, at] of [
      [364, '2025-12-31T09:00:00Z'],
      [350, '2026-11-27T00:00:00Z'],
    ] as const) {
      const { text, visualization } = await forecast(count, at);
      expect(text).toContain('from December 2025 to January 2026');
      expect(text).toContain('December 2025 is not complete and was left out');
      const drawn = JSON.stringify(visualization?.spec['data']);
      expect(drawn).not.toContain('2025-12');
      expect(drawn).toContain('2025-11');
    }
  });
});

describe('a month without a year, in a question for reasons', () => {
  const year = aTable(
    { day: { type: 'date', role: 'temporal' }, shop: { type: 'text', role: 'dimension' }, sold: MEASURE },
    [...Array(12).keys()].flatMap((index) =>
      ['A', 'B'].map((shop): Scalar[] => [
        `2025-${String(index + 1).padStart(2, '0')}-28`,
        shop,
        index === 4 ? 60 : 100,
      ]),
    ),
  );

  it('is that month of the only year, or of the latest one', async () => {
    const fell = 'fell by 80 (40.0 %), from 200 in April 2025 to 120 in May 2025';
    expect((await asked(year, 'Why did sold fall in May?')).text).toContain(fell);
    expect((await asked(sales(), 'Why did revenue rise in May?')).understanding.study).toMatchObject({
      after: { name: 'May 2023' },
    });
  });

  it('may not be there, which is said: no answer is empty', async () => {
    const { text } = await asked(year, 'Why did sold fall in 2025?');
    expect(text).toContain('There is no total sold for 2024, so that 2024 and 2025 cannot be compared.');
  });

  it('is the last one of a single year where no time is named', async () => {
    expect((await asked(year, 'Why did sold fall?')).understanding.study).toMatchObject({
      before: { name: 'November 2025' },
      after: { name: 'December 2025' },
    });
  });
});

describe('outliers', () => {
  it('of a series are those far from its trend, however high it has risen', async () => {
    const table = sales((revenue, index) => (index === 10 ? 4 * revenue : revenue + ((index * index) % 7)));
    const { answer, text, understanding } = await asked(table, 'Which months are anomalous?');
    expect(understanding.study).toMatchObject({ kind: 'outliers', of: 'series' });
    expect(answer).toEqual(['November 2020']);
    expect(text).toContain('above the trend');
    expect(text).toContain('Tukey’s fences');
  });

  it('leave out a period that is not over yet, as a forecast does', async () => {
    const days = [...Array(380).keys()].map((index): Scalar[] => [
      new Date(Date.UTC(2023, 0, 1 + index)).toISOString().slice(0, 10),
      10 + (index % 5),
    ]);
    const table = aTable({ day: { type: 'date', role: 'temporal' }, sold: MEASURE }, days);
    const unusual = await asked(table, 'Any anomalies in sold by month?');
    expect(unusual.text).toContain('January 2024 is not complete and was left out');
    expect(unusual.answer).not.toContain('January 2024');
    expect((await asked(table, 'Forecast sold for next month')).text).toContain('expected for January 2024 is');
    expect((await asked(table, 'Any anomalies in sold by day?')).studied).toMatchObject({ n: 380, of: 'series' });
  });

  it('of groups take eight of them', async () => {
    const { text } = await asked(sales(), 'Any unusual values of revenue by region?');
    expect(text).toContain('There are only 2 values of total revenue by region: too few');
  });

  it('of rows are found by quartiles of all rows, and counted', async () => {
    const table = aTable(
      { city: { type: 'text', role: 'dimension' }, rent: { type: 'integer', role: 'measure', unit: 'EUR' } },
      [900, 910, 920, 930, 940, 950, 960, 970, 980, 5000, null].map((rent, index) => [`City ${index}`, rent]),
    );
    const { text, answer, evidence, visualization } = await asked(table, 'Are there any outliers in rent?');
    // Quartiles 922.5 and 967.5 (type 7): fences 855 and 1,035.
    expect(answer).toEqual([5000]);
    expect(text).toContain('1 of the 10 values of rent is unusual: City 9 (5,000 EUR)');
    expect(text).toContain('below 855 EUR or above 1,035 EUR');
    expect(text).toContain('1 row of 11 has no rent');
    expect(evidence.context.map(({ purpose }) => purpose)).toEqual(['spread']);
    expect(visualization?.altText).toContain('Box plot');
    expect((await asked(table, 'Find outliers in rent using MAD')).text).toContain('3.5 modified z-scores');
  });

  it('are not told of seven values, and said to be none where there are none', async () => {
    const of = (count: number): Table =>
      aTable(
        { city: { type: 'text', role: 'dimension' }, rent: { type: 'integer', role: 'measure' } },
        [...Array(count).keys()].map((index) => [`City ${index}`, 10 + index]),
      );
    expect((await asked(of(7), 'Any outliers in rent?')).text).toContain('only 7 values of rent: too few');
    const none = await asked(of(20), 'Any outliers in rent?');
    expect(none.text).toContain('None of the 20 values of rent is unusual');
    expect(none.understanding.refusal).toBeNull();
  });
});

describe('reasons of a change', () => {
  it('of a sum are the parts that add up to it', async () => {
    const table = sales((revenue, index, region) => (index >= 36 && region === 'North' ? revenue - 50 : revenue));
    const { text, answer, findings, visualization } = await asked(table, 'Why did revenue fall in 2023?');
    // 2022: 36 × 1.5 × … = Σ 1.5 (100 + 2i), i = 24…35; 2023 likewise, less 12 × 50.
    const total = (from: number): number =>
      [...Array(12).keys()].reduce((sum, index) => sum + 1.5 * (100 + 2 * (from + index)), 0);
    expect(answer).toBeCloseTo(total(36) - 600 - total(24), 6);
    const parts = findings.find(({ kind }) => kind === 'reason')?.values ?? {};
    expect(parts['North']).toBeCloseTo(-600 + 24 * 12, 6);
    expect(text).toContain('fell by');
    expect(text).toContain('North −312 USD');
    expect(text).toContain('against it went South +144 USD');
    expect(visualization?.title).toBe('Change in total revenue by region, 2022 to 2023');
  });

  it('says so when it is not what happened', async () => {
    expect((await asked(sales(), 'Why did revenue fall in 2023?')).text).toContain('did not fall: it rose');
  });

  it('of an average are told apart by mix and by the parts themselves', async () => {
    const rows = (year: number, small: number, large: number): Scalar[][] => [
      ...Array.from({ length: small }, (): Scalar[] => [year, 'small', 10]),
      ...Array.from({ length: large }, (): Scalar[] => [year, 'large', 20]),
    ];
    const table = aTable(
      {
        year: { type: 'integer', role: 'temporal' },
        size: { type: 'text', role: 'dimension' },
        score: { type: 'integer', role: 'measure' },
      },
      [...rows(2020, 10, 10), ...rows(2021, 15, 5)],
    );
    const { text, answer } = await asked(table, 'Why did the score drop in 2021?');
    expect(answer).toBeCloseTo(-2.5, 10);
    // Nothing changed within a size (Kitagawa 1955): a quarter moved from 20, 6.25 above the middle, to 10, 3.75 below it.
    expect(text).toContain('0 % comes from within each size and 100 % from another mix');
    expect(text).toContain('large −1.6 (62.5 % of it) and small −0.9 (37.5 % of it)');
  });
});

describe('a follow-up', () => {
  async function then(table: Table, first: string, next: string): Promise<Piped> {
    const { understanding: _, ...turn } = aTurn(table, null);
    const { understanding, evidence, answer } = await runPipeline({ ...turn, question: first }, portOf(table));
    const history = [{ messageId: '1', question: first, understanding, result: evidence.primary, answer }];
    return runPipeline({ ...turn, history, question: next }, portOf(table));
  }

  it('asks for the same forecast of another part', async () => {
    const { answer } = await then(sales(), 'Forecast revenue for the next 2 months', 'And for South?');
    expect(answer).toEqual([98, 99].map((value) => expect.closeTo(value, 6)));
  });

  it('asks for the unusual values of another part, by bounds of its own', async () => {
    const table = sales((revenue, index, region) => (index === 30 && region === 'South' ? 900 : revenue));
    const { answer, studied } = await then(table, 'Any outliers in revenue for North?', 'And for South?');
    expect(answer).toEqual([900]);
    expect(studied).toMatchObject({ n: 48 });
  });

  it('asks for the reasons of another part', async () => {
    const { answer } = await then(sales(), 'Why did revenue rise in 2023 in North?', 'And in South?');
    expect(answer).toBeCloseTo(12 * 12, 6);
  });

  it('asks for something else, of what the study was about', async () => {
    const { answer } = await then(
      sales(),
      'Any outliers in revenue for North?',
      'What is the average revenue for North?',
    );
    expect(answer).toBeCloseTo(147, 6);
  });
});

it.each([
  ['Can you predict next month’s revenue?', { kind: 'forecast', steps: 1 }],
  ['What is the revenue forecast for Q2 2024?', { kind: 'forecast', until: '2024-Q2' }],
  ['How will revenue develop over the next six months?', { kind: 'forecast', steps: 6 }],
  ['What revenue can we expect in March 2024?', { kind: 'forecast', until: '2024-03' }],
  ['Is there anything unusual in revenue?', { kind: 'outliers', of: 'rows' }],
  ['Show me abnormal revenue values in North', { kind: 'outliers', of: 'rows' }],
  ['Which region is an outlier in revenue?', { kind: 'outliers', of: 'groups' }],
  ['Find anomalies in revenue by quarter', { kind: 'outliers', of: 'series' }],
  ['What caused the drop in revenue in 2022?', { kind: 'reasons', claimed: 'fall', after: { name: '2022' } }],
  ['Why has revenue changed in March 2022?', { kind: 'reasons', claimed: null, before: { name: 'February 2022' } }],
  ['How come revenue is up since 2021?', { kind: 'reasons', claimed: 'rise', before: { name: '2021' } }],
])('%s', async (question, study) => {
  expect((await asked(sales(), question)).understanding.study).toMatchObject(study);
});

it.each([
  'What is the revenue in North?',
  'Why is revenue so important?',
  'What was the revenue in March 2022?',
  'Which region will I see first?',
])('no study is made of: %s', async (question) => {
  expect((await asked(sales(), question)).understanding.study).toBeUndefined();
});

it('a study is worked out again from its rows, and a finding that says something else is not borne out', async () => {
  const table = sales();
  const { evidence, ...rest } = await asked(table, 'Forecast revenue for the next 3 months');
  const invented = rest.findings.map((each) => ({ ...each, values: { ...each.values, invented: 123456 } }));
  const known = evidenceOf({ ...rest, evidence, findings: invented, answer: null });
  expect(checkFaithfulness('It will be 294 USD, or 123,456 USD.', known).unsupported).toEqual(['123,456']);
});
