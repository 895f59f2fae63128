import { expect, it } from '@jest/globals';
import { foreignName, languageOf } from './language.js';

it.each([
  ['Show me education sector health in 2024', 'en'],
  ['And in 2020?', 'en'],
  ['Berlin revenue', 'en'],
  ['Los Angeles versus La Paz', 'en'],
  ['Zeige mir die durchschnittliche Punktzahl nach Region', 'de'],
  ['¿Cuál es la región con más ventas?', 'es'],
  ['Quelle est la région la plus faible ?', 'fr'],
  ['Qual é a média por região?', 'pt'],
  ['', 'en'],
])('takes %j for %s', (question, language) => {
  expect(languageOf(question)).toBe(language);
});

it('has a name for every language but English', () => {
  expect(foreignName('en')).toBeNull();
  expect(foreignName('de')).toBe('German');
});
