import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import { toldFilter } from '../words/derived.js';
import { filterTitle } from '../words/expressions.js';
import { upperFirst } from '../words/language.js';
import { columnName, type Field } from '../words/shape.js';

/** What the picture shows, with its filter: `Average score by region, Education, 2024`. */
export function titleOf(
  what: string,
  by: readonly Field[],
  query: AnalyticalQuery,
  profile: DatasetProfile,
  drawn: string | null,
): string {
  const groups = by.map(({ words }) => words).filter((words) => words !== '');
  const filter = filterTitle(toldFilter(query), profile, by.map(columnName));
  const head = groups.length === 0 ? what : `${what} by ${groups.join(' and ')}`;
  return [upperFirst(head), filter, drawn ?? ''].filter(Boolean).join(', ');
}

/** That a point has both of its values goes without saying. */
export function withoutDrawn(query: AnalyticalQuery, names: readonly (string | null)[]): AnalyticalQuery {
  const { where: all, ...rest } = query;
  const parts = all === undefined ? [] : 'and' in all ? all.and : [all];
  const said = parts.filter(
    (part) => !('missing' in part && !part.missing && 'column' in part.left && names.includes(part.left.column)),
  );
  return said.length === 0 ? rest : { ...rest, where: { and: said } };
}

/** Broken at words into lines of at most so many characters. */
export function wrapped(text: string, width: number): string | string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.length > 1 ? lines : text;
}
