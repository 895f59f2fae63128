import type { Persona } from '../../personas/persona.entity.js';
import { REPORT_PARTS } from '../../personas/report-template.js';
import type { ReportLook } from '../report.js';

/** How reports look that are made for a persona. */
export const lookOf = ({ color, displayName, reportTemplate }: Persona): ReportLook => ({
  parts: reportTemplate.parts ?? REPORT_PARTS,
  intro: reportTemplate.intro?.trim() || null,
  outro: reportTemplate.outro?.trim() || null,
  tone: reportTemplate.tone ?? 'neutral',
  color: reportTemplate.color ?? color,
  author: displayName,
});
