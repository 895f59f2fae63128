import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Token } from '../tokens.js';
import { cellValue, sameCell, yearOfCell, type Cell, type PastValue } from './cell.js';
import { yearsIn, type Grid, type Line } from './grid.js';
import { findCell, mentionIn, type Found, type Mention } from './mention.js';
import { CHANGE_NOUN, POINTER } from './record-english.js';

/** One number that the question speaks of. */
export interface Operand {
  readonly value: Expression;
  readonly cells: readonly Cell[];
  /** 0–1: share of the words that are accounted for, and how clear the choice was. */
  readonly explained: number;
  readonly clear: number;
  /** The earlier answer that was pointed at; null when named. */
  readonly from: PastValue | null;
}

/** A question about a record table, with what was worked out before it. */
export interface Ask {
  readonly grid: Grid;
  readonly question: string;
  readonly tokens: readonly Token[];
  readonly past: readonly PastValue[];
  readonly years: readonly number[];
  /** Year of the whole question for parts that name none. */
  readonly year: number | null;
  /** The cell spoken of last. */
  readonly context: Cell | null;
}

/** A stretch of the question: token indexes, `to` exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const textOf = (ask: Ask, stretch: Stretch): string => {
  const first = ask.tokens[stretch.from];
  const last = ask.tokens[stretch.to - 1];
  return first && last ? ask.question.slice(first.start, last.end).toLowerCase() : '';
};

export const tokensOf = (ask: Ask, stretch: Stretch): readonly Token[] => ask.tokens.slice(stretch.from, stretch.to);

/** Words that name lines: more than generic ones were said, or the whole name of a line. */
export function names(grid: Grid, mention: Mention): boolean {
  let weight = 0;
  for (const stem of mention.stems) weight += grid.vocabulary.get(stem) ?? 0;
  if (weight >= 0.7) return true;
  const whole = (line: Line): boolean =>
    line.words.size > 0 && [...line.words.keys()].every((stem) => mention.stems.has(stem));
  return weight > 0 && grid.rows.some(whole);
}

export const cellOperand = (found: Found): Operand => ({
  value: cellValue(found.cell),
  cells: [found.cell],
  explained: found.explained,
  clear: found.clear,
  from: null,
});

export const pastOperand = (past: PastValue, explained = 1): Operand => ({
  value: past.expression,
  cells: past.cells,
  explained,
  clear: 1,
  from: past,
});

const lastOf = (ask: Ask, kind: PastValue['kind'], except: readonly PastValue[]): PastValue | null =>
  ask.past.findLast((past) => past.kind === kind && !except.includes(past)) ?? null;

/**
 * The number that a stretch means: a cell by its names and year, an earlier answer, or null.
 * `except` are earlier answers that another part of the question already points at.
 */
export function operandIn(ask: Ask, stretch: Stretch, except: readonly PastValue[] = []): Operand | null {
  const text = textOf(ask, stretch);
  const mention = mentionIn(ask.grid, tokensOf(ask, stretch));
  const years = yearsIn(text);
  const change = CHANGE_NOUN.exec(text);
  if (change && years.length < 2) {
    const past = lastOf(ask, 'difference', except);
    if (past) return pastOperand(past, 1 / (1 + mention.unknown.length));
  }
  if (!names(ask.grid, mention) && years.length === 0) {
    if (mention.unknown.length > 1) return null;
    const past = ask.past.findLast((value) => !except.includes(value));
    if (!past || (text !== '' && !POINTER.test(text) && mention.unknown.length > 0)) return null;
    return pastOperand(past, mention.unknown.length === 0 ? 1 : 0.6);
  }
  const said = years[0] ?? ask.year;
  const found = findCell(ask.grid, mention, said ?? yearFor(ask, text), ask.context, said !== null);
  return found ? cellOperand(found) : null;
}

/** A year that is pointed at, or the year of the whole question. */
export function yearFor(ask: Ask, text: string): number | null {
  const last = ask.context ? yearOfCell(ask.context) : null;
  if (last !== null && /\b(previous|prior|preceding) year\b|\byear (before|earlier)\b/.test(text)) return last - 1;
  if (last !== null && /\b(next|following) year\b|\byear (after|later)\b/.test(text)) return last + 1;
  if (ask.year !== null) return ask.year;
  return last !== null && ask.grid.years.has(last) ? last : null;
}

/** The cell for each year in turn, with the names said or the row spoken of last. */
export function cellsForYears(ask: Ask, mention: Mention, years: readonly number[]): readonly Found[] {
  const found: Found[] = [];
  for (const year of years) {
    const cell = findCell(ask.grid, mention, year, ask.context);
    if (!cell || found.some((other) => sameCell(other.cell, cell.cell))) return [];
    found.push(cell);
  }
  return found;
}

/** Every year of the table from the first to the last of `years`, in order. */
export function yearsBetween(grid: Grid, years: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...years), Math.max(...years)];
  return [...grid.years].filter((year) => year >= low && year <= high).sort((left, right) => left - right);
}
