import { placeOf, workOut, type Studied } from '../studies/work-out.js';
import type { Study } from '../studies/study.js';
import type { Answer, Finding, Retrieved } from '../turn.js';
import { measuredIn } from '../studies/measured.js';
import type { Subject } from './finding.js';
import { outlierFindings, withoutValueFinding } from './study-outliers.js';

export interface StudyFound {
  readonly studied: Studied | null;
  readonly answer: Answer | null;
  readonly findings: readonly Finding[];
}

/** What a study came to, and what is to be said of it. */
export function studyFound(study: Study, turn: Retrieved, subject: Subject): StudyFound {
  const { evidence } = turn;
  const studied = workOut(study, evidence, subject.profile);
  if (studied === null) return { studied, answer: null, findings: [] };
  return { studied, answer: answerOf(studied), findings: findingsOf(study, studied, turn, subject) };
}

const answerOf = (studied: Studied): Answer =>
  studied.points.map(({ name, value }) => (studied.of === 'rows' ? value : name));

function findingsOf(study: Study, studied: Studied, { evidence }: Retrieved, subject: Subject): Finding[] {
  if (study.kind !== 'outliers') return [];
  const place = placeOf(evidence, 'spread');
  const spread = place === null ? null : (evidence.context[place - 1]?.result ?? null);
  const y = measuredIn(subject.set, subject.profile, study.of === 'rows' ? spread : null);
  if (y === null) return [];
  const found = outlierFindings(subject, study, studied, y, place);
  const missing =
    spread === null || place === null ? null : withoutValueFinding(studied.n, spread.matchedRows, y, place);
  return missing === null ? found : [...found, missing];
}
