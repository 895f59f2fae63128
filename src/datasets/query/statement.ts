import type { Scalar } from '../../common/scalar.js';
import { type Ordering, type Outputs, type Shape, type Term, isCollapsed, orderSql } from './ordering.js';

export interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly rowLimit: number;
  readonly withTies: boolean;
  /** What the rows must fulfil once their windows are known; null: nothing. */
  readonly qualify: string | null;
}

export function statementSql(
  shape: Shape,
  outputs: Outputs,
  items: readonly string[],
  matched: readonly string[],
  { asked, ties }: Ordering,
  page: Page,
): string {
  const { limit, offset, rowLimit, qualify } = page;
  const all = [...items, ...matched];
  if (shape.scope.groups === null && outputs.every(({ compiled }) => compiled.level === 'constant')) {
    // One value worked out by itself is one row, not one for each row of the table.
    return `SELECT ${all.join(', ')}${shape.where === '' ? '' : `${shape.from}${shape.where} LIMIT 1`}`;
  }
  const more = ` LIMIT ${limit + (limit === rowLimit ? 1 : 0)}${offset > 0 ? ` OFFSET ${offset}` : ''}`;
  const collapsed = isCollapsed(shape, outputs);
  const distinctLater = shape.distinct && !collapsed;
  const varying = outputs.filter(({ compiled }) => compiled.level !== 'constant').map(({ compiled }) => compiled.sql);
  const grouping = collapsed ? ` GROUP BY ${[...new Set(varying)].join(', ')}` : shape.groupBy;
  const plain = (shown: readonly string[]): string =>
    `SELECT ${shown.join(', ')}${shape.from}${shape.where}${grouping}${shape.having}`;
  if (!page.withTies && !distinctLater && qualify === null) return plain(all) + orderSql([...asked, ...ties]) + more;
  const keys = [...asked, ...ties];
  const whole = plain([
    ...all,
    ...keys.map(({ key }, i) => `${key} AS k${i + 1}`),
    ...(qualify === null ? [] : [`${qualify} AS kept`]),
  ]);
  const terms = keys.map(({ direction }, i): Term => ({ key: `k${i + 1}`, direction }));
  const names = all.map((item) => item.slice(item.lastIndexOf(' ') + 1)).join(', ');
  const inner = qualify === null ? whole : `SELECT * FROM (${whole}) AS t WHERE kept`;
  if (!page.withTies && !distinctLater) return `SELECT ${names} FROM (${inner}) AS t${orderSql(terms)}${more}`;
  const place = `rank() OVER (${orderSql(terms.slice(0, asked.length)).trim()}) AS place`;
  const position = `row_number() OVER (${orderSql(terms).trim()}) AS position`;
  const placed = `(SELECT ${names}, ${place}, ${position} FROM (${inner}) AS t) AS t`;
  return distinctLater
    ? `SELECT ${names} FROM ${placed} GROUP BY ${names} ORDER BY min(position)${more}`
    : `SELECT ${names} FROM ${placed} WHERE place <= ${limit + offset} AND position > ${offset} ORDER BY position LIMIT ${rowLimit + 1}`;
}

/** Literals that were read in another way ("1,200" as 1200) left parameters that nothing refers to. */
export function usedOnly(statement: string, values: readonly Scalar[]): { text: string; values: Scalar[] } {
  const kept: Scalar[] = [];
  const places = new Map<string, number>();
  const text = statement.replace(/\$(\d+)/g, (_, slot: string) => {
    let place = places.get(slot);
    if (place === undefined) {
      place = kept.push(values[Number(slot) - 1] ?? null);
      places.set(slot, place);
    }
    return `$${place}`;
  });
  return { text, values: kept };
}
