import type { Scalar } from '../../src/common/scalar.js';
import { Dice } from './dice.js';
import { ENGLISH, type Vocabulary } from './languages/vocabulary.js';
import { labelOf, type Quantity, type Theme } from './vocabulary.js';

export type Kind = 'label' | 'category' | 'flag' | 'measure' | 'date' | 'year';

export interface Column {
  /** As the header has it. */
  readonly name: string;
  /** As people say it. */
  readonly said: string;
  readonly kind: Kind;
  readonly place: boolean;
  readonly quantity: Quantity | null;
}

/** A table that was made up: what is in the file, and the same cells as values (dates `2021-03-14`, numbers without their unit). */
export interface Table {
  readonly seed: number;
  readonly title: string;
  readonly theme: Theme;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Scalar[])[];
  readonly csv: string;
}

export type Style = 'snake' | 'title' | 'camel' | 'plain';

interface Making {
  readonly column: Column;
  readonly cell: (row: number) => Scalar;
  readonly written: (value: Scalar) => string;
}

/** 2–8 columns and 5–200 rows, the same for the same seed. */
export function tableOf(seed: number, vocabulary: Vocabulary = ENGLISH): Table {
  const dice = new Dice(seed);
  const theme = dice.pick(vocabulary.themes);
  const style = dice.pick<Style>(['snake', 'title', 'camel', 'plain']);
  const count = dice.chance(0.15) ? dice.int(5, 12) : dice.int(20, 200);
  const makings = dice.some(makingsOf(dice, theme, style, vocabulary), 8);
  const rows = Array.from({ length: count }, (_, row) => makings.map(({ cell }) => cell(row)));
  if (dice.chance(0.2)) rows.push(...(theme.label === null ? rows.slice(0, 2).map((row) => [...row]) : []));
  const csv = [
    makings.map(({ column }) => quoted(column.name)).join(','),
    ...rows.map((row) => row.map((value, at) => quoted(makings[at]?.written(value) ?? '')).join(',')),
  ].join('\n');
  const title = headed(theme.rows, 'title');
  return { seed, title, theme, columns: makings.map(({ column }) => column), rows, csv: `${csv}\n` };
}

function makingsOf(dice: Dice, theme: Theme, style: Style, vocabulary: Vocabulary): Making[] {
  const makings: Making[] = [];
  if (theme.label !== null && dice.chance(0.75)) {
    const { name, from } = theme.label;
    makings.push({ column: columnOf(name, style, 'label'), cell: (row) => labelOf(from, row), written: String });
  }
  const known = vocabulary.pools.filter(({ name }) => theme.pools.includes(name));
  for (const { name, values, place } of dice.some(known, dice.int(1, 3))) {
    const kept = dice.some(values, Math.max(2, values.length - dice.int(0, 2)));
    const gaps = dice.chance(0.3) ? 0.08 : 0;
    // Uneven, so that shares and rankings differ.
    const weighted = kept.flatMap((value, at) => Array.from({ length: at + 1 }, () => value));
    makings.push({
      column: { ...columnOf(name, style, 'category'), place: place === true },
      cell: () => (dice.chance(gaps) ? null : dice.pick(weighted)),
      written: (value) => String(value ?? ''),
    });
  }
  for (const quantity of dice.some(theme.quantities, dice.int(1, 3))) makings.push(measureOf(dice, quantity, style));
  if (dice.chance(0.45)) {
    const words = dice.chance(0.5);
    const share = dice.int(25, 75) / 100;
    makings.push({
      column: columnOf(dice.pick(theme.flags), style, 'flag'),
      cell: () => dice.chance(share),
      written: (value) => (words ? (value === true ? vocabulary.yes : vocabulary.no) : String(value)),
    });
  }
  if (dice.chance(0.65)) makings.push(timeOf(dice, theme, style, vocabulary.year));
  return makings;
}

function measureOf(dice: Dice, quantity: Quantity, style: Style): Making {
  const { low, high, decimals, unit, name } = quantity;
  const gaps = dice.chance(0.3) ? 0.07 : 0;
  const scale = 10 ** decimals;
  const inCells = (unit === '$' || unit === '%') && dice.chance(0.6);
  const header = unit === undefined || inCells || dice.chance(0.4) ? '' : unit;
  return {
    column: { ...columnOf(name, style, 'measure', header), quantity },
    cell: () => (dice.chance(gaps) ? null : dice.int(low * scale, high * scale) / scale),
    written: (value) => {
      if (value === null) return '';
      const number = Number(value).toFixed(decimals);
      if (!inCells) return number;
      return unit === '%' ? `${number}%` : `$${grouped(number)}`;
    },
  };
}

const grouped = (number: string): string =>
  number.replace(/\B(?=(\d{3})+(?!\d))/g, (found, ...rest) => {
    const [offset, text] = rest.slice(-2) as [number, string];
    return text.includes('.') && offset > text.indexOf('.') ? found : ',';
  });

function timeOf(dice: Dice, theme: Theme, style: Style, year: string): Making {
  const first = dice.int(2015, 2021);
  const years = dice.int(2, 4);
  if (dice.chance(0.35)) {
    return {
      column: columnOf(year, style, 'year'),
      cell: () => first + dice.int(0, years),
      written: String,
    };
  }
  const spelled = dice.pick(['iso', 'german', 'words'] as const);
  return {
    column: columnOf(theme.date, style, 'date'),
    cell: () =>
      new Date(Date.UTC(first + dice.int(0, years), dice.int(0, 11), dice.int(1, 28))).toISOString().slice(0, 10),
    written: (value) => {
      const [year = '', month = '', day = ''] = String(value).split('-');
      if (spelled === 'iso') return String(value);
      if (spelled === 'german') return `${day}.${month}.${year}`;
      return `${String(Number(day))} ${MONTHS[Number(month) - 1]?.slice(0, 3) ?? ''} ${year}`;
    },
  };
}

export const MONTHS: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');

export function columnOf(said: string, style: Style, kind: Kind, unit = ''): Column {
  const name = headed(said, style);
  const named =
    unit === '' ? name : style === 'snake' && /^[a-z]+$/i.test(unit) ? `${name}_${unit}` : `${name} (${unit})`;
  return { name: named, said, kind, place: false, quantity: null };
}

function headed(said: string, style: Style): string {
  const words = said.split(' ');
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  if (style === 'snake') return words.join('_');
  if (style === 'title') return words.map(capital).join(' ');
  if (style === 'camel') return words.map((word, at) => (at === 0 ? word : capital(word))).join('');
  return said;
}

export const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
