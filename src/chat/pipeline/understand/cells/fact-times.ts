import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { TimeSpan } from '../times.js';
import type { Filter } from './fact-filter.js';
import { type FactAsk, holds, isDated } from './fact-parts.js';
import { isNumeric } from './grid.js';

/** The column of times, or the text column most of whose cells hold a year. */
export function timeColumn(ask: FactAsk): ColumnProfile | null {
  const temporal = ask.profile.columns.filter((column) => column.role === 'temporal');
  if (temporal[0]) return temporal[0];
  const holding = ask.profile.columns.filter((column) => {
    const values = column.values ?? [];
    return (
      column.type === 'text' &&
      values.length > 0 &&
      values.filter((value) => /(?<!\d)(1[5-9]|20)\d\d(?!\d)/.test(value)).length > 0.6 * values.length
    );
  });
  return holding.sort((left, right) => average(left) - average(right))[0] ?? null;
}

const average = (column: ColumnProfile): number => {
  const values = column.values ?? [];
  return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
};

/** "After the year 2000": the words between keep the span from being read as open. */
function openedBy(ask: FactAsk, span: TimeSpan): TimeSpan | null {
  const before = /\b(after|since|before|until|prior to) (?:the )?(?:year |season )?$/.exec(
    `${ask.words.slice(Math.max(0, span.from - 4), span.from).join(' ')} `,
  );
  if (
    !before ||
    span.years ||
    span.start === null ||
    span.end === null ||
    span.start.slice(0, 4) !== span.end.slice(0, 4)
  )
    return null;
  const year = Number(span.start.slice(0, 4));
  const from = span.from - before[0].trim().split(' ').length;
  switch (before[1]) {
    case 'after':
      return { ...span, from, start: `${String(year + 1)}-01-01`, end: null };
    case 'since':
      return { ...span, from, end: null };
    case 'until':
      return { ...span, from, start: null };
    default:
      return { ...span, from, start: null, end: `${String(year - 1)}-12-31` };
  }
}

export function timeFilter(ask: FactAsk, span: TimeSpan): Filter | null {
  // "Who won the next year?" goes on in the table, not in the calendar.
  if (ask.words.slice(span.from, span.to).some((word) => /^(next|previous)$/.test(word))) return null;
  const inside = ask.values.find((part) => part.from >= span.from && part.to <= span.to);
  const column = timeColumn(ask);
  const part = { from: span.from, to: span.to };
  const opened = openedBy(ask, span);
  if (opened) span = opened;
  const years = [span.start, span.end].map((iso) => (iso === null ? null : Number(iso.slice(0, 4))));
  const [first = null, last = null] = years;
  if (!column) {
    const holder = inside?.holders[0];
    return holder && inside && first === last
      ? { condition: holds(holder), column: holder.column, part, score: 0.8 }
      : null;
  }
  const between = (left: Expression, start: string | number | null, end: string | number | null): Condition | null => {
    if (start !== null && end !== null)
      return start === end ? { compare: '=', left, right: { literal: start } } : { between: [start, end], left };
    if (start !== null) return { compare: '>=', left, right: { literal: start } };
    return end === null ? null : { compare: '<=', left, right: { literal: end } };
  };
  let condition: Condition | null;
  if (isDated(column)) {
    condition = span.years
      ? { in: [...span.years], left: { column: column.name, grain: 'year' } }
      : span.unit === 'year' && first === last
        ? { compare: '=', left: { column: column.name, grain: 'year' }, right: { literal: first } }
        : between({ column: column.name }, span.start, span.end);
  } else if (span.unit !== 'year') {
    const holder = inside?.holders[0];
    return holder ? { condition: holds(holder), column: holder.column, part, score: 0.8 } : null;
  } else {
    const left: Expression = isNumeric(column)
      ? { column: column.name }
      : { read: 'year', from: { column: column.name } };
    condition = span.years ? { in: [...span.years], left } : between(left, first, last);
  }
  return condition ? { condition, column, part, score: 1 } : null;
}
