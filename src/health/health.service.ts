import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '../common/problem.js';
import { Db } from '../database/db.js';
import type { ReadyView } from './health.dto.js';

@Injectable()
export class HealthService {
  constructor(
    private readonly db: Db,
    private readonly source: DataSource,
  ) {}

  async ready(): Promise<ReadyView> {
    const started = performance.now();
    const last = await this.db
      .one<{ name: string }>('SELECT name FROM migrations ORDER BY id DESC LIMIT 1')
      .catch((cause: unknown) => {
        throw new Problem(503, 'database_unavailable', 'The database does not answer.', {
          retryAfterSeconds: 2,
          members: { cause: (cause as { code?: string }).code ?? null },
        });
      });
    const newest = this.source.migrations.at(-1);
    if (newest !== undefined && last?.name !== (newest.name ?? newest.constructor.name)) {
      throw new Problem(
        503,
        'migrations_pending',
        'The database lacks migrations of this version; restart Engram to run them.',
        {
          retryAfterSeconds: 10,
        },
      );
    }
    return { status: 'ok', databaseMs: Math.round(performance.now() - started), migration: last?.name ?? null };
  }
}
