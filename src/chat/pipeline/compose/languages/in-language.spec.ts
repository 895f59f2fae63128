import { describe, expect, it } from '@jest/globals';
import { sampleTable } from '../../../../../test/support/sector-scores.js';
import { aTurn, portOf } from '../../../../../test/support/turn.js';
import { runPipeline } from '../../run-pipeline.js';
import { inLanguage } from './in-language.js';

const table = sampleTable();
const say = (text: string, language: string): string => inLanguage(text, language, [table.profile]);

describe('an answer in another language', () => {
  it.each([
    [
      'With rows that differ as these do, the difference is more than chance would make (Welch’s t = 8.40, p < 0.001, 210 and 141 rows; 95 % interval 15.2 points to 24.5 points).',
      'Bei Zeilen, die sich so unterscheiden, ist der Unterschied mehr als Zufall (Welch’s t = 8,40, p < 0,001, 210 und 141 Zeilen; 95-%-Intervall 15,2 Punkte bis 24,5 Punkte).',
      'Con filas que varían así, la diferencia es mayor que la que daría el azar (Welch’s t = 8,40, p < 0,001, 210 y 141 filas; intervalo del 95 % de 15,2 puntos a 24,5 puntos).',
    ],
    [
      '2024 rests on 525 rows only, against a median of 786 before.',
      '2024 stützt sich nur auf 525 Zeilen, im Median davor auf 786.',
      '2024 se apoya solo en 525 filas, frente a una mediana de 786 antes.',
    ],
    [
      'When you asked on 5 March 2026 it was 51.9 points, as it is now.',
      'Ihre Frage vom 5. März 2026 ergab wie heute 51,9 Punkte.',
      'Su pregunta del 5 de marzo de 2026 dio 51,9 puntos, como ahora.',
    ],
    ['Region is from Kunden.', 'Region stammt aus Kunden.', 'Region viene de Kunden.'],
    [
      '**Niger** and Chad have the lowest average score in 2024, 0.0 points; next is Mali with 0.7 points.',
      '**Niger** und Chad haben den niedrigsten Wert (Durchschnitt von Score in 2024): 0,0 Punkte; danach Mali mit 0,7 Punkte.',
      '**Niger** y Chad tienen el valor más bajo (promedio de score en 2024): 0,0 puntos; le sigue Mali con 0,7 puntos.',
    ],
    [
      '**Vanuatu** has the second highest average score in 2024: **88.0 points**.',
      '**Vanuatu** hat den zweithöchsten Wert (Durchschnitt von Score in 2024): **88,0 Punkte**.',
      '**Vanuatu** tiene el segundo valor más alto (promedio de score en 2024): **88,0 puntos**.',
    ],
    [
      'The 3 countries with the highest average score in each region in 2024:',
      'Je Region die 3 höchsten Werte von Country (Durchschnitt von Score) in 2024:',
      'Por region, los 3 valores de country más altos (promedio de score) en 2024:',
    ],
    [
      'That is what nobody translated: by 1,234.5 points from the year before.',
      'That is what nobody translated: by 1.234,5 points from the year before.',
      'That is what nobody translated: by 1.234,5 points from the year before.',
    ],
    [
      'The average score for Education in 2024 is **1,234.5 points**.',
      'Durchschnitt von Score für Education in 2024: **1.234,5 Punkte**.',
      'Promedio de score para Education en 2024: **1.234,5 puntos**.',
    ],
    [
      'By region, Europe & Central Asia is highest (best) with 64.2 points and Sub-Saharan Africa lowest (worst) with 40.6 points, a gap of 23.6 points.',
      'Nach Region liegt Europe & Central Asia mit 64,2 Punkte vorn (bester Wert) und Sub-Saharan Africa mit 40,6 Punkte hinten (schlechtester Wert), Abstand 23,6 Punkte.',
      'Por region, Europe & Central Asia tiene el mejor valor con 64,2 puntos y Sub-Saharan Africa el peor con 40,6 puntos, una distancia de 23,6 puntos.',
    ],
    [
      'There are **91** rows since 5 March 2024.',
      'Es gibt **91** Zeilen seit 5. März 2024.',
      'Hay **91** filas desde 5 de marzo de 2024.',
    ],
    [
      'From 2018 to 2020 the average score improved by 11.9 points (22.4 %), from 53.2 points to 65.1 points.',
      'Von 2018 bis 2020: Durchschnitt von Score um 11,9 Punkte (22,4 %) verbessert, von 53,2 Punkte auf 65,1 Punkte.',
      'De 2018 a 2020: promedio de score mejoró 11,9 puntos (22,4 %), de 53,2 puntos a 65,1 puntos.',
    ],
  ])('%s', (english, german, spanish) => {
    expect(say(english, 'de')).toBe(german);
    expect(say(english, 'es')).toBe(spanish);
  });

  it('writes the numbers alone of sentences that it has no words for', () => {
    const odd = 'Nobody knows why 3 of them left. And **2.5** stayed.';
    expect(say(odd, 'de')).toBe('Nobody knows why 3 of them left. And **2,5** stayed.');
    expect(say('The average score is **2.5**.', 'en')).toBe('The average score is **2.5**.');
    expect(say('The average score is **2.5**.', 'fr')).toBe('The average score is **2.5**.');
  });

  it('leaves quotations of documents as they are', () => {
    expect(say('> The average score is **2.5**.', 'de')).toBe('> The average score is **2.5**.');
  });
});

it('goes with the question, refusals and what may be asked instead as well', async () => {
  const { understanding: _, ...turn } = aTurn(table, null);
  const ask = (question: string) => runPipeline({ ...turn, question }, portOf(table));
  const german = await ask('Wie hoch ist die Temperatur in Atlantis?');
  expect(german.text).toContain('„Temperatur Atlantis“ ist weder eine Spalte noch ein Wert von Sector health.');
  expect(german.understanding.refusal?.suggestions[0]).toBe('Wie hoch ist der Durchschnitt von Score je Sector?');
  const suggested = await ask(german.understanding.refusal?.suggestions[0] ?? '');
  expect(suggested.evidence.primary?.rows).toHaveLength(4);
  expect((await ask('¡Hola!')).text).toMatch(/^Hola, soy /);
  expect((await ask('Vielen Dank')).text).toBe('Gern geschehen. Fragen Sie jederzeit weiter.');
});
