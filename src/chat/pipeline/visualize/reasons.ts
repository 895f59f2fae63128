import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Reasons } from '../studies/reasons.js';
import type { Analyzed, Visualization } from '../turn.js';
import { expressionWords, filterTitle } from '../words/expressions.js';
import { upperFirst } from '../words/language.js';
import { shapeOf } from '../words/shape.js';
import { colorsSoFar } from './colors.js';
import { axisTitle, numberAxis, numberFormat } from './encode.js';
import { MUTED, paletteOf } from './palette.js';
import { framed, WIDTH } from './spec.js';

/** Bars that each part adds to the change, those with it in the first colour. */
const MOST_BARS = 15;

export function reasonsPicture(
  { understanding: { study }, evidence, findings, history, persona }: Analyzed,
  { breakup, change }: Reasons,
  profile: DatasetProfile,
): Visualization | null {
  const y = evidence.primary === null ? undefined : shapeOf(evidence.primary, profile).fields[1];
  if (study?.kind !== 'reasons' || breakup === null || y === undefined) return null;
  const { by, contributions } = breakup;
  const bars = contributions
    .toSorted((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
    .slice(0, MOST_BARS)
    .toSorted((a, b) => b.part - a.part);
  const cut = bars.length < contributions.length ? `largest ${bars.length} of ${contributions.length}` : '';
  const title = [
    `Change in ${expressionWords(study.value, profile)} by ${by}`,
    filterTitle(study.within, profile),
    `${study.before.name} to ${study.after.name}`,
    cut,
  ]
    .filter(Boolean)
    .join(', ');
  const told = findings.slice(0, 2).map(({ text }) => text);
  const altText = [`Bar chart: ${title}.`, ...told].join(' ');
  const palette = paletteOf(persona.color);
  const values = bars.map(({ name, amount }) => ({ part: name, amount }));
  const spec = framed(
    { title, description: altText },
    { width: WIDTH - 60, height: Math.max(80, values.length * 28) },
    values,
    {
      mark: { type: 'bar', cornerRadiusEnd: 2 },
      encoding: {
        y: { field: 'part', type: 'nominal', sort: null, axis: { title: upperFirst(by) } },
        x: {
          field: 'amount',
          type: 'quantitative',
          axis: {
            ...numberAxis(
              y,
              values.map(({ amount }) => amount),
            ),
            title: `Added to the change${unitOf(y.style.unit)}`,
          },
        },
        color: {
          condition: { test: `datum.amount ${change > 0 ? '>' : '<'} 0`, value: palette[0] },
          value: MUTED,
        },
        tooltip: [
          { field: 'part', title: upperFirst(by) },
          { field: 'amount', title: axisTitle(y), format: numberFormat(y) },
        ],
      },
    },
  );
  return { spec, title, altText, colors: colorsSoFar(history) };
}

const unitOf = (unit: string | null): string => (unit === null || unit === '' ? '' : ` (${unit})`);
