import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import { isMeasure, isNumeric } from './expressions.js';
import { lexiconOf } from './lexicon.js';

const low = (column: ColumnProfile): string =>
  /^[A-Z][a-z]/.test(column.label) ? column.label.charAt(0).toLowerCase() + column.label.slice(1) : column.label;

const AGGREGATE_WORDS = { sum: 'total', avg: 'average', median: 'median', min: 'lowest', max: 'highest' } as const;

const overRows = ({ computed, defaultAggregate }: ColumnProfile): string =>
  computed?.level === 'group' ? '' : `${AGGREGATE_WORDS[defaultAggregate]} `;

/** Up to three questions that this data set can answer, made from its columns. */
export function suggestionsFor(profile: DatasetProfile): readonly string[] {
  const lexicon = lexiconOf(profile);
  const measure = profile.columns.find(isMeasure);
  const dimension = profile.columns.find(
    (column) => column.role === 'dimension' && column.type === 'text' && column.distinct > 1 && column.distinct <= 30,
  );
  const label = lexicon.labels[0];
  const value = dimension?.values?.[0];
  const found: string[] = [];
  if (measure && dimension) {
    found.push(`What is the ${overRows(measure)}${low(measure)} for each ${low(dimension)}?`);
  }
  if (measure && lexicon.temporal)
    found.push(`Show the ${low(measure)} over ${isNumeric(lexicon.temporal) ? 'the years' : 'time'} as a line chart`);
  if (measure && label && label !== dimension) found.push(`Which ${low(label)} has the highest ${low(measure)}?`);
  if (dimension && value !== undefined && found.length < 3)
    found.push(`How many rows have ${low(dimension)} ${value}?`);
  if (label && found.length < 2) found.push(`How many different values of ${low(label)} are there?`);
  return found.slice(0, 3);
}
