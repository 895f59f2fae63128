import type { AnalyticalQuery, Expression } from '../../../../datasets/query/analytical-query.js';
import type { DatasetProfile } from '../../../../datasets/profile.js';
import { comparedColumn, conjuncts } from '../../retrieve/context-queries.js';
import type { ReasonStudy } from '../../studies/study.js';
import type { Asked, Understanding } from '../../turn.js';
import { changeIn } from '../../words/derived.js';
import { columnOf } from '../../words/expressions.js';
import { allOf, isMeasure } from '../expressions.js';
import { lexiconOf } from '../lexicon.js';
import { isOverAll } from '../ratio-measures.js';
import { CHANGED, FELL, FROM_TO, REASON_FILLERS, ROSE, WHY } from './english-studies.js';
import { periodsOf } from './periods.js';

type Aggregated = ReasonStudy['value'];

/** "Why did X fall in 2024?": what the change is made up of; null: none of that is asked, or it cannot be taken apart. */
export function reasonsAsked(turn: Asked, read: (asked: Asked) => Understanding): Understanding | null {
  const text = turn.question.replace(/[?!.]+\s*$/, '').trim();
  if (!WHY.test(text)) return null;
  const [fell, rose, changed] = [FELL, ROSE, CHANGED].map((words) => words.test(text));
  if (fell !== true && rose !== true && changed !== true) return null;
  const rest = [FELL, ROSE, CHANGED, WHY]
    .reduce((left, words) => left.replace(words, ' '), text)
    .replace(REASON_FILLERS, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const understanding = read({ ...turn, question: rest });
  const profile = turn.datasets.find(({ id }) => id === understanding.query?.datasetId);
  if (rest === '' || profile === undefined) return null;
  const claimed = fell === rose ? null : fell === true ? 'fall' : 'rise';
  return reasonsOf(understanding, profile, claimed, FROM_TO.test(text)) ?? ofSeveral(read(turn));
}

/** "Why did it fall?" of several things: the change of each, which is no reason yet. */
function ofSeveral(understanding: Understanding): Understanding | null {
  const { query, reading } = understanding;
  const [by] = query?.groupBy ?? [];
  if (by === undefined || query?.select.some(({ value }) => changeIn(value) !== null) !== true) return null;
  const told = 'What a change is made up of can be told of one of them at a time';
  return { ...understanding, reading: reading === null ? told : `${reading} ${told}` };
}

/** The reasons of a change in what was understood; null where it cannot be taken apart. */
export function reasonsOf(
  understanding: Understanding,
  profile: DatasetProfile,
  claimed: ReasonStudy['claimed'],
  twoEnds = false,
): Understanding | null {
  const { query } = understanding;
  const study = query === null ? null : reasonStudy(query, profile, twoEnds);
  if (query === null || study === null) return null;
  return {
    ...understanding,
    intent: { ...understanding.intent, kind: 'reasons' },
    query: changeQuery(query.datasetId, study),
    study: { ...study, claimed },
    chart: null,
    expects: 'value',
  };
}

function reasonStudy(
  { select, groupBy, where }: AnalyticalQuery,
  profile: DatasetProfile,
  twoEnds: boolean,
): Omit<ReasonStudy, 'claimed'> | null {
  const time = lexiconOf(profile).temporal;
  const value = select.map((each) => measured(each.value, profile)).find((each) => each !== null) ?? null;
  if (time === null || value === null || select.length !== 1 || (groupBy ?? []).length > 0) return null;
  const all = conjuncts(where);
  const timed = all.filter((each) => comparedColumn(each) === time.name);
  const periods = periodsOf(time, timed, twoEnds);
  if (periods === null) return null;
  const within = allOf(all.filter((each) => !timed.includes(each)));
  return { kind: 'reasons', value, within, ...periods };
}

/** What can be taken apart: sums, counts and averages of rows, not ratios of sums; a column that is named by itself, as it is usually put together. */
function measured(value: Expression, profile: DatasetProfile): Aggregated | null {
  if ('column' in value) {
    const column = columnOf(profile, value.column);
    return column !== null && isMeasure(column) && !isOverAll(column)
      ? { aggregate: column.defaultAggregate, of: value }
      : null;
  }
  if (!('aggregate' in value) || value.where !== undefined) return null;
  if (value.of !== null && 'column' in value.of && isOverAll(columnOf(profile, value.of.column))) return null;
  return value.aggregate === 'sum' || value.aggregate === 'avg' || value.aggregate === 'count' ? value : null;
}

function changeQuery(
  datasetId: string,
  { value, within, before, after }: Omit<ReasonStudy, 'claimed'>,
): AnalyticalQuery {
  const [from, to] = [before, after].map(({ where }): Aggregated => ({ ...value, where }));
  const count = (period: ReasonStudy['before']): Expression => ({
    aggregate: 'count',
    of: value.of,
    where: period.where,
  });
  const either = { or: [before.where, after.where] };
  return {
    datasetId,
    where: within === undefined ? either : { and: [within, either] },
    select: [
      { value: { op: '-', left: to ?? value, right: from ?? value }, as: 'change' },
      { value: from ?? value, as: before.name },
      { value: to ?? value, as: after.name },
      { value: count(before), as: `values in ${before.name}` },
      { value: count(after), as: `values in ${after.name}` },
    ],
  };
}
