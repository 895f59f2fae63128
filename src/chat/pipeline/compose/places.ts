import { counted, listed, ordinal, plural } from '../words/language.js';
import { formatNumber, formatQuantity, WHOLE } from '../words/numbers.js';
import { groupWords, type PlacedGroups } from '../words/placed.js';

const MOST_GROUPS = 15;
const MOST_NAMES = 10;

const bold = (text: string): string => `**${text.replaceAll('*', '')}**`;

/** "The 3 products with the highest total revenue in each region:", and the names by group. `filter` is empty or starts with a blank. */
export function placesLead({ places, ranked, within, y, groups }: PlacedGroups, filter: string): string {
  const what = listed(ranked.map(({ words }) => words));
  const end = places.direction === 'desc' ? 'highest' : 'lowest';
  const which = places.only
    ? `${what} with the ${places.last === 1 ? '' : `${ordinal(places.last)} `}${end}`
    : `${places.last === 1 ? what : counted(places.last, what, formatNumber(places.last, WHOLE))} with the ${end}`;
  const each = groupWords(within);
  const lines = [...groups].slice(0, MOST_GROUPS).map(([group, rows]) => {
    const named = rows.slice(0, MOST_NAMES).map(({ name, value }) => `${bold(name)} ${formatQuantity(value, y.style)}`);
    const more = rows.length - named.length;
    return `- ${group}: ${named.join(', ')}${more > 0 ? ` and ${formatNumber(more, WHOLE)} more` : ''}`;
  });
  const left = groups.size - lines.length;
  const rest = left > 0 ? [`- and ${formatNumber(left, WHOLE)} more ${plural(each)}`] : [];
  return [`The ${which} ${y.words} in each ${each}${filter}:`, ...lines, ...rest].join('\n');
}
