import type { Dice } from '../dice.js';
import { MONTHS, type Table } from '../table.js';
import { type Wording, wordsOf } from './wording.js';

const AGGREGATES = 'overall total|sum of|total|average|mean|minimum|lowest|smallest|maximum|highest|largest|median';

interface Phrase {
  readonly english: string;
  readonly ways: readonly string[];
}

const phrasesOf = ({ phrases }: Wording): readonly Phrase[] =>
  phrases
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [english = '', ways = ''] = line.split(' => ');
      return { english, ways: ways.split(' | ') };
    });

/** Asks the same questions in another language; null where it has no words for one. */
export class Translator {
  private readonly phrases: readonly Phrase[];
  private readonly genders: ReadonlyMap<string, string>;
  private readonly slots: Readonly<Record<string, string>>;

  constructor(
    private readonly wording: Wording,
    table: Table,
    private readonly dice: Dice,
  ) {
    this.phrases = phrasesOf(wording);
    this.genders = new Map([...wordsOf(wording).values()].map(({ text, gender }) => [text, gender]));
    const any = (texts: readonly string[]): string =>
      texts
        .filter(Boolean)
        .toSorted((left, right) => right.length - left.length)
        .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
        .join('|');
    const columns = any(table.columns.map(({ said }) => said));
    this.slots = {
      r: any([table.theme.rows]),
      o: any([table.theme.row]),
      m: columns,
      d: columns,
      l: columns,
      s: `(?:an? )?(?:(?:${AGGREGATES}) )+(?:${columns})`,
      y: String.raw`\d{4}`,
      t: String.raw`\d{4}-\d\d-\d\d`,
      u: MONTHS.join('|'),
      v: '.+?',
      w: '.+?',
      n: String.raw`-?\d[\d.]*`,
      k: String.raw`-?\d[\d.]*`,
      p: '.+?',
      q: '.+?',
    };
  }

  question(english: string): string | null {
    return this.say(english);
  }

  private say(english: string): string | null {
    for (const { english: pattern, ways } of this.phrases) {
      const found = this.patternOf(pattern).exec(english);
      if (found === null) continue;
      const way = this.dice.pick(ways);
      let known = true;
      const text = way.replaceAll(/\{(\w)(\d?)(?::(\w+))?\}/g, (_, slot: string, n: string, form = '') => {
        const piece = this.piece(slot, found.groups?.[slot + n] ?? '', form);
        if (piece === null) known = false;
        return piece ?? '';
      });
      if (known) return text.replaceAll(/\s+/g, ' ').trim();
    }
    return null;
  }

  private patternOf(pattern: string): RegExp {
    const source = pattern
      .split(/(\{\w\d?\})/)
      .map((part) => {
        const slot = /^\{((\w)\d?)\}$/.exec(part);
        return slot?.[1] === undefined
          ? part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
          : `(?<${slot[1]}>${this.slots[slot[2] ?? ''] ?? '.+?'})`;
      })
      .join('');
    return new RegExp(`^${source}$`);
  }

  private piece(slot: string, text: string, form: string): string | null {
    if (slot === 'p' || slot === 'q') return this.say(text);
    if ('nkytu'.includes(slot)) return this.wording.form(slot, form, { text, gender: '', aggregate: '' });
    const found = new RegExp(`^(?:an? )?((?:(?:${AGGREGATES}) )+)(.+)$`).exec(slot === 's' ? text : '');
    const name = found?.[2] ?? text;
    return this.wording.form(slot, form, {
      text: name,
      gender: this.genders.get(name) ?? '',
      aggregate: found?.[1]?.trim() ?? '',
    });
  }
}
