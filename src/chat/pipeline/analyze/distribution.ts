import type { Finding } from '../turn.js';
import { counted } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { valueWords } from './points.js';

/** Of fewer values the picture is one of chance. */
const SMALL = 30;
/** Pearson's second coefficient, 3 (mean − median) / standard deviation, from which a distribution is called skewed. */
const SKEWED = 0.5;

const whole = (count: number): string => formatNumber(count, WHOLE);

/** What the numbers behind a histogram's bins are like: the middle, the skew, how many there are, how many are missing. */
export function distributionFindings(subject: Subject): Finding[] {
  const [row = []] = subject.set.rows;
  const [n, q1, median, q3, , , mean, deviation, rows] = row.map((value) => (typeof value === 'number' ? value : null));
  const y = subject.shape.fields[6];
  if (!n || y === undefined || median === null || median === undefined || mean === null || mean === undefined)
    return [];
  const support = rowsOf(subject, [0]);
  const skew = deviation ? (3 * (mean - median)) / deviation : 0;
  const middle = `the median is ${valueWords(median, y)}, the average ${valueWords(mean, y)}`;
  const text =
    skew >= SKEWED
      ? `It is skewed: a tail of high values draws the average above the median (${valueWords(mean, y)} against ${valueWords(median, y)})`
      : skew <= -SKEWED
        ? `It is skewed: a tail of low values draws the average below the median (${valueWords(mean, y)} against ${valueWords(median, y)})`
        : `It is about symmetric: ${middle}`;
  const found = [finding('distribution', interestOf('explanation'), text, { mean, median, skew }, support)];
  if (typeof q1 === 'number' && typeof q3 === 'number')
    found.push(
      finding(
        'distribution',
        interestOf('explanation'),
        `Half of the ${whole(n)} values lie between ${valueWords(q1, y)} and ${valueWords(q3, y)}`,
        { n, q1, q3 },
        support,
      ),
    );
  if (n < SMALL)
    found.push(
      finding(
        'note',
        interestOf('explanation'),
        `That rests on only ${counted(n, 'value', whole(n))}: another sample may look otherwise`,
        { n },
        support,
      ),
    );
  if (typeof rows === 'number' && rows > n)
    found.push(
      finding(
        'missing',
        interestOf('limit'),
        `${whole(rows - n)} of ${counted(rows, 'row', whole(rows))} ${rows - n === 1 ? 'has' : 'have'} no value`,
        { missing: rows - n, rows },
        support,
      ),
    );
  return found;
}
