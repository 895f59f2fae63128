import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMessage } from './read-message.js';
import { isOwnWords, speechOf } from './speech.js';

/** `key = statement`, or what is forgotten. */
const taught = (message: string): string[] =>
  readMessage(message).map((step) =>
    step.do === 'learn'
      ? `${step.fact.key} ${step.fact.ends ? 'ends' : '='} ${step.fact.statement}`
      : `forget ${step.what.of === 'words' ? step.what.text : step.what.of === 'fact' ? `${step.what.key} = ${step.what.value}` : step.what.of === 'key' ? step.what.prefix : 'all'}`,
  );

describe('what users say of themselves', () => {
  it.each([
    ['I work in the education ministry.', 'work.place = Works in the education ministry'],
    [
      'As I mentioned, I work at the Ministry of Health and Education.',
      'work.place = Works at the Ministry of Health and Education',
    ],
    ['I work for Acme Corp and I need a report', 'work.place = Works for Acme Corp'],
    ['I have been away; since last year I work for the City of Oslo now.', 'work.place = Works for the City of Oslo'],
    ["I'm a nurse.", 'work.role = Is a nurse'],
    ["I'm Craig, a colour technologist", 'identity.name = Is called Craig', 'work.role = Is a colour technologist'],
    [
      "I'm a data analyst at Northwind, can you help me?",
      'work.place = Works at Northwind',
      'work.role = Is a data analyst',
    ],
    ["I'm responsible for the health budget", 'work.responsibility = Is responsible for the health budget'],
    ["I'm also responsible for schools", 'work.responsibility:school = Is responsible for schools'],
    [
      'I live in East Janethaven, Montserrat, so what should I see?',
      'place.home = Lives in East Janethaven, Montserrat',
    ],
    ['i live in rome', 'place.home = Lives in rome'],
    ["Hi! I'm from the Netherlands.", 'place.origin = Comes from the Netherlands'],
    ['My name is Ann Lee', 'identity.name = Is called Ann Lee'],
    ['Please call me Bob.', 'identity.name = Is called Bob'],
    ["I'm 44 and just starting", 'identity.age = Is 44 years old'],
    ['I no longer work at Acme', 'work.place ends No longer works for Acme'],
  ])('%s', (message, ...facts) => expect(taught(message)).toEqual(facts));
});

describe('what users want of every answer', () => {
  it.each([
    ['Always show percentages', 'preference.percentages = Always show percentages'],
    ['please never round to whole numbers.', 'preference.rounding = Never round to whole numbers'],
    ['I prefer bar charts over pie charts, what about you?', 'preference.chart = Prefers bar charts over pie charts'],
    ['answer briefly', 'preference.length = Answer briefly'],
    ['From now on, use euros', 'preference.currency = Use euros'],
    ['Answer in German from now on.', 'preference.language = Answer in German from now on'],
    [
      'Always show totals when I ask about budgets',
      'preference.budget-show-total = Always show totals when I ask about budgets',
    ],
  ])('%s', (message, fact) => expect(taught(message)).toEqual([fact]));

  it('are about the same whether something is always or never to be done', () => {
    const keys = ['always show totals', 'never show the totals'].map((message) => taught(message)[0]?.split(' ')[0]);
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    'Show me a bar chart',
    'Never mind',
    'Never give up',
    'Answer briefly: what is a median?',
    'Is it always so?',
  ])('not: %s', (message) => expect(taught(message)).toEqual([]));
});

describe('what users ask to be remembered', () => {
  it.each([
    ['Remember that my budget is 5000', 'remembered.budget = My budget is 5000'],
    ['remember that my budget is 6000!', 'remembered.budget = My budget is 6000'],
    ['Please remember that I live in Oslo.', 'place.home = Lives in Oslo'],
    [
      "Don't forget that our fiscal year starts in April",
      'remembered.april-fiscal-start-year = Our fiscal year starts in April',
    ],
    ['Remember: "North" means regions 1 to 4', 'remembered.1-4-mean-north-region = "North" means regions 1 to 4'],
  ])('%s', (message, fact) => expect(taught(message)).toEqual([fact]));

  it.each([
    'Remember when I lived in Rome?',
    'Do you remember that I live in Rome?',
    "I don't remember where I live",
    'Remember me?',
  ])('not: %s', (message) => expect(taught(message)).toEqual([]));
});

describe('what users ask to be forgotten', () => {
  it.each([
    ['forget where I live', 'forget place.home'],
    ['Please forget my name.', 'forget identity.name'],
    ['Forget that I work for Acme Corp', 'forget work.place = Acme Corp'],
    ['forget what I told you about the merger', 'forget the merger'],
    ['Forget everything you know about me', 'forget all'],
    ["Don't remember that I live in Rome", 'forget place.home = Rome'],
  ])('%s', (message, ...facts) => expect(taught(message)).toEqual(facts));

  it.each(['forget it', 'Forget about that.', 'Forget everything', "Don't forget", 'I forget my name sometimes'])(
    'not: %s',
    (message) => expect(taught(message)).toEqual([]),
  );

  it('is the whole message, where one asks for this not to be remembered', () => {
    expect(taught("I live in Rome. Please don't remember this.")).toEqual([]);
  });
});

describe('teaches nothing:', () => {
  it.each([
    'He said I work in finance',
    'She told me, I live in Rome',
    'My boss thinks I am a teacher',
    '"I work in finance" is what he said',
    '“My name is Karl”, he said',
    '> I work in HR',
    'Bob: I live in Rome',
    'Translate: I live in Berlin.',
    'Translate this to German. My name is Karl.',
    'Write a poem. I live in the sea.',
    'Do I live in Rome?',
    'I live in Rome?',
    'I live in Rome, right?',
    'If I live in Rome, do I pay tax?',
    'I live in Rome if I win',
    'Suppose I work at NASA.',
    "Imagine I'm a pilot and I live in Tortuga",
    'Maybe I live in the wrong city',
    'In my novel, I live in Rome',
    "I'm not a doctor",
    "I'm a bit tired",
    "I'm a big fan of doctors",
    "I'm a doctor's son",
    "I'd like to work in Paris",
    'I used to work in Paris',
    'I will work for Acme next year',
    'I work at night',
    'I live in fear',
    'When I work in Excel, it crashes',
    '```\nI work in HR\n```',
    'My company is growing fast',
  ])('%s', (message) => expect(taught(message)).toEqual([]));

  it('a pasted document, but for what its user asks to be remembered around it', () => {
    const document = `Dear all,\nmy name is Karl. I work in HR.\nRemember that I live in Rome.\n${'Lorem ipsum dolor. '.repeat(90)}`;
    expect(taught(document)).toEqual([]);
    expect(taught(`${document}\nRemember that our office is in Oslo`)).toEqual([
      'remembered.offic = Our office is in Oslo',
    ]);
    expect(taught('function who() {\n  return name;\n}\nI live in Rome')).toEqual([]);
  });
});

it('is read only at its ends where it is long, whatever it is made of', () => {
  for (const piece of ['a, ', 'x and ', ". I've told you, ", 'remember that ', '\n', ' ', '"', ': ']) {
    const message = piece.repeat(100_000 / piece.length);
    const { clauses, isPasted } = speechOf(message);
    expect(isPasted).toBe(true);
    for (const { start, end } of clauses) {
      expect(Math.min(end, message.length - start)).toBeLessThanOrEqual(1_500);
    }
    expect(readMessage(message)).toEqual([]);
  }
});

it('never throws, and takes quotes from the message itself', () => {
  const words = [
    'I',
    'live',
    'in',
    'Rome',
    'remember',
    'that',
    'my',
    'name',
    'is',
    'always',
    'show',
    ',',
    '.',
    '?',
    '"',
    '\n',
    'forget',
    ':',
    '😀',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (chosen) => {
      const message = chosen.join(' ');
      for (const step of readMessage(message)) {
        if (step.do === 'forget') continue;
        expect(message.replaceAll(/\s+/g, ' ')).toContain(step.fact.quote.replaceAll(/\s+/g, ' '));
        expect(step.fact.statement).not.toMatch(/\n/);
      }
    }),
  );
});

it('tells one’s own words from others’ for whoever else finds something in a message', () => {
  const message = 'I keep bees in Kent. He said I keep cats. Do I keep dogs?';
  const own = (part: string): boolean => isOwnWords(speechOf(message), message.indexOf(part), part.length);
  expect(['I keep bees', 'I keep cats', 'I keep dogs'].map(own)).toEqual([true, false, false]);
});
