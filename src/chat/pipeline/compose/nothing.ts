import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Evidence } from '../turn.js';
import { expressionWords, filterPhrase } from '../words/expressions.js';
import { listed, plural, sentence, upperFirst } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { cellWords, fieldsOf, type Field } from '../words/shape.js';

const MOST_NAMED = 8;

interface Nothing {
  readonly reason: string;
  readonly instead: readonly string[];
}

/** What to say when no row passed the filter: what was looked for, and what there is instead, in sentences. */
export function nothingFound(primary: ResultSet, evidence: Evidence, profile: DatasetProfile): Nothing {
  const filter = filterPhrase(primary.query.where, profile);
  const groups = groupless(primary, profile, filter);
  if (groups !== null) return { reason: groups, instead: [] };
  const what = `${profile.title} has no rows${filter === '' ? '' : ` ${filter}`}`;
  const instead = evidence.context
    .filter(({ purpose, result }) => purpose === 'available' && result.rows.length > 0)
    .map(({ result }) => available(result, profile));
  const none = instead.length === 0 && filter !== '' ? ['None of the conditions leaves any rows by itself.'] : [];
  return { reason: sentence(what), instead: instead.length > 0 ? instead : none };
}

/** Rows there are, but no group of them is as asked: `There is no region where number of rows is above 200.` */
function groupless({ query }: ResultSet, profile: DatasetProfile, filter: string): string | null {
  const { groupBy, having } = query;
  if (having === undefined || groupBy === undefined || groupBy.length === 0) return null;
  const what = groupBy.map((by) => expressionWords(by, profile)).join(' and ');
  const scope = filter === '' ? '' : ` ${filter}`;
  return sentence(`There is no ${what}${scope} ${filterPhrase(having, profile)}`);
}

/** `Years with data for Infrastructure: 2015 to 2023.` */
function available(result: ResultSet, profile: DatasetProfile): string {
  const [field] = fieldsOf(result, profile);
  if (field === undefined) return '';
  const filter = filterPhrase(result.query.where, profile);
  const values = result.rows.map((row) => row[0] ?? null).filter((value) => value !== null);
  const cut = result.truncated || result.rows.length === result.query.limit;
  const what = field.scale === 'time' ? periods(values, field, cut) : names(values, field);
  return sentence(`${upperFirst(plural(field.words))} with data${filter === '' ? '' : ` ${filter}`}: ${what}`);
}

function names(values: readonly Scalar[], field: Field): string {
  const shown = values.slice(0, MOST_NAMED).map((value) => cellWords(value, field));
  const more = values.length - shown.length;
  return listed(more > 0 ? [...shown, `${formatNumber(more, WHOLE)} more`] : shown);
}

/** `2015 to 2023` when nothing between is missing, else the periods themselves. Values come latest first. */
function periods(values: readonly Scalar[], field: Field, cut: boolean): string {
  const numbers = values.filter((value) => typeof value === 'number');
  const [last, first] = [numbers[0], numbers.at(-1)];
  if (first !== undefined && last !== undefined && numbers.length === values.length && numbers.length > 2) {
    if (last - first === numbers.length - 1) return cut ? `up to ${last}` : `${first} to ${last}`;
  }
  const shown = values.slice(0, MOST_NAMED).map((value) => cellWords(value, field));
  return listed(values.length > shown.length || cut ? [...shown, 'earlier ones'] : shown);
}
