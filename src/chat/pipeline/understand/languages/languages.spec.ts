import { describe, expect, it } from '@jest/globals';
import { sampleTable } from '../../../../../test/support/sector-scores.js';
import { aTable, aTurn, type Table } from '../../../../../test/support/turn.js';
import type { Asked, PastTurn } from '../../turn.js';
import { understand } from '../understand.js';
import { inEnglish } from './in-english.js';
import { languageSpoken } from './spoken.js';

const orders = aTable(
  {
    Bestellwert_EUR: { type: 'number', role: 'measure' },
    Menge: { type: 'integer', role: 'measure' },
    Region: { type: 'text', role: 'dimension' },
    Größe: { type: 'text', role: 'dimension' },
    bezahlt: { type: 'text', role: 'dimension' },
    bestellt_am: { type: 'date', role: 'temporal' },
  },
  [
    [12.5, 3, 'Nordisch', 'Groß', 'Ja', '2023-05-02'],
    [1234.5, 1, 'Südlich', 'Klein', 'Nein', '2022-11-30'],
    [80, 2, 'Nordisch', 'Klein', 'Ja', '2022-02-01'],
  ],
  { title: 'Bestellungen' },
);

const ask = (question: string, table: Table, history: readonly PastTurn[] = []): Asked => {
  const { understanding: _, ...turn } = aTurn(table, null);
  return { ...turn, question, history };
};
const said = (question: string, table: Table = orders): string => inEnglish(ask(question, table)).turn.question;

describe('a German question', () => {
  it.each([
    ['Wie hoch ist der durchschnittliche Bestellwert je Region?', 'what is the average Bestellwert per Region?'],
    ['Gesamtmenge nach Größe', 'total menge by Größe'],
    [
      'Wie viele Bestellungen haben einen Bestellwert über 1.234,5?',
      'how many Bestellungen have a Bestellwert over 1234.5?',
    ],
    ['Anzahl der Bestellungen, die nicht bezahlt sind', 'number of Bestellungen that not bezahlt are'],
    ['Bestellungen in den nordischen Regionen', 'Bestellungen in the Nordisch region'],
    ['Menge im Mai 2023', 'Menge in May 2023'],
    ['Menge im ersten Quartal 2023 und seit dem 3.5.2021', 'Menge in the first quarter 2023 and since 2021-05-03'],
    ['Menge nach 2020 nach Region', 'Menge after 2020 by Region'],
    ['Welche drei Größen haben die höchste Menge?', 'which three große have the highest Menge?'],
    ['nur die drei besten', 'only the top three'],
    [
      'Um wie viel Prozent ist die Menge von 2022 bis 2023 gestiegen?',
      'by what percentage did the Menge from 2022 to 2023 change?',
    ],
    ['Vergleiche das mit Südlich', 'compare that with Südlich'],
    [
      'Menge nach Region als Balkendiagramm, absteigend sortiert',
      'Menge by Region as a bar chart, in descending order',
    ],
  ])('%s', (question, english) => {
    expect(said(question)).toBe(english);
  });

  it('over an English table names its columns and values in German', () => {
    const read = (question: string): string => said(question, sampleTable());
    expect(read('Wie entwickelt sich die Punktzahl für Bildung in Deutschland?')).toBe(
      'show the trend of the score for education in Germany?',
    );
    expect(read('Zeige mir den Zustand des Sektors Gesundheit in Ostasien und Pazifik im Jahr 2024')).toBe(
      'show me the health of the sector healthcare in East Asia & Pacific in 2024',
    );
    expect(read('Zeig mir die Gesundheit des Bildungssektors 2024')).toBe('show me the health of education in 2024');
    expect(read('Zeig mir die Gesundheit in Ostasien 2024')).toContain('healthcare');
    expect(read('Mach eine Prognose für die nächsten 3 Jahre')).toBe('forecast for the next 3 years');
    expect(read('Gibt es Ausreißer?')).toBe('are there outliers?');
    expect(read('Veränderung gegenüber dem Vorjahr')).toBe('year over year change');
    expect(read('zurück zum ersten Diagramm')).toBe('go back to the first chart');
    expect(read('und das zweitbeste?')).toBe('and the second best?');
  });
});

describe('a Spanish question', () => {
  const read = (question: string): string => said(question, sampleTable());
  it.each([
    ['¿Cuál es la puntuación media por región?', 'what is the average score by región?'],
    ['¿Qué país tiene la puntuación más alta en 2023?', 'which country has the highest score in 2023?'],
    ['¿Cuántos países tienen una puntuación superior a 90,5?', 'how many country have a score greater than 90.5?'],
    ['Evolución de la puntuación de educación desde 2018', 'trend of score of education since 2018'],
    ['Compáralo con salud', 'compare it with healthcare'],
    ['¿y en 2020?', 'and for 2020?'],
    ['Gráfico de barras de la puntuación por sector', 'a bar chart of score by sector'],
    ['solo los tres mejores', 'only the top three'],
    ['¿Por qué bajó?', 'why did it fall?'],
    ['¿Por qué bajó la puntuación?', 'why did the score fall?'],
    ['pronostícalo', 'forecast'],
    ['valores atípicos', 'outliers'],
    ['cambio interanual', 'year over year change'],
    ['vuelve al primer gráfico', 'go back to the first chart'],
  ])('%s', (question, english) => {
    expect(read(question)).toBe(english);
  });
});

it('says where in the question as it was written each piece stands', () => {
  const question = 'Wie hoch ist die Durchschnittspunktzahl für Bildung in Frankreich?';
  const { entities } = understand(ask(question, sampleTable())).understanding;
  expect(entities.map(({ kind, text, value }) => [kind, text, value])).toEqual([
    ['aggregate', 'Durchschnittspunktzahl', undefined],
    ['column', 'Durchschnittspunktzahl', undefined],
    ['value', 'Bildung', 'Education'],
    ['value', 'Frankreich', 'France'],
  ]);
  for (const { text, start, end } of entities) expect(question.slice(start, end)).toBe(text);
});

it('names what is not in the data as it was written', () => {
  const { refusal, query } = understand(ask('Wie hoch ist die Temperatur in Atlantis?', sampleTable())).understanding;
  expect(query).toBeNull();
  expect(refusal).toMatchObject({ code: 'not_in_data' });
  expect(refusal?.reason).toContain('Temperatur Atlantis');
});

it.each([
  ['Hallo', 'small_talk'],
  ['Vielen Dank!', 'small_talk'],
  ['Was kannst du?', 'help'],
  ['Hola', 'small_talk'],
  ['¿Qué puedes hacer?', 'help'],
])('takes %j for %s', (question, kind) => {
  expect(understand(ask(question, sampleTable())).understanding.intent.kind).toBe(kind);
});

describe('the language of a question', () => {
  const spoken = (question: string, before?: string): string => {
    const { understanding } = understand(ask('How many rows?', orders));
    const history =
      before === undefined
        ? []
        : [
            {
              messageId: '1',
              question: '',
              result: null,
              answer: null,
              understanding: { ...understanding, language: before },
            },
          ];
    return languageSpoken(ask(question, orders, history));
  };
  it.each([
    ['Menge nach Region', 'de'],
    ['Durchschnittsmenge', 'de'],
    ['Total Menge by Region', 'en'],
    ['Menge by Region', 'en'],
    ['top 3 Region by Menge', 'en'],
    ['Durchschnittliche Menge nach Region 2024', 'de'],
    ['total sales by product', 'en'],
    ['sales product region material', 'en'],
    ['What is the average Bestellwert in Los Angeles?', 'en'],
    ['número de pedidos de 2017 a 2018', 'es'],
    ['Quelle est la région la plus faible ?', 'fr'],
    ['Qual é a média por região?', 'pt'],
    ['2020?', 'en'],
  ])('%s', (question, language) => {
    expect(spoken(question)).toBe(language);
  });

  it.each([
    ['2020?', 'de', 'de'],
    ['Nordisch?', 'es', 'es'],
    ['And for 2020?', 'de', 'en'],
    ['No, me refería a 2015', 'es', 'es'],
    ['¿y en 2020?', 'de', 'es'],
  ])('%s, in a conversation that was in %s', (question, before, language) => {
    expect(spoken(question, before)).toBe(language);
  });
});
