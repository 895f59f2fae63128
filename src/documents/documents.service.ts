import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { notFound, Problem, type ProblemStatus } from '../common/problem.js';
import { Config } from '../config/config.js';
import { Db } from '../database/db.js';
import { againAfterDeadlock } from '../database/deadlock.js';
import { CollectionsService } from './collections/collections.service.js';
import { type DocumentRow, DocumentsStore, type PassageRow, type Upload } from './documents.store.js';
import { IngestionKeeper } from './ingestion/ingestion-keeper.js';
import { detect, detectText, type Format } from './parsing/detect.js';
import type { Heading } from './parsing/passages.js';
import { Unreadable, type UnreadableCode } from './parsing/unreadable.js';
import { RemovalsService } from './removals.service.js';

/** A document to add, or to take the place of the one of the same name. */
export interface NewDocument {
  readonly collectionId: string;
  /** The file's. */
  readonly name: string;
  readonly title?: string | undefined;
  readonly content: Buffer;
  /** Told by its content when left out. */
  readonly format?: Format | undefined;
  /** It did not come as a file, and can only be text. */
  readonly isText?: boolean | undefined;
}

/** One passage, with those around it. */
export interface Cited {
  readonly document: DocumentRow;
  readonly passage: PassageRow;
  readonly before: readonly PassageRow[];
  readonly after: readonly PassageRow[];
}

const STATUS_OF: Partial<Record<UnreadableCode, ProblemStatus>> = { unsupported_type: 415, old_word: 415 };

@Injectable()
export class DocumentsService {
  constructor(
    private readonly db: Db,
    private readonly store: DocumentsStore,
    private readonly collections: CollectionsService,
    private readonly keeper: IngestionKeeper,
    private readonly removals: RemovalsService,
    private readonly config: Config,
  ) {}

  /**
   * Stores the upload; it is read in the background.
   * @throws {403} admin_only (a shared collection)
   * @throws {404} collection_not_found
   * @throws {409} documents_full: the user keeps as much as one may
   * @throws {415} unsupported_type · old_word
   * @throws {422} file_empty · encrypted · damaged, as far as a glance tells
   */
  async add(actor: Actor, { collectionId, name, title, content, format, isText }: NewDocument): Promise<DocumentRow> {
    const { userId, shared } = await this.collections.changeable(actor, collectionId);
    const upload = {
      id: newId(),
      uploadId: newId(),
      collectionId,
      name,
      title: title ?? null,
      content,
      format: format ?? formatOf(content, name, isText === true ? detectText : detect),
    };
    const id = await this.db.tx(async () => {
      if (!shared) await this.requireRoom(userId, upload);
      return this.store.take(userId, upload);
    });
    if (id === null) throw notFound('collection', collectionId);
    this.keeper.soon();
    return this.get(actor, id);
  }

  /**
   * Up to `limit + 1`, newest first: of one collection, or of all that the actor may read.
   * @throws {404} collection_not_found
   */
  async list(
    actor: Actor,
    collectionId: string | undefined,
    limit: number,
    before: string | null,
  ): Promise<DocumentRow[]> {
    const ids = collectionId === undefined ? undefined : [collectionId];
    return this.store.list(await this.collections.visible(actor, ids), limit + 1, before);
  }

  /** @throws {404} document_not_found */
  async get(actor: Actor, id: string): Promise<DocumentRow> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('document', id);
    return row;
  }

  /**
   * @param title null: its own
   * @throws {403} admin_only (in a shared collection)
   * @throws {404} document_not_found
   */
  async entitle(actor: Actor, id: string, title: string | null): Promise<DocumentRow> {
    const { userId } = await this.changeable(actor, id);
    if (!(await this.store.entitle(userId, id, title))) throw notFound('document', id);
    return this.get(actor, id);
  }

  /**
   * With what was quoted of it elsewhere.
   * @throws {403} admin_only (in a shared collection)
   * @throws {404} document_not_found
   */
  async remove(actor: Actor, id: string): Promise<void> {
    const { userId, collectionId, shared, createdAt: since } = await this.changeable(actor, id);
    const readerId = shared ? null : userId;
    await againAfterDeadlock(() =>
      this.db.tx(async () => {
        if (!(await this.store.remove(userId, id))) throw notFound('document', id);
        await this.removals.removed({ documentIds: [id], collectionId, readerId, isWhole: false, since });
      }),
    );
  }

  /**
   * Its whole text and its headings; null: it could not be read yet.
   * @throws {404} document_not_found
   */
  async text(actor: Actor, id: string): Promise<{ document: DocumentRow; content: string; outline: Heading[] } | null> {
    const document = await this.get(actor, id);
    const text = await this.store.text(document.userId, id);
    return text === null ? null : { document, ...text };
  }

  /** Up to `limit + 1` passages after number `after`. @throws {404} document_not_found */
  async passages(actor: Actor, id: string, after: number, limit: number): Promise<PassageRow[]> {
    const { userId } = await this.get(actor, id);
    return this.store.passages(userId, id, after + 1, limit + 1);
  }

  /** @throws {404} document_not_found · passage_not_found */
  async passage(actor: Actor, id: string, n: number, around: number): Promise<Cited> {
    const document = await this.get(actor, id);
    if (!Number.isInteger(n) || n < 1 || n > document.passages) throw notFound('passage', String(n));
    const from = Math.max(1, n - around);
    const rows = await this.store.passages(document.userId, id, from, n - from + 1 + around);
    const passage = rows.find((row) => row.n === n);
    if (passage === undefined) throw notFound('passage', String(n));
    return {
      document,
      passage,
      before: rows.filter((row) => row.n < n),
      after: rows.filter((row) => row.n > n),
    };
  }

  private async requireRoom(userId: string, upload: Upload): Promise<void> {
    const { count: most, bytes: room } = this.config.documents.perUser;
    if (most === 0 && room === 0) return;
    const { count, bytes } = await this.store.kept(userId, upload);
    const instead = 'Delete some that you need no more, or ask an administrator for more room.';
    if (most > 0 && count >= most)
      throw new Problem(409, 'documents_full', `You keep ${count} documents, as many as one may. ${instead}`);
    if (room > 0 && bytes + upload.content.length > room) {
      const mb = (size: number): number => Math.round((10 * size) / 1_048_576) / 10;
      const taken = `The files of your documents take ${mb(bytes)} of ${mb(room)} MB, and this one ${mb(upload.content.length)} MB.`;
      throw new Problem(409, 'documents_full', `${taken} ${instead}`);
    }
  }

  private async changeable(actor: Actor, id: string): Promise<DocumentRow> {
    const document = await this.get(actor, id);
    await this.collections.changeable(actor, document.collectionId);
    return document;
  }
}

function formatOf(content: Buffer, name: string, look: typeof detect): Format {
  try {
    return look(content, name);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Problem(STATUS_OF[error.code] ?? 422, error.code, error.message);
  }
}
