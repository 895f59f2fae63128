import type { Mark } from '../../turn.js';

import { CHART_NOUNS, CHART_WORDS, SURE_CHART_WORDS } from '../english.js';
import { Scan } from './scan.js';

export interface ChartClause {
  /** null: a picture is asked for, which one is left open. */
  readonly mark: Mark | null;
  readonly stacked: boolean;
  /** The mark follows from a word such as "trend" or "proportion", not from the name of a chart. */
  readonly implied: boolean;
  /** Called a histogram: numbers are binned. */
  readonly histogram: boolean;
}

const LEAD = new Set(
  'a an the in by with using as of into on through via use form grouped grouping group stacked one single simple interactive horizontal vertical colored coloured'.split(
    ' ',
  ),
);
const IMPLIED: readonly (readonly [RegExp, Mark])[] = [
  [/^(proportions?|breakdown)$/, 'arc'],
  [/^(correlat\w*|relationships?)$/, 'point'],
  [/^(trends?|evolution|evolv(e[ds]?|ing)|develop(ed|s|ing)?|progress(ed|es|ion|ing)?|timeline)$/, 'line'],
  [/^(distributions?|distributed)$/, 'bar'],
];

/** Takes "with a bar chart", "as a pie", "Show a scatter plot of" out of the question. */
export function readChart(scan: Scan): ChartClause | null {
  let clause: ChartClause | null = null;
  for (let at = 0; at < scan.length; at += 1) {
    const named = chartAt(scan, at);
    if (!named) continue;
    let from = at;
    let stacked = false;
    while (from > 0 && scan.free(from - 1) && LEAD.has(scan.word(from - 1)) && !scan.breakBefore(from)) {
      from -= 1;
      if (scan.word(from) === 'stacked') stacked = true;
    }
    stacked ||= scan.word(from - 1) === 'stacked';
    // "group by attribute X in a scatter chart": the "group" before "by" is not ours.
    scan.take(from, named.to);
    if (clause?.mark) continue;
    clause = { mark: named.mark, stacked, implied: false, histogram: scan.raw(at).startsWith('histogram') };
  }
  const implied = impliedMark(scan);
  if (!clause && implied) return { mark: implied, stacked: false, implied: true, histogram: false };
  if (clause?.mark === null && implied) return { ...clause, mark: implied };
  return clause;
}

function chartAt(scan: Scan, at: number): { mark: Mark | null; to: number } | null {
  const word = scan.word(at);
  if (word === '') return null;
  const next = scan.word(at + 1);
  if (word === 'trend' && next === 'line') return { mark: 'line', to: at + 2 };
  const mark = CHART_WORDS.get(word);
  if (mark !== undefined) {
    if (CHART_NOUNS.has(next)) return { mark, to: at + 2 };
    if (SURE_CHART_WORDS.has(word)) return { mark, to: at + 1 };
    if (
      word === 'scatter' ||
      (LEAD.has(scan.word(at - 1)) &&
        /^(by|as|using|with|via)$/.test(scan.word(at - 2)) &&
        word !== 'area' &&
        word !== 'column')
    ) {
      return { mark, to: at + 1 };
    }
  }
  // "on this chart" is the table itself; "a chart", "as a graph", "chart the …" ask for a picture.
  const wanted = /^(a|an|as|in|with|by|using|some|into)$/.test(scan.raw(at - 1)) || at <= 1;
  if (wanted && /^(charts?|graphs?|visuali[sz]ations?|visuali[sz]e)$/.test(word)) return { mark: null, to: at + 1 };
  return null;
}

/** "How has X changed…": without two ends named, all of the way is asked for. */
const CHANGED =
  /\bhow (much )?(did|has|have|does|do|is|are)\b.*\b(chang(e|ed|ing)|grow|grown|growing|grew|improved?|improving|risen|rise|fallen|fall|declined?|declining|moved?|dropped|drop|increased?|decreased?)\b/;

/** "Is it getting better or worse?", "are prices rising?": its way over time. */
const MOVES = /^(is|are|has|have)\b.*\b(getting|gotten|becoming|become|been)\b.*\b(better|worse|higher|lower)\b/;
const MOVING =
  /^(is|are|has|have)\b.*\b(improving|worsening|rising|falling|growing|shrinking|increasing|decreasing|declining)\b/;
const MOVE_WORDS =
  /^(is|are|has|have|getting|gotten|becoming|become|been|better|worse|higher|lower|or|improving|worsening|rising|falling|growing|shrinking|increasing|decreasing|declining)$/;

function movesOverTime(scan: Scan): boolean {
  const text = scan.tokens.map((token) => token.lower).join(' ');
  if (/\b(than|which|who|or not)\b/.test(text) || !(MOVES.test(text) || MOVING.test(text))) return false;
  for (let at = 0; at < scan.length; at += 1) if (MOVE_WORDS.test(scan.word(at))) scan.take(at, at + 1);
  return true;
}

function impliedMark(scan: Scan): Mark | null {
  if (movesOverTime(scan)) return 'line';
  for (let at = 0; at < scan.length; at += 1) {
    const word = scan.word(at);
    for (const [pattern, mark] of IMPLIED) if (pattern.test(word)) return mark;
    if (word === 'history' && scan.word(at + 1) === 'of') return 'line';
    if (word === 'since' && CHANGED.test(scan.tokens.map((token) => token.lower).join(' '))) return 'line';
    if (
      word === 'over' &&
      /^(time|the (years|months|weeks|days|quarters))$/.test(
        [1, 2]
          .map((next) => scan.word(at + next))
          .join(' ')
          .replace(/^time.*/, 'time'),
      )
    ) {
      return 'line';
    }
  }
  return null;
}
