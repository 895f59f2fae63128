import { APIError, type OpenAI } from 'openai';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** What a request can do without, in the order of what is left out; `stop` and `tools` are not among it. */
const OPTIONAL = ['max_tokens', 'temperature', 'stream_options'] as const;
type Optional = (typeof OPTIONAL)[number];

/** What one model was found not to take, so that it is refused once and not in every turn. */
export class Dialect {
  /** Whether the server holds the model's answer to a JSON Schema; true until it refused one. */
  takesSchema = true;
  private readonly refused = new Set<Optional>();

  /** The request as this model takes it. */
  of(body: Body): Body {
    const { max_tokens, temperature, stream_options, ...rest } = body;
    return {
      ...rest,
      ...(temperature === undefined || this.refused.has('temperature') ? {} : { temperature }),
      ...(stream_options === undefined || this.refused.has('stream_options') ? {} : { stream_options }),
      ...(max_tokens === undefined
        ? {}
        : this.refused.has('max_tokens')
          ? { max_completion_tokens: max_tokens }
          : { max_tokens }),
    };
  }

  /** Whether the error is about something in `body` that can be said otherwise; from now on it is. */
  learn(error: unknown, body: Body): boolean {
    if (!(error instanceof APIError) || error.status !== 400) return false;
    const name = OPTIONAL.find((optional) => optional === error.param);
    if (name === undefined || this.refused.has(name) || body[name] === undefined) return false;
    this.refused.add(name);
    return true;
  }
}
