import { keyOf } from './grammar.js';

const known = new Map<string, ReadonlyMap<string, readonly string[]>>();
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** UN M49: the world, continents and their parts. */
const AREAS =
  '001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 142 143 145 150 151 154 155 419'.split(
    ' ',
  );

/** Countries and continents in a language → in English, by the Unicode CLDR. */
export function regionsIn(language: string): ReadonlyMap<string, readonly string[]> {
  let regions = known.get(language);
  if (regions === undefined) {
    const made = new Map<string, string[]>();
    const own = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    for (const code of [...LETTERS.flatMap((first) => LETTERS.map((second) => first + second)), ...AREAS]) {
      const [name, meaning] = [own.of(code), english.of(code)];
      if (name === undefined || meaning === undefined) continue;
      made.set(keyOf(name), [...(made.get(keyOf(name)) ?? []), meaning]);
    }
    regions = made;
    known.set(language, regions);
  }
  return regions;
}
