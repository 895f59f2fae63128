/** How a column's numbers are written. `decimals` null: as many as four significant digits need. */
export interface NumberStyle {
  readonly decimals: number | null;
  readonly unit: string | null;
  /** Worked out, not read: no more than five significant digits are told. */
  readonly rounded?: boolean | undefined;
}

export const PLAIN: NumberStyle = { decimals: null, unit: null };
export const WHOLE: NumberStyle = { decimals: 0, unit: null };
export const PERCENT: NumberStyle = { decimals: 1, unit: '%' };

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
  if (style.decimals === null) return adaptive(value, 4);
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -style.decimals) return adaptive(value, 2);
  const digits = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  const decimals = style.rounded === true ? Math.min(style.decimals, Math.max(0, 5 - digits)) : style.decimals;
  return format(value, decimals, decimals);
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
  /** How many decimals were written, which is how exactly it claims to be known. */
  readonly decimals: number;
}

/** Digits that belong to a word (`Q1`, `CO2`, `4th`) are part of a name and claim no quantity. */
const WRITTEN = /(?<![\p{L}\d.,])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\p{L}\d])/gu;

/** Every number written in a text, signs and thousands separators read. */
export function numbersIn(text: string): WrittenNumber[] {
  return [...text.matchAll(WRITTEN)].map(([written]) => {
    const decimals = written.includes('.') ? written.length - written.indexOf('.') - 1 : 0;
    return { text: written, value: Number(written.replaceAll(',', '')), decimals };
  });
}

/**
 * Whether every number written in `text` is one of `values`, rounded to the decimals it was written with, or stands in
 * one of `names`. Signs are free, since "fell by 3" is the change -3.
 */
export function isGrounded(text: string, values: Iterable<number>, names: Iterable<string> = []): boolean {
  return ungrounded(text, values, names).length === 0;
}

/** The numbers of `text` that nothing supports; see `isGrounded`. */
export function ungrounded(text: string, values: Iterable<number>, names: Iterable<string> = []): string[] {
  const known = [...values].map(Math.abs);
  const named = new Set<number>();
  for (const name of names) for (const { value } of numbersIn(name)) named.add(Math.abs(value));
  return numbersIn(text)
    .filter(({ value, decimals }) => {
      const size = Math.abs(value);
      return !named.has(size) && !known.some((each) => Math.abs(each - size) <= 0.5 * 10 ** -decimals + 1e-9 * each);
    })
    .map((written) => written.text);
}

/** Exactly the decimals that a given number has (at most six). */
export function literalStyle(value: number, unit: string | null = null): NumberStyle {
  if (Number.isInteger(value)) return { decimals: 0, unit };
  const decimals = String(Number(value.toFixed(6))).split('.')[1]?.length ?? 0;
  return { decimals, unit };
}
