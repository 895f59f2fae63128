import type { ColumnProfile, ColumnRole } from '../profile.js';
import { type ColumnTally, isMissing } from './column-tally.js';
import type { Reading } from './column-type.js';
import { isCurrency, unitOf } from './numbers.js';
import {
  AVERAGED_WORDS,
  BETTER_HIGH,
  BETTER_LOW,
  IDENTIFIER_WORDS,
  labelOf,
  SUMMED_WORDS,
  synonymsOf,
  wordsOf,
  YEAR_WORDS,
} from './words.js';

const MAX_VALUES = 5_000;

/** What a column means, from its header and its cells. A first reading: the owner can correct every part of it. */
export function profileOf(name: string, index: number, tally: ColumnTally, reading: Reading): ColumnProfile {
  const { bare, unit: headerUnit } = unitInHeader(name);
  const numeric = reading.type === 'integer' || reading.type === 'number';
  const words = wordsOf(bare);
  const unit = numeric ? (reading.unit ?? headerUnit) : null;
  const role = roleOf(words, index, tally, reading, unit);
  return {
    name,
    label: labelOf(unit === null ? name : bare),
    type: reading.type,
    role,
    unit,
    synonyms: synonymsOf(bare).slice(0, 10),
    higherIsBetter: role === 'measure' ? direction(words) : null,
    defaultAggregate: role === 'measure' && adds(words, reading, unit) ? 'sum' : 'avg',
    ...counts(tally, reading),
    min: reading.min,
    max: reading.max,
    decimals: reading.decimals,
    values: valuesOf(tally, reading),
  };
}

function counts(tally: ColumnTally, reading: Reading): { distinct: number; nulls: number } {
  if (reading.type === 'text') return { distinct: tally.distinct(), nulls: tally.empty };
  const words = tally.values()?.filter(([value]) => isMissing(value)).length ?? 0;
  const shown = reading.type === 'boolean' ? (valuesOf(tally, reading)?.length ?? 2) : tally.distinct() - words;
  const nulls = tally.empty + tally.missing + reading.misfitCount;
  return { distinct: Math.max(0, Math.min(shown - Math.min(reading.misfitCount, shown - 1), tally.filled)), nulls };
}

function valuesOf(tally: ColumnTally, reading: Reading): readonly string[] | null {
  const values = tally.values();
  if (reading.type === 'text')
    return values !== null && values.length <= MAX_VALUES ? values.map(([value]) => value) : null;
  if (reading.type !== 'boolean') return null;
  const seen = values?.map(([value]) => value.toLowerCase()).filter((value) => value === 'true' || value === 'false');
  return [...new Set(seen ?? ['true', 'false'])];
}

/** Units in brackets, but words or parts of names at the end of a header: `match_points`, `team_b`. */
const ORDINARY =
  /^(?:points|pts|bar|all|try|ron|sar|min|max|sec|ms|mm|acres|days|weeks|months|years|yrs|hours|[a-z])$/i;

/** `Price (USD)`, `growth_%`, `height_cm`, `Weight, kg` → the unit, and the header without it. */
export function unitInHeader(name: string): { bare: string; unit: string | null } {
  const bracket = /^(.*?)\s*[([]\s*(?:in\s+)?([^()[\]]{1,40})\s*[)\]]\s*$/.exec(name);
  if (bracket !== null && (bracket[1] ?? '') !== '') {
    const inside = (bracket[2] ?? '').trim();
    const unit = unitOf(inside) ?? (/^(%|per |thousands?$|millions?$|billions?$)/i.test(inside) ? inside : null);
    if (unit !== null) return { bare: bracket[1] ?? name, unit };
  }
  // "Ist EUR": a currency's code is one as it is usually written.
  const money = /^(.*\S)\s+([A-Z]{3})$/.exec(name);
  if (money !== null && !ORDINARY.test(money[2] ?? '') && isCurrency(money[2] ?? null))
    return { bare: money[1] ?? name, unit: money[2] ?? null };
  const tail = /^(.*[^\s_,])(?:_|,\s*|\s+(?=[%$€£]$|percent$|pct$))(\S{1,8})$/i.exec(name);
  if (tail !== null) {
    const word = tail[2] ?? '';
    const unit = ORDINARY.test(word) ? null : (unitOf(word) ?? unitOf(word.toUpperCase()));
    if (unit !== null) return { bare: tail[1] ?? name, unit };
  }
  return { bare: name, unit: name.trim().startsWith('%') ? '%' : null };
}

/** `Bestellnr`, `Kundennummer`: the number of a thing. */
const NUMBERED = /\p{L}{3}(?:nr|nummer)$/iu;

function roleOf(
  words: readonly string[],
  index: number,
  tally: ColumnTally,
  reading: Reading,
  unit: string | null,
): ColumnRole {
  const { type } = reading;
  const last = words.at(-1) ?? '';
  if (type === 'date' || type === 'datetime') return 'temporal';
  if (type === 'boolean') return 'dimension';
  const names =
    IDENTIFIER_WORDS.has(last) ||
    last === '#' ||
    NUMBERED.test(last) ||
    (words.length <= 2 && IDENTIFIER_WORDS.has(words[0] ?? '') && last === 'number');
  if (type === 'text') return names || tally.codes * 2 > tally.filled ? 'identifier' : 'dimension';
  if (type === 'integer' && unit === null && isYears(words, reading)) return 'temporal';
  if (names) return 'identifier';
  if (type === 'integer' && unit === null && index === 0 && isCounter(words, tally, reading)) return 'identifier';
  return 'measure';
}

/** Whole numbers between 1900 and 2100 close together, or any plausible years under a header that says so. */
function isYears(words: readonly string[], { min, max }: Reading): boolean {
  if (typeof min !== 'number' || typeof max !== 'number') return false;
  if (
    words.some((word) => YEAR_WORDS.has(word)) &&
    !words.some((word) => AVERAGED_WORDS.has(word) || SUMMED_WORDS.has(word))
  ) {
    return min >= 1000 && max <= 2200;
  }
  const measured = words.some(
    (word) => AVERAGED_WORDS.has(word) || SUMMED_WORDS.has(word) || IDENTIFIER_WORDS.has(word),
  );
  return !measured && min >= 1900 && max <= 2100 && max - min <= 130;
}

/** 1, 2, 3… under a header such as `#`, `no`, `row` or an empty one. */
function isCounter(words: readonly string[], tally: ColumnTally, { min, max }: Reading): boolean {
  if (typeof min !== 'number' || typeof max !== 'number') return false;
  const running = (min === 0 || min === 1) && max - min + 1 === tally.filled && tally.distinct() >= tally.filled;
  const plain =
    words.length <= 2 &&
    words.every((word) => /^(?:#|no|nr|num|number|row|index|idx|s|sn|sr|column|unnamed|\d+)$/.test(word));
  return running && plain;
}

function adds(words: readonly string[], reading: Reading, unit: string | null): boolean {
  if (unit === '%' || words.includes('%')) return false;
  const last = words.at(-1) ?? '';
  if (AVERAGED_WORDS.has(last)) return false;
  if (SUMMED_WORDS.has(last)) return true;
  if (words.some((word) => AVERAGED_WORDS.has(word))) return false;
  if (words.some((word) => SUMMED_WORDS.has(word)) || isCurrency(unit)) return true;
  if (unit !== null) return false;
  return reading.type === 'integer';
}

function direction(words: readonly string[]): boolean | null {
  if (words.some((word) => BETTER_LOW.has(word))) return false;
  return words.some((word) => BETTER_HIGH.has(word)) && !words.includes('risk') ? true : null;
}
