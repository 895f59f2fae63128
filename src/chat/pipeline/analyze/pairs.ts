import type { Scalar } from '../../../common/scalar.js';
import type { Finding } from '../turn.js';
import { formatNumber } from '../words/numbers.js';
import { numberAt, type Field } from '../words/shape.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { pNames, pWords } from './series.js';
import { type Correlation, correlationOf, correlationPValue, fisherInterval } from './statistics/correlation.js';

const STRENGTHS = [
  [0.7, 'strong'],
  [0.4, 'moderate'],
  [0.2, 'weak'],
] as const;

/** Words for |r| after Evans (1996), his two lowest and two highest bands each taken together. */
function strength(r: number): string {
  return STRENGTHS.find(([least]) => Math.abs(r) >= least)?.[1] ?? 'very weak';
}

/** Of fewer pairs any correlation can be chance: four rows of noise are beyond r = 0.9 one time in ten. */
const FEWEST_PAIRS = 5;
/** Ranks tell another story than the numbers from this difference on. */
const RANKS_DIFFER = 0.15;

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
  /** Rows with both numbers, and all of them. */
  readonly n: number;
  readonly rows: number;
  readonly support: Finding['support'];
  readonly supportOfAll: Finding['support'];
}

/** Findings on two measures of the same rows; over all of them, where `whole` knows more than the rows that were read. */
export function pairFindings(subject: Subject, x: Field, y: Field, whole: Whole | null = null): Finding[] {
  const pairs = whole === null ? pairsRead(subject, x, y) : pairsOf(whole);
  const { correlation, n } = pairs;
  const names = [x.words, y.words];
  const found: Finding[] = [];
  if (n < FEWEST_PAIRS) found.push(tooFew(pairs, names));
  else if (correlation !== null) {
    const { r, pValue } = correlation;
    found.push(
      finding(
        'correlation',
        interestOf('answer'),
        pValue < 0.05
          ? `${x.label} and ${y.words}: ${coefficient(r, n, pValue)}, a ${kindOf(r)} correlation; it says nothing of cause`
          : `There is no clear linear correlation between ${x.words} and ${y.words}: ${coefficient(r, n, pValue)}`,
        correlationValues(r, n, pValue),
        pairs.support,
        [...names, ...pNames(pValue)],
      ),
      ...rankFinding(pairs, correlation),
    );
  }
  const missing = missingFinding(pairs);
  return missing === null ? found : [...found, missing];
}

/**
 * What a coefficient that was asked for is worth. `rows` are the same pairs as rows, where they are few enough to be read:
 * the coefficient itself is of all rows.
 */
export function coefficientFindings(subject: Subject, r: number, whole: Whole | null, rows: Subject | null): Finding[] {
  const support = rowsOf(subject, [0]);
  const known = whole === null ? null : pairsOf(whole);
  const n = known?.n ?? subject.set.matchedRows ?? 0;
  const [x, y] = rows?.shape.fields ?? [];
  const read = rows === null || rows.set.truncated || x === undefined || y === undefined ? null : pairsRead(rows, x, y);
  const pValue = correlationPValue(r, n);
  const all = known === null ? support : [...support, ...known.support];
  if (n < FEWEST_PAIRS) return [tooFew({ n, support: all }, [])];
  const values = correlationValues(r, n, pValue);
  const chance = pValue < 0.05 ? 'it says nothing of cause' : 'it could be chance';
  const found = [
    finding(
      'correlation',
      interestOf('overview'),
      `That is a ${kindOf(r)} correlation (${about(r, n, pValue)}); ${chance}`,
      values,
      all,
      pNames(pValue),
    ),
  ];
  if (read !== null) found.push(...rankFinding(read, { r, pValue }));
  const missing = known === null ? null : missingFinding(known);
  return missing === null ? found : [...found, missing];
}

const kindOf = (r: number): string => `${strength(r)} ${r >= 0 ? 'positive' : 'negative'}`;

const coefficient = (r: number, n: number, pValue: number): string => `r = ${two(r)} (${about(r, n, pValue)})`;

/** `95 % interval 0.51 to 0.71, n = 141, p < 0.001` */
function about(r: number, n: number, pValue: number): string {
  const interval = fisherInterval(r, n);
  const within = interval === null ? '' : `95 % interval ${two(interval[0])} to ${two(interval[1])}, `;
  return `${within}n = ${formatNumber(n)}, p ${pWords(pValue)}`;
}

function correlationValues(r: number, n: number, pValue: number): Record<string, number> {
  const interval = fisherInterval(r, n);
  return { r, n, pValue, ...(interval === null ? {} : { low: interval[0], high: interval[1], confidence: 95 }) };
}

/** What Spearman's ρ adds, where it is another one than Pearson's r. */
function rankFinding({ rho, n, support }: Pairs, { r, pValue }: Pick<Correlation, 'r' | 'pValue'>): Finding[] {
  if (rho === null || Math.abs(rho - r) < RANKS_DIFFER) return [];
  if (pValue >= 0.05 && correlationPValue(rho, n) >= 0.05) return [];
  const means =
    Math.abs(rho) > Math.abs(r)
      ? 'the two go together without being a straight line, or a few points hide it'
      : 'a few points weigh much in the first';
  return [
    finding(
      'correlation',
      interestOf('limit'),
      `By ranks the correlation is ${two(rho)} (Spearman): ${means}`,
      { rho },
      support,
    ),
  ];
}

const tooFew = ({ n, support }: Pick<Pairs, 'n' | 'support'>, names: readonly string[]): Finding =>
  finding(
    'note',
    interestOf('answer'),
    `${n === 0 ? 'No row has' : n === 1 ? 'Only 1 row has' : `Only ${n} rows have`} both${names.length === 2 ? ` ${names[0] ?? ''} and ${names[1] ?? ''}` : ' numbers'}: too few to tell a correlation, which takes ${FEWEST_PAIRS}`,
    { n, least: FEWEST_PAIRS },
    support,
    names,
  );

function missingFinding({ n, rows, supportOfAll }: Pairs): Finding | null {
  const missing = rows - n;
  if (missing <= 0) return null;
  return finding(
    'missing',
    interestOf('aside'),
    `${formatNumber(missing)} of ${formatNumber(rows)} rows lack one of the two`,
    { missing, rows },
    supportOfAll,
  );
}

function pairsRead(subject: Subject, x: Field, y: Field): Pairs {
  const pairs = subject.set.rows.flatMap((row, index) => {
    const [a, b] = [numberAt(row, x), numberAt(row, y)];
    return a === null || b === null ? [] : [{ index, pair: [a, b] as const }];
  });
  const correlation = correlationOf(pairs.map(({ pair }) => pair));
  return {
    correlation,
    rho: correlation?.rho ?? null,
    n: pairs.length,
    rows: subject.set.rows.length,
    support: rowsOf(
      subject,
      pairs.map(({ index }) => index),
    ),
    supportOfAll: allRows(subject),
  };
}

function pairsOf({ result, row }: Whole): Pairs {
  const [r = null, both, all] = row;
  const [n, rows] = [Number(both ?? 0), Number(all ?? 0)];
  const support = [{ result, rows: [0] }];
  return {
    correlation: typeof r === 'number' && n >= 3 ? { n, r, pValue: correlationPValue(r, n) } : null,
    rho: null,
    n,
    rows,
    support,
    supportOfAll: support,
  };
}
