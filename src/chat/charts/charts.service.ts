import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { MessagesService } from '../../conversations/messages.service.js';
import type { Visualization } from '../pipeline/turn.js';
import { ANALYSIS } from '../turn-record.js';
import type { ChartOptions, PngOptions } from './chart.dto.js';
import { renderPng, renderSvg } from './render.js';

@Injectable()
export class ChartsService {
  constructor(private readonly messages: MessagesService) {}

  async svg(actor: Actor, conversationId: string, messageId: string, options: ChartOptions): Promise<string> {
    return renderSvg(await this.specOf(actor, conversationId, messageId), options);
  }

  async png(actor: Actor, conversationId: string, messageId: string, options: PngOptions): Promise<Buffer> {
    return renderPng(await this.specOf(actor, conversationId, messageId), options);
  }

  /** Only answers of the pipeline are drawn: a specification that a client stored is data, not something to run. */
  private async specOf(actor: Actor, conversationId: string, messageId: string): Promise<Visualization['spec']> {
    const message = await this.messages.get(actor.id, conversationId, messageId);
    const { visualization } = message.metadata as { visualization?: Visualization | null };
    if (message.type !== ANALYSIS || !visualization) {
      throw new Problem(404, 'chart_not_found', 'This message has no chart.');
    }
    return visualization.spec;
  }
}
