import { upperFirst } from '../../chat/pipeline/words/language.js';
import { cellWords, type Field, type Shape, shapeOf } from '../../chat/pipeline/words/shape.js';
import { excerpt } from '../../common/excerpt.js';
import type { Scalar } from '../../common/scalar.js';
import type { DatasetProfile } from '../../datasets/profile.js';
import type { ResultSet } from '../../datasets/query/result-set.js';
import type { ReportTable } from '../report.js';

/** More do not fit across a page. */
const MOST_COLUMNS = 8;
const LONGEST_CELL = 160;

/** The first rows of a result as people write them, of a course of time the last ones; null: one value or nothing, which is told by the text. */
export function tableOf(result: ResultSet, profile: DatasetProfile, most: number): ReportTable | null {
  const shape = shapeOf(result, profile);
  const { fields } = shape;
  if (result.rows.length < 2 || fields.length === 0) return null;
  const wide = acrossOf(result, shape, most);
  if (wide !== null) return wide;
  const fromEnd = isForwards(result, shape);
  const rows = fromEnd ? result.rows.slice(-most) : result.rows.slice(0, most);
  const shown = fields.slice(0, MOST_COLUMNS);
  return {
    columns: shown.map(columnOf),
    rows: rows.map((row) => shown.map((field) => cell(row[field.index] ?? null, field))),
    of: result.truncated ? null : result.rows.length,
    hiddenColumns: fields.length - shown.length,
    ...(fromEnd && { fromEnd }),
  };
}

/** Periods in their order: the newest, which a reader wants to know most, are the last ones. */
function isForwards({ rows, truncated }: ResultSet, { x }: Shape): boolean {
  if (truncated || x?.scale !== 'time') return false;
  const [first, last] = [rows[0]?.[x.index] ?? null, rows.at(-1)?.[x.index] ?? null];
  return first !== null && last !== null && first < last;
}

/** Numbers by two groups read best with one of them across; null: there are too many of either. */
function acrossOf(result: ResultSet, shape: Shape, most: number): ReportTable | null {
  const { kind, x, y, color } = shape;
  if (kind !== 'matrix' || x === null || y === null || color === null || result.truncated) return null;
  const across = [...new Set(result.rows.map((row) => row[color.index] ?? null))];
  if (across.length >= MOST_COLUMNS) return null;
  const lines = new Map<Scalar, Map<Scalar, Scalar>>();
  for (const row of result.rows) {
    const key = row[x.index] ?? null;
    const line = lines.get(key) ?? new Map<Scalar, Scalar>();
    lines.set(key, line.set(row[color.index] ?? null, row[y.index] ?? null));
  }
  const fromEnd = isForwards(result, shape);
  return {
    columns: [
      { label: x.label, isNumber: false },
      ...across.map((value) => ({ label: excerpt(wordsOf(value, color), LONGEST_CELL), isNumber: true })),
    ],
    rows: (fromEnd ? [...lines].slice(-most) : [...lines].slice(0, most)).map(([key, line]) => [
      cell(key, x),
      ...across.map((value) => cell(line.get(value) ?? null, y)),
    ]),
    of: lines.size,
    hiddenColumns: 0,
    ...(fromEnd && { fromEnd }),
  };
}

/** Units are told once, by the head of the column. */
const columnOf = ({ label, scale, style }: Field): ReportTable['columns'][number] =>
  scale === 'quantity'
    ? { label: style.unit === null || style.unit === '' ? label : `${label} (${style.unit})`, isNumber: true }
    : { label, isNumber: false };

const cell = (value: Scalar, field: Field): string =>
  value === null && field.scale === 'quantity'
    ? '–'
    : excerpt(wordsOf(value, { ...field, style: { ...field.style, unit: null } }), LONGEST_CELL);

/** A group without a name is called as in charts and answers: `No region`. */
const wordsOf = (value: Scalar, field: Field): string =>
  value === null ? upperFirst(cellWords(value, field)) : cellWords(value, field);
