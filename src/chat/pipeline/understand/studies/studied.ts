import type { Asked, PastTurn, Understanding } from '../../turn.js';
import { allOf, outputName } from '../expressions.js';
import { forecastAsked } from './forecast.js';
import { outliersAsked, outliersOf } from './outliers.js';
import { reasonsAsked, reasonsOf } from './reasons.js';

type Read = (asked: Asked) => Understanding;

/** A question that asks for a study, or goes on from one; null: it does not, and is read as any other. */
export function studied(turn: Asked, read: Read): Understanding | null {
  if (turn.datasets.length === 0) return null;
  return reasonsAsked(turn, read) ?? outliersAsked(turn, read) ?? forecastAsked(turn, read) ?? wentOn(turn, read);
}

/** "And for Healthcare?" after a study: the same of another part of the data. */
function wentOn(turn: Asked, read: Read): Understanding | null {
  const last = turn.history.at(-1)?.understanding;
  const study = last?.study;
  if (!last?.query || study === undefined) return null;
  const understanding = read(turn);
  const { query, edits } = understanding;
  const profile = turn.datasets.find(({ id }) => id === query?.datasetId);
  const same = JSON.stringify([query?.datasetId, query?.select, query?.groupBy, query?.limit]);
  const before = JSON.stringify([last.query.datasetId, last.query.select, last.query.groupBy, undefined]);
  if (profile === undefined || edits.length === 0 || same !== before) return understanding;
  switch (study.kind) {
    case 'outliers':
      return outliersOf(understanding, profile, study.method) ?? understanding;
    case 'reasons':
      return reasonsOf(understanding, profile, null) ?? understanding;
    case 'forecast':
      return {
        ...understanding,
        study,
        intent: { ...understanding.intent, kind: 'forecast' },
        chart: last.chart,
        expects: last.expects,
      };
  }
}

/** Earlier turns as what they asked about: a follow-up changes that, not what a study made of it. */
export const asAsked = (turn: Asked): Asked =>
  turn.history.some(({ understanding }) => understanding?.study !== undefined)
    ? { ...turn, history: turn.history.map(plain) }
    : turn;

function plain(past: PastTurn): PastTurn {
  const { understanding } = past;
  if (!understanding?.query || understanding.study === undefined) return past;
  const { study, query } = understanding;
  if (study.kind === 'forecast' || (study.kind === 'outliers' && study.of !== 'rows')) return past;
  const { value } = study;
  const filters = [study.within, study.kind === 'reasons' ? study.after.where : undefined];
  const where = allOf(filters.filter((each) => each !== undefined));
  return {
    ...past,
    result: null,
    answer: null,
    understanding: {
      ...understanding,
      query: { datasetId: query.datasetId, select: [{ value, as: outputName(value) }], where },
    },
  };
}
