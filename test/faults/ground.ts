import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { Instance } from '../support/instance.js';
import { ModelEndpoint } from '../support/model-endpoint.js';
import { count } from './drill.js';
import { model } from './questions.js';

/** The same seed gives the same questions, and kills at the same moments. */
export const SEED = count('FAULTS_SEED', Date.now() % 1_000_000);

/** Instances of the built program that speak through a slow model, and nothing left of them after each test. */
export class Ground {
  private directory = '';
  private endpoint: ModelEndpoint | null = null;
  private readonly running = new Set<Instance>();

  constructor() {
    beforeEach(async () => {
      this.directory = path.join(mkdtempSync(path.join(os.tmpdir(), 'engram-faults-')), 'data');
      chmodSync(path.dirname(this.directory), 0o755);
      mkdirSync(this.directory);
      this.endpoint = await ModelEndpoint.start(model);
    });
    afterEach(async () => {
      for (const instance of this.running) await instance.killWithDatabase();
      this.running.clear();
      await this.endpoint?.close();
      rmSync(path.dirname(this.directory), { recursive: true, force: true });
    });
  }

  /** @param databaseUrl null: the embedded database */
  async start(databaseUrl: string | null, settings: Readonly<Record<string, string>> = {}): Promise<Instance> {
    const spoken = { LLM_BASE_URL: this.endpoint?.url ?? '', LLM_MODEL: 'slow', LLM_RETRIES: '0', LOG_LEVEL: 'warn' };
    const { directory } = this;
    const instance = await Instance.start({ directory, databaseUrl, settings: { ...spoken, ...settings } });
    this.running.add(instance);
    return instance;
  }

  gone(instance: Instance): void {
    this.running.delete(instance);
  }
}
