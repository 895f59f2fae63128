import type { Answer, Retrieved } from '../turn.js';

/** The asked-for fact(s): the first selected output of the first row, or of each row (also of those that tie). Null when nothing was found. */
export function answerOf({ understanding, evidence }: Retrieved): Answer | null {
  const rows = evidence.primary?.rows ?? [];
  if (rows.length === 0) return null;
  switch (understanding.expects) {
    case 'value':
      if (rows.length > 1 && evidence.primary?.query.withTies === true) return rows.map((row) => row[0] ?? null);
      return rows[0]?.[0] ?? null;
    case 'values':
      return rows.map((row) => row[0] ?? null);
    case 'table':
      return rows.length === 1 && rows[0]?.length === 1 ? (rows[0][0] ?? null) : null;
  }
}
