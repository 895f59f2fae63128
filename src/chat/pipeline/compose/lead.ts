import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Visualized } from '../turn.js';
import { changeIn, toldFilter } from '../words/derived.js';
import { columnOf, expressionWords, filterPhrase } from '../words/expressions.js';
import { listed, lowerFirst, ordinal, plural, sentence, upperFirst } from '../words/language.js';
import { formatNumber, formatQuantity, PERCENT, WHOLE } from '../words/numbers.js';
import { rowsRead } from '../words/rows-read.js';
import { sidesIn } from '../words/sides.js';
import { orderedRows } from '../words/order.js';
import { placedGroups } from '../words/placed.js';
import {
  cellWords,
  columnName,
  nameField,
  nameWords,
  numberAt,
  shapeOf,
  sourceColumn,
  type Field,
  type Shape,
} from '../words/shape.js';
import { placesLead } from './places.js';

/** More lines than this are for the table, not for the text. */
const MOST_LINES = 10;
const MOST_NAMES = 20;
const MOST_FIELDS = 6;
/** A longer series is told by its ends; the picture has the rest. */
const LONG_SERIES = 12;

export interface Lead {
  readonly text: string;
  /** Texts of the findings that it already says. */
  readonly said: readonly string[];
}

interface Told {
  readonly turn: Visualized;
  readonly result: ResultSet;
  readonly profile: DatasetProfile;
  readonly shape: Shape;
}

const bold = (text: string): string => `**${text.replaceAll('*', '')}**`;
const whole = (count: number): string => formatNumber(count, WHOLE);

/** The asked-for numbers, before anything is said about them. */
export function leadOf(turn: Visualized, result: ResultSet, profile: DatasetProfile): Lead {
  const told: Told = { turn, result, profile, shape: shapeOf(result, profile) };
  const placed = placedGroups(result, told.shape);
  if (placed !== null) return { text: placesLead(placed, scope(told, placed.within)), said: [] };
  const { kind } = told.shape;
  switch (kind) {
    case 'scalar':
      return scalarLead(told);
    case 'record': {
      const sides = turn.findings.find((each) => each.kind === 'difference' && each.interest === 1);
      return sides === undefined ? { text: recordLead(told), said: [] } : { text: sides.text, said: [sides.text] };
    }
    case 'pair':
      return pairLead(told);
    case 'series':
    case 'categories':
      return groupsLead(told);
    case 'matrix':
      return { text: matrixLead(told), said: [] };
    case 'rows':
    case 'empty':
      return rowsLead(told);
  }
}

const scope = ({ result, profile }: Told, shown: readonly Field[] = []): string => {
  const filter = filterPhrase(toldFilter(result.query), profile, shown.map(columnName));
  return filter === '' ? '' : ` ${filter}`;
};

function scalarLead(told: Told): Lead {
  const { y } = told.shape;
  const value = told.turn.findings.find(({ kind }) => kind === 'value');
  if (y === null) return { text: '', said: [] };
  const number = numberAt(told.result.rows[0], y);
  if (number === null) return { text: sentence(`There is no ${y.words}${scope(told)}: no row has a value`), said: [] };
  const written = cellWords(number, y);
  if (value === undefined) return { text: sentence(`The ${y.words}${scope(told)} is ${bold(written)}`), said: [] };
  return { text: emphasised(value.text, written, formatNumber(number, WHOLE)), said: [value.text] };
}

/** Where a word or number stands by itself: the 6 of 476,090 is none. */
function placesOf(option: string, text: string): number[] {
  const inside = /[\p{L}\d]/u;
  const places: number[] = [];
  for (let at = text.indexOf(option); at >= 0; at = text.indexOf(option, at + 1)) {
    const [before, after] = [
      text.slice(Math.max(0, at - 2), at),
      text.slice(at + option.length, at + option.length + 2),
    ];
    const begins = !inside.test(before.at(-1) ?? '') && !/\d[.,]$/.test(before);
    if (begins && !inside.test(after[0] ?? '') && !/^[.,]\d/.test(after)) places.push(at);
  }
  return places;
}

/** The last occurrence of the number, which is where the sentence says it. */
function emphasised(text: string, ...options: readonly string[]): string {
  for (const option of options) {
    const places = placesOf(option, text);
    const at = text.startsWith('There ') ? places[0] : places.at(-1);
    if (at !== undefined) return `${text.slice(0, at)}${bold(option)}${text.slice(at + option.length)}`;
  }
  return text;
}

function recordLead(told: Told): string {
  const {
    result,
    shape: { fields },
  } = told;
  const [row = []] = result.rows;
  const [place, all] = row;
  if (result.columns[0]?.name === 'rank' && typeof place === 'number' && typeof all === 'number')
    return sentence(`Rank ${bold(whole(place))} of ${whole(all)}${scope(told)}`);
  const parts = fields.map((field) => `${field.label}: ${bold(cellWords(row[field.index] ?? null, field))}`);
  return parts.length <= 3 ? `${parts.join(', ')}.` : parts.map((part) => `- ${part}`).join('\n');
}

function pairLead(told: Told): Lead {
  const { turn, result } = told;
  const correlation = turn.findings.find(({ kind }) => kind === 'correlation');
  const { x, y } = told.shape;
  const about = turn.understanding.intent.kind === 'correlation' || turn.understanding.chart?.mark === 'point';
  if (!about) return { text: rowsTable(told), said: [] };
  const pairs = `${rowsRead(result, told.profile)}${scope(told)}`;
  if (correlation !== undefined) return { text: correlation.text, said: [correlation.text] };
  if (result.rows.length <= MOST_LINES) return { text: rowsTable(told), said: [] };
  return { text: sentence(`${upperFirst(y?.words ?? '')} against ${x?.words ?? ''} for ${pairs}`), said: [] };
}

function more(count: number): string[] {
  return count > 0 ? [`- and ${whole(count)} more`] : [];
}

const byWhat = (fields: readonly (Field | null)[]): string =>
  listed(fields.flatMap((field) => (field === null ? [] : [field.words])));

function groupsLead(told: Told): Lead {
  const { result, shape, turn } = told;
  const { x, y, fields, kind } = shape;
  if (x === null || y === null) return { text: rowsTable(told), said: [] };
  const ranked = turn.findings.find((each) => each.kind === 'rank' && each.support.some((one) => one.result > 0));
  const [only = []] = result.rows;
  if (result.rows.length === 1 && result.query.limit === 1) {
    const name = cellWords(only[x.index] ?? null, x);
    const changed = changeLead(told, only, x, y);
    if (changed !== null) return changed;
    if (ranked !== undefined) return { text: emphasised(ranked.text, name), said: [ranked.text] };
    const ascending = result.query.orderBy?.[0]?.direction === 'asc';
    const end = placeOf(result, endOf(false, ascending));
    return {
      text: sentence(
        `${bold(name)} has the ${end} ${y.words}${scope(told)}: ${bold(cellWords(only[y.index] ?? null, y))}`,
      ),
      said: [],
    };
  }
  const change = turn.findings.find((each) => each.kind === 'change');
  if (kind === 'series' && result.rows.length > LONG_SERIES && change !== undefined)
    return { text: change.text, said: [change.text] };
  const numbers = fields.filter((field) => field !== x);
  const changed = y.expression !== null && numbers.length === 3 && changeIn(y.expression) !== null;
  const sided = y.expression !== null && numbers.length === 3 && !changed && sidesIn(y.expression) !== null;
  const named = changed || sided ? [y] : numbers;
  const intro = `${upperFirst(listed(named.map(({ words }) => words)))} by ${x.words}${scope(told, [x])}`;
  const values = (row: readonly Scalar[]): string => {
    const [main, ...others] = numbers;
    const first = main === undefined ? '' : cellWords(row[main.index] ?? null, main);
    if (changed) {
      const [from, to] = others.map((field) => cellWords(row[field.index] ?? null, field));
      return `${bold(first)} (from ${from ?? ''} to ${to ?? ''})`;
    }
    if (sided)
      return `${bold(first)} (${others.map((field) => cellWords(row[field.index] ?? null, field)).join(' against ')})`;
    const beside = others.flatMap((field) => {
      const value = row[field.index] ?? null;
      return value === null ? [] : [`${field.words} ${cellWords(value, field)}`];
    });
    return beside.length === 0 ? bold(first) : `${bold(first)} (${beside.join(', ')})`;
  };
  const name = (row: readonly Scalar[]): string => cellWords(row[x.index] ?? null, x);
  const share =
    turn.understanding.intent.kind === 'share' ? turn.findings.find((each) => each.kind === 'share') : undefined;
  const part = (row: readonly Scalar[]): string => {
    const percent = share?.values[`share of ${nameWords(row[x.index] ?? null, x)}`];
    return percent === undefined ? '' : ` (${formatQuantity(percent, PERCENT)})`;
  };
  const rows = orderedRows(result, { x, y, color: null });
  if (rows.length <= 3)
    return {
      text: sentence(`${intro}: ${listed(rows.map((row) => `${name(row)} ${values(row)}${part(row)}`))}`),
      said: [],
    };
  const shown = rows.slice(0, MOST_LINES).map((row) => `- ${upperFirst(name(row))}: ${values(row)}${part(row)}`);
  return { text: [`${intro}:`, ...shown, ...more(rows.length - MOST_LINES)].join('\n'), said: [] };
}

/** "Peru improved most in average score for Education: by 12.0 points, from 40.0 points in 2015 to 52.0 points in 2024." */
function changeLead(told: Told, row: readonly Scalar[], x: Field, y: Field): Lead | null {
  const change = y.expression === null ? null : changeIn(y.expression);
  const gap = numberAt(row, y);
  if (change === null || gap === null) return null;
  const what = expressionWords(change.of, told.profile);
  const ends = told.shape.fields.filter((field) => field !== x && field !== y);
  const [before, after] = ends.map((field) => cellWords(row[field.index] ?? null, field));
  const way =
    before === undefined || after === undefined ? '' : `, from ${before} in ${change.from} to ${after} in ${change.to}`;
  const least = (told.result.query.orderBy?.[0]?.direction === 'asc') === gap > 0;
  const source = sourceColumn(change.of, told.profile)?.higherIsBetter ?? null;
  const verb =
    gap === 0
      ? 'did not change'
      : source === null
        ? gap > 0
          ? 'rose'
          : 'fell'
        : gap > 0 === source
          ? 'improved'
          : 'worsened';
  const by = gap === 0 ? '' : `: by ${cellWords(Math.abs(gap), y)}${way}`;
  const name = bold(cellWords(row[x.index] ?? null, x));
  const how = gap === 0 ? '' : least ? ' least' : ' most';
  return { text: sentence(`${name} ${verb}${how} in ${what}${scope(told)}${by}`), said: [] };
}

function matrixLead(told: Told): string {
  const { result, shape } = told;
  const { x, y, color } = shape;
  if (x === null || y === null || color === null) return rowsTable(told);
  const lines = new Map<Scalar, string[]>();
  for (const row of orderedRows(result, { x, y, color })) {
    const key = row[x.index] ?? null;
    const cell = `${cellWords(row[color.index] ?? null, color)} ${bold(cellWords(row[y.index] ?? null, y))}`;
    lines.set(key, [...(lines.get(key) ?? []), cell]);
  }
  const shown = [...lines].slice(0, MOST_LINES).map(([key, cells]) => {
    const few = cells.length <= 6 ? cells : [...cells.slice(0, 5), `${whole(cells.length - 5)} more`];
    return `- ${upperFirst(cellWords(key, x))}: ${few.join(', ')}`;
  });
  return [
    `${upperFirst(y.words)} by ${byWhat([x, color])}${scope(told, [x, color])}:`,
    ...shown,
    ...more(lines.size - MOST_LINES),
  ].join('\n');
}

function rowsLead(told: Told): Lead {
  const { result, shape, turn } = told;
  const [only] = shape.fields;
  const ranked = turn.findings.find(({ kind }) => kind === 'rank');
  if (shape.fields.length > 1 || only === undefined) return { text: rowsTable(told), said: [] };
  const names = result.rows.map((row) => cellWords(row[only.index] ?? null, only));
  if (names.length === 1 && names[0] !== undefined) {
    if (ranked !== undefined) return { text: emphasised(ranked.text, names[0]), said: [ranked.text] };
    return { text: singleName(told, names[0], only), said: [] };
  }
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  if (times.size === 1)
    return {
      text: sentence(
        `${upperFirst(only.words)}${scope(told)}: ${bold(names[0] ?? '')} in all ${rowsRead(result, told.profile).replace('the first', 'of the first')}`,
      ),
      said: [],
    };
  const shown = [...times].slice(0, MOST_NAMES);
  const rest = times.size - shown.length;
  const strong = shown.length <= MOST_LINES ? bold : (name: string): string => name;
  const all = shown.map(([name, count]) => (count === 1 ? strong(name) : `${strong(name)} (${whole(count)} times)`));
  const listing = listed(rest > 0 ? [...all, `${whole(rest)} more`] : all);
  const count = whole(times.size);
  const head =
    times.size === names.length
      ? `${result.truncated ? 'The first ' : ''}${count} ${plural(only.words)}`
      : `${count} different ${plural(only.words)} in ${rowsRead(result, told.profile)}`;
  return { text: sentence(`${head}${scope(told)}: ${listing}`), said: [] };
}

const endOf = (time: boolean, ascending: boolean): string =>
  time ? (ascending ? 'earliest' : 'latest') : ascending ? 'lowest' : 'highest';

/** "second highest" further down a ranking. */
const placeOf = ({ query: { offset = 0 } }: ResultSet, end: string): string =>
  offset === 0 ? end : `${ordinal(offset + 1)} ${end}`;

function singleName(told: Told, name: string, field: Field): string {
  const [order] = told.result.query.orderBy ?? [];
  const column = order !== undefined && 'column' in order.by ? columnOf(told.profile, order.by.column) : null;
  if (column !== null && column !== field.profile && told.result.query.limit === 1)
    return sentence(
      `${bold(name)} has the ${placeOf(told.result, endOf(column.role === 'temporal', order?.direction === 'asc'))} ${lowerFirst(column.label)}${scope(told)}`,
    );
  return sentence(`${upperFirst(field.words)}${scope(told)}: ${bold(name)}`);
}

/** Rows by the column that tells them apart; what is the same in all of them is in the filter already. */
function rowsTable(told: Told): string {
  const { result, shape } = told;
  const count = result.rows.length;
  const differing = shape.fields.filter((field) => differs(result, field));
  const fields = differing.length > 0 ? differing : shape.fields;
  const name = nameField(result, fields) ?? fields[0];
  if (name === undefined) return '';
  const others = fields.filter((field) => field !== name).slice(0, MOST_FIELDS);
  const line = (row: readonly Scalar[]): string => {
    const rest = others.map((field) => `${field.words} ${cellWords(row[field.index] ?? null, field)}`);
    return `- ${bold(cellWords(row[name.index] ?? null, name))}${rest.length > 0 ? `: ${rest.join(', ')}` : ''}`;
  };
  return [
    `${upperFirst(rowsRead(result, told.profile))}${scope(told)}:`,
    ...result.rows.slice(0, MOST_LINES).map(line),
    ...(result.truncated ? ['- and more'] : more(count - MOST_LINES)),
  ].join('\n');
}

const differs = ({ rows }: ResultSet, { index }: Field): boolean => rows.some((row) => row[index] !== rows[0]?.[index]);
