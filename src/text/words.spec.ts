import { describe, expect, it } from '@jest/globals';
import { namesIn, read, stemsOf } from './words.js';

const stems = async (text: string, dictionary = new Map<string, string>()): Promise<string[]> =>
  (await stemsOf([read(text)], () => Promise.resolve(dictionary)))[0] ?? [];

describe('reading a text', () => {
  it('leaves out what only builds sentences, and stems the rest', async () => {
    expect(await stems("What did Caroline's agencies adopt, and when did they do it?")).toEqual([
      'carolin',
      'agenc',
      'adopt',
    ]);
  });

  it('keeps a name that is a stop word otherwise', () => {
    expect(read('I met Will at the river.').words).toContain('will');
    expect(read('I will go. Will you?').words).toEqual(['go']);
    expect(read('THIS WILL BE LOUD').words).toEqual(['loud']);
  });

  it('tells the names of a question by their capitals', () => {
    expect(namesIn('Who repaired the crane in New Harlow?')).toEqual(['new', 'harlow']);
    expect(namesIn("What is Caroline’s plan, and where's Jon?")).toEqual(['caroline', 'jon']);
    expect(namesIn('Who Repaired The Large Crane?')).toEqual([]);
    expect(namesIn('Wann wurde der Kran im Hafen von der Firma repariert?')).toEqual([]);
  });

  it('asks the dictionary of another language', async () => {
    const german = read('Wann war ich mit den Kindern beim Zahnarzt?');
    expect(german.language).toBe('german');
    expect(await stems('Ich war mit den Kindern im Kino', new Map([['kindern', 'kind']]))).toEqual(['kind']);
    expect(read('Где мой паспорт?').language).toBe('russian');
    expect(read("Quand est-ce que j'ai acheté l'ordinateur ?").words).toContain('ordinateur');
  });

  it('reads a script without spaces in pairs', () => {
    expect(read('東京都').words).toEqual(['東京', '京都']);
  });

  it('reads full-width and composed letters as the plain ones', () => {
    expect(read('Ｃａｆｅ́').words).toEqual(['café']);
  });

  it('gives nothing for a text without words', () => {
    expect(read(' … !? ').words).toEqual([]);
  });
});
