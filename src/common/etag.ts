import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
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
