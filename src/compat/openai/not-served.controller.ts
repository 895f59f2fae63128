import { All, Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../common/problem.js';
import { notServed } from './problems.js';

/** What OpenAI serves under `/v1`, by the first part of the path. */
const OPENAI =
  /^\/v1\/(?:assistants|audio|batches|chat|completions|containers|conversations|embeddings|evals|files|fine_tuning|images|models|moderations|realtime|responses|skills|threads|uploads|vector_stores|videos)(?:\/|$)/;

/** Every other operation under `/v1`: what OpenAI has and Engram has not, and what nobody has. */
@Controller('v1')
@ApiExcludeController()
export class NotServedController {
  @All('*')
  refuse(@Req() { method, url }: FastifyRequest): never {
    const path = url.split('?')[0] ?? '';
    if (OPENAI.test(path)) throw notServed(`${method} ${path}`);
    throw new Problem(404, 'not_found', `Cannot ${method} ${path}`);
  }
}
