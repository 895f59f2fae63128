import type { RunEvent } from '../../chat/runs/run-event.js';
import { asProblem } from '../../common/problem.filter.js';
import { Problem } from '../../common/problem.js';
import type { MessageView } from '../../conversations/message.dto.js';
import { completionId } from './openai-ids.js';
import { seconds, type Told, usageOf } from './response-view.js';
import { type Saying, Spoken } from './spoken.js';

const tokensOf = ({ message }: Told) => {
  const { input_tokens, output_tokens, total_tokens } = usageOf(message);
  return { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens };
};

/** An answered turn. @throws {502} answer_failed, or what the run failed with; it is not tried again by itself */
export function completionOf(told: Told) {
  const { run, message, conversation } = told;
  if (message.role !== 'assistant' || run.error !== null) throw failure(run.error);
  return {
    id: completionId(run.id),
    object: 'chat.completion' as const,
    created: seconds(message.createdAt),
    model: conversation.personaName,
    choices: [
      {
        index: 0,
        message: { role: 'assistant' as const, content: message.content, refusal: null, annotations: [] },
        finish_reason: 'stop' as const,
        logprobs: null,
      },
    ],
    usage: tokensOf(told),
    service_tier: 'default' as const,
  };
}

function failure(error: { readonly code: string; readonly message: string } | null): Problem {
  return new Problem(502, error?.code ?? 'answer_failed', error?.message ?? 'This could not be answered.', {
    headers: { 'x-should-retry': 'false' },
  });
}

/**
 * A run as the stream of a chat completion: chunks, and at the end `[DONE]`.
 * @param load how the turn stands; asked at the beginning and, for the usage, at the end
 */
export async function* completionFrames(
  events: AsyncIterable<RunEvent>,
  load: () => Promise<Told>,
  { withUsage }: { readonly withUsage: boolean },
): AsyncGenerator<string> {
  const { run, message, conversation } = await load();
  const head = {
    id: completionId(run.id),
    object: 'chat.completion.chunk',
    created: seconds(message.createdAt),
    model: conversation.personaName,
  };
  const chunk = (delta: object, finish: 'stop' | null = null): string =>
    frame({
      ...head,
      choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
      ...(withUsage && { usage: null }),
    });
  const spoken = new Spoken();
  const say = (saying: Saying | null): string[] =>
    // There is nothing like a new part here; a paragraph of its own is what readers can tell apart.
    saying === null ? [] : [chunk({ content: saying.instead === null ? saying.text : `\n\n${saying.text}` })];
  yield chunk({ role: 'assistant', content: '', refusal: null });
  try {
    for await (const { event, data } of events) {
      if (event === 'answer.delta') yield* say(spoken.delta((data as { text: string }).text));
      else if (event === 'answer.reset') spoken.reset();
      else if (event === 'message.completed') {
        const whole = (data as { message: MessageView }).message;
        if (whole.role === 'assistant') yield* say(spoken.whole(whole.content));
      } else if (event === 'run.failed' || event === 'run.interrupted') {
        yield broken(failure((data as { error?: { code: string; message: string } }).error ?? null));
        return;
      }
    }
    yield chunk({}, 'stop');
    if (withUsage) yield frame({ ...head, choices: [], usage: tokensOf(await load()) });
    yield 'data: [DONE]\n\n';
  } catch (error) {
    const problem = asProblem(error);
    if (problem === null) throw error;
    yield broken(problem);
  }
}

const frame = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

const broken = ({ code, detail }: Problem): string =>
  frame({ error: { message: detail, type: 'server_error', param: null, code } });
