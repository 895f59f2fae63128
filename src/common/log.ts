import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** Structured lines on standard output. Secrets are cut out wherever a caller might hand an object over whole. */
export const createLog = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.password', '*.authorization', '*.token', '*.refreshToken', '*.accessToken', '*.secret', '*.apiKey'],
      censor: '…',
    },
  });

/** Nest's own messages as lines of the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Logger) {}

  log(message: unknown, context?: string): void {
    this.to.debug({ context }, String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.to.error(
      { context: rest.at(-1) },
      message instanceof Error ? (message.stack ?? message.message) : String(message),
    );
  }
  warn(message: unknown, context?: string): void {
    this.to.warn({ context }, String(message));
  }
  debug(message: unknown, context?: string): void {
    this.to.debug({ context }, String(message));
  }
  verbose(message: unknown, context?: string): void {
    this.to.trace({ context }, String(message));
  }
}
