import type { Asked, Understanding } from '../../turn.js';
import { forecastAsked } from './forecast.js';
import { outliersAsked } from './outliers.js';
import { reasonsAsked } from './reasons.js';

type Read = (asked: Asked) => Understanding;

/** A question that asks for a study; null: it does not, and is read as any other. */
export function studied(turn: Asked, read: Read): Understanding | null {
  if (turn.datasets.length === 0) return null;
  return reasonsAsked(turn, read) ?? outliersAsked(turn, read) ?? forecastAsked(turn, read) ?? wentOn(turn, read);
}

/** "And for Healthcare?" after a study of groups or of a series: the same study of another part of the data. */
function wentOn(turn: Asked, read: Read): Understanding | null {
  const last = turn.history.at(-1)?.understanding;
  const study = last?.study;
  if (!last?.query || study === undefined || study.kind === 'reasons') return null;
  if (study.kind === 'outliers' && study.of === 'rows') return null;
  const understanding = read(turn);
  const { query, edits } = understanding;
  const same =
    query !== null &&
    edits.length > 0 &&
    query.limit === undefined &&
    JSON.stringify([query.datasetId, query.select, query.groupBy]) ===
      JSON.stringify([last.query.datasetId, last.query.select, last.query.groupBy]);
  return same
    ? { ...understanding, study, intent: { ...understanding.intent, kind: study.kind }, chart: last.chart }
    : understanding;
}
