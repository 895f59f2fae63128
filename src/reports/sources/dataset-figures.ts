import type { RetrievalPort } from '../../chat/pipeline/retrieve/retrieve.js';
import type { Scalar } from '../../common/scalar.js';
import { dateWords } from '../../chat/pipeline/words/dates.js';
import { counted as countedWords } from '../../chat/pipeline/words/language.js';
import { formatNumber, formatQuantity, PERCENT, WHOLE } from '../../chat/pipeline/words/numbers.js';
import { cellWords, type Field, numberAt, shapeOf } from '../../chat/pipeline/words/shape.js';
import type { DatasetProfile } from '../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../datasets/query/analytical-query.js';
import type { KeyFigure, ReportSection } from '../report.js';
import { beforeUnfinished, outlineOf, periodOf, usual } from './explorations.js';
import type { Tally } from './tally.js';

/** With fewer rows than this part of those before, a period may not be over. */
const ENOUGH = 0.8;
/** Outputs of one query. */
const MOST_COUNTED = 29;

export interface Figures {
  readonly figures: readonly KeyFigure[];
  /** `2000 to 2024`; null: the rows have no time. */
  readonly period: string | null;
  /** Where values are missing; null: nowhere. */
  readonly missing: ReportSection | null;
}

/** The numbers that a table is told by: how many rows of when, its measures over all rows and lately, and what it lacks. */
export async function figuresOf(
  profile: DatasetProfile,
  port: RetrievalPort,
  tally: Tally,
  rows: number,
): Promise<Figures> {
  const { measures, time, dimensions, names } = outlineOf(profile);
  const things = [...dimensions, ...(names === null ? [] : [names])];
  const over = await one(profile, port, [
    { aggregate: 'count', of: null },
    ...measures.map(usual),
    ...things.map(({ name }): Expression => ({ aggregate: 'count_distinct', of: { column: name } })),
    ...(time === null ? [] : (['min', 'max'] as const)).map((aggregate): Expression => ({
      aggregate,
      of: { column: time?.name ?? '' },
    })),
  ]);
  const { fields, row } = over;
  const all = Number(row[0] ?? 0);
  const figures: KeyFigure[] = [{ label: 'Rows', value: formatNumber(all, WHOLE), note: null }];
  tally.check(figures[0]?.value ?? '', [all]);
  for (const [at, measure] of measures.entries()) {
    const field = fields[1 + at];
    const value = field === undefined ? null : numberAt(row, field);
    if (field === undefined || value === null) continue;
    const lately = await latest(profile, port, usual(measure));
    const figure = { label: field.label, value: cellWords(value, field), note: lately?.text ?? null };
    tally.check(`${figure.value}\n${figure.note ?? ''}`, [value], lately?.values ?? []);
    figures.push(figure);
  }
  for (const [at, { label }] of things.entries()) {
    const count = Number(row[1 + measures.length + at] ?? 0);
    const value = countedWords(count, 'different value', formatNumber(count, WHOLE));
    tally.check(value, [count]);
    figures.push({ label, value, note: null });
  }
  const ends = time === null ? [] : fields.slice(-2).map((field) => timeWords(row[field.index] ?? null));
  const period = ends.length === 2 ? (ends[0] === ends[1] ? (ends[0] ?? null) : ends.join(' to ')) : null;
  return { figures, period, missing: await missingValues(profile, port, tally, rows) };
}

/** A year is a name, and no quantity. */
const timeWords = (value: Scalar): string =>
  typeof value === 'string' ? (dateWords(value) ?? value) : String(value ?? '');

const whole = (count: number): string => formatNumber(count, WHOLE);

interface Row {
  readonly fields: readonly Field[];
  readonly row: readonly Scalar[];
}

async function one(profile: DatasetProfile, port: RetrievalPort, values: readonly Expression[]): Promise<Row> {
  const query: AnalyticalQuery = { datasetId: profile.id, select: values.map((value) => ({ value })) };
  const result = await port.run(query);
  return { fields: shapeOf(result, profile).fields, row: result.rows[0] ?? [] };
}

/** `52.1 points in 2024, +0.3 on 2023`: the last two periods side by side. */
async function latest(
  profile: DatasetProfile,
  port: RetrievalPort,
  value: Expression,
): Promise<{ text: string; values: readonly (number | string)[] } | null> {
  const { time } = outlineOf(profile);
  if (time === null) return null;
  const by = periodOf(time);
  const isThere: Condition = { missing: false, left: by };
  const unfinished = beforeUnfinished(time);
  const result = await port.run({
    datasetId: profile.id,
    select: [{ value: by }, { value }, { value: { aggregate: 'count', of: null }, as: 'rows' }],
    where: unfinished === null ? isThere : { and: [isThere, unfinished] },
    groupBy: [by],
    orderBy: [{ by, direction: 'desc' }],
    limit: 2,
  });
  const [x, y] = shapeOf(result, profile).fields;
  const [last, before] = result.rows;
  if (x === undefined || y === undefined || last === undefined) return null;
  const now = numberAt(last, y);
  if (now === null) return null;
  const when = cellWords(last[x.index] ?? null, x);
  const said = `${cellWords(now, y)} in ${when}`;
  const then = before === undefined ? null : numberAt(before, y);
  if (then === null || before === undefined) return { text: said, values: [now, when] };
  const earlier = cellWords(before[x.index] ?? null, x);
  const change = now - then;
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±';
  // The difference of two percentages is no percentage, and a percentage of one only confuses.
  const isPercent = y.style.unit === '%';
  const percent = then === 0 || isPercent ? null : (change / Math.abs(then)) * 100;
  const relative = percent === null ? '' : ` (${sign}${formatQuantity(Math.abs(percent), PERCENT)})`;
  const style = isPercent ? { ...y.style, unit: 'percentage points' } : y.style;
  const [rows, rowsBefore] = [Number(last[2] ?? 0), Number(before[2] ?? 0)];
  const few = rows < ENOUGH * rowsBefore;
  const behind = few ? `; ${when} rests on ${whole(rows)} rows, ${earlier} on ${whole(rowsBefore)}` : '';
  return {
    text: `${said}, ${sign}${cellWords(Math.abs(change), { ...y, style })} on ${earlier}${relative}${behind}`,
    values: [now, when, earlier, change, rows, rowsBefore, ...(percent === null ? [] : [percent])],
  };
}

/** Columns with empty cells, the emptiest first. */
async function missingValues(
  profile: DatasetProfile,
  port: RetrievalPort,
  tally: Tally,
  most: number,
): Promise<ReportSection | null> {
  const columns = profile.columns.slice(0, MOST_COUNTED);
  const { row } = await one(profile, port, [
    { aggregate: 'count', of: null },
    ...columns.map(({ name }): Expression => ({ aggregate: 'count', of: { column: name } })),
  ]);
  const all = Number(row[0] ?? 0);
  const found = columns
    .map(({ label }, at) => ({ label, missing: all - Number(row[1 + at] ?? 0) }))
    .filter(({ missing }) => missing > 0)
    .toSorted((a, b) => b.missing - a.missing);
  const [worst] = found;
  if (worst === undefined) return null;
  const share = (missing: number): number => (missing / all) * 100;
  const written = `${formatNumber(worst.missing, WHOLE)} of ${formatNumber(all, WHOLE)}`;
  const text = `${worst.label} is missing most often: in ${written} rows (${formatQuantity(share(worst.missing), PERCENT)}).`;
  tally.check(text, [worst.missing, all, share(worst.missing), worst.label]);
  return {
    heading: 'Missing values',
    text,
    chart: null,
    table: {
      columns: [
        { label: 'Column', isNumber: false },
        { label: 'Rows without a value', isNumber: true },
        { label: 'Share', isNumber: true },
      ],
      rows: found
        .slice(0, most)
        .map(({ label, missing }) => [label, formatNumber(missing, WHOLE), formatQuantity(share(missing), PERCENT)]),
      of: found.length,
      hiddenColumns: 0,
    },
    quotes: [],
  };
}
