import multipart from '@fastify/multipart';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { validation } from '../../common/validation.js';
import { Config } from '../../config/config.js';
import { DatasetView, RowView, type UploadedDatasetView } from '../dataset.dto.js';
import { UploadDataset } from '../dataset-inputs.dto.js';
import { DatasetsService } from '../datasets.service.js';
import { spool } from './spool.js';

/** Files of one process that come in at the same moment. */
const COMING_IN = 8;

/** From a request with a form to a data set. */
@Injectable()
export class Uploads implements OnModuleInit {
  private readonly form = validation();
  private receiving = 0;

  constructor(
    private readonly datasets: DatasetsService,
    private readonly config: Config,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited: that would start Fastify before Nest has set its error handler, and a body that is no JSON would get
    // Fastify's own answer. It is loaded before the first request all the same.
    if (!fastify.hasContentTypeParser('multipart/form-data')) void fastify.register(multipart);
  }

  async receive(actor: Actor, request: FastifyRequest): Promise<UploadedDatasetView> {
    if (this.receiving >= COMING_IN) {
      throw new Problem(503, 'overloaded', 'Other files are being read; try again shortly.', { retryAfterSeconds: 5 });
    }
    this.receiving++;
    try {
      return await this.read(actor, request);
    } finally {
      this.receiving--;
    }
  }

  private async read(actor: Actor, request: FastifyRequest): Promise<UploadedDatasetView> {
    const file = await spool(request, this.config.uploadLimitBytes);
    try {
      const fields = (await this.form.transform(file.fields, {
        type: 'body',
        metatype: UploadDataset,
      })) as UploadDataset;
      const { dataset, preview } = await this.datasets.add(actor, file.path, {
        ...fields,
        title: fields.title ?? titleOf(file.fileName),
        shared: fields.shared === 'true',
      });
      const rows = preview.map((values, i) => RowView.of(dataset.columns, i + 1, values));
      return { ...DatasetView.of(dataset), preview: rows };
    } finally {
      await file.remove();
    }
  }
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
