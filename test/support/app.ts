import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { type Environment, loadConfig } from '../../src/config/config.js';
import { type TestDatabase, testDatabase } from './database.js';

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' } as const;

const SETTINGS: Environment = {
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  JWT_SECRET: 'a-secret-for-tests-that-is-long-enough',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_MINUTE: '0',
  SIGN_IN_LIMIT_PER_MINUTE: '0',
  DATABASE_POOL_SIZE: '8',
  SHUTDOWN_GRACE_MS: '300',
  MEMORY_SUMMARIES: 'false',
  CONVERSATION_TITLES: 'false',
  // The threads that read and write them are a part of the built program.
  DOCUMENT_READING: 'false',
  REPORTS_MAKING: 'false',
};

export interface TestApp {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

/** The whole application, listening on a free port; on a database of its own, or as a second instance on another's. */
export async function startApp(settings: Environment = {}, shared?: TestDatabase): Promise<TestApp> {
  const database = shared ?? (await testDatabase());
  const app = await createApp(loadConfig({ ...SETTINGS, DATABASE_URL: database.url, ...settings }), database.url, {
    docs: false,
  });
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    app,
    database,
    async close() {
      await app.close();
      if (shared === undefined) await database.drop();
    },
  };
}
