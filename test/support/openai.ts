import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import OpenAI from 'openai';
import OpenAI5 from 'openai5';
import OpenAI7 from 'openai7';

/** The real clients, under the types of the one that the product uses; what differs between them is not asked here. */
export const CLIENTS: readonly [name: string, client: typeof OpenAI][] = [
  ['openai 5', OpenAI5 as unknown as typeof OpenAI],
  ['openai 6', OpenAI],
  ['openai 7', OpenAI7 as unknown as typeof OpenAI],
];

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(JSON.parse(readFileSync('test/support/openai-schema.json', 'utf8')) as object, 'openai');

function validator(name: string): ValidateFunction {
  const validate = ajv.getSchema(`openai#/$defs/${name}`);
  if (validate === undefined) throw new Error(`the schema has no ${name}`);
  return validate;
}

/** What OpenAI's schema calls the answer of an operation: as JSON, and as a stream. */
const ANSWERS: readonly [operation: RegExp, schema: string, streamed?: string][] = [
  [/^GET \/v1\/models$/, 'ListModelsResponse'],
  [/^GET \/v1\/models\/[^/]+$/, 'Model'],
  [/^POST \/v1\/chat\/completions$/, 'CreateChatCompletionResponse', 'CreateChatCompletionStreamResponse'],
  [/^DELETE \/v1\/conversations\/[^/]+$/, 'DeletedConversationResource'],
  [/^POST \/v1\/conversations$/, 'ConversationResource'],
  [/^(?:GET|POST) \/v1\/conversations\/[^/]+$/, 'ConversationResource'],
  [/^(?:GET|POST) \/v1\/conversations\/[^/]+\/items$/, 'ConversationItemList'],
  [/^GET \/v1\/conversations\/[^/]+\/items\/[^/]+$/, 'ConversationItem'],
  [/^DELETE \/v1\/conversations\/[^/]+\/items\/[^/]+$/, 'ConversationResource'],
  [/^GET \/v1\/responses\/[^/]+\/input_items$/, 'ResponseItemList'],
  [/^(?:POST \/v1\/responses|GET \/v1\/responses\/[^/]+)$/, 'Response', 'ResponseStreamEvent'],
  [/^POST \/v1\/responses\/[^/]+\/cancel$/, 'Response'],
];

/** Open Responses asks for all of these, whatever their value. */
const ALWAYS =
  'id object created_at completed_at status incomplete_details model previous_response_id instructions output error tools tool_choice truncation parallel_tool_calls text top_p presence_penalty frequency_penalty top_logprobs temperature reasoning usage max_output_tokens max_tool_calls store background service_tier metadata safety_identifier prompt_cache_key';

/** Looks at every body that comes in, and says what in it is not as OpenAI's schema has it. */
export class Checked {
  readonly wrong: string[] = [];
  /** How many bodies and streamed events were looked at. */
  looked = 0;
  private readonly open: Promise<void>[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    this.open.push(this.look(`${init?.method ?? 'GET'} ${pathname}`, response.clone()));
    return response;
  };

  /** Once every body was read to its end. */
  async all(): Promise<string[]> {
    await Promise.all(this.open.splice(0));
    return this.wrong.splice(0);
  }

  private async look(operation: string, response: Response): Promise<void> {
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const text = await textOf(response);
    if (!response.ok) return this.check('ErrorResponse', JSON.parse(text), operation);
    const answer = ANSWERS.find(([known]) => known.test(operation));
    if (answer === undefined) return;
    const [, whole, streamed = ''] = answer;
    if (!isStream) return this.check(whole, JSON.parse(text), operation);
    for (const frame of text.split('\n\n').slice(0, -1)) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined && data !== '[DONE]') this.check(streamed, JSON.parse(data), operation);
    }
  }

  private check(name: string, body: unknown, operation: string): void {
    this.looked++;
    const isOfNamed = (body as { type?: unknown } | null)?.type;
    const of = name === 'ResponseStreamEvent' && typeof isOfNamed === 'string' ? EVENTS[isOfNamed] : name;
    if (of === undefined) {
      this.wrong.push(`${operation}: there is no event ${String(isOfNamed)}`);
      return;
    }
    const validate = validator(of);
    if (!validate(body)) this.wrong.push(`${operation} (${of}): ${ajv.errorsText(validate.errors)}`);
    const response = of === 'Response' ? body : (body as { response?: object }).response;
    if (response === undefined || response === null) return;
    const missing = ALWAYS.split(' ').filter((member) => !(member in (response as object)));
    if (missing.length > 0) this.wrong.push(`${operation}: without ${missing.join(', ')}`);
  }
}

const EVENTS: Readonly<Record<string, string>> = {
  'response.created': 'ResponseCreatedEvent',
  'response.in_progress': 'ResponseInProgressEvent',
  'response.output_item.added': 'ResponseOutputItemAddedEvent',
  'response.content_part.added': 'ResponseContentPartAddedEvent',
  'response.output_text.delta': 'ResponseTextDeltaEvent',
  'response.output_text.done': 'ResponseTextDoneEvent',
  'response.content_part.done': 'ResponseContentPartDoneEvent',
  'response.output_item.done': 'ResponseOutputItemDoneEvent',
  'response.completed': 'ResponseCompletedEvent',
  'response.failed': 'ResponseFailedEvent',
  'response.incomplete': 'ResponseIncompleteEvent',
  error: 'ResponseErrorEvent',
};

/** To its end, or to where the connection was cut. */
async function textOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const part of response.body ?? []) text += decoder.decode(part as Uint8Array, { stream: true });
  } catch {
    // cut by the client
  }
  return text;
}
