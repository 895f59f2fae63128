import { describe, expect, it } from '@jest/globals';
import { meanScore, sampleTable, type Score, sectorScores } from '../../../test/support/sector-scores.js';
import { Talk } from '../../../test/support/talk.js';
import { aTurn, portOf } from '../../../test/support/turn.js';
import { runPipeline } from './run-pipeline.js';
import type { PastTurn } from './turn.js';

const table = sampleTable();
const scores = sectorScores();
const of = (passes: Partial<Score>): number =>
  meanScore(scores, (row) => Object.entries(passes).every(([name, value]) => row[name as keyof Score] === value));
const bySector = (year: number): unknown[] =>
  ['Education', 'Healthcare'].map((sector) => [sector, of({ sector, year })]);

/** The rows of each answer, and the languages. */
async function talk(
  questions: readonly string[],
): Promise<{ rows: readonly (readonly unknown[])[][]; languages: string[] }> {
  const { understanding: _, ...turn } = aTurn(table, null);
  const history: PastTurn[] = [];
  const rows: (readonly unknown[])[][] = [];
  const languages: string[] = [];
  for (const question of questions) {
    const done = await runPipeline({ ...turn, question, history }, portOf(table));
    const { understanding, evidence, answer } = done;
    rows.push((evidence.primary?.rows ?? []).toSorted((left, right) => String(left).localeCompare(String(right))));
    languages.push(understanding.language);
    expect(done.grounded?.unsupported ?? []).toEqual([]);
    history.push({ messageId: String(history.length), question, understanding, result: evidence.primary, answer });
  }
  return { rows, languages };
}

const near = (rows: readonly (readonly unknown[])[]): unknown[] =>
  rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toFixed(6)) : cell)),
  );

describe.each([
  [
    'de',
    [
      'Zeige mir den Zustand des Sektors Education im Jahr 2024',
      'Vergleiche das mit Healthcare',
      'und für 2020?',
      'nach Region',
      'nur die drei besten',
    ],
  ],
  [
    'es',
    [
      'Muéstrame la salud del sector Education en 2024',
      'Compáralo con salud',
      '¿y en 2020?',
      'por región',
      'solo los tres mejores',
    ],
  ],
])('the main dialogue in %s', (language, questions) => {
  it('is answered as in English', async () => {
    const { rows, languages } = await talk(questions);
    const english = await talk([
      'Show me education sector health in 2024',
      'Compare it with healthcare',
      'and for 2020?',
      'by region',
      'only the top three',
    ]);
    expect(languages).toEqual(questions.map(() => language));
    expect(near(rows[0] ?? [])).toEqual(near([[of({ sector: 'Education', year: 2024 })]]));
    expect(near(rows[1] ?? [])).toEqual(near(bySector(2024) as unknown[][]));
    expect(near(rows[2] ?? [])).toEqual(near(bySector(2020) as unknown[][]));
    expect(rows.map(near)).toEqual(english.rows.map(near));
  });
});

it('rests on the evidence where a number is written as its language writes it', async () => {
  const { rows } = await talk(['Wie viele Länder haben im Jahr 2020 eine Punktzahl über 90,5 für Gesundheit?']);
  const countries = scores.filter(
    ({ sector, year, score }) => sector === 'Healthcare' && year === 2020 && score > 90.5,
  );
  expect(rows).toEqual([[[new Set(countries.map(({ country }) => country)).size]]]);
});

it('tells the changes of two, asked why they fell, as changes', async () => {
  const said = new Talk(table);
  await said.ask('Show me education sector health in 2024');
  await said.ask('Compare it with healthcare');
  const text = await said.text('Why did it fall?');
  expect(text).toContain('The change of Education is 1.1 points above that of Healthcare.');
  expect(text).toContain('can be told of one of them at a time');
  expect(text).not.toContain('% more');
});

it('does not count what is there where what is missing is asked for', async () => {
  const { text, understanding } = await new Talk(table).ask('Which sector has the most missing countries?');
  expect(understanding.query).toBeNull();
  expect(text).toContain('Every row of Sector health has its Country');
});
