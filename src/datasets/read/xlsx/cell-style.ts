/** What a number's format says that its value does not. */
export type CellStyle =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' | 'datetime' | 'time' | 'duration' | 'percent' }
  | { readonly kind: 'currency'; readonly sign: string };

const PLAIN: CellStyle = { kind: 'plain' };

/** Formats that every spreadsheet knows by number (ECMA-376, 18.8.30), those of Asian locales included. */
function builtIn(id: number): CellStyle {
  if (id === 9 || id === 10) return { kind: 'percent' };
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58) || id === 36) return { kind: 'date' };
  if (id === 22) return { kind: 'datetime' };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45) return { kind: 'time' };
  return id === 46 || id === 47 ? { kind: 'duration' } : PLAIN;
}

/** `0.0%`, `dd/mm/yyyy hh:mm`, `[$€-407] #,##0.00`, `[h]:mm`… */
export function styleOf(id: number, code: string | undefined): CellStyle {
  if (code === undefined) return builtIn(id);
  // The first of up to four sections is for positive numbers.
  const section = /^(?:[^;"\\]|"[^"]*"|\\.)*/.exec(code)?.[0] ?? '';
  const quoted = [...section.matchAll(/"([^"]*)"|\[\$([^\]-]*)[^\]]*\]/g)].map(([, word, sign]) => word ?? sign ?? '');
  const bare = section.replace(/"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]/g, '');
  if (/\[(?:h+|m+|s+)\]/i.test(bare)) return { kind: 'duration' };
  const signs = bare.replace(/\[[^\]]*\]/g, '').replace(/general/i, '');
  const [hasDay, hasTime] = [/[yd]|m{3}/i.test(signs), /[hs]/i.test(signs)];
  if (hasDay || (hasTime && /y|d/i.test(signs))) return { kind: hasTime ? 'datetime' : 'date' };
  if (hasTime) return { kind: 'time' };
  if (/^m{1,2}$/i.test(signs)) return { kind: 'date' };
  if (signs.includes('%')) return { kind: 'percent' };
  const sign =
    /[$€£¥₹₩₽₺₪₫฿]/.exec(signs + quoted.join(' '))?.[0] ??
    quoted.map((word) => /^\s*([A-Z]{3})\s*$/.exec(word)?.[1]).find(Boolean);
  return sign === undefined ? PLAIN : { kind: 'currency', sign };
}

const DAY_MS = 86_400_000;
/** Day 0 as Excel counts: the 30th, since it believes in a 29 February 1900. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);

/** A number of a cell as text that is read back with its meaning: an ISO date, `12.5%`, `€9.90`. */
export function numberText(raw: string, style: CellStyle, from1904: boolean): string {
  const value = Number(raw);
  if (raw === '' || !Number.isFinite(value)) return raw;
  switch (style.kind) {
    case 'plain':
      return shown(value);
    case 'percent':
      return `${shown(value * 100)}%`;
    case 'currency':
      return value < 0 ? `-${style.sign}${shown(-value)}` : `${style.sign}${shown(value)}`;
    case 'duration':
      return clock(value * DAY_MS);
    case 'time':
      return value >= 0 && value < 1 ? clock(value * DAY_MS) : dated(value, true, from1904);
    case 'date':
      return dated(value, value % 1 !== 0, from1904);
    case 'datetime':
      return dated(value, true, from1904);
  }
}

/** Doubles as a spreadsheet shows them: 15 digits. */
const shown = (value: number): string => String(Number(value.toPrecision(15)));

function dated(serial: number, withTime: boolean, from1904: boolean): string {
  const day = from1904 || serial >= 60 ? serial : serial + 1;
  const ms = (from1904 ? DAY_ZERO_1904 : DAY_ZERO) + Math.round(day * DAY_MS);
  const date = new Date(ms);
  if (serial < 0 || Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return shown(serial);
  const iso = date.toISOString();
  return withTime ? iso.slice(0, 19) : iso.slice(0, 10);
}

function clock(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${ms < 0 ? '-' : ''}${two(h)}:${two(m)}${s === 0 ? '' : `:${two(s)}`}`;
}
