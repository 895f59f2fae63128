import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { notFound } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { RunView } from './run.dto.js';
import { RunsStore } from './runs.store.js';

/** On a shared server another instance may be at work: only runs older than any turn can be are lost for sure. */
const LONGEST_TURN_SECONDS = 300;

@Injectable()
export class RunsService implements OnApplicationBootstrap {
  constructor(
    private readonly store: RunsStore,
    private readonly config: Config,
  ) {}

  /** Runs that died with an earlier process say so, instead of running for ever. */
  async onApplicationBootstrap(): Promise<void> {
    await this.store.settleLost(this.config.database.url === null ? 0 : LONGEST_TURN_SECONDS);
  }

  async get(actor: Actor, id: string): Promise<RunView> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('run', id);
    return RunView.of(row);
  }
}
