import type { QuotedMessage, Refusal, SaidAsked, Visualized } from '../turn.js';
import { dayWords, periodWords } from '../words/dates.js';

/** `On 3 March 2026, in another conversation, you said: “…”`, a line for each message. */
export const saidText = (messages: readonly QuotedMessage[]): string => messages.map(lineOf).join('\n\n');

function lineOf({ role, at, isHere, quote }: QuotedMessage): string {
  const who = role === 'user' ? 'you said' : 'the answer was';
  const where = isHere ? 'in this conversation' : 'in another conversation';
  return `On ${dayWords(new Date(at))}, ${where}, ${who}: “${quote}”`;
}

/** Why nothing is quoted: nothing is there, or it could not be looked up. Never made up. */
export function notSaid(said: SaidAsked, { evidence }: Visualized): Refusal {
  if (evidence.messagesUnknown === true) {
    const reason = 'Earlier conversations could not be searched just now: ask again.';
    return { code: 'not_said', reason, suggestions: [] };
  }
  const { about, by, period } = said;
  const when = period === null ? '' : ` ${periodWords({ from: new Date(period.from), to: new Date(period.to) })}`;
  const who = by === 'user' ? 'that you said' : by === 'assistant' ? 'that was answered' : 'that was said';
  const what = about === '' ? `nothing ${who}${when}` : `nothing ${who}${when} about “${about}”`;
  return { code: 'not_said', reason: `I find ${what}.`, suggestions: [] };
}
