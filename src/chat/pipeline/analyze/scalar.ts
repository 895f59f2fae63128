import type { Finding } from '../turn.js';
import { filterPhrase } from '../words/expressions.js';
import { plural } from '../words/language.js';
import { formatQuantity } from '../words/numbers.js';
import { numberAt, type Field } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { valueWords } from './points.js';

/** The single number asked for, as a sentence, and what it rests on. */
export function scalarFindings(subject: Subject, y: Field): Finding[] {
  const { set, profile } = subject;
  const value = numberAt(set.rows[0], y);
  if (value === null) return [];
  const filter = filterPhrase(set.query.where, profile);
  const tail = filter === '' ? '' : ` ${filter}`;
  const names = [filter, y.words];
  const support = rowsOf(subject, [0]);
  const counting = countedThing(y);
  const text =
    counting === null
      ? /^\p{L}/u.test(y.words)
        ? `The ${y.words}${tail} is ${valueWords(value, y)}`
        : `${y.label}${tail}: ${valueWords(value, y)}`
      : `${value === 1 ? 'There is' : 'There are'} ${formatQuantity(value, { decimals: 0, unit: null })} ${value === 1 ? counting : plural(counting)}${tail}`;
  return [finding('value', interestOf('answer'), text, { value }, support, names)];
}

/** What a count counts: `row`, `different country`; null for other numbers. */
function countedThing({ expression, profile }: Field): string | null {
  if (expression === null || !('aggregate' in expression) || expression.where !== undefined) return null;
  if (expression.aggregate === 'count' && expression.of === null) return 'row';
  if (
    expression.aggregate === 'count_distinct' &&
    profile !== null &&
    expression.of !== null &&
    'column' in expression.of
  )
    return `different ${profile.label.toLowerCase()}`;
  return null;
}
