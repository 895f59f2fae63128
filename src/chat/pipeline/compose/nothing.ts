import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Evidence } from '../turn.js';
import { filterPhrase } from '../words/expressions.js';
import { listed, plural, sentence } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { calendarOf, cellWords, fieldsOf, type Field } from '../words/shape.js';

const MOST_NAMED = 8;

/** What to say when no row passed the filter: what was looked for, and what there is instead. */
export function nothingFound(primary: ResultSet, evidence: Evidence, profile: DatasetProfile): string {
  const filter = filterPhrase(primary.query.where, profile);
  const what = `${profile.title} has no rows${filter === '' ? '' : ` ${filter}`}`;
  const instead = evidence.context
    .filter(({ purpose, result }) => purpose === 'available' && result.rows.length > 0)
    .map(({ result }) => available(result, profile));
  const none = instead.length === 0 && filter !== '' ? ['None of the conditions leaves any rows by itself.'] : [];
  return [sentence(what), ...(instead.length > 0 ? instead : none)].join(' ');
}

function available(result: ResultSet, profile: DatasetProfile): string {
  const [field] = fieldsOf(result, profile);
  if (field === undefined) return '';
  const filter = filterPhrase(result.query.where, profile);
  const where = filter === '' ? '' : `, ${filter},`;
  const names = result.rows.map((row) => row[0] ?? null).filter((value) => value !== null);
  if (field.scale === 'time')
    return sentence(
      `There is data${where} ${periods(
        names.map((name) => cellWords(name, field)),
        names,
        field,
        result.truncated || result.rows.length === result.query.limit,
      )}`,
    );
  const shown = names.slice(0, MOST_NAMED).map((name) => cellWords(name, field));
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${formatNumber(more, WHOLE)} more`] : shown;
  return sentence(
    `The ${names.length === 1 ? field.words : plural(field.words)} there ${names.length === 1 ? 'is' : 'are'}${where === '' ? '' : where.replace(/,$/, '').replace(',', '')}: ${listed(all)}`,
  );
}

/** `from 2015 to 2023` when nothing between is missing, else the periods themselves. Values come latest first. */
function periods(words: readonly string[], values: readonly unknown[], field: Field, cut: boolean): string {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const [last, first] = [numbers[0], numbers.at(-1)];
  const { whole } = calendarOf(field);
  if (whole && first !== undefined && last !== undefined && numbers.length === values.length && numbers.length > 2) {
    if (last - first === numbers.length - 1) return cut ? `up to ${last}` : `from ${first} to ${last}`;
  }
  return `for ${listed(words.slice(0, MOST_NAMED))}${words.length > MOST_NAMED ? ' and earlier ones' : ''}`;
}
