import type { Compiled } from './context.js';

/** What ORDER BY sorts on: text without regard to case, the same on every server's locale; weekdays in the order of the week. */
export function sortKey({ sql, type, orderSql, level }: Compiled, inGroups: boolean): string {
  // Within a group of equal weekdays every row has the same number, so its minimum is that number.
  if (orderSql !== undefined) return inGroups && level === 'group' ? `min(${orderSql})` : orderSql;
  return type === 'text' ? `lower(${sql}) COLLATE "C"` : sql;
}
