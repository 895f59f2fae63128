import type { DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import { toldFilter } from './derived.js';
import { expressionWords, filterPhrase } from './expressions.js';
import { listed } from './language.js';

/** `Margin = (revenue - cost) / revenue`: how the measures that a query names are worked out. */
export function formulasIn(query: AnalyticalQuery, profile: DatasetProfile): string[] {
  const asked = JSON.stringify(query);
  return profile.columns.flatMap(({ name, label, computed }) =>
    computed !== undefined && asked.includes(JSON.stringify({ column: name }).slice(1, -1))
      ? [`${label} = ${computed.formula}`]
      : [],
  );
}

/** What a query asks for, as a noun phrase: `average score by region for Education in 2024`. */
export function queryWords(query: AnalyticalQuery, profile: DatasetProfile): string {
  const groups = query.groupBy ?? [];
  const keys = new Set(groups.map((group) => JSON.stringify(group)));
  const asked = query.select.filter(({ value }) => !keys.has(JSON.stringify(value)));
  const what = listed([...new Set(asked.map(({ value }) => expressionWords(value, profile)))]);
  const by = groups.length === 0 ? '' : ` by ${listed(groups.map((group) => expressionWords(group, profile)))}`;
  const filter = filterPhrase(toldFilter(query), profile);
  return `${what === '' ? 'rows' : what}${by}${filter === '' ? '' : ` ${filter}`}`;
}
