import { Problem } from '../../common/problem.js';

/** Errors of the connection by the driver, of the network, and of a server that takes no more (classes 08 and 57, 53300). */
const GONE =
  /timeout|Connection terminated|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|socket|SSL|TLS|certificate/i;

export interface AboutSource {
  readonly name: string;
  readonly statementTimeoutMs: number;
}

/**
 * What went wrong at a source, for whoever asked: in words of ours, since the server's may tell of what is none of theirs.
 * `connected`: there was a connection to ask on.
 * @returns always a Problem, and 4xx: a source that is down is no fault of this service
 */
export function sourceProblem(error: unknown, { name, statementTimeoutMs }: AboutSource, connected: boolean): Problem {
  if (error instanceof Problem) return error;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  const seconds = statementTimeoutMs / 1000;
  const problem = (word: string, detail: string): Problem => new Problem(422, word, detail);
  if (code === '57014' || /Query read timeout/.test(message)) {
    const after = `The source "${name}" did not answer in ${seconds} s, and the query was stopped`;
    return problem('source_too_slow', `${after}; ask about fewer rows or groups.`);
  }
  if (code?.startsWith('28') === true || code === '3D000')
    return problem('source_refused', `The source "${name}" refuses the sign-in; its administrator can tell why.`);
  if (code === '42501')
    return problem('source_forbidden', `The source "${name}" does not let this service read all that is asked for.`);
  if (code === '42P01' || code === '42703' || code === '3F000' || code === '42883')
    return problem(
      'source_changed',
      `The table in the source "${name}" is not what it was; an administrator can look at it again.`,
    );
  if (code?.startsWith('22') === true)
    return problem('query_invalid', 'A value in the query, or one it works out, is outside the range of its type.');
  if (/\b(?:SSL|TLS|certificate)\b/i.test(message)) {
    const detail = `The source "${name}" cannot be reached encrypted as its sslmode asks.`;
    return problem('source_unavailable', detail);
  }
  const isGone = code === undefined || /^(?:08|57|53)/.test(code) || GONE.test(`${code} ${message}`);
  if (isGone || !connected) {
    return new Problem(
      422,
      'source_unavailable',
      `The source "${name}" cannot be reached at the moment; try again later.`,
      {
        retryAfterSeconds: 30,
      },
    );
  }
  return problem('source_failed', `The source "${name}" could not work this out.`);
}

export const secretUnreadable = ({ name }: Pick<AboutSource, 'name'>): Problem =>
  new Problem(
    422,
    'source_secret_unreadable',
    `The password of the source "${name}" was kept with another SECRETS_KEY; give its url again.`,
  );
