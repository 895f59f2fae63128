import type { Composed } from '../turn.js';
import { isLate, type Ledger, type Speaker, temperatureOf, timeFor } from './speaker.js';

/** How words reach whoever listens. */
export interface Voice {
  say(text: string): void;
  /** What was said does not hold. */
  unsay(): void;
}

/** Whether the answer is words only: nothing of it was worked out from data. */
export const isTalk = ({ understanding, evidence }: Composed): boolean =>
  evidence.primary === null &&
  understanding.said === undefined &&
  understanding.intent.kind !== 'help' &&
  (evidence.passages ?? []).length === 0;

/**
 * A question outside the data: the model answers it in the persona's name, word by word as it comes. Where it cannot, what
 * the rules composed is the answer.
 */
export async function talk(
  turn: Composed,
  speaker: Speaker,
  ledger: Ledger,
  voice: Voice,
  signal: AbortSignal,
): Promise<Composed> {
  if (isLate(speaker)) return turn;
  const context = await speaker.context();
  ledger.saw(context);
  let text = '';
  try {
    const request = { messages: context.messages, ...temperatureOf(speaker), signal, timeoutMs: timeFor(speaker) };
    for await (const chunk of speaker.model.stream(request)) {
      if (chunk.type === 'text') {
        text += chunk.text;
        voice.say(chunk.text);
      } else if (chunk.type === 'done') {
        ledger.called(chunk.usage);
      }
    }
  } catch (error) {
    ledger.failed(error, signal);
    voice.unsay();
    return turn;
  }
  if (text.trim() === '') {
    voice.unsay();
    ledger.note = 'The language model said nothing.';
    return turn;
  }
  ledger.wording = 'model';
  ledger.note = null;
  return { ...turn, text, grounded: null };
}
