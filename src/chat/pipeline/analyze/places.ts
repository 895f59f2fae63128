import type { Finding } from '../turn.js';
import { listed, plural } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { groupWords, type Placed, type PlacedGroups } from '../words/placed.js';
import { finding, rowsOf, type Subject } from './finding.js';
import { endWords, valueWords } from './points.js';

const MOST_TIES = 3;

/** Findings on a ranking within each group: who leads how many of them, and where places are shared. */
export function placesFindings(subject: Subject, placed: PlacedGroups): Finding[] {
  return [...leaders(subject, placed), ...ties(subject, placed)];
}

const order = ({ places, y }: PlacedGroups): string => endWords(places.direction === 'desc' ? 'highest' : 'lowest', y);

/** "Sofa is highest in 3 of the 4 regions." Of the first places only, and where one name has several of them. */
function leaders(subject: Subject, placed: PlacedGroups): Finding[] {
  const { places, groups, within } = placed;
  if (places.only || groups.size < 2) return [];
  const firsts = new Map<string, number[]>();
  for (const group of groups.values()) {
    const [best] = group;
    for (const one of group.filter(({ value }) => value === best?.value))
      firsts.set(one.name, [...(firsts.get(one.name) ?? []), one.row]);
  }
  const most = Math.max(...[...firsts.values()].map((rows) => rows.length));
  const leading = [...firsts].filter(([, rows]) => rows.length === most);
  const [leader, ...others] = leading;
  if (leader === undefined || others.length > 0 || most < 2) return [];
  const [name, rows] = leader;
  const where = plural(groupWords(within));
  const all = most === 2 ? 'both' : `all ${formatNumber(most)}`;
  const count = most === groups.size ? all : `${formatNumber(most)} of the ${formatNumber(groups.size)}`;
  return [
    finding(
      'rank',
      0.85,
      `${name} is ${order(placed)} in ${count} ${where}`,
      { firsts: most, groups: groups.size },
      rowsOf(subject, rows),
      [name, where],
    ),
  ];
}

/** "In North Chair and Lamp share a place with 125." */
function ties(subject: Subject, { groups, y }: PlacedGroups): Finding[] {
  const shared = [...groups].flatMap(([group, rows]) => {
    const byValue = new Map<number, Placed[]>();
    for (const one of rows) byValue.set(one.value, [...(byValue.get(one.value) ?? []), one]);
    return [...byValue].filter(([, equal]) => equal.length > 1).map(([value, equal]) => ({ group, value, equal }));
  });
  return shared.slice(0, MOST_TIES).map(({ group, value, equal }) => {
    const names = listed(equal.map(({ name }) => name));
    return finding(
      'rank',
      0.8,
      `${names} share a place in ${group} with ${valueWords(value, y)}`,
      { value },
      rowsOf(
        subject,
        equal.map(({ row }) => row),
      ),
      [names, group],
    );
  });
}
