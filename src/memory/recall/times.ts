/** Times in a question: which period it means, seen from the day it is asked. All in UTC. */
export interface Period {
  readonly from: Date;
  /** The first moment after it. */
  readonly to: Date;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const NUMBERS = new Map(
  'a an one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, at) => [word, Math.max(1, at - 1)] as const),
);
const MONTH = `(?<month>${MONTHS.map((name) => `${name}|${name.slice(0, 3)}`).join('|')}|sept)\\.?`;
const COUNT = String.raw`(?<count>\d{1,3}|${[...NUMBERS.keys()].join('|')}|couple of|few)`;
const UNIT = '(?<unit>day|week|month|year)s?';

type Groups = Readonly<Record<string, string | undefined>>;
type Rule = readonly [RegExp, (groups: Groups, now: Date) => Period | null];

const day = (now: Date, offset: number, length = 1): Period => ({
  from: at(now, offset),
  to: at(now, offset + length),
});
const at = (now: Date, days: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days));
const months = (year: number, month: number, length = 1): Period => ({
  from: new Date(Date.UTC(year, month)),
  to: new Date(Date.UTC(year, month + length)),
});

/** The first that fits counts: longer forms stand before those that they contain. */
const RULES: readonly Rule[] = [
  [
    /\b(?<year>\d{4})-(?<number>\d\d)-(?<date>\d\d)\b/,
    ({ year, number, date }) => exact(Number(year), Number(number) - 1, Number(date)),
  ],
  [
    new RegExp(String.raw`\b(?<date>\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH},? (?<year>\d{4})\b`),
    ({ date, month, year }) => exact(Number(year), monthOf(month), Number(date)),
  ],
  [
    new RegExp(String.raw`\b${MONTH} (?<date>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})\b`),
    ({ date, month, year }) => exact(Number(year), monthOf(month), Number(date)),
  ],
  [
    new RegExp(String.raw`\b${MONTH},? (?:of )?(?<year>\d{4})\b`),
    ({ month, year }) => months(Number(year), monthOf(month)),
  ],
  [
    new RegExp(String.raw`\b(?<date>\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}(?!\w)`),
    ({ date, month }, now) => exact(lastYearOf(now, monthOf(month), Number(date)), monthOf(month), Number(date)),
  ],
  [
    new RegExp(String.raw`\b${MONTH} (?<date>\d{1,2})(?:st|nd|rd|th)?\b`),
    ({ date, month }, now) => exact(lastYearOf(now, monthOf(month), Number(date)), monthOf(month), Number(date)),
  ],
  [
    new RegExp(String.raw`\b(?:in|last|this|since|during|early|late|of) ${MONTH}(?!\w)`),
    ({ month }, now) => months(lastYearOf(now, monthOf(month), 1), monthOf(month)),
  ],
  [/\bday before yesterday\b/, (_, now) => day(now, -2)],
  [/\byesterday\b|\blast night\b/, (_, now) => day(now, -1)],
  [/\btoday\b|\bthis (?:morning|afternoon|evening)\b|\btonight\b/, (_, now) => day(now, 0)],
  [new RegExp(String.raw`\b${COUNT} ${UNIT} ago\b`), ({ count, unit }, now) => ago(now, countOf(count), unit ?? '')],
  [
    new RegExp(String.raw`\b(?:last|past|previous) ${COUNT} ${UNIT}\b`),
    ({ count, unit }, now) => ({ from: ago(now, countOf(count), unit ?? '').from, to: at(now, 1) }),
  ],
  [/\b(?:last|past) weekend\b/, (_, now) => day(now, -((now.getUTCDay() + 6) % 7) - 2, 2)],
  [/\b(?:last|previous) week\b/, (_, now) => day(now, -((now.getUTCDay() + 6) % 7) - 7, 7)],
  [/\bthis week\b/, (_, now) => day(now, -((now.getUTCDay() + 6) % 7), 7)],
  [/\bpast week\b/, (_, now) => day(now, -7, 8)],
  [/\b(?:last|previous|past) month\b/, (_, now) => months(now.getUTCFullYear(), now.getUTCMonth() - 1)],
  [/\bthis month\b/, (_, now) => months(now.getUTCFullYear(), now.getUTCMonth())],
  [/\b(?:last|previous|past) year\b/, (_, now) => months(now.getUTCFullYear() - 1, 0, 12)],
  [/\bthis year\b/, (_, now) => months(now.getUTCFullYear(), 0, 12)],
  [
    new RegExp(String.raw`\b(?:last|on) (?<weekday>${WEEKDAYS.join('|')})\b`),
    ({ weekday }, now) => day(now, -((now.getUTCDay() - WEEKDAYS.indexOf(weekday ?? '') + 6) % 7) - 1),
  ],
  [/\b(?:in|during|of|since) (?<year>(?:19|20)\d\d)\b/, ({ year }) => months(Number(year), 0, 12)],
];

/**
 * The period that a question names, with the words that name it, or null. A month without a year is the last one that has
 * begun by then.
 */
export function periodOf(question: string, askedAt: Date): (Period & { readonly said: string }) | null {
  const text = question.toLowerCase().replaceAll(/\s+/g, ' ');
  for (const [pattern, period] of RULES) {
    const found = pattern.exec(text);
    const meant = found === null ? null : period(found.groups ?? {}, askedAt);
    if (found !== null && meant !== null) return { ...meant, said: found[0] };
  }
  return null;
}

const monthOf = (name = ''): number => MONTHS.findIndex((month) => month.startsWith(name.slice(0, 3)));
const countOf = (text = ''): number =>
  NUMBERS.get(text) ?? (text === 'few' ? 3 : text === 'couple of' ? 2 : Number(text));

function exact(year: number, month: number, date: number): Period | null {
  const from = new Date(Date.UTC(year, month, date));
  return from.getUTCMonth() === month && from.getUTCDate() === date ? day(from, 0) : null;
}

function lastYearOf(now: Date, month: number, date: number): number {
  const year = now.getUTCFullYear();
  return Date.UTC(year, month, date) > now.getTime() ? year - 1 : year;
}

/** Around the moment that long ago, as exactly as its unit says. */
function ago(now: Date, count: number, unit: string): Period {
  if (unit === 'day') return day(now, -count);
  if (unit === 'week') return day(now, -7 * count - 3, 7);
  if (unit === 'month') return months(now.getUTCFullYear(), now.getUTCMonth() - count);
  return months(now.getUTCFullYear() - count, 0, 12);
}
