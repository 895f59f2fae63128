import type { FieldError } from './problem.js';

/** Deeper than any input of ours, and far from what would exhaust a stack or PostgreSQL's JSON parser. */
const MAX_DEPTH = 64;

// PostgreSQL stores neither NUL nor half a surrogate pair, in text or in JSON.
const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed();

/** What makes parsed input impossible to store, or null: NUL characters, broken Unicode, absurd nesting. */
export function unstorable(input: unknown): FieldError | null {
  const found = search(input, 0);
  if (found === null) return null;
  const path = found.path.reverse().join('.');
  return { path, message: `${path === '' ? 'the input' : path} ${found.wrong}` };
}

/** `path` from the inside out. */
interface Found {
  readonly path: string[];
  readonly wrong: string;
}

function search(value: unknown, depth: number): Found | null {
  if (typeof value === 'string') return isUnstorable(value) ? { path: [], wrong: WRONG.text } : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) return { path: [], wrong: WRONG.depth };
  for (const [key, item] of Object.entries(value)) {
    if (isUnstorable(key)) return { path: [], wrong: WRONG.key };
    const found = search(item, depth + 1);
    if (found !== null) {
      found.path.push(key);
      return found;
    }
  }
  return null;
}

const WRONG = {
  text: 'must not contain NUL characters or unpaired surrogates',
  key: 'must not have names with NUL characters or unpaired surrogates',
  depth: `must not be nested deeper than ${MAX_DEPTH} levels`,
} as const;
