import type { Scalar } from '../../common/scalar.js';
import type { AnalyticalQuery } from './analytical-query.js';

type Json = Scalar | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Members that say nothing when they have this value. */
const USUAL: Readonly<Record<string, Json>> = { negated: false, distinct: false, withTies: false, offset: 0 };

/**
 * What a query means, as canonical JSON: two queries that ask the same of the same data set have the same text, whatever
 * the order of their conditions, how a range is written, and what their outputs are called.
 */
export const meaningOf = (query: AnalyticalQuery): string => JSON.stringify(canonical(query as unknown as Json));

function canonical(part: Json): Json {
  if (isList(part)) return part.map(canonical);
  if (part === null || typeof part !== 'object') return part;
  if (isRange(part)) {
    const [low, high] = part['between'] as readonly Json[];
    return canonical({
      and: [
        { compare: '>=', left: part['left'], right: { literal: low } },
        { compare: '<=', left: part['left'], right: { literal: high } },
      ],
    });
  }
  for (const word of ['and', 'or'] as const) {
    const parts = part[word];
    if (isList(parts)) return joined(word, parts.map(canonical));
  }
  const values = part['in'];
  if (isList(values)) {
    const kept = sorted(values);
    if (kept.length === 1 && part['negated'] !== true)
      return canonical({ compare: '=', left: part['left'], right: { literal: kept[0] } });
    return members({ ...part, in: kept });
  }
  return members(part);
}

/** Conditions that all (or any of which) must hold, in one flat list without repetitions. */
function joined(word: 'and' | 'or', parts: readonly Json[]): Json {
  const flat = parts.flatMap((part) => {
    const inner = part !== null && typeof part === 'object' && !isList(part) ? part[word] : undefined;
    return isList(inner) ? inner : [part];
  });
  const kept = sorted(flat);
  return kept.length === 1 ? (kept[0] ?? null) : { [word]: kept };
}

function members(part: Readonly<Record<string, Json | undefined>>): Json {
  const entries = Object.entries(part).filter(
    ([name, value]) => value !== undefined && name !== 'as' && USUAL[name] !== value,
  );
  return Object.fromEntries(
    entries
      .map(([name, value]) => [name, canonical(value ?? null)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function sorted(parts: readonly Json[]): Json[] {
  const byText = new Map(parts.map((part) => [JSON.stringify(part), part]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, part]) => part);
}

const isList = (part: Json | undefined): part is readonly Json[] => Array.isArray(part);
const isRange = (part: Readonly<Record<string, Json | undefined>>): boolean => isList(part['between']);
