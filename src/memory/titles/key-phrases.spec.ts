import { expect, it } from '@jest/globals';
import { titleOf } from './key-phrases.js';
import { titleIn } from './model-title.js';

const OPENINGS = [
  'Show me education sector health in 2024',
  'Hi there! Could you please tell me which region has the lowest healthcare score?',
  "I've been trying to figure out why our monthly active users dropped in Germany after the pricing change in March",
  'Hello',
  'Can you help me to write a cover letter for a data analyst position at a mid-sized logistics company in Rotterdam?',
  'What is the capital of France?',
  'Good morning team, I need to prepare a presentation for the board about our carbon emissions in 2023 compared with 2019.',
  'Please compare the average score of infrastructure between South Asia and Sub-Saharan Africa since 2015',
  'My landlord raised the rent by 18 % and says it is legal because the old contract ended. What can I do?',
  'I would like to know how many sectors improved in every region between 2018 and 2024, and which of them fell back.',
  'Wie hat sich das Bildungswesen in Deutschland seit 2015 entwickelt, und welche Region liegt heute hinten?',
  '东京的人口是多少？',
  'Explain the difference between TCP and UDP',
  'We have a PostgreSQL database with 40 million rows and the nightly vacuum takes six hours. How could we speed that up?',
  'Remember that I prefer short answers. Now: which income group has the widest gap between healthcare and education?',
  'so, thinking about moving to Lisbon next year with two kids, what should I consider about schools and rent?',
  'Translate this into Spanish: The meeting was moved to Thursday because the auditors arrive on Wednesday morning.',
  'I was wondering whether a vegetarian diet with enough iron is possible for somebody who trains for a marathon',
  'error TS2345: Argument of type string is not assignable to parameter of type number in src/index.ts line 14',
  'Trend of economy score for upper middle income countries, as a line chart please',
];

it('says what twenty conversations are about', () => {
  expect(OPENINGS.map(titleOf)).toEqual([
    'Show me education sector health in 2024',
    'Which region has the lowest healthcare score?',
    'Monthly active users dropped, Germany, pricing change, March',
    'Hello',
    'Write, data analyst position, mid-sized logistics company',
    'What is the capital of France?',
    'Carbon emissions, 2023 compared, 2019',
    'Average score, South Asia, Sub-Saharan Africa, 2015',
    'Landlord raised, rent, contract ended',
    'Many sectors improved, 2018, 2024, fell back',
    'Wie hat sich das Bildungswesen in Deutschland seit 2015',
    '东京的人口是多少？',
    'Explain the difference between TCP and UDP',
    'PostgreSQL database, 40 million rows, speed',
    'Remember, prefer short answers, income group, widest gap',
    'Moving, Lisbon, kids',
    'Translate, Spanish, auditors arrive, Wednesday morning',
    'Vegetarian diet, enough iron, possible',
    'Error TS2345, type string, type number, src/index.ts line 14',
    'Economy score, upper middle income countries, line chart',
  ]);
});

it('is on one line, within its length, and made of words of the message', () => {
  for (const opening of [...OPENINGS, ' a\n\nb ', 'x'.repeat(500), 'Please. '.repeat(200), '🦊'.repeat(80)]) {
    const title = titleOf(opening);
    expect(title).toMatch(/^[^\n\r]{1,60}$/u);
    for (const word of title.split(/[\s,]+/)) expect(opening.toLowerCase()).toContain(word.toLowerCase());
  }
});

it.each(['...', ' ;;\n', '? !', '。。。'])('shows %j as it is', (message) => {
  expect(titleOf(message)).toBe(message.trim());
});

it('takes of a model what is a title', () => {
  expect(titleIn('"Education in 2024."', 'Show me education')).toBe('Education in 2024');
  expect(titleIn('**Rent in Lisbon**\n', 'Rent?')).toBe('Rent in Lisbon');
  for (const wrong of ['', '...', 'One\nTwo', 'word '.repeat(20), 'Население Токио'])
    expect(titleIn(wrong, 'Tokyo?')).toBeNull();
  expect(titleIn('Население Токио', 'Сколько людей в Токио?')).toBe('Население Токио');
});
