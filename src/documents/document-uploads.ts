import { readFile } from 'node:fs/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { storable } from './parsing/blocks.js';
import { Problem } from '../common/problem.js';
import { UploadKeys } from '../auth/uploads/upload-keys.service.js';
import { acceptForms, spool } from '../common/spool.js';
import { validation } from '../common/validation.js';
import { Config } from '../config/config.js';
import { UploadDocument } from './document.dto.js';
import type { DocumentRow } from './documents.store.js';
import { DocumentsService } from './documents.service.js';

/** Files of one process that come in at the same moment; each is in memory once. */
const AT_ONCE = 4;

/** From a request with a form to a document that waits to be read. */
@Injectable()
export class DocumentUploads implements OnModuleInit {
  private readonly form = validation();
  private receiving = 0;

  constructor(
    private readonly documents: DocumentsService,
    private readonly keys: UploadKeys,
    private readonly config: Config,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    acceptForms(this.host.httpAdapter.getInstance<FastifyInstance>());
  }

  /** @param key one that was used for the same upload before gives what that one became */
  async receive(actor: Actor, request: FastifyRequest, key: string | undefined): Promise<DocumentRow> {
    if (this.receiving >= AT_ONCE) {
      throw new Problem(503, 'overloaded', 'Other files are coming in; try again shortly.', { retryAfterSeconds: 2 });
    }
    this.receiving++;
    try {
      return await this.read(actor, request, key);
    } finally {
      this.receiving--;
    }
  }

  private async read(actor: Actor, request: FastifyRequest, key: string | undefined): Promise<DocumentRow> {
    const file = await spool(request, this.config.documents.limitBytes);
    try {
      const { collectionId, title } = (await this.form.transform(file.fields, {
        type: 'body',
        metatype: UploadDocument,
      })) as UploadDocument;
      return await this.keys.once(actor.id, key, file, {
        kind: 'document',
        make: async () => {
          const about = { collectionId, title, name: nameOf(file.fileName) };
          const made = await this.documents.add(actor, { ...about, content: await readFile(file.path) });
          return { id: made.id, made };
        },
        again: (id) => this.documents.get(actor, id).catch(orNull),
      });
    } finally {
      await file.remove();
    }
  }
}

const orNull = (error: unknown): null => {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
};

const nameOf = (fileName: string): string => {
  const name = storable(fileName)
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
  return name === '' ? 'document' : name;
};
