import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { bodyText } from './common/json-text.js';
import { createLog, NestLog } from './common/log.js';
import { Problem } from './common/problem.js';
import { ProblemFilter } from './common/problem.filter.js';
import { securityHeaders } from './common/security-headers.js';
import { validation } from './common/validation.js';
import type { Config } from './config/config.js';
import { describeApi } from './docs.js';
import { Metrics } from './metrics/metrics.js';

/** The application at a database, ready to listen. `docs: false` leaves `/docs` out (tests: it costs half a second). */
export async function createApp(
  config: Config,
  databaseUrl: string,
  { docs = true }: { docs?: boolean } = {},
): Promise<NestFastifyApplication> {
  const log = createLog(config.logLevel);
  const problems = new ProblemFilter(log);
  const adapter = new FastifyAdapter({
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustProxy,
    forceCloseConnections: 'idle',
    // Before any route is chosen: a URL that is no URL, a header that is too large.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => problems.answerRaw(error, socket),
    routerOptions: { maxParamLength: 300 },
    genReqId: (request: IncomingMessage) => requestId(request.headers['x-request-id']),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, databaseUrl), adapter, {
    logger: new NestLog(log),
    abortOnError: false,
    bodyParser: true,
  });
  dress(app, config, log, problems);
  if (docs) await describeApi(app);
  await app.init();
  return app;
}

function dress(app: NestFastifyApplication, config: Config, log: Logger, problems: ProblemFilter): void {
  const fastify = app.getHttpAdapter().getInstance();
  const security = securityHeaders();
  const metrics = app.get(Metrics);
  fastify.setReplySerializer(bodyText);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(security).header('x-request-id', request.id);
    done(
      encoded(request) ? new Problem(415, 'unsupported_media_type', 'Send the body without compression.') : undefined,
    );
  });
  // A connection that was opened and never used would hold up an orderly stop for half a minute.
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), config.runs.shutdownGraceMs).unref();
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.request(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
  if (config.corsOrigins.length > 0) {
    app.enableCors({
      origin: config.corsOrigins.includes('*') ? true : [...config.corsOrigins],
      exposedHeaders: ['x-request-id', 'x-error-code', 'etag', 'retry-after'],
    });
  }
  app.useGlobalPipes(validation());
  app.useGlobalFilters(problems);
}

/** Bodies are not decompressed here; one that says it is compressed must not be read as if it were not. */
const encoded = ({ headers: { 'content-encoding': encoding } }: FastifyRequest): boolean =>
  encoding !== undefined && encoding !== 'identity';

/** A client's own id is kept when it is plain; it ends up in logs and headers. */
const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
