import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ChartOptions, PngOptions } from './chart.dto.js';
import { ChartsService } from './charts.service.js';

/** An answer never changes, so neither does its chart; but it is its owner's alone. */
const FOR_GOOD = 'private, max-age=31536000, immutable';

@Controller('api/v1/conversations/:id/messages/:messageId')
export class ChartsController {
  constructor(private readonly charts: ChartsService) {}

  /**
   * The chart of an answer as SVG.
   * @throws {404} No such message of this user, or it has no chart.
   */
  @Get('chart.svg')
  @ApiProduces('image/svg+xml')
  @Header('content-type', 'image/svg+xml; charset=utf-8')
  @Header('cache-control', FOR_GOOD)
  svg(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
    @Query() options: ChartOptions,
  ): Promise<string> {
    return this.charts.svg(actor, id, messageId, options);
  }

  /**
   * The chart of an answer as PNG.
   * @throws {404} No such message of this user, or it has no chart.
   */
  @Get('chart.png')
  @ApiProduces('image/png')
  @Header('cache-control', FOR_GOOD)
  async png(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
    @Query() options: PngOptions,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.charts.png(actor, id, messageId, options), { type: 'image/png' });
  }
}
