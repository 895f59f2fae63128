import { DATE_STYLES, type DateStyle, parseDate } from './dates.js';
import { isCode, type NumberStyle, parseNumber } from './numbers.js';

/** Words for "no value". They are missing values in a typed column, and plain text in a text column. */
const MISSING = new Set(
  (
    'na n/a n.a. n.a #n/a nan null none nil - – — -- --- – – . .. ... … ? tbd tba tbc unknown missing #ref! #value! #div/0! \\n (null) <na> ' +
    'n/d n.d. nd'
  ).split(' '),
)
  .add('not available')
  .add('no data')
  .add('not applicable')
  .add('- -');

export const isMissing = (cell: string): boolean =>
  cell === '' || (cell.length <= 14 && MISSING.has(cell.toLowerCase()));

/** A cell that did not fit one reading of its column. */
export interface Misfit {
  readonly line: number;
  readonly text: string;
}

/** How well the cells seen so far fit one reading (numbers with points, dates day first, …). */
export class Fit<T extends string | number> {
  count = 0;
  min: T | null = null;
  max: T | null = null;
  /** Steps up less steps down, to tell an ordered column from a shuffled one. */
  rising = 0;
  readonly misfits: Misfit[] = [];
  private last: T | null = null;

  add(value: T): void {
    this.count++;
    if (this.min === null || value < this.min) this.min = value;
    if (this.max === null || value > this.max) this.max = value;
    if (this.last !== null && value !== this.last) this.rising += value > this.last ? 1 : -1;
    this.last = value;
  }

  miss(line: number, text: string): void {
    if (this.misfits.length < 100) this.misfits.push({ line, text: text.slice(0, 80) });
  }
}

export class NumberFit extends Fit<number> {
  integers = 0;
  decimals = 0;
  /** Cells of each unit; those without one are not counted. */
  readonly units = new Map<string, number>();
}

export class DateFit extends Fit<string> {
  withTime = 0;
  withOffset = 0;
}

const BITS = 1 << 18;

/**
 * Everything about one column that its type and profile need, kept in bounded memory while the file streams by.
 * Up to `valueLimit` distinct values, of `characterLimit` characters together, are counted exactly; beyond that their number is estimated by linear counting
 * (Whang, Vander-Zanden, Taylor 1990) over 2^18 bits, within a few percent up to a million.
 */
export class ColumnTally {
  /** Cells with something in them that is not a word for "no value". */
  filled = 0;
  empty = 0;
  /** Words for "no value" (`n/a`, `-`…), counted apart: they may turn out to be text. */
  missing = 0;
  codes = 0;
  booleans = 0;
  longest = 0;
  readonly misfitsOfBoolean: Misfit[] = [];
  readonly numbers: Readonly<Record<NumberStyle, NumberFit>> = { point: new NumberFit(), comma: new NumberFit() };
  readonly dates: Readonly<Record<DateStyle, DateFit>> = {
    iso: new DateFit(),
    dmy: new DateFit(),
    mdy: new DateFit(),
    words: new DateFit(),
    month: new DateFit(),
  };
  private counts: Map<string, number> | null = new Map<string, number>();
  private bits: Uint8Array | null = null;

  constructor(
    private readonly valueLimit: number,
    private characterLimit = Infinity,
  ) {}

  /** `cell` is trimmed. */
  add(cell: string, line: number): void {
    if (cell === '') {
      this.empty++;
      return;
    }
    this.countValue(cell);
    if (isMissing(cell)) {
      this.missing++;
      return;
    }
    this.filled++;
    if (cell.length > this.longest) this.longest = cell.length;
    const first = cell.charCodeAt(0);
    const digitsAhead = first >= 48 && first <= 57;
    if (isCode(cell)) this.codes++;
    this.addBoolean(cell, line);
    this.addNumber(cell, line, 'point');
    this.addNumber(cell, line, 'comma');
    for (const style of DATE_STYLES) this.addDate(cell, line, style, digitsAhead);
  }

  /** Distinct non-empty values with their counts, most frequent first, else in order of appearance; null when there were too many. */
  values(): readonly (readonly [string, number])[] | null {
    return this.counts === null ? null : [...this.counts].sort(([, m], [, n]) => n - m);
  }

  distinct(): number {
    if (this.counts !== null) return this.counts.size;
    const bits = this.bits ?? new Uint8Array(0);
    let zeros = 0;
    for (const byte of bits) for (let i = 0; i < 8; i++) if ((byte & (1 << i)) === 0) zeros++;
    const estimate = -BITS * Math.log(Math.max(zeros, 1) / BITS);
    return Math.min(Math.round(estimate), this.filled + this.missing);
  }

  private addBoolean(cell: string, line: number): void {
    if (cell.length <= 5 && /^(?:true|false)$/i.test(cell)) this.booleans++;
    else if (this.booleans > 0 && this.misfitsOfBoolean.length < 100) {
      this.misfitsOfBoolean.push({ line, text: cell.slice(0, 80) });
    }
  }

  private addNumber(cell: string, line: number, style: NumberStyle): void {
    const fit = this.numbers[style];
    if (this.hopeless(fit)) return;
    const parsed = parseNumber(cell, style);
    if (parsed === null) {
      fit.miss(line, cell);
      return;
    }
    fit.add(parsed.value);
    if (Number.isInteger(parsed.value)) fit.integers++;
    if (parsed.decimals > fit.decimals) fit.decimals = parsed.decimals;
    if (parsed.unit !== null) fit.units.set(parsed.unit, (fit.units.get(parsed.unit) ?? 0) + 1);
  }

  private addDate(cell: string, line: number, style: DateStyle, digitsAhead: boolean): void {
    const fit = this.dates[style];
    if (this.hopeless(fit)) return;
    const parsed = !digitsAhead && style !== 'words' && style !== 'month' ? null : parseDate(cell, style);
    if (parsed === null) {
      fit.miss(line, cell);
      return;
    }
    fit.add(parsed.iso);
    if (parsed.hasTime) fit.withTime++;
    if (parsed.hasOffset) fit.withOffset++;
  }

  /** A reading that half of the first thousand cells refuse is not tried on the millions after them. */
  private hopeless(fit: Fit<number> | Fit<string>): boolean {
    return this.filled > 1_000 && fit.count * 2 < Math.min(this.filled - 1, 1_000);
  }

  private countValue(cell: string): void {
    if (this.counts !== null) {
      const count = this.counts.get(cell);
      if (count !== undefined) this.counts.set(cell, count + 1);
      else if (this.counts.size < this.valueLimit && cell.length <= Math.min(500, this.characterLimit)) {
        this.counts.set(cell, 1);
        this.characterLimit -= cell.length;
      } else {
        this.bits = new Uint8Array(BITS / 8);
        for (const value of this.counts.keys()) this.mark(value);
        this.counts = null;
      }
    }
    if (this.counts === null) this.mark(cell);
  }

  private mark(cell: string): void {
    // FNV-1a with a final mix (murmur3's), since short cells leave the high bits alike.
    let hash = 0x811c9dc5;
    for (let i = 0; i < cell.length; i++) hash = Math.imul(hash ^ cell.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    const bit = (hash ^ (hash >>> 16)) & (BITS - 1);
    if (this.bits !== null) this.bits[bit >> 3] = (this.bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
}
