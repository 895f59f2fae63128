import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UploadKeys } from '../../auth/uploads/upload-keys.service.js';
import type { Actor } from '../../common/actor.js';
import { requireVersion } from '../../common/etag.js';
import { Problem } from '../../common/problem.js';
import { acceptForms, spool, type Spooled } from '../../common/spool.js';
import { validation } from '../../common/validation.js';
import { Config } from '../../config/config.js';
import { DatasetView, RowView, type UploadedDatasetView } from '../dataset.dto.js';
import { UploadDataset } from '../dataset-inputs.dto.js';
import { type Added, DatasetsService } from '../datasets.service.js';
import { RelationsService } from '../relations/relations.service.js';
import { storedColumns } from '../measures/measures.js';
import { Refreshes } from '../versions/refreshes.service.js';
import { RefreshDataset, type RefreshedDatasetView } from '../versions/versions.dto.js';

/** Files of one process that come in at the same moment. */
const COMING_IN = 8;

/** From a request with a form to a data set. */
@Injectable()
export class Uploads implements OnModuleInit {
  private readonly form = validation();
  private receiving = 0;

  constructor(
    private readonly datasets: DatasetsService,
    private readonly refreshes: Refreshes,
    private readonly relations: RelationsService,
    private readonly keys: UploadKeys,
    private readonly config: Config,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    acceptForms(this.host.httpAdapter.getInstance<FastifyInstance>());
  }

  /** A new data set. @param key one that was used for the same upload before gives what that one became */
  receive(actor: Actor, request: FastifyRequest, key: string | undefined): Promise<UploadedDatasetView> {
    return this.take(request, UploadDataset, (file, { title, shared, ...fields }) =>
      this.keys.once(actor.id, key, file, {
        kind: 'dataset',
        make: async () => {
          const about = { ...fields, title: title ?? titleOf(file.fileName), shared: shared === 'true' };
          const added = await this.datasets.add(actor, file.path, about);
          this.relations.later(actor, added.dataset.id);
          return { id: added.dataset.id, made: uploadedView(added) };
        },
        again: async (id) => {
          const added = await this.datasets.added(actor, id);
          return added === null ? null : uploadedView(added);
        },
      }),
    );
  }

  /** Other rows for one that is there; whether there is one is known before the file comes in. */
  async refresh(
    actor: Actor,
    id: string,
    request: FastifyRequest,
    accepted: readonly number[] | null,
  ): Promise<RefreshedDatasetView> {
    requireVersion(accepted, (await this.datasets.changeable(actor, id)).version);
    return this.take(request, RefreshDataset, async ({ path }, { mode, key = [], sheet }) => {
      const made = await this.refreshes.refresh(actor, id, path, { mode, key, sheet }, accepted);
      this.relations.later(actor, id);
      return { ...uploadedView(made), rowsAdded: made.rows.added, rowsUpdated: made.rows.updated };
    });
  }

  /** The form of a request, its file on disk while `use` works. */
  private async take<F extends object, T>(
    request: FastifyRequest,
    fields: new () => F,
    use: (file: Spooled, fields: F) => Promise<T>,
  ): Promise<T> {
    if (this.receiving >= COMING_IN) {
      throw new Problem(503, 'overloaded', 'Other files are being read; try again shortly.', { retryAfterSeconds: 5 });
    }
    this.receiving++;
    try {
      const file = await spool(request, this.config.uploadLimitBytes);
      try {
        const given = (await this.form.transform(file.fields, { type: 'body', metatype: fields })) as F;
        return await use(file, given);
      } finally {
        await file.remove();
      }
    } finally {
      this.receiving--;
    }
  }
}

function uploadedView({ dataset, preview }: Added): UploadedDatasetView {
  const columns = storedColumns(dataset.columns);
  const rows = preview.map((values, i) => RowView.of(columns, i + 1, values));
  return { ...DatasetView.of(dataset), preview: rows };
}

/** `sector_scores.csv` → `Sector scores` */
function titleOf(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]{1,5}$/, '')
    .replace(/[\p{C}_]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return words === '' ? 'Table' : words.charAt(0).toUpperCase() + words.slice(1);
}
