import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Parsed } from '../parsing/parse.js';
import { ParserService } from '../parsing/parser.service.js';
import { Unreadable } from '../parsing/unreadable.js';
import { type Index, indexPassages } from './index-passages.js';
import { type Claimed, IngestionStore } from './ingestion.store.js';

/** A file that ended as many processes is not tried again. */
const ATTEMPTS = 4;
/** Rows of one statement. */
const BATCH = 200;
/** Between two signs of progress. */
const TELL_MS = 500;

/** From an upload to passages that can be found: all of it at once, or nothing. */
@Injectable()
export class IngestService {
  constructor(
    private readonly db: Db,
    private readonly store: IngestionStore,
    private readonly parser: ParserService,
  ) {}

  /** Rejects where it cannot be finished now; a file that cannot be read is finished. */
  async ingest(upload: Claimed, signal: AbortSignal): Promise<void> {
    try {
      if (upload.attempts > ATTEMPTS) throw new Unreadable('reading_failed');
      if (!(await this.store.progress(upload, 'parsing', 0, null))) return;
      const parsed = await this.parser.parse(upload.content, upload.format, signal);
      if (!(await this.store.progress(upload, 'indexing', 0, parsed.passages.length))) return;
      const index = await this.index(upload, parsed, signal);
      if (index !== null) await this.keep(upload, parsed, index);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      await this.db.tx(() => this.store.fail(upload, error.code, error.message));
    }
  }

  private index(upload: Claimed, parsed: Parsed, signal: AbortSignal): Promise<Index | null> {
    let told = Date.now();
    return indexPassages(
      upload,
      parsed,
      (language, words) => this.store.stems(language, words),
      async (done) => {
        signal.throwIfAborted();
        if (Date.now() - told < TELL_MS) return true;
        told = Date.now();
        return this.store.progress(upload, 'indexing', done, parsed.passages.length);
      },
    );
  }

  private async keep(upload: Claimed, parsed: Parsed, { language, passages, words }: Index): Promise<void> {
    const { title, pages, text, outline } = parsed;
    const summary = {
      title,
      pages,
      language,
      format: upload.format,
      bytes: upload.content.length,
      characters: text.length,
      tokens: passages.reduce((sum, { tokens }) => sum + tokens, 0),
      passages: passages.length,
      terms: passages.reduce((sum, { length }) => sum + length, 0),
    };
    await this.db.tx(async () => {
      const document = await this.store.begin(upload, summary);
      if (document === null) return;
      await this.store.addText(upload, text, outline, words);
      for (let from = 0; from < passages.length; from += BATCH) {
        await this.store.addPassages(upload, document.collectionId, passages.slice(from, from + BATCH));
      }
    });
  }
}
