import type { ModelRequest, StructuredSchema } from '../language-model.js';

/** The request with the schema as its last instruction, for servers that cannot hold a model to one. */
export function withSchemaInWords<T>(request: ModelRequest, { jsonSchema }: StructuredSchema<T>): ModelRequest {
  const rule = `Answer with one JSON object and nothing else. It must fit this JSON Schema:\n${JSON.stringify(jsonSchema)}`;
  const [first, ...rest] = request.messages;
  // One system message, since the templates of some models take no second one.
  const messages =
    first?.role === 'system'
      ? [{ ...first, content: `${first.content}\n\n${rule}` }, ...rest]
      : [{ role: 'system' as const, content: rule }, ...request.messages];
  return { ...request, messages };
}

/**
 * The JSON object or array in what a model wrote: bare, in a code fence, after its thoughts, or between other words.
 * @throws SyntaxError when there is none
 */
export function jsonIn(text: string): unknown {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  const fenced = /```(?:json)?\s*\n?([\s\S]*?)```/i.exec(answer)?.[1];
  let failure: unknown;
  for (const candidate of [answer, fenced, between(answer)]) {
    if (candidate === undefined || !/^\s*[[{]/.test(candidate)) continue;
    try {
      return JSON.parse(candidate) as unknown;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new SyntaxError('no JSON object in the answer');
}

/** From the first opening bracket to the last one that closes its kind. */
function between(text: string): string | undefined {
  const from = text.search(/[[{]/);
  if (from === -1) return undefined;
  const to = text.lastIndexOf(text[from] === '{' ? '}' : ']');
  return to > from ? text.slice(from, to + 1) : undefined;
}
