/** `1,234.5` or `1.234,5`: which sign groups thousands and which starts the decimals. Blanks group in both. */
export type NumberStyle = 'point' | 'comma';

export interface ParsedNumber {
  readonly value: number;
  /** Digits after the decimal sign. */
  readonly decimals: number;
  /** `%`, an ISO 4217 code, `km`…; null when the cell has none. */
  readonly unit: string | null;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  $: 'USD',
  us$: 'USD',
  a$: 'AUD',
  au$: 'AUD',
  c$: 'CAD',
  ca$: 'CAD',
  nz$: 'NZD',
  hk$: 'HKD',
  s$: 'SGD',
  r$: 'BRL',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₽': 'RUB',
  '₺': 'TRY',
  '₴': 'UAH',
  '₫': 'VND',
  '฿': 'THB',
  '₪': 'ILS',
  '₦': 'NGN',
  '₱': 'PHP',
};
const CODES = new Set(
  (
    'USD EUR GBP JPY CHF CAD AUD NZD CNY INR SEK NOK DKK PLN CZK HUF RON BGN BRL MXN ARS CLP COP PEN ZAR NGN KES EGP MAD SGD ' +
    'HKD TWD KRW THB IDR MYR PHP VND TRY RUB UAH ILS AED SAR QAR'
  ).split(' '),
);
const MAGNITUDES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  mn: 1e6,
  mio: 1e6,
  billion: 1e9,
  bn: 1e9,
  trillion: 1e12,
};
/** Single letters mean a magnitude only beside a currency: "5 m" is metres, "$5m" is millions. */
const MONEY_MAGNITUDES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, mm: 1e6, b: 1e9, t: 1e12 };

/** Spellings of units that may follow a number in a cell, or stand in a header's brackets; the value is how we write it. */
const UNITS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'km m cm mm mi ft yd km² m² cm² ha acres sqft km³ m³ kg g mg lb lbs oz l ml h hr hrs hours min mins minutes s sec secs seconds ms ' +
    'days weeks months years yrs °C °F kW MW GW kWh MWh GWh TWh Hz kHz MHz GHz KB MB GB TB mph km/h kph m/s knots bpm rpm ' +
    'hPa bar psi Pa kPa dB ppm ppb pts points kcal cal kJ MJ mg/dl mmol/l µg/m³ µg °'
  )
    .split(' ')
    .map((unit) => [unit.toLowerCase(), unit]),
);

/** A unit as it is written beside a number or in a header's brackets; null for any other word. */
export function unitOf(text: string): string | null {
  const word = text.trim();
  const lower = word.toLowerCase();
  if (lower === '%' || lower === 'percent' || lower === 'pct' || lower === 'per cent') return '%';
  const currency = SYMBOLS[lower.replace(/\s+/g, '')] ?? (CODES.has(word) ? word : null);
  if (currency !== null) return currency;
  // One letter is a unit only as it is usually written: "5 m", not room "5M".
  return word.length === 1 && word !== '°' && word !== lower ? null : (UNITS[lower] ?? null);
}

export const isCurrency = (unit: string | null): boolean => unit !== null && CODES.has(unit);

const PLAIN = /^-?\d{1,15}(?:\.\d+)?$/;
const LEADING_ZERO = /^0\d+$/;
const POINT = /^(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:[ '’]\d{3})+)?(?:\.(\d+))?(?:e[+-]?\d{1,3})?$/i;
const COMMA = /^(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ '’]\d{3})+)?(?:,(\d+))?(?:e[+-]?\d{1,3})?$/i;
const AFFIXES = /^([^\d.,()+-]*)([+-]?)\s*([^\d.,()+-]*)((?:[\d.,'’ ]*\d)(?:\.(?!\S))?(?:e[+-]?\d{1,3})?)\s*(.*)$/i;
/** Marks of a footnote behind a number: `12[1]`, `12*`, `12†`, `12¹`. */
const FOOTNOTE = /(?:\s*\[[\w ]{1,8}\]|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+)+$/;

/** Digits that start with a zero are codes (a postcode, an article number): reading them as a number would lose it. */
export const isCode = (text: string): boolean => LEADING_ZERO.test(text);

/**
 * A cell as a number in the given style, or null. Accepts a sign, thousands separators, a currency or percent sign or unit on
 * either side, a magnitude ("$1.2 million"), accounting negatives "(12.5)" and "$ ( 32 )", and marks of footnotes.
 */
export function parseNumber(cell: string, style: NumberStyle): ParsedNumber | null {
  if (PLAIN.test(cell)) {
    const point = cell.indexOf('.');
    if (point < 0)
      return LEADING_ZERO.test(cell) ? null : { value: positiveZero(Number(cell)), decimals: 0, unit: null };
    if (style === 'point') return { value: positiveZero(Number(cell)), decimals: cell.length - point - 1, unit: null };
  }
  if (cell.length > 60 || !/\d/.test(cell)) return null;
  const text = cell
    .replace(/[\u00a0\u2007\u2009\u202f]/g, ' ')
    .replace(/\u2212/g, '-')
    .replace(/^([^\d\s]{0,3})\s*[–—](?=\s*[\d.,$€£])/, '$1-')
    .replace(FOOTNOTE, '')
    .trim();
  return affixed(text, style) ?? accounting(text, style);
}

/** "-0.0" is nothing. */
const positiveZero = (value: number): number => (value === 0 ? 0 : value);

/** "(12.5)", "$ (12.5)", "(12.5) %" are negative; "-12.5 ( 12.5 )" says the same amount twice. */
function accounting(text: string, style: NumberStyle): ParsedNumber | null {
  const parts = /^([^()]*)\(([^()]+)\)([^()\d]*)$/.exec(text);
  if (parts === null) return null;
  const [, before = '', inside = '', after = ''] = parts;
  const within = affixed(inside.trim(), style);
  if (within === null) return null;
  if (/\d/.test(before)) {
    const outside = affixed(before.trim(), style);
    return outside !== null && Math.abs(outside.value) === Math.abs(within.value) ? outside : null;
  }
  const beside = before.trim() + after.trim();
  const unit = beside === '' ? within.unit : unitOf(beside);
  if (beside !== '' && unit === null) return null;
  return { ...within, value: positiveZero(-Math.abs(within.value)), unit };
}

function affixed(text: string, style: NumberStyle): ParsedNumber | null {
  const parts = AFFIXES.exec(text);
  if (parts === null) return null;
  const [, outer = '', sign = '', inner = '', digits = '', behind = ''] = parts;
  const prefix = (outer + inner).trim();
  const before = prefix === '' ? null : unitOf(prefix);
  if (prefix !== '' && (before === null || (before !== '%' && !CODES.has(before)))) return null;
  const read = bare(digits.trim(), style);
  if (read === null) return null;
  const after = suffix(behind.trim(), before !== null);
  if (after === null || (before !== null && after.unit !== null && before !== after.unit)) return null;
  const scaled = after.factor === 1 ? read.value : Number((read.value * after.factor).toPrecision(15));
  return {
    value: positiveZero(sign === '-' ? -scaled : scaled),
    decimals: Math.max(0, read.decimals - Math.round(Math.log10(after.factor))),
    unit: before ?? after.unit,
  };
}

function bare(digits: string, style: NumberStyle): { value: number; decimals: number } | null {
  if (LEADING_ZERO.test(digits)) return null;
  const parts = (style === 'point' ? POINT : COMMA).exec(digits);
  if (parts === null) return null;
  const plain = style === 'point' ? digits.replace(/[, '’]/g, '') : digits.replace(/[. '’]/g, '').replace(',', '.');
  const value = plain === '' ? Number.NaN : Number(plain);
  return Number.isFinite(value) ? { value, decimals: parts[1]?.length ?? 0 } : null;
}

/** What may stand behind the digits: a unit, a magnitude, both, or nothing. */
function suffix(behind: string, money: boolean): { unit: string | null; factor: number } | null {
  if (behind === '') return { unit: null, factor: 1 };
  const unit = behind.length === 1 && money ? null : unitOf(behind);
  if (unit !== null) return { unit, factor: 1 };
  const [word = '', rest = ''] = behind.toLowerCase().split(/\s+(.*)/s);
  const factor = MAGNITUDES[word] ?? (money ? MONEY_MAGNITUDES[word] : undefined);
  if (factor === undefined) return null;
  const of = rest === '' ? null : unitOf(rest);
  return rest !== '' && of === null ? null : { unit: of, factor };
}
