import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import { STOP_WORDS } from '../english.js';
import { isGrammar } from '../grammar-words.js';
import type { Match } from '../cover.js';
import type { Context } from '../reader.js';
import { stemOf, wordsOf } from '../tokens.js';
import { holdsNumbers, isNumeric } from './grid.js';
import { phrasesOf, type Holder, type Phrase } from './phrases.js';

/** A stretch of the question that was recognised. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly column: ColumnProfile | null;
  /** Set for cell values: the columns that may hold them. */
  readonly holders: readonly Holder[];
  readonly score: number;
}

/** A question about single facts, with its words marked as they are accounted for. */
export interface FactAsk {
  readonly context: Context;
  readonly profile: DatasetProfile;
  readonly text: string;
  readonly words: readonly string[];
  readonly columns: readonly Part[];
  readonly values: readonly Part[];
  readonly label: ColumnProfile;
  readonly used: Set<number>;
}

export const use = (ask: FactAsk, from: number, to: number): void => {
  for (let at = from; at < to; at += 1) ask.used.add(at);
};

export function factAsk(context: Context): FactAsk | null {
  const { profile, tokens } = context;
  const label = labelOf(profile);
  if (!label || tokens.length === 0) return null;
  const words = tokens.map((token) => token.lower);
  const { columns, values } = partsOf(context);
  return {
    context,
    profile,
    text: words.join(' '),
    words,
    columns,
    values,
    label,
    used: new Set(),
  };
}

/** The column that says what a row is: the first telling text column that is no date, number or code. */
export function labelOf(profile: DatasetProfile): ColumnProfile | null {
  const text = profile.columns.filter((column) => column.type === 'text' && !holdsNumbers(column));
  const telling = (column: ColumnProfile): boolean =>
    column.distinct >= 0.85 * (profile.rowCount - column.nulls) && column.nulls <= profile.rowCount / 4;
  const named = (column: ColumnProfile): boolean =>
    wordsOf(column.name).some((word) => LABEL_WORDS.has(word)) && column.distinct >= 0.5 * profile.rowCount;
  return text.find(named) ?? text.find(telling) ?? text[0] ?? profile.columns[0] ?? null;
}

const LABEL_WORDS = new Set(
  'name title player team club nation country athlete driver city song film movie album school university building station district county episode single game artist winner candidate party model ship company'.split(
    ' ',
  ),
);

interface Choice {
  readonly part: Part;
  readonly weight: number;
}

/** The columns and values that the words name, without overlaps: longer and surer readings win. */
function partsOf(context: Context): { columns: readonly Part[]; values: readonly Part[] } {
  const choices: Choice[] = [];
  for (const phrase of phrasesOf(context.profile, context.tokens)) {
    const only = context.tokens[phrase.from];
    // "Total", "first" alone are grammar, even where a cell holds just that.
    if (phrase.to === phrase.from + 1 && only && only.quote === null && isGrammar(only)) continue;
    choices.push(ofPhrase(context, phrase));
  }
  const columnsAt = new Map<string, Match[]>();
  for (const match of context.matches) {
    if (match.kind === 'column') {
      if (match.score < 0.5) continue;
      // "The number of laps": not the column of numbers.
      if (
        match.to === match.from + 1 &&
        /^(number|amount|total|name|time|times)$/.test(context.tokens[match.from]?.lower ?? '') &&
        context.tokens[match.to]?.lower === 'of'
      )
        continue;
      const key = `${String(match.from)} ${String(match.to)}`;
      columnsAt.set(key, [...(columnsAt.get(key) ?? []), match]);
    } else if (typeof match.value === 'string' && !known(choices, match.from, match.to)) {
      const holder = { column: match.column, values: [match.value], exact: true };
      const part = { from: match.from, to: match.to, column: null, holders: [holder], score: match.score };
      choices.push({ part, weight: match.score * (match.to - match.from) * 0.95 });
    }
  }
  for (const matches of columnsAt.values()) {
    const best = matches.reduce((top, match) => (match.score > top.score ? match : top));
    const size = best.to - best.from;
    const part = { from: best.from, to: best.to, column: best.column, holders: [], score: best.score };
    choices.push({ part, weight: best.score * size * (1 + 0.12 * (size - 1)) });
  }
  choices.sort((left, right) => right.weight - left.weight);
  const chosen: Part[] = [];
  for (const { part } of choices) {
    if (chosen.every((other) => part.to <= other.from || part.from >= other.to)) chosen.push(part);
  }
  chosen.sort((left, right) => left.from - right.from);
  return {
    columns: chosen.filter((part) => part.column !== null),
    values: chosen.filter((part) => part.column === null),
  };
}

const known = (choices: readonly Choice[], from: number, to: number): boolean =>
  choices.some(({ part }) => part.column === null && part.from === from && part.to === to);

function ofPhrase(context: Context, phrase: Phrase): Choice {
  const size = phrase.to - phrase.from;
  const tokens = context.tokens.slice(phrase.from, phrase.to);
  const exact = phrase.holders.some((holder) => holder.exact);
  const content = tokens.filter((token) => !STOP_WORDS.has(token.lower) && !isGrammar(token)).length;
  const edge = STOP_WORDS.has(tokens[0]?.lower ?? '') || STOP_WORDS.has(tokens.at(-1)?.lower ?? '');
  // One common word inside longer cells says little; a name of several words says much.
  const each = exact ? 1.05 : size === 1 ? 0.62 : 0.9;
  const weight = exact
    ? size * each * (1 + 0.15 * (size - 1)) * (content === 0 ? 0.55 : 1)
    : (content + 0.2 * (size - content)) * each * (1 + 0.1 * (content - 1)) - (edge ? 0.3 : 0);
  return {
    part: {
      from: phrase.from,
      to: phrase.to,
      column: null,
      holders: phrase.holders,
      score: exact ? 1 : size === 1 ? 0.6 : 0.85,
    },
    weight,
  };
}

/** A column's number or moment, for comparing and ordering; null when its cells hold neither. */
export function measureOf(column: ColumnProfile): Expression | null {
  if (isNumeric(column) || column.role === 'temporal') return { column: column.name };
  if (isClock(column)) return { column: column.name };
  return holdsNumbers(column) || mostlyNumbers(column) ? { read: 'number', from: { column: column.name } } : null;
}

/** "2:08:55", "1:36.375": as texts of one width they sort as times. */
export function isClock(column: ColumnProfile): boolean {
  const values = column.values ?? [];
  return column.type === 'text' && values.filter((value) => /^\d{1,2}:\d\d/.test(value)).length > 0.7 * values.length;
}

/** Cells that are one quantity each, a unit or a note in brackets aside: what may be added up. */
export function isQuantity(column: ColumnProfile): boolean {
  if (isNumeric(column)) return true;
  const values = column.values ?? [];
  const plain = values.filter(
    (value) =>
      /^[^\p{L}\d]*\d[\d,.]*\s*(%|\p{L}{1,7}\.?)?(\s*\[.*|\s*\(\s*[\d.,%−–+-].*)?[*†‡]?$/u.test(value) ||
      value.length < 2,
  );
  const numbered = values.filter((value) => /\d/.test(value)).length;
  return (
    column.type === 'text' && numbered >= 0.5 * values.length && numbered > 0 && plain.length >= 0.8 * values.length
  );
}

function mostlyNumbers(column: ColumnProfile): boolean {
  const values = column.values ?? [];
  return (
    column.type === 'text' &&
    values.filter((value) => /^[^\p{L}]*\d[\d,.]*(\s|$|[%\p{L}(])/u.test(value)).length > 0.6 * values.length
  );
}

export const isDated = (column: ColumnProfile): boolean => column.type === 'date' || column.type === 'datetime';

/** Rows that sum up the others ("Total") are no answer to "which has the most". */
export function withoutTotals(ask: FactAsk): readonly Condition[] {
  const totals: Condition[] = [];
  for (const column of ask.profile.columns) {
    const sums = (column.values ?? []).filter((value) =>
      /^(grand |sub)?-?totals?:?$|^(sum|overall|average|totals?|world|all( \w+)?) ?:?$/i.test(value.trim()),
    );
    if (column.type === 'text' && sums.length > 0 && column.values && sums.length < column.values.length)
      totals.push({ in: sums, left: { column: column.name }, negated: true });
  }
  return totals;
}

export const equals = (column: ColumnProfile, value: Scalar): Condition => ({
  compare: '=',
  left: { column: column.name },
  right: { literal: value },
});

/** Rows whose cell holds the phrase. */
export function holds(holder: Holder): Condition {
  const [first] = holder.values;
  if (holder.values.length === 1 && first !== undefined) return equals(holder.column, first);
  return { in: holder.values.slice(0, 500), left: { column: holder.column.name } };
}

export function allOf(conditions: readonly Condition[]): Condition | undefined {
  const [first] = conditions;
  return conditions.length > 1 ? { and: [...conditions] } : first;
}

/** "Round", "Week no.": the name is a singular noun that numbers things; "Rounds", "No. of games" are quantities. */
export const isOrdinal = (column: ColumnProfile, names: ReadonlySet<string>): boolean =>
  names.has(wordsOf(column.name).at(-1) ?? '');

/** Does a word of the column's name stem to one of these? */
export function namedBy(column: ColumnProfile, stems: ReadonlySet<string>): boolean {
  return wordsOf(column.name).some((word) => stems.has(stemOf(word)));
}
