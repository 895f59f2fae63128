import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Analyzed, Finding, Retrieved } from '../turn.js';
import { numbersIn } from '../words/numbers.js';
import { placedGroups } from '../words/placed.js';
import { rowsRead } from '../words/rows-read.js';
import { numberAt, shapeOf } from '../words/shape.js';
import { answerOf } from './answer.js';
import { compositionFindings, OTHER_PARTS } from './composition.js';
import { distributionFindings } from './distribution.js';
import { categoryFindings } from './categories.js';
import { changeFindings, changesIn } from './changes.js';
import {
  breakdownFindings,
  contextShape,
  missingValues,
  previousFindings,
  rankingFindings,
  sampleFindings,
} from './context.js';
import { allRows, finding, type Subject } from './finding.js';
import { interestOf, mostInteresting } from './interest.js';
import { matrixFindings } from './matrix.js';
import { coefficientFindings, pairFindings, type Whole } from './pairs.js';
import { partnerFindings } from './partners.js';
import { placesFindings } from './places.js';
import { rowFindings } from './rows.js';
import { scalarFindings } from './scalar.js';
import { sidesFindings } from './sides.js';
import { sinceFindings } from './since.js';
import { twoGroupsFinding } from './two-groups.js';
import { studyFound } from './studied.js';
import { seriesFindings } from './series.js';
import { severalSeriesFindings } from './several-series.js';

/** More than a reader takes in at once. */
const MOST_FINDINGS = 6;

/** Layer 3: arithmetic over the evidence. Every finding names the rows it rests on; nothing here reads storage or guesses. */
export function analyze(turn: Retrieved): Analyzed {
  const { primary } = turn.evidence;
  const profile = primary === null ? undefined : turn.datasets.find(({ id }) => id === primary.datasetId);
  if (primary === null || profile === undefined) return { ...turn, answer: null, findings: [] };
  const subject: Subject = { result: 0, set: primary, shape: shapeOf(primary, profile), profile };
  const { study } = turn.understanding;
  if (study !== undefined) {
    const { studied, answer, findings } = studyFound(study, turn, subject);
    return {
      ...turn,
      studied,
      answer,
      findings: mostInteresting(
        findings.map((each) => withLabels(each, subject)),
        MOST_FINDINGS,
      ),
    };
  }
  if (primary.rows.length === 0) return { ...turn, answer: null, findings: [] };
  const found = [
    ...primaryFindings(subject, wholeOf(turn)),
    ...contextFindings(turn, subject),
    ...askedCoefficient(turn, subject),
    ...sinceFindings(turn, subject),
  ];
  if (primary.truncated) found.push(truncated(subject));
  return {
    ...turn,
    understanding: trusted(turn, found),
    answer: answerOf(turn),
    findings: mostInteresting(
      found.map((each) => withLabels(each, subject)),
      MOST_FINDINGS,
    ),
  };
}

/** What is known of all rows, where only the first were read; with its place among the results. */
function wholeOf({ evidence }: Pick<Retrieved, 'evidence'>): Whole | null {
  const index = evidence.context.findIndex(({ purpose }) => purpose === 'whole');
  const row = evidence.context[index]?.result.rows[0];
  return row === undefined ? null : { result: index + 1, row };
}

/** What the one correlation that was asked for is worth. */
function askedCoefficient({ evidence }: Retrieved, subject: Subject): Finding[] {
  const { y, kind } = subject.shape;
  const r = kind === 'scalar' && y !== null ? numberAt(subject.set.rows[0], y) : null;
  if (r === null || !y?.expression || !('aggregate' in y.expression) || y.expression.aggregate !== 'correlation')
    return [];
  const index = evidence.context.findIndex(({ purpose }) => purpose === 'pairs');
  const rows = evidence.context[index]?.result;
  const pairs = rows === undefined ? null : contextSubject(index + 1, rows, subject.profile);
  return coefficientFindings(subject, r, wholeOf({ evidence }), pairs);
}

/** A change that may be one of the parts only is less sure. */
const LESS_SURE = 0.75;

function trusted({ understanding }: Retrieved, found: readonly Finding[]): Retrieved['understanding'] {
  if (!found.some(({ text }) => text.startsWith(OTHER_PARTS))) return understanding;
  const { intent } = understanding;
  return { ...understanding, intent: { ...intent, confidence: Math.round(intent.confidence * LESS_SURE * 100) / 100 } };
}

function primaryFindings(subject: Subject, whole: Whole | null): Finding[] {
  const { kind, x, y, color } = subject.shape;
  const placed = placedGroups(subject.set, subject.shape);
  if (placed !== null) return placesFindings(subject, placed);
  if (y === null) return [];
  switch (kind) {
    case 'scalar':
      return scalarFindings(subject, y);
    case 'series': {
      if (x === null) return [];
      const changes = changesIn(y);
      return changes === null ? seriesFindings(subject, x, y) : changeFindings(subject, x, y, changes);
    }
    case 'categories':
      return x === null ? [] : categoryFindings(subject, x, y);
    case 'matrix':
      if (x === null || color === null) return [];
      return x.scale === 'time' ? severalSeriesFindings(subject, x, y, color) : matrixFindings(subject, x, y, color);
    case 'pair':
      return x === null ? [] : pairFindings(subject, x, y, whole);
    case 'rows':
      return rowFindings(subject);
    case 'record':
      return sidesFindings(subject);
    case 'empty':
      return [];
  }
}

function contextFindings({ evidence }: Retrieved, primary: Subject): Finding[] {
  return evidence.context.flatMap(({ purpose, result }, index) => {
    const subject = contextSubject(index + 1, result, primary.profile);
    switch (purpose) {
      case 'breakdown':
        return [...breakdownFindings(subject), ...withoutValue(primary, subject)];
      case 'previous':
        return previousFindings(primary, { ...subject, shape: primary.shape });
      case 'sample':
        return [twoGroupsFinding(primary, subject), ...sampleFindings(primary, subject)].filter(
          (each) => each !== null,
        );
      case 'ranking':
        return rankingFindings(primary, subject);
      case 'partners':
        return partnerFindings(subject);
      case 'composition':
        return compositionFindings({ ...subject, shape: shapeOf(result, subject.profile) });
      case 'distribution':
        return distributionFindings({ ...subject, shape: shapeOf(result, subject.profile) });
      case 'whole':
      case 'spread':
      case 'parts':
      case 'pairs':
      case 'available':
        return [];
    }
  });
}

const contextSubject = (result: number, set: ResultSet, profile: DatasetProfile): Subject => ({
  result,
  set,
  profile,
  shape: contextShape({ set, profile }),
});

/** A breakdown's last column counts the values, over all groups: what is missing from the single number. */
function withoutValue(primary: Subject, breakdown: Subject): Finding[] {
  const { y } = primary.shape;
  const count = breakdown.shape.fields[2];
  if (y === null || count === undefined || primary.shape.kind !== 'scalar' || breakdown.set.truncated) return [];
  const known = breakdown.set.rows.reduce((sum, row) => {
    const n = row[count.index];
    return sum + (typeof n === 'number' ? n : 0);
  }, 0);
  const missing = missingValues(primary, y, known);
  return missing === null ? [] : [{ ...missing, support: allRows(breakdown) }];
}

const truncated = (subject: Subject): Finding => {
  const { set, profile } = subject;
  return finding(
    'note',
    interestOf('limit'),
    `Only ${rowsRead(set, profile)} were read`,
    { shown: set.rows.length, rows: profile.rowCount },
    allRows(subject),
  );
};

/** Digits of a label or a unit ("per 1,000") claim nothing, but they are numbers of the text. */
function withLabels(found: Finding, { profile }: Subject): Finding {
  const labels = numbered.get(profile) ?? labelsWithDigits(profile);
  numbered.set(profile, labels);
  const named = labels.filter((label) => found.text.toLowerCase().includes(label.toLowerCase()));
  if (named.length === 0) return found;
  const numbers = named.flatMap((label) => numbersIn(label).map(({ text, value }) => [`name ${text}`, value] as const));
  return { ...found, values: { ...Object.fromEntries(numbers), ...found.values } };
}

const numbered = new WeakMap<DatasetProfile, readonly string[]>();

const labelsWithDigits = ({ columns, related = [] }: DatasetProfile): string[] =>
  [...columns, ...related]
    .flatMap(({ label, unit }) => [label.toLowerCase(), unit ?? ''])
    .filter((label) => /\d/.test(label));
