import type { Scalar } from '../../src/common/scalar.js';
import { Dice } from './dice.js';
import { type Column, columnOf, quoted, type Style, type Table, tableOf } from './table.js';
import { labelOf, POOLS } from './vocabulary.js';

/** A made-up table whose rows belong to those of a second one. */
export interface RelatedTables {
  /** The first, with a column that names a row of the second; a few name none that there is. */
  readonly fact: Table;
  /** That column, and the one of the second that it names rows by. */
  readonly key: readonly [string, string];
  readonly partner: { readonly title: string; readonly csv: string };
  /** What may be asked of both: the first's numbers and times, by the second's categories, row by row. */
  readonly joined: Table;
}

const PARTNERS = ['client', 'vendor', 'sponsor', 'agency'] as const;
const PLURALS: Readonly<Record<(typeof PARTNERS)[number], string>> = {
  client: 'Clients',
  vendor: 'Vendors',
  sponsor: 'Sponsors',
  agency: 'Agencies',
};
const KINDS = ['Ltd', 'Group', 'Partners'];

/** The same for the same seed. */
export function relatedTablesOf(seed: number): RelatedTables {
  const fact = tableOf(seed);
  const dice = new Dice(seed + 104_729);
  const style = dice.pick<Style>(['snake', 'title', 'camel', 'plain']);
  const row = dice.pick(PARTNERS);
  const count = dice.int(6, 25);
  const pools = dice.some(
    POOLS.filter(({ name }) => !fact.theme.pools.includes(name)),
    2,
  );
  const categories = pools.map(({ name, place }): Column => ({
    ...columnOf(name, style, 'category'),
    place: place === true,
  }));
  const id = columnOf('id', style, 'label').name;
  const partners = Array.from({ length: count }, (_, n) => ({
    id: 200 + n * 3,
    name: `${labelOf('place', n + 40)} ${KINDS[n % KINDS.length] ?? ''}`,
    values: pools.map(({ values }): Scalar => dice.pick(values)),
  }));
  const header = [id, columnOf('name', style, 'label').name, ...categories.map(({ name }) => name)];
  const lines = partners.map(({ id: number, name, values }) => [number, name, ...values]);
  const csv = [header, ...lines].map((cells) => cells.map((cell) => quoted(String(cell ?? ''))).join(',')).join('\n');
  const gaps = dice.chance(0.5) ? 0.06 : 0;
  const named = fact.rows.map(() => (dice.chance(gaps) ? null : dice.pick(partners)));
  const key = columnOf(`${row} id`, style, 'label').name;
  const own = fact.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => !['category', 'flag'].includes(column.kind));
  const joined: Table = {
    ...fact,
    columns: [...own.map(({ column }) => column), ...categories],
    rows: fact.rows.map((cells, at) => [
      ...own.map((one) => cells[one.at] ?? null),
      ...categories.map((_, n) => named[at]?.values[n] ?? null),
    ]),
  };
  const [first = '', ...rest] = fact.csv.trimEnd().split('\n');
  const keyed = rest.map((line, at) => `${line},${String(named[at]?.id ?? (at % 2 === 0 ? '' : 9_999))}`);
  return {
    fact: { ...fact, csv: `${[`${first},${quoted(key)}`, ...keyed].join('\n')}\n` },
    key: [key, id],
    partner: { title: PLURALS[row], csv: `${csv}\n` },
    joined,
  };
}
