import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { measuredIn } from '../studies/measured.js';
import type { Forecast } from '../studies/forecast.js';
import type { Outliers } from '../studies/outliers.js';
import type { Visualized } from '../turn.js';
import { expressionWords, filterPhrase } from '../words/expressions.js';
import { listed } from '../words/language.js';
import { formatNumber, formatQuantity, WHOLE } from '../words/numbers.js';
import { cellWords, shapeOf, type Field } from '../words/shape.js';
import type { Lead } from './lead.js';

const MOST_LINES = 10;
/** So few are named in the sentence. */
const NAMED = 3;

const bold = (text: string): string => `**${text.replaceAll('*', '')}**`;

/** What a study came to, before how it was worked out. */
export function studyLead(turn: Visualized, result: ResultSet, profile: DatasetProfile): Lead {
  const [first] = turn.findings;
  if (first === undefined) return { text: missingEnds(turn, profile), said: [] };
  const lines = linesOf(turn, result, profile);
  const text = lines.length === 0 ? first.text : [first.text.replace(/\.$/, ':'), ...lines].join('\n');
  return { text, said: [first.text] };
}

/** A change needs a number at both of its ends. */
function missingEnds({ understanding: { study }, evidence: { primary } }: Visualized, profile: DatasetProfile): string {
  if (study?.kind !== 'reasons') return '';
  const [, from, to] = primary?.rows[0] ?? [];
  const missing = [
    ...((from ?? null) === null ? [study.before.name] : []),
    ...((to ?? null) === null ? [study.after.name] : []),
  ];
  const filter = filterPhrase(study.within, profile);
  return missing.length === 0
    ? ''
    : `There is no ${expressionWords(study.value, profile)}${filter === '' ? '' : ` ${filter}`} for ${listed(missing)}, so that ${study.before.name} and ${study.after.name} cannot be compared.`;
}

function linesOf({ studied, evidence }: Visualized, result: ResultSet, profile: DatasetProfile): string[] {
  if (studied === null || studied === undefined) return [];
  if (studied.kind === 'reasons') return [];
  if (studied.kind === 'forecast') return forecastLines(studied, result, profile);
  const spread = evidence.context.find(({ purpose }) => purpose === 'spread')?.result ?? null;
  const value = measuredIn(result, profile, studied.of === 'rows' ? spread : null);
  return value === null ? [] : outlierLines(studied, value);
}

function forecastLines({ expected }: Forecast, result: ResultSet, profile: DatasetProfile): string[] {
  const { x, y } = shapeOf(result, profile);
  if (x === null || y === null || expected.length < 2) return [];
  const write = (value: number): string => formatQuantity(value, y.style);
  const shown = expected.slice(0, MOST_LINES);
  const lines = shown.map(
    ({ key, value, low, high }) => `- ${cellWords(key, x)}: ${bold(write(value))} (${write(low)} to ${write(high)})`,
  );
  const more = expected.length - shown.length;
  return more > 0 ? [...lines, `- and ${formatNumber(more, WHOLE)} more`] : lines;
}

function outlierLines({ points, spread }: Outliers, y: Field): string[] {
  const count = spread?.count ?? 0;
  if (count <= NAMED) return [];
  const lines = points.slice(0, MOST_LINES).map(({ name, value, expected }) => {
    const trend = expected === null ? '' : ` (the trend is ${formatQuantity(expected, y.style)})`;
    return `- ${name}: ${bold(formatQuantity(value, y.style))}${trend}`;
  });
  const more = count - lines.length;
  return more > 0 ? [...lines, `- and ${formatNumber(more, WHOLE)} more`] : lines;
}
