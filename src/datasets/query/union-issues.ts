import type { z } from 'zod';
import type { FieldError } from '../../common/problem.js';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong, as few precise lines. A value that fits none of a union's kinds is told by the kind it comes closest to: the one
 * whose fields it has.
 */
export function unionIssues(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'invalid_union') return [{ path: path.map(String).join('.'), message: lower(issue.message) }];
    const kinds = issue.errors.map((errors) => ({ errors, far: distanceOf(errors) })).sort((a, b) => a.far - b.far);
    const [nearest] = kinds;
    if (nearest === undefined || nearest.far >= Number.MAX_SAFE_INTEGER) {
      return [{ path: path.map(String).join('.'), message: 'is none of the kinds that can stand here' }];
    }
    return unionIssues(nearest.errors, path);
  });
}

/** Wrong or unknown fields at the top count more than something wrong further inside. */
const distanceOf = (errors: readonly Issue[]): number =>
  errors.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' ? 100 * issue.keys.length : issue.path.length <= 1 ? 50 : 1),
    0,
  );

const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);
