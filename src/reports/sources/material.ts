import type { Report } from '../report.js';

/** What a report is made of, before it is said how it looks. */
export type Material = Omit<Report, 'generatedAt' | 'look'>;

/**
 * Told as the work goes on.
 * @param part of it that is done, 0–1
 * @param step what is done next, in words
 */
export type OnProgress = (part: number, step: string) => Promise<void>;
