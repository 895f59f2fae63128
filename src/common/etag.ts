import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Problem } from './problem.js';

export const etagOf = (version: number): string => `"${version}"`;

/**
 * The versions that an `If-Match` header accepts; null when it accepts any (no header, or `*`). What is not a tag of ours
 * matches nothing. Weak tags count too: proxies that compress weaken ours on the way.
 */
export function acceptedVersions(ifMatch: string | undefined): number[] | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  return [...ifMatch.matchAll(/(?:^|,)\s*(?:W\/)?"(\d{1,9})"\s*(?=,|$)/g)].map(([, version]) => Number(version));
}

/** @throws {412} version_mismatch */
export function requireVersion(accepted: readonly number[] | null, current: number): void {
  if (accepted !== null && !accepted.includes(current)) throw versionMismatch(current);
}

export const versionMismatch = (current: number): Problem =>
  new Problem(
    412,
    'version_mismatch',
    'It was changed since you read it. Read it again, apply your change to what it is now, and send that ETag.',
    { headers: { etag: etagOf(current) } },
  );

/** Answers carry the `ETag` of the `version` in their body. */
@Injectable()
export class VersionTag implements NestInterceptor<{ version: number }> {
  intercept(context: ExecutionContext, next: CallHandler<{ version: number }>): Observable<{ version: number }> {
    return next.handle().pipe(
      map((view) => {
        context.switchToHttp().getResponse<FastifyReply>().header('etag', etagOf(view.version));
        return view;
      }),
    );
  }
}

/** The operation changes something that is versioned, and takes its `If-Match` by `@AcceptedVersions()`. */
export const ChangesVersion = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(VersionTag),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The `ETag` that the change is based on; without it the change is made whatever there is.',
    }),
  );

/** What `acceptedVersions` says of the request's `If-Match`. */
export const AcceptedVersions = createParamDecorator((_: unknown, context: ExecutionContext): number[] | null =>
  acceptedVersions(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);
