import { MONTHS, NEGATIONS } from '../english.js';
import { OUTCOMES, OUTCOME_CELL } from './fact-english.js';
import { type Filter, holderFor, isLoose } from './fact-filter.js';
import { comparisonAfter, comparisonBefore, numberFilter, placeFilter } from './fact-numbers.js';
import { type FactAsk, type Part, holds, isDated, use } from './fact-parts.js';
import { timeFilter } from './fact-times.js';

/** Conditions that the question's numbers, times and values put on the rows; marks their words as used. */
export function filtersOf(ask: FactAsk, except: readonly Part[] = []): readonly Filter[] {
  const filters: Filter[] = [];
  const taken = new Set<number>();
  const take = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) taken.add(at);
    use(ask, from, to);
  };
  for (const part of except) for (let at = part.from; at < part.to; at += 1) taken.add(at);
  const free = (from: number, to: number): boolean => {
    for (let at = from; at < to; at += 1) if (taken.has(at)) return false;
    return true;
  };
  for (const span of ask.context.times) {
    const size = valueOver(ask, span);
    if (!free(span.from, span.to) || size > span.to - span.from) continue;
    const filter = timeFilter(ask, span);
    if (!filter) continue;
    filters.push(filter);
    take(span.from, span.to);
  }
  for (const quantity of ask.context.numbers) {
    if (!free(quantity.from, quantity.to)) continue;
    if (quantity.ordinal && ask.used.has(quantity.from)) continue;
    const place = placeFilter(ask, quantity);
    if (place) {
      filters.push(place);
      take(place.part.from, place.part.to);
    }
    if (place || quantity.ordinal) continue;
    const compared = comparisonBefore(ask, quantity.from) !== null || comparisonAfter(ask, quantity.to) !== null;
    if (!compared && valueOver(ask, quantity) > quantity.to - quantity.from) continue;
    const filter = numberFilter(ask, quantity);
    if (!filter) continue;
    filters.push(filter);
    take(filter.part.from, filter.part.to);
  }
  const named = ask.values.filter((part) => !except.includes(part) && free(part.from, part.to));
  const pinned = except.length > 0 || filters.length > 0 || named.some((part) => !isLoose(ask, part));
  for (const part of named) {
    if (pinned && isLoose(ask, part)) continue;
    const filter = valueFilter(ask, part);
    if (!filter) continue;
    filters.push(filter);
    take(part.from, part.to);
  }
  const outcome = outcomeFilter(ask, filters);
  if (outcome) {
    filters.push(outcome);
    take(outcome.part.from, outcome.part.to);
  }
  for (const [at, word] of ask.words.entries()) {
    const month = MONTHS.get(word);
    const dated = ask.profile.columns.find(isDated);
    if (
      month === undefined ||
      !dated ||
      taken.has(at) ||
      ask.context.times.some((span) => span.from <= at && at < span.to)
    )
      continue;
    filters.push({
      condition: {
        compare: '=',
        left: { column: dated.name, grain: 'month_of_year' },
        right: { literal: MONTH_NAMES[month] ?? '' },
      },
      column: dated,
      part: { from: at, to: at + 1 },
      score: 1,
    });
    take(at, at + 1);
  }
  return filters;
}

/** "How many games were won": cells that start with W, in a column whose cells say how contests ended. */
function outcomeFilter(ask: FactAsk, filters: readonly Filter[]): Filter | null {
  const column = ask.profile.columns.find((candidate) => {
    const values = candidate.values ?? [];
    return (
      candidate.type === 'text' &&
      values.length > 0 &&
      values.filter((value) => OUTCOME_CELL.test(value)).length >= 0.8 * values.length
    );
  });
  if (!column || filters.some((filter) => filter.column === column)) return null;
  for (const [at, word] of ask.words.entries()) {
    const pattern = OUTCOMES.get(word);
    const values = pattern ? (column.values ?? []).filter((value) => pattern.test(value)) : [];
    if (values.length > 0)
      return {
        condition: { in: values.slice(0, 500), left: { column: column.name } },
        column,
        part: { from: at, to: at + 1 },
        score: 0.95,
      };
  }
  return null;
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Words of the longest value phrase over a stretch: "2008 Summer Olympics" is a name, not a year. */
function valueOver(ask: FactAsk, span: { readonly from: number; readonly to: number }): number {
  return Math.max(
    0,
    ...ask.values.filter((part) => part.from < span.to && part.to > span.from).map((part) => part.to - part.from),
  );
}

function valueFilter(ask: FactAsk, part: Part): Filter | null {
  const holder = holderFor(ask, part);
  if (!holder) return null;
  const negated = ask.words
    .slice(Math.max(0, part.from - 5), part.from)
    .some(
      (word, index, before) =>
        NEGATIONS.has(word) || (word === 'than' && before[index - 1] === 'other') || word === 'besides',
    );
  const condition = holds(holder);
  return {
    condition: negated ? { not: condition } : condition,
    column: holder.column,
    part: { from: part.from, to: part.to },
    values: holder.values,
    score: part.score,
    joined:
      /^(and|or)$/.test(ask.words[part.from - 1] ?? '') ||
      /,/.test(ask.context.tokens[part.from]?.before ?? '') ||
      /^(and|or) (the|in|at|from|a)$/.test(ask.words.slice(part.from - 2, part.from).join(' ')),
  };
}
