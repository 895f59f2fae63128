import { type Grammar, keysOf, type Rule } from './grammar.js';
import type { Named, Names } from './names.js';
import { type Written, writtenIn } from './written.js';

/** A question in the English that the clause grammar reads, and where each piece of it stood. */
export interface Rewritten {
  readonly text: string;
  readonly pieces: readonly {
    readonly start: number;
    readonly end: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** A piece of English, and the words it stands for. */
interface Piece {
  readonly text: string;
  readonly before: string;
  readonly from: number;
  readonly to: number;
}

interface Found {
  readonly rule: Rule;
  readonly to: number;
  readonly places: ReadonlyMap<string, readonly [number, number]>;
}

/** Longest stretch that a rule's place takes in. */
const LONGEST_STRETCH = 30;
const YEAR = /^(?:19|20)\d\d$/;
/** Above this a rule would have to name several words to come before a name. */
const ONE_WORD = 1;

/** Rewrites one question. Rules that name most words come first, then names of the data, then words by themselves. */
export function rewrite(question: string, grammar: Grammar, names: Names): Rewritten {
  const words = writtenIn(question, grammar);
  const writer = new Writer(words, grammar, names);
  return joined(writer.all(), words, question);
}

class Writer {
  private readonly named: readonly (Named | null)[];

  constructor(
    private readonly words: readonly Written[],
    private readonly grammar: Grammar,
    private readonly names: Names,
  ) {
    this.named = words.map((_, at) => names.at(words, at, words.length));
  }

  all(): readonly Piece[] {
    return this.stretch(0, this.words.length);
  }

  private stretch(from: number, to: number): Piece[] {
    const pieces: Piece[] = [];
    for (let at = from; at < to;) {
      const found = this.ruleAt(at, to);
      const name = this.nameAt(at, to);
      const grammatical = found !== null && (name === null || this.outranks(found, at, name));
      if (found !== null && grammatical) {
        pieces.push(...this.apply(found, at));
        at = found.to;
      } else if (name !== null) {
        pieces.push({ text: name.text, before: this.words[at]?.before ?? '', from: at, to: name.to });
        at = name.to;
      } else {
        pieces.push(...this.single(at));
        at += 1;
      }
    }
    return pieces;
  }

  private nameAt(at: number, to: number): Named | null {
    const name = this.named[at] ?? null;
    if (name === null || name.to <= to) return name;
    return this.names.at(this.words, at, to);
  }

  /** Several words of grammar are no name; one is none where it is written small, or short. */
  private outranks({ rule, to }: Found, at: number, name: Named): boolean {
    if (rule.words > ONE_WORD || rule.parts.length > 1) return to >= name.to || rule.parts[0]?.kind !== 'word';
    if (name.to > at + 1) return false;
    const { text = '', key = '' } = this.words[at] ?? {};
    if (!name.exact) return true;
    return this.grammar.data.capitalNouns ? /^\p{Ll}/u.test(text) && key.length < 8 : key.length <= 3;
  }

  private ruleAt(at: number, to: number): Found | null {
    const word = this.words[at];
    if (word === undefined || word.kind === 'quoted') return null;
    const keys = word.kind === 'word' ? keysOf(word.key, this.grammar.endings) : [];
    const candidates = ['', ...keys].flatMap((key) => this.grammar.rules.get(key) ?? []);
    let best: Found | null = null;
    for (const rule of candidates) {
      if (best !== null && rule.rank <= best.rule.rank) continue;
      if (rule.yields && this.named[at]?.exact === true) continue;
      if (rule.takesComma && !word.before.includes(',')) continue;
      const found = this.match(rule, at, to);
      if (found !== null) best = found;
    }
    return best;
  }

  private match(rule: Rule, at: number, to: number): Found | null {
    const places = new Map<string, readonly [number, number]>();
    const step = (part: number, here: number): number | null => {
      const wanted = rule.parts[part];
      if (wanted === undefined) return here;
      if (wanted.kind === 'behindName') return this.isBehindName(here) ? step(part + 1, here) : null;
      if (here >= to) return null;
      const word = this.words[here];
      if (word === undefined) return null;
      switch (wanted.kind) {
        case 'word':
          if (word.kind !== 'word' || !keysOf(word.key, this.grammar.endings).includes(wanted.key)) return null;
          return step(part + 1, here + 1);
        case 'number':
        case 'year':
          if (word.kind !== 'number' || (wanted.kind === 'year' && !YEAR.test(word.text))) return null;
          places.set(wanted.slot, [here, here + 1]);
          return step(part + 1, here + 1);
        case 'name': {
          const end = word.kind === 'quoted' ? here + 1 : this.nameEnd(here, to);
          if (end === null) return null;
          places.set(wanted.slot, [here, end]);
          return step(part + 1, end);
        }
        case 'stretch': {
          if (part === 0 && here !== 0) return null;
          const last = part === rule.parts.length - 1;
          for (let end = last ? to : here + 1; end <= Math.min(to, here + LONGEST_STRETCH); end += 1) {
            if (end > here + 1 && /[,;:?!]/.test(this.words[end - 1]?.before ?? '')) return null;
            const rest = step(part + 1, end);
            if (rest === null) continue;
            places.set(wanted.slot, [here, end]);
            return rest;
          }
          return null;
        }
      }
    };
    const end = step(0, at);
    return end === null ? null : { rule, to: end, places };
  }

  private nameEnd(at: number, to: number): number | null {
    const name = this.nameAt(at, to);
    if (name !== null) return name.to;
    const word = this.words[at];
    return word === undefined || this.names.compound(word) === null ? null : at + 1;
  }

  private isBehindName(at: number): boolean {
    const before = this.words[at - 1];
    if (before === undefined) return false;
    if (/[,;:?!]/.test(this.words[at]?.before ?? '')) return false;
    return (
      this.named.some((name, from) => name !== null && from < at && name.to === at) ||
      this.names.compound(before) !== null
    );
  }

  private apply({ rule, to, places }: Found, at: number): Piece[] {
    const inner = new Set(
      [...places.values()].flatMap(([from, end]) => Array.from({ length: end - from }, (_, n) => from + n)),
    );
    const own = Array.from({ length: to - at }, (_, n) => at + n).filter((index) => !inner.has(index));
    const [first = at] = own;
    const last = own.findLast((index, n) => index === first + n) ?? first;
    const pieces = rule.target.split(/(<[#YN]?\d>)/).flatMap((text): Piece[] => {
      const place = places.get(text);
      if (place !== undefined) return /^<[#Y]/.test(text) ? this.single(place[0]) : this.stretch(...place);
      return text.trim() === '' ? [] : [{ text: text.trim(), before: ' ', from: first, to: last + 1 }];
    });
    const before = this.words[at]?.before ?? '';
    const [head, ...rest] = pieces;
    const lead = rule.takesComma ? before.replaceAll(/[,;]/g, ' ') : before;
    const plain = (piece: Piece): Piece => (piece.before.trim() === '' ? { ...piece, before: ' ' } : piece);
    return head === undefined
      ? [{ text: '', before: lead, from: at, to }]
      : [{ ...head, before: lead }, ...rest.map(plain)];
  }

  /** A word that is neither grammar nor a name: a number, a compound, or unknown and left as it is. */
  private single(at: number): Piece[] {
    const word = this.words[at];
    if (word === undefined) return [];
    const compound = this.names.compound(word);
    return [{ text: compound ?? word.english, before: word.before, from: at, to: at + 1 }];
  }
}

/** The pieces as one text; where each stands in it, and in the question. */
function joined(pieces: readonly Piece[], words: readonly Written[], question: string): Rewritten {
  let text = '';
  const places: { start: number; end: number; from: number; to: number }[] = [];
  for (const piece of pieces) {
    const between = piece.before.replaceAll(/[¿¡]/g, '');
    text += /^\s*$/.test(between) ? (text === '' || text.endsWith(' ') ? '' : ' ') : between;
    if (piece.text === '') continue;
    if (/[\p{L}\p{N}"]$/u.test(text) && /^[\p{L}\p{N}"]/u.test(piece.text)) text += ' ';
    const start = text.length;
    text += piece.text;
    places.push({
      start,
      end: text.length,
      from: words[piece.from]?.start ?? 0,
      to: words[piece.to - 1]?.end ?? question.length,
    });
  }
  return { text: text + question.slice(words.at(-1)?.end ?? 0), pieces: places };
}
