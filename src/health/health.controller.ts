import { Controller, Get } from '@nestjs/common';
import { Public } from '../common/access.js';
import { HealthService } from './health.service.js';
import { LiveView, ReadyView } from './health.dto.js';

@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** The process runs and answers. */
  @Get('live')
  live(): LiveView {
    return { status: 'ok' };
  }

  /**
   * The process can serve: the database answers and has every migration.
   * @throws {503} The database is away, or migrations are pending.
   */
  @Get('ready')
  ready(): Promise<ReadyView> {
    return this.health.ready();
  }
}
