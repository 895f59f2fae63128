import type { Condition } from '../../../datasets/query/analytical-query.js';
import type { Finding } from '../turn.js';
import { changeIn } from '../words/derived.js';
import { expressionWords, filterPhrase } from '../words/expressions.js';
import { formatNumber } from '../words/numbers.js';
import { type Field, numberAt } from '../words/shape.js';
import { sidesIn } from '../words/sides.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { gapWords, percentWords, relative, valueWords } from './points.js';
import { moved } from './series.js';

const all = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.length <= 1 ? conditions[0] : { and: conditions };

/** Two numbers set against each other, in one sentence that says which is the higher one; none where the row is anything else. */
export function sidesFindings(subject: Subject): Finding[] {
  const { set, profile, shape } = subject;
  const [field] = shape.fields;
  const sides = field?.expression ? sidesIn(field.expression) : null;
  if (!field?.expression || sides === null || set.rows.length !== 1) return [];
  const value = (at: 0 | 1): { field: Field; number: number } | null => {
    const own = shape.fields.find(
      ({ expression }) => JSON.stringify(expression) === JSON.stringify(sides.expressions[at]),
    );
    const number = own === undefined ? null : numberAt(set.rows[0], own);
    return own === undefined || number === null ? null : { field: own, number };
  };
  const [left, right] = [value(0), value(1)];
  if (left === null || right === null) return [];
  const isChange = changeIn(field.expression) !== null;
  // "How much lower is A than B?" is B minus A, and still told of A.
  const turned = !isChange && sides.op === '-' && right.field.index < left.field.index;
  const where = filterPhrase(all([...conditionsOf(set.query.where), ...sides.both]), profile);
  const what = `the ${expressionWords(sides.of, profile)}${where === '' ? '' : ` ${where}`}`;
  const told = [filterPhrase(all(sides.left), profile), filterPhrase(all(sides.right), profile)];
  const [one = '', other = ''] = turned ? told.toReversed() : told;
  const [a, b, y] = turned ? [right.number, left.number, left.field] : [left.number, right.number, left.field];
  const percent = relative(b, a);
  const values = {
    left: a,
    right: b,
    gap: a - b,
    ...(percent === null ? {} : { percent }),
    ...(b === 0 ? {} : { ratio: a / b }),
  };
  const text = isChange
    ? changeText(what, [one, other], a, b, y)
    : sides.op === '/'
      ? ratioText(what, [one, other], a, b, y)
      : gapText(what, [one, other], a, b, y);
  return [finding('difference', 1, text, values, rowsOf(subject, [0]), [what, one, other])];
}

const conditionsOf = (where: Condition | undefined): readonly Condition[] =>
  where === undefined ? [] : 'and' in where ? where.and : [where];

type Names = readonly [one: string, other: string];

function percentText(from: number, to: number, y: Field): string {
  const percent = relative(from, to);
  return percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)})`;
}

function gapText(what: string, [one, other]: Names, a: number, b: number, y: Field): string {
  if (a === b) return `${what} is the same ${one} and ${other}: ${valueWords(a, y)}`;
  const way = a > b ? 'higher' : 'lower';
  return `${what} is ${gapWords(a - b, y, [a, b])}${percentText(b, a, y)} ${way} ${one} than ${other}: ${valueWords(a, y)} against ${valueWords(b, y)}`;
}

function changeText(what: string, [later, earlier]: Names, to: number, from: number, y: Field): string {
  if (to === from) return `${what} did not change: ${valueWords(from, y)} ${earlier} and ${later}`;
  return `${what} ${moved(to - from, y)} by ${gapWords(to - from, y, [from, to])}${percentText(from, to, y)}, from ${valueWords(from, y)} ${earlier} to ${valueWords(to, y)} ${later}`;
}

function ratioText(what: string, [one, other]: Names, a: number, b: number, y: Field): string {
  const numbers = `${valueWords(a, y)} against ${valueWords(b, y)}`;
  if (b === 0) return `${what} ${other} is zero, so there is no ratio: ${numbers}`;
  const times = formatNumber(a / b, { decimals: Math.abs(a / b) < 10 ? 2 : 1, unit: null, rounded: true });
  return `${what} ${one} is ${times} times that ${other}: ${numbers}`;
}
