import { measuredIn } from '../studies/measured.js';
import type { Study } from '../studies/study.js';
import type { Studied } from '../studies/studied.js';
import { placeOf, workOut } from '../studies/work-out.js';
import type { Answer, Finding, Retrieved } from '../turn.js';
import { allRows, type Subject } from './finding.js';
import { droppedFinding, forecastFindings } from './study-forecast.js';
import { reasonFindings } from './study-reasons.js';
import { outlierFindings, withoutValueFinding } from './study-outliers.js';

export interface StudyFound {
  readonly studied: Studied | null;
  readonly answer: Answer | null;
  readonly findings: readonly Finding[];
}

/** What a study came to, and what is to be said of it. */
export function studyFound(study: Study, turn: Retrieved, subject: Subject): StudyFound {
  const studied = workOut(study, turn, subject.profile);
  if (studied === null) return { studied, answer: null, findings: [] };
  return { studied, answer: answerOf(studied), findings: findingsOf(study, studied, turn, subject) };
}

function answerOf(studied: Studied): Answer | null {
  switch (studied.kind) {
    case 'outliers':
      return studied.points.map(({ name, value }) => (studied.of === 'rows' ? value : name));
    case 'reasons':
      return studied.change;
    case 'forecast': {
      const values = studied.expected.map(({ value }) => value);
      return values.length === 1 ? (values[0] ?? null) : values.length === 0 ? null : values;
    }
  }
}

function findingsOf(study: Study, studied: Studied, { evidence }: Retrieved, subject: Subject): Finding[] {
  if (studied.kind === 'forecast') {
    const { x, y } = subject.shape;
    return x === null || y === null ? [] : forecastFindings(subject, studied, x, y);
  }
  if (studied.kind === 'reasons') return study.kind === 'reasons' ? reasonFindings(subject, study, studied) : [];
  if (study.kind !== 'outliers') return [];
  const place = placeOf(evidence, 'spread');
  const spread = place === null ? null : (evidence.context[place - 1]?.result ?? null);
  const y = measuredIn(subject.set, subject.profile, study.of === 'rows' ? spread : null);
  if (y === null) return [];
  const found = outlierFindings(subject, study, studied, y, place);
  const missing =
    spread === null || place === null ? null : withoutValueFinding(studied.n, spread.matchedRows, y, place);
  const { x } = subject.shape;
  const dropped = x === null ? [] : droppedFinding(studied.dropped, x, allRows(subject));
  return [...found, ...dropped, ...(missing === null ? [] : [missing])];
}
