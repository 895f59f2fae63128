/** Statuses that a service may answer with; a 5xx is never thrown on purpose except where a dependency is down. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 408 | 409 | 412 | 413 | 415 | 422 | 429 | 431 | 502 | 503;

export interface FieldError {
  /** Where in the input, dotted: `columns.0.type`. */
  readonly path: string;
  readonly message: string;
}

/** The only error services throw. `code` is part of the API's contract: never rename one. */
export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    readonly code: string,
    /** One sentence for a person: what is wrong and what to do about it. */
    readonly detail: string,
    readonly extra: {
      readonly errors?: readonly FieldError[];
      readonly retryAfterSeconds?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Further members of the problem document, such as the id of the run that is in the way. */
      readonly members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail);
  }
}

/** Missing and foreign are the same answer, so that ids of others cannot be probed. */
export const notFound = (what: string, id: string): Problem =>
  new Problem(404, `${what.replaceAll(' ', '_')}_not_found`, `There is no ${what} ${id} here.`);
