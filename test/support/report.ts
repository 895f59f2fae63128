import { REPORT_PARTS } from '../../src/personas/report-template.js';
import type { Report, ReportSection } from '../../src/reports/report.js';

/** A report for tests of the formats: only what matters to one need be said. */
export const aReport = (more: Partial<Report> = {}): Report => ({
  title: 'Harbour',
  scope: '340 rows, 2020 to 2024',
  summary: [],
  figures: [],
  sections: [],
  sources: [],
  method: [],
  grounded: { numbers: 2, supported: 2, unsupported: [] },
  generatedAt: '2026-11-27T15:30:00.000Z',
  look: { parts: REPORT_PARTS, intro: null, outro: null, tone: 'neutral', color: '#4F46E5', author: 'Analyst' },
  ...more,
});

export const aSection = (more: Partial<ReportSection> = {}): ReportSection => ({
  heading: 'Ships by year',
  text: 'There were **340** ships.',
  chart: null,
  table: null,
  quotes: [],
  ...more,
});
