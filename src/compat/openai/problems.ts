import { type FieldError, Problem } from '../../common/problem.js';
import { responseId } from './openai-ids.js';

/** Members of our requests under the names that OpenAI's clients gave them. */
const NAMES: Readonly<Record<string, string>> = {
  persona: 'model',
  conversationId: 'conversation',
  parentId: 'previous_response_id',
};

/**
 * Does `work`, and tells what goes wrong in OpenAI's words.
 * @param subject what the request names, under its id of OpenAI's form; a `…_not_found` then names that
 */
export async function inOpenAiTerms<T>(
  work: () => Promise<T>,
  subject?: { readonly what: string; readonly id: string },
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? translated(error, subject) : error;
  }
}

function translated(problem: Problem, subject?: { readonly what: string; readonly id: string }): Problem {
  const { status, code, detail, extra } = problem;
  if (code === 'persona_not_found' || code === 'persona_inactive') {
    return parameterProblem(404, 'model_not_found', 'model', 'There is no such model here; GET /v1/models lists them.');
  }
  if (status === 404 && subject !== undefined) {
    return new Problem(404, `${subject.what}_not_found`, `There is no ${subject.what} ${subject.id} here.`);
  }
  const { runId } = extra.members ?? {};
  return new Problem(status, code, status === 409 ? (inWords[code] ?? detail) : detail, {
    ...extra,
    errors: (extra.errors ?? []).map(({ path, message }) => ({ path: NAMES[path] ?? path, message })),
    ...(typeof runId === 'string' && { members: { response_id: responseId(runId) } }),
  });
}

const inWords: Readonly<Record<string, string>> = {
  run_active: 'An answer is being worked out in this conversation; wait for its response, or cancel it.',
};

/** One parameter is at fault. */
export function parameterProblem(
  status: 400 | 404 | 422,
  code: string,
  param: string,
  detail: string,
  errors: readonly FieldError[] = [{ path: param, message: detail }],
): Problem {
  return new Problem(status, code, detail, { errors });
}

/** OpenAI's operation, not ours. */
export const notServed = (what: string): Problem => new Problem(404, 'not_served', `Engram does not serve ${what}.`);
