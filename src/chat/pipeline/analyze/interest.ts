import { errorFunction } from 'simple-statistics';
import type { Finding } from '../turn.js';
import { ascending, quantile } from './statistics/quantiles.js';

/*
 * How much a reader wants to know of a finding, from 0 to 1: one formula for all of them.
 *
 *     interest = relevance × (1 − ½ (1 − strength)),   strength = √coverage × max(effect, surprise)
 *
 * After Tang, Han, Yiu, Ding & Zhang (2017), Extracting Top-K Insights from Multi-dimensional Data (SIGMOD), who score an
 * insight by its impact (the part of the data that it is about) times its significance (how far it is from what chance would
 * make). Relevance is what a table that is mined without a question has no need of: how near the claim is to what was asked.
 */

/** How near a claim is to the question. */
const RELEVANCE = {
  /** It is what was asked for. */
  answer: 1,
  /** Compares the things that were asked about, or what they were when they were asked about before. */
  comparison: 0.95,
  /** What the result as a whole is like: its ends, where it went, which method it is by. */
  overview: 0.9,
  /** Why it is like that, or how sure it is. */
  explanation: 0.8,
  /** One part of it. */
  part: 0.7,
  /** What it does not rest on: missing values, few rows. */
  limit: 0.6,
  /** True, and of little use. */
  aside: 0.5,
  /** Mostly said by another finding. */
  remark: 0.3,
} as const;

export type Relevance = keyof typeof RELEVANCE;

/** What is known of a claim's strength, each from 0 to 1; what is not known does not count against it. */
export interface Strength {
  /** Size, as a part of what there is: of a whole, of the larger of two. */
  readonly effect?: number | undefined;
  /** How unlikely it is by chance, or among its peers: 1 − p; see `surpriseOf`. */
  readonly surprise?: number | undefined;
  /** Part of the rows that it rests on. */
  readonly coverage?: number | undefined;
}

/** A finding on a result that puts the asked-for one into context is worth this much of the same finding on that. */
export const BEHIND = 0.85;
/** Of several series, each by itself. */
export const ONE_OF_SEVERAL = 0.9;

export function interestOf(relevance: Relevance, { effect, surprise, coverage = 1 }: Strength = {}): number {
  const known = [effect, surprise].filter((each) => each !== undefined);
  const strength = Math.sqrt(within(coverage)) * (known.length === 0 ? 1 : Math.max(...known.map(within)));
  return RELEVANCE[relevance] * (1 - (1 - strength) / 2);
}

const within = (part: number): number => (Number.isNaN(part) ? 0 : Math.max(0, Math.min(1, part)));

/**
 * How much a value surprises among its peers: the probability that a normal value is nearer to the middle, with the median and
 * 1.4826 MAD (Rousseeuw & Croux 1993) for mean and standard deviation. 0 where the peers do not differ.
 */
export function surpriseOf(value: number, peers: readonly number[]): number {
  const middle = quantile(ascending(peers), 0.5);
  const spread = 1.4826 * quantile(ascending(peers.map((peer) => Math.abs(peer - middle))), 0.5);
  // The error function is an approximation, which is a trifle below 0 at 0.
  return spread > 0 ? Math.max(0, errorFunction(Math.abs(value - middle) / spread / Math.SQRT2)) : 0;
}

/** Kinds that tell the same fact in other words. */
const FAMILIES: readonly (readonly Finding['kind'][])[] = [
  ['extreme', 'change', 'difference', 'rank', 'value'],
  ['share'],
  ['outlier', 'distribution'],
];

/** The most interesting ones: of those that tell the same numbers of the same rows, the first. */
export function mostInteresting(found: readonly Finding[], most: number): Finding[] {
  const kept: Finding[] = [];
  for (const each of found.toSorted((a, b) => b.interest - a.interest)) {
    if (kept.length === most) break;
    if (!kept.some((other) => other.text === each.text || saysAgain(each, other))) kept.push(each);
  }
  return kept;
}

function saysAgain(each: Finding, other: Finding): boolean {
  const family = FAMILIES.find((kinds) => kinds.includes(each.kind));
  // What was said before, and is asked for, is news even where it is the same.
  if (each.earlier !== undefined || family === undefined || !family.includes(other.kind)) return false;
  const told = new Set(numbersOf(other));
  const numbers = numbersOf(each);
  const rows = new Set(other.support.flatMap(({ result, rows: all }) => all.map((row) => `${result} ${row}`)));
  return (
    numbers.length > 0 &&
    numbers.every((number) => told.has(number)) &&
    each.support.every(({ result, rows: all }) => all.every((row) => rows.has(`${result} ${row}`)))
  );
}

/** Without those that are part of a name. */
const numbersOf = ({ values }: Finding): number[] =>
  Object.entries(values).flatMap(([name, value]) => (name.startsWith('name ') ? [] : [value]));
