import type { NumberFormat } from '../../../datasets/profile.js';

/** How a column's numbers are written. `decimals` null: as many as four significant digits need. */
export interface NumberStyle {
  readonly decimals: number | null;
  readonly unit: string | null;
  /** Worked out, not read: no more than five significant digits are told. */
  readonly rounded?: boolean | undefined;
  /** The owner said how many decimals: no fewer are shown where the values have none. */
  readonly fixed?: boolean | undefined;
  /** Millions and more in words. */
  readonly compact?: boolean | undefined;
}

export const PLAIN: NumberStyle = { decimals: null, unit: null };
export const WHOLE: NumberStyle = { decimals: 0, unit: null };
export const PERCENT: NumberStyle = { decimals: 1, unit: '%' };

/** As the owner wants a column's numbers written, where they said so. */
export function asSaid(format: NumberFormat | null | undefined, style: NumberStyle): NumberStyle {
  if (format === undefined || format === null) return style;
  const { decimals, compact } = format;
  if (decimals !== null) return { decimals, unit: style.unit, fixed: true, compact };
  return compact ? { ...style, compact, decimals: null } : style;
}

const MOST_DECIMALS = 12;
const formats = new Map<number, Intl.NumberFormat>();

/** Formatters are costly to make and cheap to use. */
function format(value: number, least: number, most: number): string {
  const key = 100 * least + most;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, known);
  }
  const text = known.format(value);
  return text.startsWith('-') && /^-[0.,]+$/.test(text) ? text.slice(1) : text;
}

function adaptive(value: number, significant: number): string {
  if (Number.isInteger(value)) return format(value, 0, 0);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return format(value, 0, Math.min(MOST_DECIMALS, Math.max(0, significant - 1 - magnitude)));
}

/** `1,234,567` · `51.9` · `0.0042`: never so few decimals that a value which is not 0 reads as 0. */
export function formatNumber(value: number, style: NumberStyle = PLAIN): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (style.compact === true && Math.abs(value) >= 1e6) return compact(value, style.decimals);
  if (style.decimals === null) return adaptive(value, 4);
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -style.decimals) return adaptive(value, 2);
  const digits = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  const decimals = style.rounded === true ? Math.min(style.decimals, Math.max(0, 5 - digits)) : style.decimals;
  return format(value, decimals, decimals);
}

const LARGE = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const;

/** `1.2 million`: three significant digits where no number of decimals is asked for. */
function compact(value: number, decimals: number | null): string {
  const [size, word] = LARGE.find(([least]) => Math.abs(value) >= least) ?? LARGE[2];
  const shown = value / size;
  const most = decimals ?? Math.max(0, 2 - Math.floor(Math.log10(Math.abs(shown))));
  return `${format(shown, Math.min(decimals ?? 0, most), most)} ${word}`;
}

const CURRENCY_SIGN = /^[$€£¥₹]$/u;

/** The number with its unit: `12.3 %`, `$1,200`, `34 years`. */
export function formatQuantity(value: number, style: NumberStyle): string {
  const text = formatNumber(value, style);
  if (style.unit === null || style.unit === '') return text;
  if (!CURRENCY_SIGN.test(style.unit)) return `${text} ${style.unit}`;
  return text.startsWith('-') ? `-${style.unit}${text.slice(1)}` : `${style.unit}${text}`;
}

export interface WrittenNumber {
  readonly text: string;
  readonly value: number;
  /** Half of the last digit written: how exactly the number claims to be known. */
  readonly tolerance: number;
  /** Followed by `%` or "percent" (percentage points are a difference, not a percentage). */
  readonly percent: boolean;
}

/**
 * Digits that belong to a word (`Q1`, `CO2`, `4th`) are part of a name and claim no quantity; `1.2M` and `3 billion` do.
 * A comma before one or two last digits is a decimal comma.
 */
const WRITTEN =
  /(?<![\p{L}\d])(-|−)?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?)(?:(k|K|M|bn|B)|\s(thousand|million|billion|trillion))?(?![\p{L}\d]|\.\d)(?=(\s?(?:%|per\s?cent(?!age))(?!\s?points?))?)/gu;

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  thousand: 1e3,
  M: 1e6,
  million: 1e6,
  bn: 1e9,
  B: 1e9,
  billion: 1e9,
  trillion: 1e12,
};

/** Every number written in a text: signs, thousands separators, decimal commas, scales and percent signs read. */
export function numbersIn(text: string): WrittenNumber[] {
  return [...text.matchAll(WRITTEN)].map(([written, sign, digits = '', letter, word, percent]) => {
    const plain = /^\d+,\d{1,2}$/.test(digits) ? digits.replace(',', '.') : digits.replaceAll(',', '');
    const scale = SCALES[letter ?? word ?? ''] ?? 1;
    const decimals = plain.split('.')[1]?.length ?? 0;
    return {
      text: written,
      value: Number(plain) * scale * (sign === undefined ? 1 : -1),
      tolerance: 0.5 * 10 ** -decimals * scale,
      percent: percent !== undefined,
    };
  });
}

/** Exactly the decimals that a given number has (at most six). */
export function literalStyle(value: number, unit: string | null = null): NumberStyle {
  if (Number.isInteger(value)) return { decimals: 0, unit };
  const decimals = String(Number(value.toFixed(6))).split('.')[1]?.length ?? 0;
  return { decimals, unit };
}
