import { POOLS, THEMES, type Pool, type Theme } from '../vocabulary.js';
import { type Wording, wordsOf } from './wording.js';

/** What generated tables are made of, in one language. */
export interface Vocabulary {
  readonly themes: readonly Theme[];
  readonly pools: readonly Pool[];
  readonly year: string;
  readonly yes: string;
  readonly no: string;
}

export const ENGLISH: Vocabulary = { themes: THEMES, pools: POOLS, year: 'year', yes: 'Yes', no: 'No' };

/** The same things by their names in another language; names of people and places stay. */
export function vocabularyIn(wording: Wording): Vocabulary {
  const words = wordsOf(wording);
  const say = (english: string): string => words.get(english)?.text ?? english;
  return {
    themes: THEMES.map((theme) => ({
      ...theme,
      row: say(theme.row),
      rows: say(theme.rows),
      label: theme.label === null ? null : { ...theme.label, name: say(theme.label.name) },
      pools: theme.pools.map(say),
      quantities: theme.quantities.map((quantity) => ({ ...quantity, name: say(quantity.name) })),
      flags: theme.flags.map(say),
      date: say(theme.date),
    })),
    pools: POOLS.map((pool) => ({ ...pool, name: say(pool.name), values: pool.values.map(say) })),
    year: say('year'),
    yes: say('Yes'),
    no: say('No'),
  };
}
