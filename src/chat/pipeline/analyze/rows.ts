import type { Scalar } from '../../../common/scalar.js';
import type { Finding } from '../turn.js';
import { listed } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { cellWords, nameField, numberAt, type Field } from '../words/shape.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { valueWords } from './points.js';
import { pNames, pWords } from './series.js';
import { type Correlation, correlationOf, correlationPValue, distributionOf, outliersOf } from './statistics.js';

const STRENGTHS = [
  [0.7, 'strong'],
  [0.4, 'moderate'],
  [0.2, 'weak'],
] as const;

/** Words for |r| after Evans (1996), his two lowest and two highest bands each taken together. */
export function strength(r: number): string {
  return STRENGTHS.find(([least]) => Math.abs(r) >= least)?.[1] ?? 'very weak';
}

const two = (value: number): string => formatNumber(value, { decimals: 2, unit: null });

/** The correlation over all rows, the rows that have both numbers, and all rows: the one row of that result. */
export interface Whole {
  readonly result: number;
  readonly row: readonly Scalar[];
}

interface Pairs {
  readonly correlation: Pick<Correlation, 'n' | 'r' | 'pValue'> | null;
  /** Spearman's; null where only some of the rows were read. */
  readonly rho: number | null;
  readonly missing: number;
  readonly rows: number;
  readonly support: Finding['support'];
}

/** Findings on two measures of the same rows; over all of them, where `whole` knows more than the rows that were read. */
export function pairFindings(subject: Subject, x: Field, y: Field, whole: Whole | null = null): Finding[] {
  const { correlation, rho, missing, rows, support } = whole === null ? pairsRead(subject, x, y) : pairsOf(whole);
  const found: Finding[] = [];
  if (correlation !== null) {
    const { n, r, pValue } = correlation;
    const clear = pValue < 0.05;
    found.push(
      finding(
        'correlation',
        1,
        clear
          ? `${x.label} and ${y.words} have a ${strength(r)} ${r > 0 ? 'positive' : 'negative'} linear correlation (Pearson r = ${two(r)}, n = ${formatNumber(n)}, p ${pWords(pValue)})`
          : `There is no clear linear correlation between ${x.words} and ${y.words} (Pearson r = ${two(r)}, n = ${formatNumber(n)}, p ${pWords(pValue)})`,
        { r, n, pValue },
        support,
        [x.words, y.words, ...pNames(pValue)],
      ),
    );
    if (rho !== null && Math.abs(rho - r) >= 0.15 && (clear || correlationPValue(rho, n) < 0.05))
      found.push(
        finding(
          'correlation',
          0.6,
          `By ranks the correlation is ${two(rho)} (Spearman), so the relation is not a straight line or a few points weigh much`,
          { rho },
          support,
        ),
      );
    if (n < 10) found.push(finding('note', 0.55, `That rests on only ${n} points`, { n }, support));
  }
  if (missing > 0)
    found.push(
      finding(
        'missing',
        0.5,
        `${formatNumber(missing)} of ${formatNumber(rows)} rows lack one of the two`,
        { missing, rows },
        whole === null ? allRows(subject) : support,
      ),
    );
  return found;
}

function pairsRead(subject: Subject, x: Field, y: Field): Pairs {
  const pairs = subject.set.rows.flatMap((row, index) => {
    const [a, b] = [numberAt(row, x), numberAt(row, y)];
    return a === null || b === null ? [] : [{ index, pair: [a, b] as const }];
  });
  const correlation = correlationOf(pairs.map(({ pair }) => pair));
  const rows = subject.set.rows.length;
  return {
    correlation,
    rho: correlation?.rho ?? null,
    missing: rows - pairs.length,
    rows,
    support: rowsOf(
      subject,
      pairs.map(({ index }) => index),
    ),
  };
}

function pairsOf({ result, row }: Whole): Pairs {
  const [r = null, both, all] = row;
  const [n, rows] = [Number(both ?? 0), Number(all ?? 0)];
  return {
    correlation: typeof r === 'number' && n >= 3 ? { n, r, pValue: correlationPValue(r, n) } : null,
    rho: null,
    missing: rows - n,
    rows,
    support: [{ result, rows: [0] }],
  };
}

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
      0.6,
      `${field.label} runs from ${valueWords(min, field)} to ${valueWords(max, field)}; half of the ${formatNumber(count)} lie between ${valueWords(q1, field)} and ${valueWords(q3, field)}, the median is ${valueWords(median, field)}${tail}`,
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
        0.55,
        `${listed(each)} ${outliers.length === 1 ? 'stands' : 'stand'} out by ${field.words}`,
        Object.fromEntries(outliers.map(({ index, value }) => [`row ${index}`, value])),
        support,
        [...names, field.words],
      ),
    );
  }
  return found;
}
