import { Injectable } from '@nestjs/common';
import { RunsService } from '../chat/runs/runs.service.js';
import { Db } from '../database/db.js';
import { Metrics } from '../metrics/metrics.js';

/** All that is counted, with what is looked at only when somebody asks. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly metrics: Metrics,
    db: Db,
    runs: RunsService,
  ) {
    metrics.gauge('engram_runs_active', 'Answers that this process works on.', () => runs.working.length);
    metrics.gauge(
      'engram_database_connections',
      'Connections of the pool: open ones that are used or idle, and requests that wait for one.',
      () => {
        const { totalCount, idleCount, waitingCount } = db.pool;
        return [
          ['used', totalCount - idleCount],
          ['idle', idleCount],
          ['waiting', waitingCount],
        ];
      },
      'state',
    );
  }

  text(): Promise<string> {
    return this.metrics.text();
  }
}
