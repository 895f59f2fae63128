import type { Condition } from '../../../../datasets/query/analytical-query.js';
import { allOf, conjuncts } from '../expressions.js';

type Json = unknown;

const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapped = (value: Json, change: (part: Json) => Json): Json => {
  if (Array.isArray(value)) return value.map(change);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)])) : value;
};

/** Whether a part works its number out by itself, over rows that the query's own filter does not narrow. */
export const isSelfContained = (part: Json): boolean => /"(?:scalar|inQuery)":/.test(JSON.stringify(part));

/**
 * The part of a query with the filter changed in what it works out by itself: "its rank", then "and in 2020?". A condition that
 * is replaced is replaced where it stands; a new one narrows every inner number alike.
 */
export function refiltered<T>(part: T, old: readonly Condition[], fresh: Condition): T {
  const gone = new Set(old.map((condition) => JSON.stringify(condition)));
  const replace = (value: Json): Json =>
    isObject(value) && gone.has(JSON.stringify(value)) ? fresh : mapped(value, replace);
  const narrow = (value: Json): Json => {
    const inside = mapped(value, narrow);
    if (!isObject(inside)) return inside;
    const change = (inner: Json): Json => {
      if (!isObject(inner)) return inner;
      const where = inner['where'] as Condition | undefined;
      return { ...inner, where: allOf([...conjuncts(where), fresh]) };
    };
    if ('scalar' in inside) return { ...inside, scalar: change(inside['scalar']) };
    return 'inQuery' in inside ? { ...inside, inQuery: change(inside['inQuery']) } : inside;
  };
  // What only went through JSON keeps its shape.
  return (old.length > 0 ? replace(part) : narrow(part)) as T;
}
