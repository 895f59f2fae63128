import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** The `Idempotency-Key` of a request; undefined: it has none. @throws {400} validation_failed */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(400, 'validation_failed', 'Idempotency-Key must be 1 to 255 visible ASCII characters.', {
    errors: [{ path: 'Idempotency-Key', message: 'Idempotency-Key must be 1 to 255 visible ASCII characters' }],
  });
});

/** Says in the API document that an operation takes the key. */
export const TakesIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      '1 to 255 visible ASCII characters. A repeat with the same key and body is answered with the first result.',
    schema: { type: 'string', maxLength: 255 },
    example: 'b7c1f0de-1d1c-4f0e-9a53-2f3b8d1c9a10',
  });
