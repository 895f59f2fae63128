import { kindOf } from './suited.js';
import type { Candidate, Context, Reader } from '../reader.js';
import type { Entity } from '../../turn.js';

import { SUPERLATIVES } from '../english.js';
import { FREE_WORDS } from './fact-english.js';
import { type Draft, type Form } from './fact-draft.js';
import { choice, difference, relative, sameAs } from './fact-sides.js';
import { neighbour } from './fact-neighbour.js';
import { factAsk, type FactAsk } from './fact-parts.js';
import { count } from './fact-count.js';
import { superlative } from './fact-extremes.js';
import { aggregated, lookup } from './fact-lookup.js';

const FORMS: readonly Form[] = [
  sameAs,
  difference,
  relative,
  choice,
  neighbour,
  count,
  superlative,
  aggregated,
  lookup,
];

/** Questions about single facts in tables of any kind: look-ups, counts, extremes, neighbouring rows, differences. */
export const readFacts: Reader = (context) => {
  if (!FACT_QUESTION.test(context.asked.question) || CHART_QUESTION.test(context.asked.question)) return [];
  const ask = factAsk(context);
  if (!ask || grouped(ask)) return [];
  for (const form of FORMS) {
    ask.used.clear();
    const draft = form(ask);
    if (!draft) continue;
    // Yes or no is no cell of the table.
    if (YES_OR_NO.test(ask.text) && draft.form !== 'choice') return [];
    const found = candidate(context, ask, draft);
    return found.score >= SURE_ENOUGH ? [found] : [];
  }
  return [];
};

/** Below this a guess is more often wrong than right. */
const SURE_ENOUGH = 0.51;

/** A picture is asked for; "the chart" alone is often said for the table. */
const CHART_QUESTION =
  /\b(bar|pie|line|scatter|area|stacked|grouping|box|column|donut)\b[\w\s-]{0,20}\b(charts?|graphs?|plots?|diagrams?)\b|\b(histograms?|plot|visuali[sz]e|draw|scatter ?plots?|heat ?maps?|a chart|a graph)\b/i;

const FACT_QUESTION =
  /\b(which|what|who|whom|whose|when|where|how|whats|name|tell|number|total|did|was|is|are|were)\b/i;

const YES_OR_NO =
  /^(is|are|was|were|do|does|did|has|have|had|can|could)\b|\bmore or less\b|\babove or below\b|\btrue or false\b/;

/** "Not" was said, and nothing in the query excludes anything. */
function unheardNegation(ask: FactAsk, draft: Draft): boolean {
  if (!/\b(not|never|without|didnt|isnt|wasnt|dont)\b/.test(ask.text)) return false;
  const query = JSON.stringify(draft.query.where ?? {});
  return !query.includes('"not"') && !query.includes('"negated"') && !query.includes('"<"');
}

/** "For each team", "per team": groups are wanted, not one fact. */
const grouped = (ask: FactAsk): boolean =>
  /\b(for|in|by|of) each\b|\bgroup(ed)? by\b|\b(distribution|correlation|relationship|trend|breakdown)\b/.test(
    ask.text,
  ) ||
  ask.columns.some(
    (part) => /^(per|by)$/.test(ask.words[part.from - 1] ?? '') && part.score >= 0.9 && part.column?.type === 'text',
  );

/** Share of the content words that the reading accounts for. */
function coverage(ask: FactAsk): number {
  let all = 0;
  let explained = 0;
  for (const [at, token] of ask.context.tokens.entries()) {
    const free = FREE_WORDS.has(token.lower);
    if (free && !ask.used.has(at)) continue;
    const weight = free ? 0.3 : ask.context.lexicon.subject.has(token.stem) ? 0.3 : 1;
    all += weight;
    if (ask.used.has(at)) explained += weight;
  }
  return all === 0 ? 0 : explained / all;
}

/** Words that change what is asked for: left over, another question was answered. */
const OPERATORS = /^(consecutive|apart|since|difference|oldest|youngest|sum|behind|twice|average|except)$/;
/** Where each row is a match, those that A won against B are its rows; in other records nothing says who beat whom. */
const WON = /^(beat|beats|beaten)$/;

const leftOver = (ask: FactAsk, draft: Draft): number =>
  draft.form === 'neighbour'
    ? 0
    : ask.words.filter(
        (word, at) =>
          !ask.used.has(at) &&
          (OPERATORS.test(word) ||
            (WON.test(word) && kindOf(ask.profile) === 'data') ||
            (SUPERLATIVES.has(word) && !/^(most|least|first|last|top)$/.test(word))),
      ).length;

function candidate(context: Context, ask: FactAsk, draft: Draft): Candidate {
  const covered = coverage(ask);
  const least = draft.open === true ? 0.1 : 0.3;
  const told = draft.everything === true ? covered ** 2 : least + (1 - least) * covered;
  const score = draft.fit * told * (unheardNegation(ask, draft) ? 0.5 : 1) * 0.7 ** leftOver(ask, draft);
  return {
    score,
    understanding: {
      intent: { kind: draft.kind, confidence: score },
      language: 'en',
      entities: entitiesOf(context, ask),
      references: [],
      query: draft.query,
      chart: null,
      expects: draft.expects,
      reading: null,
      edits: [],
      refusal: null,
    },
  };
}

function entitiesOf(context: Context, ask: FactAsk): readonly Entity[] {
  const parts = [...ask.columns, ...ask.values].filter((part) => ask.used.has(part.from));
  return parts.flatMap((part): Entity[] => {
    const [first, last] = [context.tokens[part.from], context.tokens[part.to - 1]];
    const holder = part.holders[0];
    if (!first || !last) return [];
    const at = { text: context.asked.question.slice(first.start, last.end), start: first.start, end: last.end };
    const score = Math.min(1, part.score);
    if (part.column) return [{ ...at, kind: 'column', column: part.column.name, score }];
    return holder ? [{ ...at, kind: 'value', column: holder.column.name, value: holder.values[0] ?? null, score }] : [];
  });
}
