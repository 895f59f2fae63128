import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import {
  GRAINS,
  type AnalyticalQuery,
  type Condition,
  type Expression,
  type Grain,
} from '../../../../datasets/query/analytical-query.js';
import { boundsOf, distanceFromMedian } from '../../studies/bounds.js';
import type { OutlierMethod, OutlierStudy } from '../../studies/study.js';
import type { Asked, Understanding } from '../../turn.js';
import { columnOf } from '../../words/expressions.js';
import { isMeasure, outputName } from '../expressions.js';
import { BY_MAD, LEADING, METHODS, OUTLIERS, THINGS, UNIT_OF_TIME, WHICH } from './english-studies.js';
import { likeliest, namesColumn } from './guard.js';
import { overTime } from './over-time.js';

/** More columns than this name nothing better. */
const MOST_NAMES = 4;

/** "Any outliers in X?", "unusual values of X by region", "which months are anomalous?"; null: none of these is asked. */
export function outliersAsked(turn: Asked, read: (asked: Asked) => Understanding): Understanding | null {
  const word = OUTLIERS.exec(turn.question)?.[0];
  if (word === undefined || namesColumn(turn, word)) return null;
  const method: OutlierMethod = BY_MAD.test(turn.question) ? 'mad' : 'fences';
  const question = plainQuestion(turn);
  if (question === null) return null;
  const understanding = read({ ...turn, question });
  const profile = turn.datasets.find(({ id }) => id === understanding.query?.datasetId);
  const unit = UNIT_OF_TIME.exec(question)?.[1]?.toLowerCase();
  const grain = GRAINS.find((each) => each === unit) ?? null;
  return profile === undefined ? understanding : outliersOf(understanding, profile, method, grain);
}

/** The outliers of what was understood; null where it has none to look for. */
export function outliersOf(
  understanding: Understanding,
  profile: DatasetProfile,
  method: OutlierMethod,
  grain: Grain | null = null,
): Understanding | null {
  const asked = understanding.query === null ? null : outlierQuery(understanding.query, profile, method, grain);
  return asked === null
    ? null
    : {
        ...understanding,
        intent: { ...understanding.intent, kind: 'outliers' },
        query: asked.query,
        study: asked.study,
        // Rows are looked at one by one, however they would be put together else.
        reading:
          asked.study.of === 'rows' && understanding.reading?.includes('“') !== true ? null : understanding.reading,
        chart: null,
        expects: 'table',
      };
}

/** What is left to be read: "revenue by months"; the main measure where none is named. Null where there is none. */
function plainQuestion(turn: Asked): string | null {
  const text = turn.question
    .replace(METHODS, '')
    .replace(/[?!.]+\s*$/, '')
    .trim();
  const which = WHICH.exec(text);
  const [about, by] =
    which === null ? [text.replace(OUTLIERS, ' '), ''] : [(which[2] ?? '').trim(), ` by ${(which[1] ?? '').trim()}`];
  const rest = about
    .trim()
    .replace(LEADING, '')
    .replace(THINGS, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:in|of|for|among|within|with|on)\s+(?=\S)/i, '')
    .trim();
  const profile = likeliest(turn);
  const measure = profile?.columns.find(isMeasure)?.label;
  const named = profile?.columns.some(
    (column) =>
      isMeasure(column) &&
      column.label
        .toLowerCase()
        .split(' ')
        .some((part) => mentions(rest, part)),
  );
  const what = named === true || /\b(?:number|count|rows|how many)\b/i.test(rest) ? rest : `${measure ?? ''} ${rest}`;
  return measure === undefined && rest === '' ? null : `${what}${by}`.trim();
}

const mentions = (text: string, part: string): boolean =>
  part.length > 2 && text.toLowerCase().includes(part.slice(0, Math.max(4, part.length - 1)));

interface OutlierQuery {
  readonly query: AnalyticalQuery;
  readonly study: OutlierStudy;
}

function outlierQuery(
  query: AnalyticalQuery,
  profile: DatasetProfile,
  method: OutlierMethod,
  grain: Grain | null,
): OutlierQuery | null {
  const series = overTime(query, profile, grain);
  if (series !== null) return { query: series.query, study: { kind: 'outliers', of: 'series', method } };
  const groups = query.groupBy ?? [];
  const [by] = groups;
  if (groups.length === 1 && by !== undefined && 'column' in by && by.bin === undefined)
    return {
      query: { ...query, limit: undefined, having: undefined, withTies: undefined },
      study: { kind: 'outliers', of: 'groups', method },
    };
  const measure = measureIn(query, profile);
  return groups.length > 0 || measure === null ? null : rowsBeyond(query, measure, profile, method);
}

/** The column whose values are looked at, plain or within an aggregate. */
function measureIn({ select }: AnalyticalQuery, profile: DatasetProfile): ColumnProfile | null {
  for (const { value } of select) {
    const of = 'aggregate' in value ? value.of : value;
    const column = of !== null && 'column' in of ? columnOf(profile, of.column) : null;
    if (column !== null && isMeasure(column)) return column;
  }
  return null;
}

/** The rows whose value is beyond the bounds, furthest first, with the columns that tell them apart. */
function rowsBeyond(
  { datasetId, where }: AnalyticalQuery,
  measure: ColumnProfile,
  profile: DatasetProfile,
  method: OutlierMethod,
): OutlierQuery {
  const value: Expression = { column: measure.name };
  const { low, high } = boundsOf(value, where, method);
  const beyond: Condition = {
    or: [
      { compare: '<', left: value, right: low },
      { compare: '>', left: value, right: high },
    ],
  };
  const names = profile.columns
    .filter(({ role, distinct }) => role !== 'measure' && distinct > 1)
    .toSorted((a, b) => b.distinct - a.distinct)
    .slice(0, MOST_NAMES)
    .map(({ name }): Expression => ({ column: name }));
  return {
    query: {
      datasetId,
      select: [...names, value].map((each) => ({ value: each, as: outputName(each) })),
      where: where === undefined ? beyond : { and: [where, beyond] },
      orderBy: [{ by: distanceFromMedian(value, where), direction: 'desc' }],
      limit: MOST_ROWS,
    },
    study: { kind: 'outliers', of: 'rows', method, value, within: where },
  };
}

/** As many as are drawn; how many there are is counted besides. */
const MOST_ROWS = 100;
