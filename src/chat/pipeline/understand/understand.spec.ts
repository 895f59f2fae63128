import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { Asked, PastTurn, Understanding } from '../turn.js';
import { understand } from './understand.js';

type Given = Partial<ColumnProfile> & Pick<ColumnProfile, 'name' | 'type' | 'role'>;

function column(given: Given): ColumnProfile {
  const words = given.name.replaceAll('_', ' ');
  return {
    label: words.charAt(0).toUpperCase() + words.slice(1),
    unit: null,
    synonyms: [],
    higherIsBetter: null,
    defaultAggregate: 'avg',
    distinct: given.values?.length ?? 100,
    nulls: 0,
    min: null,
    max: null,
    decimals: 0,
    values: null,
    ...given,
  };
}

function dataset(title: string, rowCount: number, columns: readonly Given[]): DatasetProfile {
  return {
    id: title,
    version: 1,
    name: title.toLowerCase().replaceAll(' ', '_'),
    title,
    description: null,
    source: null,
    licence: null,
    rowCount,
    columns: columns.map(column),
  };
}

const health = dataset('Sector health', 7544, [
  { name: 'sector', type: 'text', role: 'dimension', values: ['Healthcare', 'Economy', 'Education', 'Infrastructure'] },
  { name: 'country', type: 'text', role: 'dimension', values: ['Ghana', 'Chile', 'Norway'], distinct: 200 },
  { name: 'region', type: 'text', role: 'dimension', values: ['Sub-Saharan Africa', 'South Asia', 'North America'] },
  { name: 'year', type: 'integer', role: 'temporal', min: 2015, max: 2024, distinct: 10 },
  { name: 'score', type: 'number', role: 'measure', min: 0, max: 100, decimals: 1 },
  { name: 'indicators_used', type: 'integer', role: 'measure', min: 2, max: 9 },
]);

const plants = dataset('Plants', 6, [
  { name: 'plant_id', type: 'integer', role: 'identifier', distinct: 6 },
  { name: 'name', type: 'text', role: 'dimension', values: ['Fern', 'Moss', 'Oak', 'Pine', 'Ivy', 'Rose'] },
  { name: 'family', type: 'text', role: 'dimension', values: ['Tree', 'Herb', 'Climber'] },
  { name: 'height_cm', type: 'number', role: 'measure', min: 1, max: 900, distinct: 6 },
  { name: 'price', type: 'number', role: 'measure', min: 2, max: 80, distinct: 6, defaultAggregate: 'avg' },
  { name: 'planted_on', type: 'date', role: 'temporal', min: '2019-03-01', max: '2024-10-30', distinct: 6 },
]);

class Conversation {
  private readonly history: PastTurn[] = [];

  constructor(private readonly profile: DatasetProfile) {}

  ask(question: string, rows: readonly (readonly Scalar[])[] = []): Understanding {
    const asked: Asked = {
      question,
      askedAt: new Date('2026-11-21T10:00:00Z'),
      persona: { name: 'analyst', displayName: 'Analyst', starterQuestions: [] },
      datasets: [this.profile],
      history: [...this.history],
    };
    const { understanding } = understand(asked);
    const columns = (understanding.query?.select ?? []).map((one) => ({ name: one.as ?? '' }));
    this.history.push({
      messageId: `m${String(this.history.length)}`,
      question,
      understanding,
      result: { columns, rows },
      answer: null,
    });
    return understanding;
  }
}

const ask = (profile: DatasetProfile, question: string): Understanding => new Conversation(profile).ask(question);

const averageScore = { aggregate: 'avg', of: { column: 'score' } };
const equals = (name: string, value: Scalar): unknown => ({
  compare: '=',
  left: { column: name },
  right: { literal: value },
});

describe('a conversation about scores of sectors', () => {
  const talk = new Conversation(health);

  it('reads the words of the title as no value: the average score of Education in 2024', () => {
    const { query, expects, reading } = talk.ask('Show me education sector health in 2024', [[51.9]]);
    expect(query?.select.map((one) => one.value)).toEqual([averageScore]);
    expect(query?.where).toEqual({ and: [equals('year', 2024), equals('sector', 'Education')] });
    expect(query?.groupBy).toBeUndefined();
    expect(expects).toBe('value');
    expect(reading).toBe('Score, on average.');
  });

  it('puts the other sector beside it', () => {
    const { query, intent, references } = talk.ask('Compare it with healthcare', [
      ['Education', 51.9],
      ['Healthcare', 71.7],
    ]);
    expect(intent.kind).toBe('compare');
    expect(query?.groupBy).toEqual([{ column: 'sector' }]);
    expect(query?.where).toEqual({
      and: [equals('year', 2024), { in: ['Education', 'Healthcare'], left: { column: 'sector' } }],
    });
    expect(references).toEqual([{ text: 'it', messageId: 'm0', meaning: 'Show me education sector health in 2024' }]);
  });

  it('changes the year and nothing else', () => {
    const { query, edits } = talk.ask('And in 2020?', [
      ['Education', 50.1],
      ['Healthcare', 70.9],
    ]);
    expect(query?.groupBy).toEqual([{ column: 'sector' }]);
    expect(query?.where).toEqual({
      and: [{ in: ['Education', 'Healthcare'], left: { column: 'sector' } }, equals('year', 2020)],
    });
    expect(edits).toEqual(['Year: 2024 → 2020']);
  });

  it('ranks the regions under the same filters, and says that both sectors count', () => {
    const { query, expects, reading } = talk.ask('Which region is the lowest?', [['Sub-Saharan Africa', 35.2]]);
    expect(query?.select.map((one) => one.value)).toEqual([{ column: 'region' }, averageScore]);
    expect(query?.groupBy).toEqual([{ column: 'region' }]);
    expect(query?.orderBy).toEqual([{ by: averageScore, direction: 'asc' }]);
    expect(query?.limit).toBe(1);
    expect(query?.where).toEqual({
      and: [{ in: ['Education', 'Healthcare'], left: { column: 'sector' } }, equals('year', 2020)],
    });
    expect(expects).toBe('value');
    expect(reading).toBe('Ranked over Education and Healthcare together.');
  });

  it('follows the region that came out, over the years, a line for each sector', () => {
    const { query, chart, references } = talk.ask('Show that as a trend since 2015');
    expect(query?.select.map((one) => one.value)).toEqual([{ column: 'year' }, { column: 'sector' }, averageScore]);
    expect(query?.groupBy).toEqual([{ column: 'year' }, { column: 'sector' }]);
    expect(query?.where).toEqual({
      and: [
        { in: ['Education', 'Healthcare'], left: { column: 'sector' } },
        equals('region', 'Sub-Saharan Africa'),
        { compare: '>=', left: { column: 'year' }, right: { literal: 2015 } },
      ],
    });
    expect(query?.orderBy).toEqual([{ by: { column: 'year' }, direction: 'asc' }]);
    expect(chart).toEqual({ mark: 'line', stacked: undefined, x: 'year', y: 'avg_score', color: 'sector' });
    expect(references.map((one) => one.meaning)).toEqual(['Sub-Saharan Africa']);
  });
});

describe('two turns about one thing each', () => {
  const asked = (): Conversation => {
    const talk = new Conversation(health);
    talk.ask('What is the average score of Norway in 2024?', [[85.5]]);
    talk.ask('And of Chile?', [[74]]);
    return talk;
  };
  const sides = { in: ['Norway', 'Chile'], left: { column: 'country' } };

  it('are both compared', () => {
    const { query } = asked().ask('Compare them');
    expect(query?.groupBy).toEqual([{ column: 'country' }]);
    expect(query?.where).toEqual({ and: [equals('year', 2024), sides] });
  });

  it('are both followed over time, a line for each', () => {
    const { query } = asked().ask('Compare them over time');
    expect(query?.groupBy).toEqual([{ column: 'year' }, { column: 'country' }]);
    expect(query?.where).toEqual(sides);
  });
});

describe('single questions', () => {
  it('filters by a comparison and keeps the columns asked for', () => {
    const { query } = ask(
      plants,
      'List the names and prices of plants that cost at least 20, sorted by price descending',
    );
    expect(query?.select.map((one) => one.value)).toEqual([{ column: 'name' }, { column: 'price' }]);
    expect(query?.where).toEqual({ compare: '>=', left: { column: 'price' }, right: { literal: 20 } });
    expect(query?.orderBy).toEqual([{ by: { column: 'price' }, direction: 'desc' }]);
  });

  it('counts rows in groups for a chart, in the order asked for', () => {
    const { query, chart } = ask(
      plants,
      'How many plants are there in each family? Show a bar chart, and sort by the y axis from high to low',
    );
    expect(query?.groupBy).toEqual([{ column: 'family' }]);
    expect(query?.orderBy).toEqual([{ by: { aggregate: 'count', of: null }, direction: 'desc' }]);
    expect(chart?.mark).toBe('bar');
  });

  it('takes the column from the adjective', () => {
    const { query } = ask(plants, 'Which plant is the tallest?');
    expect(query?.orderBy).toEqual([{ by: { column: 'height_cm' }, direction: 'desc' }]);
    expect(query?.limit).toBe(1);
    expect(query?.select.map((one) => one.value)).toEqual([{ column: 'name' }]);
  });

  it('compares with the average of the whole table', () => {
    const { query } = ask(plants, 'Show the names of plants whose price is above the average price');
    expect(query?.where).toEqual({
      compare: '>',
      left: { column: 'price' },
      right: { scalar: { aggregate: 'avg', of: { column: 'price' } } },
    });
  });

  it('finds a misspelt value', () => {
    const { query } = ask(plants, 'How many climbbers are there?');
    expect(query?.where).toEqual(equals('family', 'Climber'));
  });

  it('counts time in months', () => {
    const { query, chart } = ask(plants, 'Draw a line chart of the number of plants by month planted on');
    expect(query?.groupBy).toEqual([{ column: 'planted_on', grain: 'month' }]);
    expect(chart?.mark).toBe('line');
  });
});

describe('what cannot be answered', () => {
  it('names the missing word and offers questions that work', () => {
    const { query, refusal } = ask(plants, 'What is the unemployment in Atlantis?');
    expect(query).toBeNull();
    expect(refusal?.code).toBe('not_in_data');
    expect(refusal?.reason).toContain('unemployment');
    expect(refusal?.suggestions.length).toBeGreaterThan(0);
  });

  it('never builds a query that cannot be run: years have no weekday', () => {
    const { query, refusal } = ask(health, 'Draw a bar chart of the average score, bin year by weekday');
    expect(query).toBeNull();
    expect(refusal?.code).toBe('not_in_data');
    expect(refusal?.reason).toBe('"year" is an integer, so it has no weekday.');
    expect(refusal?.suggestions.length).toBeGreaterThan(0);
  });

  it('asks for data when there is none', () => {
    const { understanding } = understand({
      question: 'What is the average price?',
      askedAt: new Date('2026-11-21T10:00:00Z'),
      persona: { name: 'analyst', displayName: 'Analyst', starterQuestions: [] },
      datasets: [],
      history: [],
    });
    expect(understanding.refusal?.code).toBe('no_dataset');
  });

  it('tells a greeting from a question', () => {
    expect(ask(plants, 'Hello!').intent.kind).toBe('small_talk');
    expect(ask(plants, 'What can you do?').intent.kind).toBe('help');
  });

  it('offers only questions that it understands itself', () => {
    const { refusal } = ask(plants, 'What is the unemployment in Atlantis?');
    for (const suggestion of refusal?.suggestions ?? []) expect(ask(plants, suggestion).query).not.toBeNull();
  });
});
