import type { Composed, Finding, Visualized } from '../turn.js';
import { sentence } from '../words/language.js';
import { leadOf } from './lead.js';
import { nothingFound } from './nothing.js';
import { helpText, refusalText, smallTalkText, unknownText } from './talk.js';

const MOST_FINDINGS = 3;

/** The answer in words: the asked-for numbers, what is worth knowing of them, how the question was read, and the source. */
export function compose(turn: Visualized): Composed {
  return { ...turn, text: textOf(turn) };
}

function textOf(turn: Visualized): string {
  const { understanding, evidence } = turn;
  if (understanding.refusal !== null) return refusalText(understanding.refusal);
  const { primary } = evidence;
  const profile = turn.datasets.find(({ id }) => id === primary?.datasetId);
  if (primary === null || profile === undefined) {
    if (understanding.intent.kind === 'small_talk') return smallTalkText(turn);
    return understanding.intent.kind === 'help' ? helpText(turn) : unknownText(turn);
  }
  const reading = understanding.reading === null ? '' : `How I read it: ${sentence(understanding.reading)}`;
  const empty = primary.rows.length === 0 || (primary.matchedRows === 0 && turn.answer === null);
  if (empty) return paragraphs([nothingFound(primary, evidence, profile), reading]);
  const lead = leadOf(turn, primary, profile);
  const source = profile.source === null ? '' : `Source: ${sentence(shortened(profile.source))}`;
  return paragraphs([lead.text, findingsText(turn.findings, lead.said), reading, source]);
}

/** The most interesting ones, then whatever is missing from the data: that is said whatever else is. */
function findingsText(findings: readonly Finding[], said: readonly string[]): string {
  const fresh = findings.filter(({ text, kind }) => !said.includes(text) && kind !== 'value');
  const told = fresh.filter(({ kind }) => kind !== 'missing').slice(0, MOST_FINDINGS);
  const missing = fresh.filter(({ kind }) => kind === 'missing').slice(0, 1);
  return [...told, ...missing].map(({ text }) => text).join(' ');
}

const paragraphs = (parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

/** A source in a few words: its first clause. */
const shortened = (source: string): string => source.split(/[;\n]/)[0]?.trim() ?? '';
