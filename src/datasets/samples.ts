import { existsSync } from 'node:fs';
import path from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { ColumnChange } from './change-columns.js';
import { type About, DatasetsService } from './datasets.service.js';
import { DatasetsStore } from './datasets.store.js';

interface Sample extends About {
  readonly name: string;
  readonly file: string;
  readonly columns: readonly ColumnChange[];
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'sector_health',
    file: 'samples/sector-health/sector_scores.csv',
    title: 'Sector health',
    description:
      'Scores from 0 (weak) to 100 (strong) of four sectors – Economy, Education, Healthcare, Infrastructure – by country, region, income group and year, ' +
      '2015–2024, worked out from indicators of the World Bank. There are no Infrastructure scores for 2024 yet.',
    source: 'World Development Indicators, The World Bank; changes: selection, reshaping, derived score',
    licence: 'CC BY 4.0',
    columns: [
      { name: 'sector', synonyms: ['sectors', 'field', 'area'] },
      { name: 'country', synonyms: ['nation', 'state', 'economy'] },
      { name: 'region', synonyms: ['world region', 'part of the world', 'continent'] },
      { name: 'income_group', synonyms: ['income level', 'income class', 'wealth group'] },
      { name: 'year', role: 'temporal', synonyms: ['period'] },
      {
        name: 'score',
        role: 'measure',
        unit: 'points',
        defaultAggregate: 'avg',
        higherIsBetter: true,
        synonyms: ['health score', 'performance', 'rating', 'index'],
      },
      {
        name: 'indicators_used',
        role: 'measure',
        defaultAggregate: 'avg',
        higherIsBetter: null,
        synonyms: ['number of indicators', 'indicator count', 'indicators'],
      },
    ],
  },
];

/** Loads what ships with Engram, once: a sample that somebody deleted stays deleted. */
@Injectable()
export class Samples implements OnApplicationBootstrap {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly store: DatasetsStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { file, ...sample } of SAMPLES) {
      if (await this.store.hasSample(sample.name)) continue;
      // Two instances may start on one new database: the second waits for the first one's transaction, then adds nothing.
      await this.datasets.addFor(null, located(file), { ...sample, shared: true }, (client) =>
        this.store.claimSample(client, sample.name),
      );
    }
  }
}

/** The project's file, from the sources as well as from the build. */
function located(file: string): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, file);
    if (existsSync(candidate)) return candidate;
    if (folder === path.dirname(folder)) throw new Error(`${file} is missing from this installation`);
  }
}
