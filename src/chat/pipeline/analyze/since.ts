import type { Scalar } from '../../../common/scalar.js';
import type { Finding, PastResult, Retrieved } from '../turn.js';
import { dayWords } from '../words/dates.js';
import { counted, listed } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { cellWords, nameWords, numberAt, type Field } from '../words/shape.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { alike, gapWords, valueWords } from './points.js';

/** Changed values that are told one by one. */
const MOST_TOLD = 3;
const NEWS = interestOf('comparison');
const ASKED = interestOf('answer');

type Past = PastResult & Required<Pick<PastResult, 'at' | 'was'>>;

/** The latest earlier result of the same question in meaning. */
export const earlierResult = ({ pastResults }: Retrieved['evidence']): Past | null =>
  pastResults.find((past): past is Past => past.at !== undefined && past.was !== undefined) ?? null;

/**
 * What is other than when the same was asked before: of the same data set, with the same filters, and, where the result
 * runs over time, at the same periods. Nothing where nothing changed, unless that is what was asked.
 */
export function sinceFindings(turn: Retrieved, subject: Subject): Finding[] {
  const past = earlierResult(turn.evidence);
  if (past === null) return [];
  const when = whenWords(past.at, turn.askedAt);
  const isAsked = turn.understanding.earlier !== undefined;
  const { rows } = subject.set;
  const changes = changesIn(subject, past.was);
  const found =
    changes.length > 0
      ? changeFinding(subject, changes, when)
      : rows.length === 1 && past.was.length === 1
        ? winnerFinding(subject, past.was[0] ?? [], when)
        : null;
  if (found === null && !isAsked) return [];
  const told = found ?? plainFinding(subject, past, when);
  return [{ ...told, interest: isAsked ? ASKED : NEWS, earlier: past.messageId }];
}

interface Change {
  /** null: the one number. */
  readonly name: string | null;
  readonly now: number;
  readonly was: number;
  readonly row: number;
}

/** Numbers of the same things (the same period, the same names) that differ by more than is written of them. */
function changesIn({ set, shape }: Subject, then: Past['was']): Change[] {
  const { kind, x, y, color } = shape;
  if (y === null || !['scalar', 'series', 'categories', 'matrix'].includes(kind)) return [];
  const fields = kind === 'scalar' ? [] : [x, color].filter((field) => field !== null);
  const before = new Map(then.map((row) => [keyOf(row, fields), row]));
  return set.rows.flatMap((row, index) => {
    const past = before.get(keyOf(row, fields));
    const [now, was] = [numberAt(row, y), numberAt(past, y)];
    if (now === null || was === null || alike(now, was, y)) return [];
    const name = fields.length === 0 ? null : fields.map((field) => nameOf(row, field)).join(' / ');
    return [{ name, now, was, row: index }];
  });
}

const keyOf = (row: readonly Scalar[], fields: readonly Field[]): string =>
  JSON.stringify(fields.map(({ index }) => row[index] ?? null));

const nameOf = (row: readonly Scalar[], field: Field): string => nameWords(row[field.index] ?? null, field);

function changeFinding(subject: Subject, changes: readonly Change[], when: string): Finding | null {
  const { y } = subject.shape;
  if (y === null) return null;
  const told = changes
    .toSorted((a, b) => Math.abs(b.now - b.was) - Math.abs(a.now - a.was) || a.row - b.row)
    .slice(0, MOST_TOLD);
  const more = changes.length - told.length;
  const phrases = told.map(({ name, now, was }) => {
    const moved = `${gapWords(now - was, y, [was, now])} ${now > was ? 'higher' : 'lower'} now`;
    return name === null
      ? `it was ${valueWords(was, y)}; it is ${moved}`
      : `${name} was ${valueWords(was, y)} (${moved})`;
  });
  const rest = more === 0 ? '' : `; ${counted(more, 'more value', formatNumber(more, WHOLE))} changed since`;
  return finding(
    'change',
    NEWS,
    `When you asked ${when} ${listed(phrases)}${rest}`,
    Object.fromEntries([
      ...told.flatMap(({ name, now, was }): [string, number][] => [
        [named(name, 'before'), was],
        [named(name, 'now'), now],
        [named(name, 'change'), now - was],
      ]),
      ...(more === 0 ? [] : [['more', more] as const]),
    ]),
    rowsOf(
      subject,
      told.map(({ row }) => row),
    ),
    [when, ...told.flatMap(({ name }) => name ?? [])],
  );
}

const named = (name: string | null, what: string): string => (name === null ? what : `${name} ${what}`);

/** "Which region is the lowest?": another one than then. */
function winnerFinding(subject: Subject, then: readonly Scalar[], when: string): Finding | null {
  const { fields, y } = subject.shape;
  const name = fields.find(({ scale }) => scale !== 'quantity');
  const [now = []] = subject.set.rows;
  if (name === undefined || (then[name.index] ?? null) === (now[name.index] ?? null)) return null;
  const value = y === null ? null : numberAt(then, y);
  const was = cellWords(then[name.index] ?? null, name);
  const told = value === null || y === null ? was : `${was} with ${valueWords(value, y)}`;
  return finding(
    'change',
    NEWS,
    `When you asked ${when} it was ${told}`,
    value === null ? {} : { before: value },
    rowsOf(subject, [0]),
    [when, was],
  );
}

/** What there is to say where it was asked for and no number changed. */
function plainFinding(subject: Subject, { was }: Past, when: string): Finding {
  const { y, kind } = subject.shape;
  const value = kind === 'scalar' && y !== null ? numberAt(subject.set.rows[0], y) : null;
  const [before] = was;
  if (value !== null && y !== null && before !== undefined && numberAt(before, y) === null)
    return finding('change', ASKED, `When you asked ${when} there was no value`, {}, rowsOf(subject, [0]), [when]);
  if (value !== null && y !== null)
    return finding(
      'change',
      ASKED,
      `When you asked ${when} it was ${valueWords(value, y)}, as it is now`,
      { value },
      rowsOf(subject, [0]),
      [when],
    );
  const compared = ['series', 'categories', 'matrix'].includes(kind) || was.length === 0;
  const text = compared
    ? `When you asked ${when} the result was the same as it is now`
    : `When you asked ${when} the result was another one than it is now`;
  return finding('change', ASKED, text, {}, allRows(subject), [when]);
}

function whenWords(at: string, askedAt: Date): string {
  const then = new Date(at);
  return at.slice(0, 10) === askedAt.toISOString().slice(0, 10) ? 'earlier today' : `on ${dayWords(then)}`;
}
