import { Controller, Get, Header } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { AdminOnly } from '../common/access.js';
import { MetricsService } from './metrics.service.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  /**
   * What this process counted, in Prometheus' text format; of several instances each is asked for its own. Prometheus sends
   * an administrator's API key as a bearer token (`authorization: credentials` in its scrape configuration).
   */
  @Get()
  @AdminOnly()
  @ApiProduces('text/plain')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  text(): Promise<string> {
    return this.metrics.text();
  }
}
