import { TOLD, type Breakup, type Contribution, type Reasons } from '../studies/reasons.js';
import type { ReasonStudy } from '../studies/study.js';
import type { Finding } from '../turn.js';
import { expressionWords, filterPhrase } from '../words/expressions.js';
import { listed } from '../words/language.js';
import { formatNumber, formatQuantity } from '../words/numbers.js';
import type { Field } from '../words/shape.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { interestOf } from './interest.js';
import { alike, gapWords, percentWords, valueWords } from './points.js';

/** Less than this much of a change is not worth a name. */
const LEAST_PART = 5;

/** What changed, by which parts, and, of an average, whether by them or by their mix. */
export function reasonFindings(subject: Subject, study: ReasonStudy, found: Reasons): Finding[] {
  const y = subject.shape.fields[1];
  if (y === undefined) return [];
  const names = [study.before.name, study.after.name, expressionWords(study.value, subject.profile)];
  const lead = leadFinding(subject, study, found, y, names);
  if (alike(found.before, found.after, y)) return [lead];
  if (found.breakup === null)
    return [
      lead,
      finding(
        'note',
        interestOf('overview'),
        'There is no dimension that it could be taken apart by',
        {},
        rowsOf(subject, [0]),
      ),
    ];
  return [
    lead,
    ...partFindings(found.breakup, y, names),
    finding('note', interestOf('aside'), 'That says where it changed, not what caused it', {}, [
      { result: found.breakup.result, rows: found.breakup.contributions.map(({ row }) => row) },
    ]),
  ];
}

function leadFinding(
  subject: Subject,
  { value, within, before, after, claimed }: ReasonStudy,
  found: Reasons,
  y: Field,
  names: readonly string[],
): Finding {
  const filter = filterPhrase(within, subject.profile);
  const what = `${expressionWords(value, subject.profile)}${filter === '' ? '' : ` ${filter}`}`;
  const { change, percent } = found;
  const ends = `from ${valueWords(found.before, y)} in ${before.name} to ${valueWords(found.after, y)} in ${after.name}`;
  const by = `by ${gapWords(change, y, [found.before, found.after])}${percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)})`}`;
  const wrong = (claimed === 'fall' && change > 0) || (claimed === 'rise' && change < 0);
  const verb = change > 0 ? 'rose' : 'fell';
  const text = alike(found.before, found.after, y)
    ? `The ${what} hardly changed: it went ${ends}`
    : wrong
      ? `The ${what} did not ${claimed ?? ''}: it ${verb} ${by}, ${ends}`
      : `The ${what} ${verb} ${by}, ${ends}`;
  return finding(
    'change',
    interestOf('answer'),
    text,
    { before: found.before, after: found.after, change, ...(percent === null ? {} : { percent }) },
    rowsOf(subject, [0]),
    [...names, filter],
  );
}

function partFindings(
  { by, contributions, result, within, mix }: Breakup,
  y: Field,
  names: readonly string[],
): Finding[] {
  const withIt = contributions.filter(({ part }) => part >= LEAST_PART).slice(0, TOLD);
  const against = contributions
    .filter(({ part }) => part <= -LEAST_PART)
    .slice(-2)
    .toReversed();
  const told = [...withIt, ...against];
  const support = [{ result, rows: told.map(({ row }) => row) }];
  const all = [{ result, rows: contributions.map(({ row }) => row) }];
  const amount = ({ name, amount: size, part }: Contribution): string =>
    `${name} ${size < 0 ? '−' : '+'}${gapWords(size, y)} (${percentWords(part)} of it)`;
  const other = ({ name, amount: size }: Contribution): string => `${name} ${size < 0 ? '−' : '+'}${gapWords(size, y)}`;
  const values = Object.fromEntries(
    told.flatMap(({ name, amount: size, part }) => [
      [name, size],
      [`${name} part`, part],
    ]),
  ) as Record<string, number>;
  const found =
    withIt.length === 0
      ? [
          finding(
            'reason',
            interestOf('overview'),
            `By ${by} it is spread over ${formatNumber(contributions.length)} parts, none of which makes up ${LEAST_PART} % of it`,
            { parts: contributions.length, least: LEAST_PART },
            all,
            names,
          ),
        ]
      : [
          finding(
            'reason',
            interestOf('overview'),
            `By ${by}, ${withIt.length === 1 ? 'the largest part is' : 'the largest parts are'} ${listed(withIt.map(amount))}${against.length === 0 ? '' : `; against it went ${listed(against.map(other))}`}`,
            values,
            support,
            [...names, by, ...told.map(({ name }) => name)],
          ),
        ];
  if (within !== null && mix !== null && Math.abs(mix) >= LEAST_PART)
    found.push(
      finding(
        'reason',
        interestOf('explanation'),
        `Of the change of the average, ${percent(within)} comes from within each ${by} and ${percent(mix)} from another mix of rows among them`,
        { within, mix },
        all,
        [by],
      ),
    );
  return found;
}

const percent = (value: number): string =>
  `${value < 0 ? '−' : ''}${formatQuantity(Math.abs(value), { decimals: 0, unit: '%' })}`;
