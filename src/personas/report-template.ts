/** The parts of a report that a persona puts in order, or leaves out. */
export const REPORT_PARTS = ['summary', 'figures', 'sections', 'sources', 'method'] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

export const REPORT_TONES = ['neutral', 'formal', 'friendly'] as const;
export type ReportTone = (typeof REPORT_TONES)[number];

/** How a persona's reports look. What is left out is as usual. */
export interface ReportTemplate {
  /** In this order; what is not named is not shown. */
  readonly parts?: ReportPart[] | undefined;
  /** Said before everything else, and after it. */
  readonly intro?: string | undefined;
  readonly outro?: string | undefined;
  /** How a language model words the summary, where one is set up. */
  readonly tone?: ReportTone | undefined;
  /** `#RRGGBB`; the persona's own where left out. */
  readonly color?: string | undefined;
}
