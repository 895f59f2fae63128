import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { checkFaithfulness, type Faithfulness } from '../faithfulness/check.js';
import { evidenceOf } from '../faithfulness/evidence.js';
import { quotation } from '../passages/quote.js';
import { FOR_REASONS } from '../retrieve/plan.js';
import type { Composed, Evidence, Finding, Refusal, SaidAsked, Visualized } from '../turn.js';
import { sentence } from '../words/language.js';
import { originWords } from '../analyze/partners.js';
import { formulasIn } from '../words/queries.js';
import { earlierResult } from '../analyze/since.js';
import { periodWords } from '../words/dates.js';
import { leadOf } from './lead.js';
import { studyLead } from './study-lead.js';
import { nothingFound } from './nothing.js';
import { notSaid, saidText } from './said.js';
import { helpText, refusalText, smallTalkText, unknownText } from './talk.js';

const MOST_FINDINGS = 3;

/** Below this an empty result says more about how the question was read than about the data. */
const SURE = 0.9;

/** The answer in words: the asked-for numbers, what is worth knowing of them, how the question was read, and the source. */
export function compose(turn: Visualized): Composed {
  const said = inWords(turn);
  const worded = said.text.trim() === '' ? { ...said, text: WORDLESS } : said;
  return { ...worded, grounded: groundedIn(worded.text, turn) };
}

/** An answer is never silent. */
const WORDLESS = 'The data does not hold what this takes: nothing could be worked out from it.';

/** The text of an answer and the words of its picture against everything that the answer rests on. */
function groundedIn(text: string, turn: Visualized): Faithfulness {
  const { visualization } = turn;
  const words = [text, visualization?.title ?? '', visualization?.altText ?? ''].join('\n');
  return checkFaithfulness(words, evidenceOf(turn, visualization));
}

function inWords(turn: Visualized): Omit<Composed, 'grounded'> {
  const { understanding, evidence } = turn;
  const { passages } = evidence;
  if (understanding.said !== undefined && evidence.primary === null) return said(turn, understanding.said);
  if (evidence.primary === null && passages !== undefined && passages.length > 0) {
    return { ...turn, understanding: { ...understanding, refusal: null }, text: quotation(passages) };
  }
  if (understanding.refusal !== null) {
    const refusal = passages === undefined ? understanding.refusal : notInDocuments(understanding.refusal, evidence);
    return { ...turn, understanding: { ...understanding, refusal }, text: refusalText(refusal) };
  }
  const { primary } = evidence;
  const profile = turn.datasets.find(({ id }) => id === primary?.datasetId);
  if (primary === null || profile === undefined) return { ...turn, text: talk(turn) };
  const readings = [understanding.reading ?? '', ...formulasIn(primary.query, profile)].filter(Boolean);
  const reading = readings.length === 0 ? '' : `How I read it: ${readings.map(sentence).join(' ')}`;
  const unsure = understanding.intent.confidence < SURE;
  const empty =
    (primary.rows.length === 0 && understanding.study === undefined) ||
    (primary.matchedRows === 0 && (turn.answer === null || (unsure && turn.answer === 0)));
  if (turn.studied?.kind === 'forecast' && turn.studied.refused !== null) {
    const reason = turn.findings[0]?.text ?? '';
    const refusal = {
      code: turn.studied.refused === 'too few' ? 'too_few' : 'not_in_data',
      reason,
      suggestions: [],
    } as const;
    return { ...turn, understanding: { ...understanding, refusal }, text: paragraphs([reason, reading]) };
  }
  if (!empty) return { ...turn, text: found(turn, primary, profile, reading) };
  const { reason, instead } = nothingFound(primary, evidence, profile);
  const text = paragraphs([[reason, ...instead].join(' '), reading]);
  // "None" may be the answer to how many, or to which; one thing asked for, and not there, is none.
  const none = understanding.expects === 'table' || (understanding.expects === 'values' && !unsure);
  if (none) return { ...turn, text };
  const refusal = { code: 'no_rows', reason, suggestions: [] } as const;
  return { ...turn, understanding: { ...understanding, refusal }, answer: null, findings: [], text };
}

/** What was said, literally; else what documents say of it; else that there is nothing. */
function said(turn: Visualized, asked: SaidAsked): Omit<Composed, 'grounded'> {
  const { understanding } = turn;
  const { messages = [], passages = [] } = turn.evidence;
  if (messages.length > 0) return { ...turn, text: saidText(messages) };
  const refusal = notSaid(asked, turn);
  if (passages.length > 0) return { ...turn, text: `${refusal.reason} The documents say:\n\n${quotation(passages)}` };
  return { ...turn, understanding: { ...understanding, refusal }, text: refusalText(refusal) };
}

/** The documents were asked, too, and do not speak of it. */
function notInDocuments(refusal: Refusal, { sources = [] }: Evidence): Refusal {
  const isReason = sources.some(({ source, why }) => source === 'documents' && why === FOR_REASONS);
  if (isReason) return { ...refusal, reason: 'The data tells what happened, not why, and no document speaks of it.' };
  const reason =
    refusal.code === 'no_dataset'
      ? 'This is not in the documents.'
      : `${sentence(refusal.reason)} It is not in the documents either.`;
  return { ...refusal, reason };
}

function talk(turn: Visualized): string {
  const { kind } = turn.understanding.intent;
  if (kind === 'small_talk') return smallTalkText(turn);
  return kind === 'help' ? helpText(turn) : unknownText(turn);
}

function found(turn: Visualized, primary: ResultSet, profile: DatasetProfile, reading: string): string {
  const lead =
    turn.understanding.study === undefined ? leadOf(turn, primary, profile) : studyLead(turn, primary, profile);
  const origin = originWords(primary.query, profile);
  const source = [
    profile.source === null ? '' : `Source: ${sentence(shortened(profile.source))}`,
    origin === '' ? '' : sentence(origin),
  ].filter(Boolean);
  const earlier = earlierText(turn);
  const said = earlier === null ? lead.said : [...lead.said, earlier];
  return paragraphs([earlier ?? '', lead.text, findingsText(turn.findings, said), reading, source.join(' ')]);
}

/** What an earlier result was, where that is asked for: it comes before what it is now. Never made up. */
function earlierText({ understanding, evidence, findings }: Visualized): string | null {
  const { earlier } = understanding;
  if (earlier === undefined) return null;
  const past = earlierResult(evidence);
  const told = past === null ? undefined : findings.find((each) => each.earlier === past.messageId);
  if (told !== undefined) return told.text;
  if (evidence.pastUnknown === true) return 'Earlier results could not be looked up just now.';
  const { period } = earlier;
  const when = period === null ? '' : periodWords({ from: new Date(period.from), to: new Date(period.to) });
  return sentence(
    `There is no earlier result about that${when === '' ? '' : ` from ${when.replace(/^(?:in|on) /, '')}`}`,
  );
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
