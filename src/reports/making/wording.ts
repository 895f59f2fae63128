import { checkFaithfulness, type Known } from '../../chat/pipeline/faithfulness/check.js';
import { numbersIn } from '../../chat/pipeline/words/numbers.js';
import { type LanguageModel, ModelError } from '../../llm/language-model.js';
import type { Persona } from '../../personas/persona.entity.js';
import type { ReportTone } from '../../personas/report-template.js';
import type { Material } from '../sources/material.js';

const MOST_LINES = 8;
const TIMEOUT_MS = 30_000;

const RULES = `You word the summary of a report. You are given its findings, one a line.
- Answer with three to six lines, each one plain sentence that begins with "- ". Bold is the only markup.
- Use the numbers of the findings exactly as they are written. Do not work out, round, convert or add any number.
- Say nothing that the findings do not say, and keep what limits them (few rows, missing values).`;

const TONES: Readonly<Record<ReportTone, string>> = {
  neutral: 'Write plainly and to the point.',
  formal: 'Write formally, as in a paper for a board.',
  friendly: 'Write in a friendly way, as to a colleague.',
};

/** The summary in a model's words, once each of its numbers is one of the findings'; else as it was. */
export async function worded(
  material: Material,
  { systemPrompt, temperature }: Pick<Persona, 'systemPrompt' | 'temperature'>,
  tone: ReportTone,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Material> {
  const { summary, grounded, method } = material;
  // Quotes are nobody's to reword.
  if (summary.length === 0 || summary.some((line) => line.startsWith('“'))) return material;
  const known: Known[] = summary.flatMap(numbersIn);
  try {
    const { text } = await model.complete({
      messages: [
        { role: 'system', content: `${systemPrompt}\n\n${RULES}\n- ${TONES[tone]}` },
        { role: 'user', content: summary.join('\n') },
      ],
      ...(temperature !== null && { temperature }),
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    const lines = linesOf(text);
    const now = checkFaithfulness(lines.join('\n'), known);
    if (lines.length === 0 || now.unsupported.length > 0) return material;
    const before = numbersIn(summary.join('\n')).length;
    return {
      ...material,
      summary: lines,
      method: [
        ...method,
        'The summary was worded by a language model; each of its numbers was compared with those of the findings.',
      ],
      grounded: {
        ...grounded,
        numbers: grounded.numbers - before + now.numbers,
        supported: grounded.supported - before + now.supported,
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelError) return material;
    throw error;
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter((line) => line !== '')
    .slice(0, MOST_LINES);
