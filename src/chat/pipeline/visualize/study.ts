import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import { measuredIn } from '../studies/measured.js';
import type { Analyzed, Visualization } from '../turn.js';
import { filterTitle } from '../words/expressions.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { upperFirst } from '../words/language.js';
import { cellWords, shapeOf, type Field } from '../words/shape.js';
import type { Channels } from './channels.js';
import { colorsSoFar } from './colors.js';
import type { Json } from './encode.js';
import { withForecast } from './forecast.js';
import { boxPicture, withMarks } from './outliers.js';
import { paletteOf } from './palette.js';
import { reasonsPicture } from './reasons.js';
import type { Row } from './spec.js';
import { titleOf } from './title.js';

/** The picture of a study that the query's own result does not show; null: that is what is drawn. */
export function studyPicture(turn: Analyzed, profile: DatasetProfile): Visualization | null {
  const { studied, evidence, understanding } = turn;
  const { study } = understanding;
  if (studied?.kind === 'reasons') return reasonsPicture(turn, studied, profile);
  if (
    studied?.kind !== 'outliers' ||
    studied.spread === null ||
    studied.of === 'series' ||
    evidence.primary === null ||
    study?.kind !== 'outliers'
  )
    return null;
  const spread = evidence.context.find(({ purpose }) => purpose === 'spread')?.result ?? null;
  const y = measuredIn(evidence.primary, profile, study.of === 'rows' ? spread : null);
  if (y === null) return null;
  const { x } = shapeOf(evidence.primary, profile);
  const title =
    study.of === 'rows'
      ? [upperFirst(y.words), filterTitle(study.within, profile)].filter(Boolean).join(', ')
      : titleOf(y.words, x === null ? [] : [x], evidence.primary.query, profile, null);
  const told = turn.findings.slice(0, 1).map(({ text }) => text);
  const altText = [`Box plot: ${title} (${formatNumber(studied.n, WHOLE)} values).`, ...told].join(' ');
  const head = { title, description: altText, palette: paletteOf(turn.persona.color) };
  return {
    spec: boxPicture(head, studied.spread, studied.points, y),
    title,
    altText,
    colors: colorsSoFar(turn.history),
  };
}

/** What a study adds to the picture of the query's result. */
export function withStudy(
  spec: Json,
  { studied, evidence }: Analyzed,
  { mark, x, y }: Channels,
  rows: readonly Row[],
): Json {
  if (studied === null || studied === undefined || studied.kind === 'reasons' || mark !== 'line') return spec;
  if (studied.kind === 'forecast') return withForecast(spec, studied, rows, x, y);
  return withMarks(spec, studied.points, rows, evidence.primary?.rows ?? [], x, y);
}

/** A period that is not complete is not drawn beside what is expected of it. */
export const isLeftOut = (key: Scalar, { studied }: Analyzed): boolean =>
  studied?.kind === 'forecast' && studied.expected.length > 0 && key !== null && key === studied.dropped;

/** `with forecast to March 2025` */
export function forecastTitle({ studied }: Analyzed, x: Field | null): string | null {
  const last = studied?.kind === 'forecast' ? studied.expected.at(-1) : undefined;
  return last === undefined || x === null ? null : `with forecast to ${cellWords(last.key, x)}`;
}
