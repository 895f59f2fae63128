import { describe, expect, it } from '@jest/globals';
import { sampleTable } from '../../../../test/support/sector-scores.js';
import { Talk } from '../../../../test/support/talk.js';
import { numbersIn } from '../words/numbers.js';
import { checkFaithfulness } from './check.js';
import { evidenceOf } from './evidence.js';

const sample = sampleTable();

const SECTORS = ['education', 'healthcare', 'economy', 'infrastructure'];
const PLACES = ['Sub-Saharan Africa', 'South Asia', 'Norway', 'Kenya'];

/** Conversations that meet every shape of answer: one number, groups, series, several series, tables, lists, refusals. */
const CONVERSATIONS: readonly (readonly string[])[] = SECTORS.flatMap((sector, index) => {
  const other = SECTORS[(index + 1) % SECTORS.length] ?? '';
  const place = PLACES[index] ?? '';
  const year = 2016 + 2 * index;
  return [
    [
      `Show me ${sector} health in ${year}`,
      `Compare it with ${other}`,
      `And in ${year - 1}?`,
      'Which region is the lowest?',
    ],
    [
      `Average ${sector} score by region in ${year}`,
      'as a pie chart',
      'only the top 3',
      'Show that as a trend since 2015',
    ],
    [`Trend of ${sector} in ${place}`, `and ${other}?`, 'how much did it grow?', 'in percent'],
    [`Top 5 countries by ${sector} score in ${year}`, 'and the bottom 5?', 'and in 2020?'],
    [`How many countries have a ${sector} score above ${40 + index} in ${year}?`, 'list them'],
    [`Which country improved most in ${sector} between 2015 and ${year}?`, 'and which improved least?'],
    [`Average score by sector and region in ${year}`, `only ${sector} and ${other}`, 'as a heatmap'],
    [`${sector} scores of all countries in ${year} as a bar chart`],
    [`Distribution of ${sector} scores in ${year}`],
    [`How many rows are there for ${sector} by year?`, 'what share does 2020 have?'],
    [`What is the ${sector} score of ${place} in 1999?`, 'thanks', 'what can you do?', 'what is the meaning of life?'],
    [`How many rows by country for ${sector}`],
    [`highest and lowest ${sector} score by region`],
  ];
});

describe('answers about the sample', () => {
  it.each(CONVERSATIONS.map((questions) => [questions[0] ?? '', questions] as const))(
    'say no number that is not in the evidence: %s',
    async (_, questions) => {
      const talk = new Talk(sample);
      for (const question of questions) {
        const { text, visualization, grounded } = await talk.ask(question);
        expect([question, text, visualization?.altText, grounded?.unsupported]).toEqual([
          question,
          text,
          visualization?.altText,
          [],
        ]);
      }
    },
  );
});

it('finds a number that was tampered with in nearly every place', async () => {
  let [places, found] = [0, 0];
  for (const questions of CONVERSATIONS.slice(0, 12)) {
    const talk = new Talk(sample);
    for (const question of questions.slice(0, 2)) {
      const turn = await talk.ask(question);
      if (turn.evidence.primary === null) continue;
      for (const { text, value } of numbersIn(turn.text)) {
        if (!text.includes('.')) continue;
        places += 1;
        const wrong = turn.text.replace(text, (value * 1.37 + 0.1).toFixed(1));
        if (checkFaithfulness(wrong, evidenceOf(turn)).unsupported.length > 0) found += 1;
      }
    }
  }
  expect(places).toBeGreaterThan(100);
  expect(found / places).toBeGreaterThan(0.75);
});
