import { markdownTable } from '../../eval/score.js';
import type { Cost } from './lengths.js';
import type { Sample } from './measure.js';
import { LABELS, type Operation } from './operations.js';

export interface Figures {
  readonly operation: Operation;
  readonly connections: number;
  readonly ours: Sample;
  /** null for what the bare server does not do. */
  readonly bare: Sample | null;
  /** Ours ÷ bare, the median of the rounds. */
  readonly ratio: number | null;
  /** Transactions a second of `pgbench`. */
  readonly pgbench: number | null;
}

const whole = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : Math.round(value).toLocaleString('en');
const two = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(2);
const one = (value: number): string => value.toFixed(1);
const megabytes = (bytes: number): string => String(Math.round(bytes / 1024 / 1024));

export const loadTable = (figures: readonly Figures[]): string =>
  markdownTable(
    [
      'operation',
      'connections',
      'Engram/s',
      'bare/s',
      'ratio',
      'pgbench/s',
      'p50 ms',
      'p99 ms',
      'bare p99',
      'CPU µs',
      'bare CPU',
      'loop p99 ms',
    ],
    figures.map(({ operation, connections, ours, bare, ratio, pgbench }) => [
      LABELS[operation],
      String(connections),
      whole(ours.perSecond),
      whole(bare?.perSecond),
      two(ratio),
      whole(pgbench),
      one(ours.p50),
      one(ours.p99),
      bare === null ? '–' : one(bare.p99),
      whole(ours.cpu),
      whole(bare?.cpu),
      one(ours.loopDelay),
    ]),
  );

export const lengthTable = (costs: readonly Cost[]): string =>
  markdownTable(
    ['operation', 'messages before', 'ms', 'WAL bytes', 'statements'],
    costs.map(({ operation, length, ms, wal, statements }) => [
      LABELS[operation],
      whole(length),
      two(ms),
      whole(wal),
      one(statements),
    ]),
  );

/** The ratios that the product is held to. */
export function verdicts(figures: readonly Figures[], costs: readonly Cost[], atRest: number): string {
  const most = Math.max(...figures.map(({ connections }) => connections));
  const at = (operation: Operation) => figures.find((one) => one.operation === operation && one.connections === most);
  const [store, turn, list, last] = [at('store'), at('turn'), at('list'), at('last')];
  const growth = (operation: Operation, key: 'ms' | 'wal' | 'statements') => {
    const of = (length: number) =>
      costs.find((one) => one.operation === operation && one.length === length)?.[key] ?? Number.NaN;
    return of(10) === 0 ? 1 : of(10_000) / of(10);
  };
  const highest = Math.max(...figures.map(({ ours }) => ours.rss));
  const rows: [string, string, number, boolean][] = [];
  const least = (what: string, value: number | null | undefined, bound: number): void => {
    if (typeof value === 'number') rows.push([what, `≥ ${bound}`, value, value >= bound]);
  };
  const atMost = (what: string, value: number | null | undefined, bound: number): void => {
    if (typeof value === 'number') rows.push([what, `≤ ${bound}`, value, value <= bound]);
  };
  least(`storing a turn ÷ bare server, ${most} connections`, store?.ratio, 0.7);
  least('a whole analytical turn ÷ storing a turn', turn && store && turn.ours.perSecond / store.ours.perSecond, 0.35);
  atMost('a whole analytical turn, p99 ms', turn?.ours.p99, 150);
  least('the list ÷ bare server', list?.ratio, 0.75);
  least('the last messages ÷ bare server', last?.ratio, 0.75);
  atMost('CPU for storing a turn, µs', store?.ours.cpu, 400);
  for (const operation of ['store', 'last', 'turn'] as const) {
    atMost(`${LABELS[operation]}: time at 10,000 messages ÷ at 10`, growth(operation, 'ms'), 1.1);
    if (operation !== 'last') atMost(`${LABELS[operation]}: WAL at 10,000 ÷ at 10`, growth(operation, 'wal'), 1.1);
    atMost(`${LABELS[operation]}: statements at 10,000 ÷ at 10`, growth(operation, 'statements'), 1.1);
  }
  atMost('memory at rest, MB', Number(megabytes(atRest)), 160);
  atMost('memory under load, MB', Number(megabytes(highest)), 300);
  return markdownTable(
    ['what', 'bound', 'here', 'reached'],
    rows.map(([what, bound, value, reached]) => [
      what,
      bound,
      value >= 10 ? whole(value) : two(value),
      reached ? 'yes' : 'NO',
    ]),
  );
}
