import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

export interface Score {
  readonly sector: string;
  readonly country: string;
  readonly region: string;
  readonly year: number;
  readonly score: number;
}

/** The rows of the sample as the file has them, read by nothing of the product. */
export function sectorScores(): Score[] {
  const file = path.resolve('samples/sector-health/sector_scores.csv');
  const rows = parse<Record<keyof Score, string>>(readFileSync(file), { columns: true });
  return rows.map((row) => ({ ...row, year: Number(row.year), score: Number(row.score) }));
}

/** The mean score of the rows that pass; NaN for none. */
export function meanScore(rows: readonly Score[], passes: (row: Score) => boolean): number {
  const scores = rows.filter(passes).map(({ score }) => score);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
