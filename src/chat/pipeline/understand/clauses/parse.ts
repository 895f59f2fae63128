import { OPERATOR_WORDS, SUPERLATIVES, TASK_WORDS } from '../english.js';
import type { Context } from '../reader.js';
import { readChart } from './charts.js';
import { FilterReader } from './filters.js';
import { readOrder } from './ordering.js';
import { RoleReader } from './roles.js';
import { Scan } from './scan.js';
import type { Slots } from './slots.js';
import { unitsOf, type Unit } from './units.js';

/** Takes a question apart: chart, order, filters, superlative, groups, aggregates, columns. */
export function parse(context: Context): Slots {
  const scan = new Scan(context);
  const chart = readChart(scan);
  takeAxisWords(scan);
  takeCorrections(scan);
  takeCurrencies(scan);
  const order = readOrder(scan, chart !== null);
  const units = unitsOf(scan);
  const slots: Slots = {
    chart,
    order,
    filters: [],
    having: [],
    groups: [],
    series: null,
    measures: [],
    counted: null,
    columns: [],
    superlative: null,
    share: units.some((unit) => unit.kind === 'share'),
    eachRow: false,
    subjects: units.filter((unit) => unit.kind === 'subject'),
    back: units.filter((unit) => unit.kind === 'back'),
    unknown: [],
    filterColumns: [],
    units,
    used: new Set(),
  };
  const used = new Set<number>();
  new FilterReader(context, units, used, slots).read();
  new RoleReader(context, units, used, slots).read();
  slots.back = slots.back.filter((unit) => !used.has(units.indexOf(unit)));
  slots.unknown = units.filter(
    (unit, at) =>
      !used.has(at) &&
      (unit.kind === 'word'
        ? !TASK_WORDS.has(unit.word) || OPERATOR_WORDS.has(unit.word)
        : unit.kind === 'compare' || unit.kind === 'aggregate' || unit.kind === 'not' || isOwn(unit)),
  );
  slots.used = new Set(units.filter((_, at) => used.has(at)));
  return slots;
}

/** A superlative with a quality of its own: "wettest", "most expensive". */
const isOwn = (unit: Unit): boolean =>
  unit.kind === 'superlative' && unit.quality !== null && (!SUPERLATIVES.has(unit.word) || unit.to - unit.from === 2);

/** "no, I mean 2021": "mean" is no average here. */
function takeCorrections(scan: Scan): void {
  for (let at = 0; at < scan.length; at += 1) {
    if (scan.word(at) === 'i' && scan.word(at + 1) === 'mean') scan.take(at, at + 2);
  }
}

const CURRENCY = /^(dollars?|usd|euros?|eur|pounds?|gbp|bucks)$/;

/** "over 1000 euros": what the number is counted in says nothing more. */
function takeCurrencies(scan: Scan): void {
  for (const { to } of scan.context.numbers) if (CURRENCY.test(scan.word(to))) scan.take(to, to + 1);
}

/** "x axis card type code y axis the total number": the axes follow from what stands on them. */
function takeAxisWords(scan: Scan): void {
  for (let at = 0; at < scan.length; at += 1) {
    if (!/^(x|y)$/.test(scan.word(at)) || scan.word(at + 1) !== 'axis') continue;
    const ordered = /^(in|ascending|asc|descending|desc|from|please|by)$/;
    const before = scan.word(at - 1) === 'the' ? scan.word(at - 2) : scan.word(at - 1);
    if (
      /^(by|rank|sort|order|display|show|list|of|based|according|arrange|using)$/.test(before) ||
      ordered.test(scan.word(at + 2))
    )
      continue;
    scan.take(at, at + 2);
  }
}
