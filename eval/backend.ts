import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/app.js';
import { ChatService } from '../src/chat/chat.service.js';
import { runPipeline } from '../src/chat/pipeline/run-pipeline.js';
import type { PastTurn } from '../src/chat/pipeline/turn.js';
import { pastTurn, recordOf, type TurnRecord } from '../src/chat/turn-record.js';
import type { Actor } from '../src/common/actor.js';
import { loadConfig } from '../src/config/config.js';
import { EmbeddedCluster } from '../src/database/embedded/cluster.js';
import { DatasetsService } from '../src/datasets/datasets.service.js';
import { RelationsService } from '../src/datasets/relations/relations.service.js';
import { PersonasService } from '../src/personas/personas.service.js';
import { UsersService } from '../src/users/users.service.js';
import { DocumentsBackend } from './documents-backend.js';
import { MemoryBackend } from './memory-backend.js';
import type { Answered } from './prediction.js';
import type { Dataset } from './suite.js';

/** The data can be made again at any time. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Asks the turns of one conversation, in order. */
export type Conversation = (question: string) => Promise<Answered>;

/** The application's own services on a database, without HTTP. */
export class Backend {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly actor: Actor,
    private readonly end: () => Promise<void>,
  ) {}

  /** `database`: the URL of one, where everything is left. Without: an embedded one, gone afterwards. */
  static async open(database: string | undefined): Promise<Backend> {
    const { url, remove } =
      database === undefined ? await temporaryDatabase() : { url: database, remove: async () => undefined };
    const config = loadConfig({
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
      // What is done in the background would be measured with what is asked.
      MEMORY_LEARNING: 'false',
      MEMORY_SUMMARIES: 'false',
      CONVERSATION_TITLES: 'false',
      ADMIN_PASSWORD: randomBytes(12).toString('hex'),
      JWT_SECRET: randomBytes(32).toString('hex'),
    });
    const app = await createApp(config, url, { docs: false });
    const unique = randomBytes(8).toString('hex');
    const actor = await app.get(UsersService).create({ email: `${unique}@eval.example.com`, password: unique });
    return new Backend(app, actor, async () => {
      await app.close();
      await remove();
    });
  }

  close(): Promise<void> {
    return this.end();
  }

  /** Uploads a table, its title as name; gives the data set's id. */
  async upload(directory: string, { title, file }: Dataset): Promise<string> {
    const { dataset } = await this.app.get(DatasetsService).add(this.actor, path.join(directory, file), { title });
    return dataset.id;
  }

  /** Confirms the relation between two columns, which must have been found. */
  async relate(from: string, column: string, to: string, toColumn: string): Promise<void> {
    const relations = this.app.get(RelationsService);
    const found = (await relations.list(this.actor, from)).find(
      ({ relation }) => relation.fromId === from && relation.toId === to,
    );
    if (found?.relation.fromColumn !== column || found.relation.toColumn !== toColumn) {
      throw new Error(`No relation was found between ${column} and ${toColumn}`);
    }
    await relations.decide(this.actor, from, found.relation.id, { status: 'confirmed' });
  }

  /** Documents of the same user. */
  documents({ dated }: { dated: boolean }): DocumentsBackend {
    return new DocumentsBackend(this.app, this.actor, dated);
  }

  /** Recall over conversations that are loaded, as those of a new user. */
  async memory(): Promise<MemoryBackend> {
    const unique = randomBytes(8).toString('hex');
    const account = { email: `${unique}@eval.example.com`, password: unique };
    return new MemoryBackend(this.app, await this.app.get(UsersService).create(account));
  }

  /** Through the whole turn: everything is stored, and history is what was stored. */
  conversation(datasetId: string): Conversation {
    const chat = this.app.get(ChatService);
    let conversationId: string | undefined;
    return async (query) => {
      const started = performance.now();
      const ticket = await chat.send(this.actor, {
        query,
        datasetIds: [datasetId],
        ...(conversationId && { conversationId }),
      });
      const turn = await chat.result(this.actor, ticket, new AbortController().signal);
      const ms = performance.now() - started;
      conversationId = turn.conversationId;
      const { type, content, metadata } = turn.message;
      const record = type === 'error' ? null : (metadata as unknown as TurnRecord);
      return { record, result: await this.wholeResult(record), text: content, ms };
    };
  }

  /** Through the pipeline only, with the same history: for quick work on its layers. */
  async pipelineOnly(datasetIds: readonly string[]): Promise<Conversation> {
    const datasets = this.app.get(DatasetsService);
    const persona = await this.app.get(PersonasService).active();
    const profiles = await datasets.profilesFor(this.actor, datasetIds);
    const history: PastTurn[] = [];
    return async (question) => {
      const started = performance.now();
      try {
        const asked = { question, askedAt: new Date(), persona, datasets: profiles, history: history.slice(-6) };
        const turn = await runPipeline(asked, { run: (query) => datasets.run(this.actor, query) });
        const ms = performance.now() - started;
        const record = recordOf(turn, '', turn.timings);
        history.push(pastTurn('', question, record));
        return { record, result: turn.evidence.primary, text: turn.text, ms };
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        return {
          record: null,
          result: null,
          text: String(cause instanceof Error ? cause.stack : cause),
          ms: performance.now() - started,
        };
      }
    };
  }

  /** A message keeps the first rows of a long result; the query beside them gives all. */
  private async wholeResult(record: TurnRecord | null): Promise<Answered['result']> {
    const kept = record?.evidence.primary ?? null;
    return kept?.truncated === true ? this.app.get(DatasetsService).run(this.actor, kept.query) : kept;
  }
}

async function temporaryDatabase(): Promise<{ url: string; remove: () => Promise<void> }> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-eval-'));
  chmodSync(directory, 0o755); // started by root, the server's user has to walk through it
  const cluster = await EmbeddedCluster.open({ directory, user: null, settings: FAST });
  return {
    url: cluster.url,
    remove: async () => {
      await cluster.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
