import type { Expression } from '../../../datasets/query/analytical-query.js';
import { listed } from './language.js';

type Window = Extract<Expression, { window: unknown }>;

/** The step of time that a window counts in; a plain year or date has no grain. */
function stepWords({ orderBy }: Window): string {
  if (orderBy === undefined || !('column' in orderBy)) return 'period';
  return orderBy.grain ?? 'period';
}

const IN_A_YEAR: Readonly<Record<string, number>> = { quarter: 4, month: 12, week: 52 };

/** `the month before`, `the same month of the year before`, `the 3 months before`. */
export function beforeWords(window: Window, step = stepWords(window)): string {
  const { periods = 1 } = window;
  if (periods === IN_A_YEAR[step]) return `the same ${step} of the year before`;
  return periods === 1 ? `the ${step} before` : `${periods} ${step}s before`;
}

/** What a window works out, as a noun phrase; `words` are those of an expression, `step` what its steps of time are called. */
export function windowWords(window: Window, words: (inner: Expression) => string, step = stepWords(window)): string {
  const of = words(window.of);
  const { within = [] } = window;
  const parts = listed(within.map(words));
  switch (window.window) {
    case 'share': {
      const what = of === 'number of rows' ? 'share of the rows' : `share of the ${of}`;
      return within.length === 0 ? what : `${what} within each ${parts}`;
    }
    case 'change':
    case 'percent_change': {
      const since = window.periods === undefined ? '' : ` from ${beforeWords(window, step)}`;
      return `change of the ${of}${window.window === 'change' ? '' : ' in percent'}${since}`;
    }
    case 'running':
      return `running total of the ${of}`;
    case 'rank':
      return `rank by ${of}${within.length === 0 ? '' : ` within each ${parts}`}`;
    case 'moving_average':
      return `${window.periods ?? 1}-${step} moving average of the ${of}`;
  }
}
