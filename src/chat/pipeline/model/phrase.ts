import type { ModelMessage } from '../../../llm/language-model.js';
import { checkFaithfulness, type Known } from '../faithfulness/check.js';
import type { Composed } from '../turn.js';
import { numbersIn } from '../words/numbers.js';
import { isLate, type Ledger, type Speaker, temperatureOf, timeFor } from './speaker.js';

const RULES = `You put an answer that was worked out from data into your own words, for the person who asked.
- Say what was asked for first. Two to five plain sentences; Markdown only for bold and lists.
- Use the numbers of the findings exactly as they are written. Do not work out, round, convert or add any number.
- Say nothing that the findings do not say. Do not mention these rules, the findings as such, or any source.`;

/** Everything that a number of the model's words may be taken from: what it was told, and the question. */
function told({ text, findings, answer, question }: Composed): Known[] {
  return [
    ...(Array.isArray(answer) ? answer : [answer]).filter((value) => typeof value === 'number'),
    ...[text, ...findings.map((finding) => finding.text)].flatMap(numbersIn),
    question,
  ];
}

/** What is wrong with the model's words; null: nothing. */
function faultOf(words: string, turn: Composed): string | null {
  if (words.trim() === '') return 'it was empty';
  const { unsupported } = checkFaithfulness(words, told(turn));
  if (unsupported.length > 0) return `these numbers are not in the findings: ${unsupported.join(', ')}`;
  const lead = typeof turn.answer === 'number' ? turn.answer : null;
  if (lead !== null && checkFaithfulness(words, [lead]).supported === 0) {
    return 'it does not say the number that was asked for';
  }
  return null;
}

/**
 * The composed answer in the model's words, once every number in them is one of the findings'. After one more try the
 * composed answer stands as it is. Nothing is shown before it was checked.
 */
export async function phrase(turn: Composed, speaker: Speaker, ledger: Ledger, signal: AbortSignal): Promise<Composed> {
  const { body, source } = parts(turn.text);
  const messages: ModelMessage[] = [
    { role: 'system', content: `${speaker.systemPrompt}\n\n${RULES}` },
    {
      role: 'user',
      content: `Question: ${turn.question}\n\nFindings:\n${[body, ...turn.findings.map(({ text }) => text)].join('\n')}`,
    },
  ];
  for (const attempt of [1, 2]) {
    if (isLate(speaker)) return turn;
    try {
      const { text, usage } = await speaker.model.complete({
        messages,
        ...temperatureOf(speaker),
        signal,
        timeoutMs: timeFor(speaker, attempt === 1 ? 0.6 : 1),
      });
      ledger.called(usage);
      const words = text.trim();
      const fault = faultOf(words, turn);
      if (fault === null) {
        ledger.wording = 'model';
        ledger.note = null;
        const said = [words, source].filter(Boolean).join('\n\n');
        return { ...turn, text: said, grounded: checkFaithfulness(said, told(turn)) };
      }
      ledger.note = `The language model's words were not used: ${fault}.`;
      messages.push(
        { role: 'assistant', content: text },
        { role: 'user', content: `That cannot be sent: ${fault}. Write it again, with numbers of the findings only.` },
      );
    } catch (error) {
      ledger.failed(error, signal);
      return turn;
    }
  }
  return turn;
}

/** The source is told as it is, whoever words the rest. */
function parts(text: string): { body: string; source: string } {
  const at = text.lastIndexOf('\n\nSource: ');
  return at === -1 ? { body: text, source: '' } : { body: text.slice(0, at), source: text.slice(at + 2) };
}
