import type { ColumnProfile } from '../../../../datasets/profile.js';
import { qualityOf } from '../qualities.js';
import { SUPERLATIVES } from '../english.js';
import { wordsOf } from '../tokens.js';
import { measureOf, namedBy, use, type FactAsk, type Part } from './fact-parts.js';
import { timeColumn } from './fact-times.js';
import { isNumeric } from './grid.js';
import { FREE_WORDS, HOW_LONG, WHEN, WHERE, WHO } from './fact-english.js';

export interface Target {
  readonly column: ColumnProfile;
  /** 0–1: 1 when the question names the column. */
  readonly score: number;
  readonly part: Part | null;
}

const VERB = /^(is|was|were|are|did|does|do|has|have|had|won|made|will|can|comes?|came|s)$/;

/** The column that the answer stands in. */
export function targetOf(ask: FactAsk): Target | null {
  const { words } = ask;
  const wh = words.findIndex((word) => /^(which|what|who|whom|whose|when|where|whats|name|list|tell|give)$/.test(word));
  if (wh >= 0) {
    const word = words[wh] ?? '';
    use(ask, wh, wh + 1);
    if (word === 'who' || word === 'whom') {
      const named = doer(ask) ?? asked(ask, WHO);
      return named && !isNumeric(named.column) ? named : labelled(ask, 0.8);
    }
    if (word === 'when') return asked(ask, WHEN) ?? dated(ask);
    if (word === 'where') return asked(ask, WHERE);
    const direct = nounAt(ask, wh + 1);
    if (direct) return direct;
  }
  if (words[0] === 'how' && words[1] === 'long') {
    use(ask, 0, 2);
    return asked(ask, HOW_LONG);
  }
  const first = ask.columns[0];
  return first?.column ? { column: first.column, score: 0.5, part: first } : labelled(ask, 0.4);
}

/** The noun after "which" or "what (is) the": a column, or some word for what a row is. */
function nounAt(ask: FactAsk, from: number): Target | null {
  let at = from;
  while (
    /^(is|was|were|are|s|me|the|a|an|of|these|those|are|other|only|two|three|four|five|single|total|name|names|all|each)$/.test(
      ask.words[at] ?? '',
    )
  ) {
    const part = ask.columns.find((column) => column.from === at);
    if (part?.column && part.score >= 0.9) break;
    at += 1;
  }
  const extreme = SUPERLATIVES.has(ask.words[at] ?? '') || qualityOf(ask.words[at] ?? '')?.degree === 'superlative';
  if (extreme) return afterExtreme(ask, at);
  const part = ask.columns.find(
    (column) => column.from >= at && column.from <= at + 1 && !VERB.test(ask.words[at] ?? ''),
  );
  if (part?.column && !(part.from === at + 1 && ask.values.some((value) => value.from === at))) {
    use(ask, part.from, part.to);
    return { column: part.column, score: Math.max(0.6, part.score), part };
  }
  const word = ask.words[at] ?? '';
  if (VERB.test(word) || word === '') return null;
  if (/^(person|people|man|woman|men|women|individual)$/.test(word)) {
    use(ask, at, at + 1);
    return asked(ask, WHO) ?? labelled(ask, 0.8);
  }
  if (/^(year|date|time|day|season)s?$/.test(word)) {
    use(ask, at, at + 1);
    return dated(ask);
  }
  if (ask.context.lexicon.subject.has(ask.context.tokens[at]?.stem ?? '')) return labelled(ask, 0.9);
  // "Which township …": another word for what a row is.
  const before = ask.words[from - 1];
  if (before === 'which' || (before === 'what' && at === from)) {
    const superlative = /(est|most|least|first|last)$/.test(word);
    if (!superlative) use(ask, at, at + 1);
    return labelled(ask, 0.6);
  }
  return null;
}

/** "The highest score" asks for the score, "the least populated town" for the town. */
function afterExtreme(ask: FactAsk, at: number): Target | null {
  const measure = ask.columns.find(
    (part) => part.from > at && part.from <= at + 3 && part.column !== null && measureOf(part.column) !== null,
  );
  const next = measure ? measure.to : at + 1;
  const noun = ask.columns.find((part) => part.from >= next && part.from <= next + 1 && part !== measure);
  const word = ask.words[next] ?? '';
  if (noun?.column) return { column: noun.column, score: 0.95, part: noun };
  const open = word === '' || FREE_WORDS.has(word);
  if (measure?.column && open) return { column: measure.column, score: 0.95, part: measure };
  if (!open) use(ask, next, next + 1);
  return labelled(ask, 0.75);
}

/** "Who directed", "who built": the column of directors, builders. */
function doer(ask: FactAsk): Target | null {
  for (const [at, token] of ask.context.tokens.entries()) {
    if (
      token.stem.length < 4 ||
      FREE_WORDS.has(token.lower) ||
      ask.values.some((part) => part.from <= at && at < part.to)
    )
      continue;
    const column = ask.profile.columns.find((candidate) =>
      wordsOf(candidate.name).some(
        (word) =>
          /(er|or|ers|ors)(\(s\))?$/.test(word) &&
          word.slice(0, 4) === token.lower.slice(0, 4) &&
          !ask.columns.some((part) => part.from === at && part.column !== candidate),
      ),
    );
    if (column) {
      use(ask, at, at + 1);
      return { column, score: 0.9, part: null };
    }
  }
  return null;
}

function labelled(ask: FactAsk, score: number): Target {
  return { column: ask.label, score, part: null };
}

function dated(ask: FactAsk): Target | null {
  const column = timeColumn(ask);
  return column ? { column, score: 0.9, part: null } : null;
}

function asked(ask: FactAsk, kinds: readonly ReadonlySet<string>[]): Target | null {
  for (const stems of kinds) {
    const fitting = ask.profile.columns.filter((column) => namedBy(column, stems));
    const said = fitting.find((column) => ask.columns.some((part) => part.column === column));
    const column = said ?? fitting[0];
    if (column) return { column, score: 0.9, part: null };
  }
  return null;
}
