import type { Finding } from '../turn.js';
import { listed } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { cellWords, nameField, numberAt, type Field } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { valueWords } from './points.js';
import { distributionOf, outliersOf } from './statistics/quantiles.js';

/** Findings on a list of plain rows: how their numbers are spread, and which stand out. */
export function rowFindings(subject: Subject): Finding[] {
  const { fields } = subject.shape;
  const name = nameField(subject.set, fields);
  return fields
    .filter(({ scale, profile }) => scale === 'quantity' && profile?.role !== 'identifier')
    .slice(0, 2)
    .flatMap((field) => spreadOf(subject, field, name));
}

function spreadOf(subject: Subject, field: Field, label: Field | null): Finding[] {
  const [rows, values]: [number[], number[]] = [[], []];
  for (const [index, row] of subject.set.rows.entries()) {
    const value = numberAt(row, field);
    if (value === null) continue;
    rows.push(index);
    values.push(value);
  }
  if (values.length < 5) return [];
  const { count, min, q1, median, q3, max, skew } = distributionOf(values);
  if (min === max) return [];
  const support = rowsOf(subject, rows);
  const tail = skew !== null && Math.abs(skew) >= 1 ? `, with a long tail of ${skew > 0 ? 'high' : 'low'} values` : '';
  const found = [
    finding(
      'distribution',
      interestOf('part'),
      `${field.label} runs from ${valueWords(min, field)} to ${valueWords(max, field)}; half of the ${subject.set.truncated ? 'first ' : ''}${formatNumber(count)} lie between ${valueWords(q1, field)} and ${valueWords(q3, field)}, the median is ${valueWords(median, field)}${tail}`,
      { min, max, q1, q3, median, count, ...(skew === null ? {} : { skew }) },
      support,
      [field.label],
    ),
  ];
  const outliers = outliersOf(values).map((at) => ({ index: rows[at] ?? 0, value: values[at] ?? 0 }));
  if (label !== null && outliers.length > 0 && outliers.length <= 3) {
    const names = outliers.map(({ index }) => cellWords(subject.set.rows[index]?.[label.index] ?? null, label));
    const each = outliers.map(({ value }, index) => `${names[index] ?? ''} (${valueWords(value, field)})`);
    found.push(
      finding(
        'outlier',
        interestOf('part'),
        `${listed(each)} ${outliers.length === 1 ? 'stands' : 'stand'} out by ${field.words}`,
        Object.fromEntries(outliers.map(({ index, value }) => [`row ${index}`, value])),
        support,
        [...names, field.words],
      ),
    );
  }
  return found;
}
