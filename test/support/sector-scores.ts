import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { aTable, type Table } from './turn.js';

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

/** The sample as a table in memory. */
export const sampleTable = (): Table =>
  aTable(
    {
      sector: { type: 'text', role: 'dimension' },
      country: { type: 'text', role: 'dimension' },
      region: { type: 'text', role: 'dimension' },
      year: { type: 'integer', role: 'temporal', decimals: 0 },
      score: { type: 'number', role: 'measure', unit: 'points', higherIsBetter: true, decimals: 1 },
    },
    sectorScores().map(({ sector, country, region, year, score }) => [sector, country, region, year, score]),
    { title: 'Sector health', name: 'sector_health', source: 'World Development Indicators, The World Bank' },
  );
