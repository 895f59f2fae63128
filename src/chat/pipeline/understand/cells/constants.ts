import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { NUMBER_WORDS } from '../english.js';
import { plain, yearOfCell, type Cell } from './cell.js';
import type { Ask } from './operands.js';
import type { Reading } from './reading.js';

const NUMBER =
  '(?:the number |the value )?(\\d[\\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|a hundred|one hundred|thousand|a thousand)';
const END = '\\s*(?:then)?\\s*\\?*\\s*$';

const FORMS: readonly { readonly test: RegExp; readonly op: '-' | '+' | '*' | '/' }[] = [
  { test: new RegExp(`\\b(?:less|minus)\\s+${NUMBER}${END}`), op: '-' },
  { test: new RegExp(`\\bdifference between (?:this|that|it|the)[\\w ]*? and ${NUMBER}${END}`), op: '-' },
  { test: new RegExp(`\\b(?:subtract(?:ed)?|subtracting) (?:by )?${NUMBER}${END}`), op: '-' },
  { test: new RegExp(`\\bplus ${NUMBER}${END}`), op: '+' },
  { test: new RegExp(`\\b(?:times|multiplied by|multiply by) ${NUMBER}${END}`), op: '*' },
  { test: new RegExp(`\\b(?:divided by|over) ${NUMBER}${END}`), op: '/' },
];

/** "that value divided by 2", "less 1", "times 100": an earlier answer and a number. */
export function withConstant(ask: Ask, text: string): Reading | null {
  const last = ask.past.at(-1);
  if (!last) return null;
  const reading = (as: string, value: Expression): Reading => ({
    kind: 'aggregate',
    as,
    cell: null,
    value,
    cells: last.cells,
    explained: 1,
    clear: 1,
    pointed: [last],
    note: null,
  });
  for (const form of FORMS) {
    const number = numberIn(form.test.exec(text)?.[1]);
    if (number === null || (number >= 1900 && number <= 2100)) continue;
    return reading('value', { op: form.op, left: plain(last.expression), right: { literal: number } });
  }
  if (last.kind === 'ratio' || last.kind === 'difference') {
    const asked =
      /^(?:and |so |then |now )*(?:what|how much)(?: is| was|'s| about)?(?: then,?)?(?: that| this| it)?(?: final)?(?: value| amount| number| ratio)?,? (?:in|as a?) ?(?:a )?percent(?:age)?s?(?: terms| of one)?\s*\?*$/;
    const isRatio = last.kind === 'ratio' || ('op' in last.expression && 'literal' in last.expression.right);
    if (asked.test(text) && isRatio) {
      const inner = plain(last.expression);
      const [first, second] = last.cells;
      // Of one line in two years, a ratio in percent is the change.
      if (last.cells.length === 2 && first && second && oneLine(first, second) && 'op' in inner && inner.op === '/')
        return reading('percent_change', { op: 'percent_change', left: inner.left, right: inner.right });
      return reading('percent', { op: '*', left: plain(last.expression), right: { literal: 100 } });
    }
  }
  return null;
}

const oneLine = (first: Cell, second: Cell): boolean =>
  yearOfCell(first) !== yearOfCell(second) && (first.row === second.row || first.column === second.column);

function numberIn(word: string | undefined): number | null {
  if (word === undefined) return null;
  const bare = word.replace(/^a /, '');
  if (bare === 'hundred' || bare === 'one hundred') return 100;
  if (bare === 'thousand') return 1000;
  const value = NUMBER_WORDS.get(bare)?.value ?? Number(bare.replaceAll(',', '').replace(/\.$/, ''));
  return Number.isFinite(value) ? value : null;
}
