import type { DatasetProfile } from '../../../../datasets/profile.js';
import type { Composed } from '../../turn.js';
import { lowerFirst, plural, upperFirst } from '../../words/language.js';
import type { AnswerLanguage } from './answer-language.js';
import { GERMAN_ANSWERS } from './german.js';
import { SPANISH_ANSWERS } from './spanish.js';

/** By ISO 639-1; other answers are in English. */
const LANGUAGES: ReadonlyMap<string, AnswerLanguage> = new Map([
  ['de', GERMAN_ANSWERS],
  ['es', SPANISH_ANSWERS],
]);

interface Line {
  readonly pattern: RegExp;
  readonly target: string;
}

const compiled = new Map<AnswerLanguage, { readonly sentences: readonly Line[]; readonly phrases: readonly Line[] }>();

const QUANTITY = String.raw`(?:\*\*)?[-−+]?[$€£]?\d[\d.,]*(?: ?%| (?!(?:and|for|where|since|before|after|by|on|is|a|per|then|now|years|months)\b|to\b|of\b|from\b|above\b|ahead\b|with\b|in\b)[^\s.,;:()*]+(?: points)?)?(?:\*\*)?(?: \([^()]*\))?`;
const COUNT = String.raw`(?:\*\*)?\d[\d.,]*(?:\*\*)?`;
const MOVED = '(?:rose|fell|improved|worsened|upward|downward)';
/** What may stand in a place: `{n}` and its like hold a number with its unit, `{k}` one without, `{w}` and `{e}` a verb, `{v}` a list, others a phrase. */
const PLACES: Readonly<Record<string, string>> = {
  n: QUANTITY,
  m: QUANTITY,
  g: QUANTITY,
  k: COUNT,
  p: QUANTITY,
  v: '.+?',
  w: MOVED,
  e: MOVED,
};

function linesOf(text: string): readonly Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [english = '', target = ''] = line.split(' = ');
      const source = english
        .split(/(\{\w\})/)
        .map((part) => /^\{(\w)\}$/.exec(part)?.[1] ?? part)
        .map((part, at) =>
          at % 2 === 1
            ? `(?<${part}>${PLACES[part] ?? '[^;:]+?'})`
            : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
        )
        .join('');
      const start = source.replace(/^\p{L}/u, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
      return { pattern: new RegExp(`^${start}$`), target };
    });
}

/** A name of several words, out of the reach of the lines, while they are tried. */
const FIRST_MARK = 0xe000;
const LINE_HEAD = /^(\s*(?:- )?)(.*)$/;

/**
 * The text of an answer in a language, its numbers as they are written there. What no line fits stays in English. The numbers are
 * those of the English text, which was checked against the evidence.
 */
export function inLanguage(text: string, language: string, profiles: readonly DatasetProfile[]): string {
  const answers = LANGUAGES.get(language);
  if (answers === undefined) return text;
  let lines = compiled.get(answers);
  if (lines === undefined) {
    lines = { sentences: linesOf(answers.sentences), phrases: linesOf(answers.phrases) };
    compiled.set(answers, lines);
  }
  return new Sayer(answers, lines.sentences, lines.phrases, profiles).text(text);
}

/** An answer in the language of its question, its refusal and what may be asked instead as well. */
export function inTheirLanguage<T extends Composed>(turn: T): T {
  const { language, refusal } = turn.understanding;
  if (!LANGUAGES.has(language)) return turn;
  const say = (text: string): string => inLanguage(text, language, turn.datasets);
  const told =
    refusal === null ? null : { ...refusal, reason: say(refusal.reason), suggestions: refusal.suggestions.map(say) };
  return { ...turn, text: say(turn.text), understanding: { ...turn.understanding, refusal: told } };
}

/** The digits and names of a sentence, in whatever order. */
const factsIn = (text: string): string => (text.match(/\d+|[\uE000-\uF8FF]/g) ?? []).sort().join(' ');

/** `1,234.5`, and no name with a number in it. */
const NUMBER = /(?<![\p{L}\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\p{L}\d.,])\d+\.\d+(?![.\d])/gu;
const numberWritten = (number: string): string => number.replaceAll(/[.,]/g, (sign) => (sign === ',' ? '.' : ','));

/** A sentence that no line fits: its numbers are written as those of the others are. */
const numbersWritten = (text: string): string => text.replaceAll(NUMBER, numberWritten);

/** Written small in English alone of the languages that are spoken. */
const ENGLISH_GRAMMAR = /\b(?:have|is|are|the|that|with|which|when|since|than|from|by|and|of|before|each)\b/g;
const ENGLISH_GRAMMAR_AT_ALL = new RegExp(ENGLISH_GRAMMAR.source);

class Sayer {
  private readonly names: string[] = [];
  private readonly units: ReadonlyMap<string, string>;
  private readonly labels: ReadonlyMap<string, string>;

  constructor(
    private readonly answers: AnswerLanguage,
    private readonly sentences: readonly Line[],
    private readonly phrases: readonly Line[],
    private readonly profiles: readonly DatasetProfile[],
  ) {
    const words = answers.units.split('|').map((pair) => pair.trim().split('=') as [string, string]);
    this.units = new Map(words);
    const labels = profiles.flatMap(({ columns }) => columns.map(({ label }) => label));
    this.labels = new Map(
      labels.flatMap((label) => {
        const own = answers.capitalNouns ? label : lowerFirst(label);
        return [lowerFirst(label), plural(lowerFirst(label)), label.toLowerCase(), plural(label.toLowerCase())].map(
          (said) => [said, own] as const,
        );
      }),
    );
  }

  text(text: string): string {
    const hidden = this.hide(text);
    return this.show(
      hidden
        .split('\n')
        .map((line) => this.line(line))
        .join('\n'),
    );
  }

  /** Quotations and values of several words become one sign each. */
  private hide(text: string): string {
    const values = this.profiles.flatMap(({ title, columns }) => [
      title,
      ...columns.flatMap((column) => (column.values ?? []).filter((value) => /[\s.,&]/.test(value))),
    ]);
    const named = values.filter((value) => text.includes(value)).toSorted((left, right) => right.length - left.length);
    const mark = (name: string): string => String.fromCharCode(FIRST_MARK + this.names.push(name) - 1);
    const [open = '', close = ''] = this.answers.quotes;
    const quoted = text.replaceAll(/“([^”]*)”/g, (_, said: string) => mark(open + said + close));
    return named.reduce((rest, name) => (rest.includes(name) ? rest.replaceAll(name, mark(name)) : rest), quoted);
  }

  private show(text: string): string {
    return this.names.reduceRight(
      (rest, name, at) => rest.replaceAll(String.fromCharCode(FIRST_MARK + at), name),
      text,
    );
  }

  private line(line: string): string {
    if (line.startsWith('>')) return line;
    const [, head = '', body = ''] = LINE_HEAD.exec(line) ?? [];
    const said = body.split(/(?<=[.!?]) (?=[^\p{Ll}])/u).map((one) => this.sentence(one));
    const isListed = head.trimEnd().endsWith('-');
    return head + said.map(({ text, isSaid }) => (isSaid || !isListed ? text : this.written(text))).join(' ');
  }

  private sentence(text: string): { readonly text: string; readonly isSaid: boolean } {
    const stop = text.endsWith('.') ? '.' : '';
    const body = stop === '' ? text : text.slice(0, -1);
    const said = this.fit(body, this.sentences);
    // A line that loses a number or a name is worse than none.
    return said === null || factsIn(said) !== factsIn(body) || this.isHalf(said, body)
      ? { text: numbersWritten(text), isSaid: false }
      : { text: upperFirst(said.trim()) + stop, isSaid: true };
  }

  /** Whether words of English grammar are left, which are not in the name of a column. */
  private isHalf(said: string, body: string): boolean {
    const left = said.match(ENGLISH_GRAMMAR) ?? [];
    if (left.length === 0 || !ENGLISH_GRAMMAR_AT_ALL.test(body)) return false;
    const named = [...this.labels.values()].flatMap((label) => label.toLowerCase().split(/[^\p{L}]+/u));
    return left.some((word) => !named.includes(word));
  }

  private fit(text: string, lines: readonly Line[]): string | null {
    for (const { pattern, target } of lines) {
      const found = pattern.exec(text);
      if (found === null) continue;
      return target.replaceAll(/\{(\w)\}/g, (_, slot: string) => this.phrase(found.groups?.[slot] ?? ''));
    }
    return null;
  }

  private phrase(text: string): string {
    const bold = /^\*\*(.+)\*\*$/.exec(text)?.[1];
    if (bold !== undefined && !bold.includes('*')) return `**${this.phrase(bold)}**`;
    const label = this.labels.get(text) ?? this.labels.get(lowerFirst(text));
    if (label !== undefined) return label;
    return this.fit(text, this.phrases) ?? this.written(text);
  }

  /** `1,234.5` → `1.234,5`, `5 March 2024` → `5. März 2024`. */
  private written(text: string): string {
    const months = this.answers.months.split(' ');
    return text
      .replaceAll(/(?<=.)\*\*[^*]+\*\*/g, (bold) => this.phrase(bold))
      .replaceAll(/(?<=^|[,:] | and )no [^*,]+(?= \*\*)/g, (none) => this.phrase(none))
      .replaceAll(/\(from (.+?) to (.+?)\)/g, (_, from: string, to: string) =>
        this.answers.ends.replace('{a}', this.phrase(from)).replace('{b}', this.phrase(to)),
      )
      .replaceAll(
        /(?<=\d )(?:percentage points|points|rows|more|times)(?!\p{L})/gu,
        (unit) => this.units.get(unit) ?? unit,
      )
      .replaceAll(NUMBER, numberWritten)
      .replaceAll(DATED, (_, day: string | undefined, month: string, year: string) => {
        const name = months[MONTHS.indexOf(month)] ?? month;
        if (day === undefined) return `${name} ${year}`;
        return this.answers.date.replace('{day}', day.trim()).replace('{month}', name).replace('{year}', year);
      });
  }
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DATED = new RegExp(String.raw`(\d{1,2} )?(${MONTHS.join('|')}) (\d{4})`, 'g');
