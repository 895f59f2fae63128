import type { ColumnProfile } from '../../../../datasets/profile.js';
import { type Expression, ROW_NUMBER } from '../../../../datasets/query/analytical-query.js';
import { type Form, list } from './fact-draft.js';
import { AFTER_WORDS, BEFORE_WORDS } from './fact-english.js';
import { holderFor, isLoose } from './fact-filter.js';
import { type FactAsk, type Part, holds, labelOf, use } from './fact-parts.js';
import { type Target, targetOf } from './fact-target.js';

/** "Who comes after X?", "what is previous to X?", "the one listed above X" */
export const neighbour: Form = (ask) => {
  if (/^(how many|how much|what is the (total )?number of|(total )?number of)\b/.test(ask.text)) return null;
  const found = direction(ask);
  if (!found) return null;
  const { anchor, step, at } = found;
  const holder = holderFor(ask, anchor);
  if (!holder) return null;
  const target = targetOf(ask);
  use(ask, at, at + 1);
  use(ask, anchor.from, anchor.to);
  for (const word of [
    'next',
    'immediately',
    'directly',
    'right',
    'just',
    'listed',
    'comes',
    'to',
    'prior',
    'previous',
  ]) {
    const place = ask.words.indexOf(word);
    if (place >= 0) use(ask, place, place + 1);
  }
  const own = holds(holder);
  const row: Expression = {
    op: step > 0 ? '+' : '-',
    left: { scalar: { aggregate: step > 0 ? 'max' : 'min', of: { column: ROW_NUMBER }, where: own } },
    right: { literal: 1 },
  };
  const column = target && target.score >= 0.8 && !sameKind(ask, target, holder.column) ? target.column : holder.column;
  const sure = anchor.score >= 0.85 ? 0.9 : 0.7;
  return {
    form: 'neighbour',
    kind: 'lookup',
    query: list(ask, column, [{ compare: '=', left: { column: ROW_NUMBER }, right: row }]),
    expects: 'value',
    fit: holder.values.length > 2 ? sure - 0.25 : sure,
  };
};

/** "Who came after Smith?" is answered in the column that Smith stands in. */
function sameKind(ask: FactAsk, target: Target, column: ColumnProfile): boolean {
  return (
    target.part === null &&
    target.column !== column &&
    (target.column === labelOf(ask.profile) || target.score < 0.9) &&
    column.distinct >= 0.5 * ask.profile.rowCount
  );
}

export function direction(ask: FactAsk): { readonly anchor: Part; readonly step: 1 | -1; readonly at: number } | null {
  for (const [at, word] of ask.words.entries()) {
    const step = AFTER_WORDS.has(word) ? 1 : BEFORE_WORDS.has(word) ? -1 : null;
    if (step === null) continue;
    const anchor = ask.values.find(
      (part) => part.from > at && part.from <= at + 6 && !/^\d/.test(ask.words[part.from] ?? '') && !isLoose(ask, part),
    );
    if (anchor && !ask.words.slice(at + 1, anchor.from).some((other) => /^(in|was|is|did|than)$/.test(other))) {
      // "Next after", "previous before": the word nearest the anchor decides.
      const inner = ask.words
        .slice(at + 1, anchor.from)
        .findIndex((other) => AFTER_WORDS.has(other) || BEFORE_WORDS.has(other));
      if (inner >= 0 && word !== 'next' && word !== 'previous' && word !== 'prior') continue;
      return { anchor, step, at };
    }
    // "X came before which city?", "A is followed by which?"
    const earlier = ask.values.find((part) => part.to <= at && part.to >= at - 3);
    if (earlier && /^(which|what|who|whom)$/.test(ask.words[at + 1] ?? ''))
      return { anchor: earlier, step: step === 1 ? -1 : 1, at };
  }
  return null;
}
