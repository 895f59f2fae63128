import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { requireVersion } from '../../common/etag.js';
import { Problem } from '../../common/problem.js';
import { cleaned, formatOf, type FormatChange, requireFreeSynonyms } from '../change-columns.js';
import { labelOf } from '../csv/words.js';
import { DatasetQueries } from '../dataset-queries.js';
import { DatasetsService } from '../datasets.service.js';
import type { DatasetRow } from '../datasets.store.js';
import type { ColumnProfile } from '../profile.js';
import {
  countsQuery,
  measureColumn,
  type MeasureContent,
  storedColumns,
  usableColumns,
  withCounts,
} from './measures.js';

const MOST_MEASURES = 50;

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };
/** What is left out stays, or is as usual. */
export type MeasureChange = Given<Omit<MeasureContent, 'format'>> & {
  readonly format?: FormatChange | null | undefined;
};

/** Measures that an owner defines on a data set; each change is a version of it. */
@Injectable()
export class MeasuresService {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly queries: DatasetQueries,
  ) {}

  /**
   * @throws {403} admin_only (a shared one)
   * @throws {404} dataset_not_found
   * @throws {409} measure_exists
   * @throws {412} version_mismatch
   * @throws {422} formula_invalid · synonym_taken · too_many_measures · query_invalid · query_too_slow
   */
  async create(
    actor: Actor,
    id: string,
    name: string,
    { formula, ...given }: MeasureChange & { readonly formula: string },
    accepted: readonly number[] | null,
  ): Promise<DatasetRow> {
    const before = await this.changeable(actor, id, accepted);
    const taken = before.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (taken !== undefined) {
      const detail = `There is a column "${taken.name}" in this data set already; choose another name.`;
      throw new Problem(409, 'measure_exists', detail, { errors: [{ path: 'name', message: 'is taken' }] });
    }
    if (before.columns.length - storedColumns(before.columns).length >= MOST_MEASURES) {
      const detail = `A data set can have ${MOST_MEASURES} measures; delete one that is not needed.`;
      throw new Problem(422, 'too_many_measures', detail);
    }
    const made = await this.made(before, name, { ...usual(name), ...whole(given), formula });
    return this.datasets.put(actor, before, { columns: [...before.columns, made] });
  }

  /**
   * @throws {404} dataset_not_found · measure_not_found
   * @throws also what `create` throws
   */
  async change(
    actor: Actor,
    id: string,
    name: string,
    change: MeasureChange,
    accepted: readonly number[] | null,
  ): Promise<DatasetRow> {
    const before = await this.changeable(actor, id, accepted);
    const { column, formula } = measureIn(before, name);
    const { label, description = null, synonyms, unit, format = null, defaultAggregate, higherIsBetter } = column;
    const was = { formula, label, description, synonyms, unit, format, defaultAggregate, higherIsBetter };
    const made = await this.made(before, column.name, { ...was, ...whole(change) });
    const columns = before.columns.map((one) => (one === column ? made : one));
    return this.datasets.put(actor, before, { columns });
  }

  /** @throws {403} admin_only @throws {404} dataset_not_found · measure_not_found @throws {412} version_mismatch */
  async remove(actor: Actor, id: string, name: string, accepted: readonly number[] | null): Promise<DatasetRow> {
    const before = await this.changeable(actor, id, accepted);
    const { column } = measureIn(before, name);
    return this.datasets.put(actor, before, { columns: before.columns.filter((one) => one !== column) });
  }

  private async changeable(actor: Actor, id: string, accepted: readonly number[] | null): Promise<DatasetRow> {
    const before = await this.datasets.changeable(actor, id);
    requireVersion(accepted, before.version);
    return before;
  }

  /** Counted over the rows, which also shows that it can be worked out. */
  private async made(before: DatasetRow, name: string, content: MeasureContent): Promise<ColumnProfile> {
    requireFreeSynonyms(before.columns, { name, synonyms: content.synonyms }, 'synonyms');
    const column = measureColumn(name, content, storedColumns(before.columns));
    const others = usableColumns(before.columns).filter((one) => one.name !== name);
    const profile = { ...before, columns: [...others, column] };
    const { rows } = await this.queries.fresh({ datasetId: before.id, ...countsQuery(name) }, profile);
    return withCounts(column, rows[0] ?? [], before.rowCount);
  }
}

const usual = (name: string): Omit<MeasureContent, 'formula'> => ({
  label: labelOf(name),
  description: null,
  synonyms: [],
  unit: null,
  format: null,
  defaultAggregate: 'avg',
  higherIsBetter: null,
});

/** What was said of it, without what was left out. */
function whole({ format, synonyms, ...given }: MeasureChange): Partial<MeasureContent> {
  const said = {
    ...given,
    format: formatOf(format),
    synonyms: synonyms === undefined ? undefined : cleaned(synonyms),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function measureIn(
  { columns }: DatasetRow,
  name: string,
): { readonly column: ColumnProfile; readonly formula: string } {
  const column = columns.find((one) => one.name === name && one.computed !== undefined);
  if (column?.computed !== undefined) return { column, formula: column.computed.formula };
  throw new Problem(404, 'measure_not_found', `This data set has no measure "${name.slice(0, 100)}".`);
}
