import type { Finding } from '../turn.js';
import { listed, lowerFirst, plural } from '../words/language.js';
import { cellWords } from '../words/shape.js';
import { allRows, finding, type Subject } from './finding.js';
import { interestOf } from './interest.js';

const MOST_NAMED = 3;
/** How such a finding begins. */
export const OTHER_PARTS = 'The averages compare different';

/** An average at two times that is over other parts at one of them: which are missing, and of what. */
export function compositionFindings(subject: Subject): Finding[] {
  const { set, shape } = subject;
  const fields = shape.fields;
  const [part, time] = [fields.at(-1), fields.at(-2)];
  if (set.truncated || !part || !time) return [];
  const key = fields.length > 2 ? fields[0] : undefined;
  const words = (row: (typeof set.rows)[number], field: typeof part): string =>
    cellWords(row[field.index] ?? null, field);
  const steps = [...new Set(set.rows.map((row) => words(row, time)))].toSorted((a, b) => (a < b ? -1 : 1));
  if (steps.length !== 2) return [];
  const partsOf = (step: string, name: string | null): ReadonlySet<string> =>
    new Set(
      set.rows
        .filter((row) => words(row, time) === step && (name === null || (key && words(row, key) === name)))
        .map((row) => words(row, part)),
    );
  const missing = (name: string | null): string[] =>
    steps.flatMap((step, index) => {
      const [own, other] = [partsOf(step, name), partsOf(steps[1 - index] ?? '', name)];
      const gone = [...other].filter((one) => !own.has(one));
      if (own.size === 0 || gone.length === 0) return [];
      const more = gone.length > MOST_NAMED ? [`${gone.length - MOST_NAMED} more`] : [];
      return [`no ${listed([...gone.slice(0, MOST_NAMED), ...more], 'or')} rows in ${step}`];
    });
  const things = key ? [...new Set(set.rows.map((row) => words(row, key)))] : [null];
  const told = things.flatMap((name) => {
    const gone = missing(name);
    return gone.length === 0 ? [] : [`${name === null ? 'there are' : `${name} has`} ${listed(gone)}`];
  });
  if (told.length === 0) return [];
  const more = told.length - MOST_NAMED;
  const names = told.slice(0, MOST_NAMED);
  const rest = more > 0 ? `, and ${more} more ${more === 1 ? 'differs' : 'differ'} likewise` : '';
  const text = `${OTHER_PARTS} ${plural(lowerFirst(part.label))}: ${listed(names)}${rest}`;
  const values: Readonly<Record<string, number>> = more > 0 ? { more } : {};
  return [finding('note', interestOf('answer'), text, values, allRows(subject), [text])];
}
