/*
 * What the words in a column's header say about it. English, and the commonest of German and Spanish; general vocabulary of
 * tables, no data set's own.
 */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** The last word of a header that names a row instead of measuring it. */
export const IDENTIFIER_WORDS = set(
  'id ids identifier code codes key uuid guid isbn issn ssn ean upc sku phone telephone mobile fax tel zip zipcode postcode postal ' +
    'url uri link email mail website ip iban bic imei serial barcode hash token',
);

export const YEAR_WORDS = set('year years yr fy season edition jahr jahre geschäftsjahr año años');

/** Things whose values are averaged, not added up. */
export const AVERAGED_WORDS = set(
  'score scores rate rates ratio percent percentage pct share proportion price prices avg average mean median age ages temperature temp ' +
    'index rating ratings rank ranking grade gpa level density speed velocity height weight length width depth elevation altitude duration ' +
    'latitude longitude lat lng lon humidity pressure margin probability likelihood intensity concentration expectancy mortality prevalence ' +
    'incidence coverage unemployment inflation yield growth change efficiency accuracy precision recall satisfaction utilization utilisation ' +
    'per mpg bmi iq salary wage wages stars tenure size area radius diameter distance frequency wind voltage power horsepower acceleration ' +
    'minimum maximum min max position seed rent fare fee ' +
    'preis preise durchschnittspreis eintrittspreis stückpreis alter temperatur gewicht höhe größe länge breite tiefe dauer laufzeit bewertung ' +
    'punktzahl quote anteil prozent prozentsatz zinssatz rabatt gehalt lohn miete geschwindigkeit luftdruck luftfeuchtigkeit durchschnitt dichte ' +
    'precio precios edad temperatura altura tamaño longitud anchura duración puntuación valoración tasa porcentaje descuento salario sueldo ' +
    'alquiler velocidad presión humedad promedio media mediana índice densidad',
);

/** Things whose values add up, whatever the other words say. */
export const SUMMED_WORDS = set(
  'count counts total totals number quantity qty amount amounts revenue revenues sales turnover profit income population visits visitors units ' +
    'expense expenses budget spending deaths births cases wins losses goals medals votes seats passengers attendance orders views clicks ' +
    'downloads employees students enrollment enrolment production consumption emissions exports imports precipitation rainfall snowfall ' +
    'umsatz umsätze erlös menge anzahl betrag gewinn kosten stückzahl einwohner besucher verkäufe bestellungen ausgaben einnahmen niederschlag ' +
    'ventas ingresos cantidad importe beneficio costes costos gastos unidades visitas pedidos población habitantes lluvia',
);

export const BETTER_HIGH = set(
  'score rating satisfaction profit revenue gpa accuracy expectancy uptime retention conversion literacy completion quality margin ' +
    'productivity efficiency yield',
);
export const BETTER_LOW = set(
  'error errors mortality defects defect churn unemployment latency complaints failures failure poverty deaths crime crimes downtime ' +
    'accidents injuries incidence pollution debt waste delay delays turnaround returns backlog',
);

/** Abbreviations as headers have them, written out. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  qty: 'quantity',
  amt: 'amount',
  avg: 'average',
  num: 'number',
  no: 'number',
  nbr: 'number',
  pct: 'percent',
  perc: 'percent',
  yr: 'year',
  yrs: 'years',
  mth: 'month',
  dept: 'department',
  dep: 'department',
  cust: 'customer',
  emp: 'employee',
  addr: 'address',
  dob: 'date of birth',
  desc: 'description',
  descr: 'description',
  temp: 'temperature',
  precip: 'precipitation',
  lat: 'latitude',
  lon: 'longitude',
  lng: 'longitude',
  pop: 'population',
  gdp: 'gross domestic product',
  fname: 'first name',
  lname: 'last name',
  fullname: 'full name',
  cat: 'category',
  org: 'organisation',
  mgr: 'manager',
  max: 'maximum',
  min: 'minimum',
  std: 'standard deviation',
  dist: 'distance',
  acct: 'account',
  inv: 'invoice',
  loc: 'location',
  freq: 'frequency',
  nat: 'nationality',
  hosp: 'hospital',
  univ: 'university',
  tel: 'telephone',
  tot: 'total',
  rev: 'revenue',
};

/** Other words that people use for the same thing; applied to the last word of a header. */
const SAME_THING: Readonly<Record<string, readonly string[]>> = {
  salary: ['pay', 'wage', 'earnings'],
  wage: ['pay', 'salary'],
  revenue: ['sales', 'turnover'],
  country: ['nation'],
  nationality: ['citizenship', 'country'],
  city: ['town'],
  price: ['cost'],
  cost: ['expense', 'price'],
  gender: ['sex'],
  sex: ['gender'],
  employee: ['staff', 'worker'],
  employees: ['staff', 'workers'],
  category: ['type', 'kind'],
  type: ['kind', 'category'],
  population: ['inhabitants', 'people'],
  amount: ['sum'],
  quantity: ['count'],
  duration: ['length', 'time'],
  company: ['firm', 'business'],
  customer: ['client', 'buyer'],
  profit: ['gain'],
  film: ['movie'],
  movie: ['film'],
};

/** `incomeGroup`, `income_group`, `Income Group (2)` → `income`, `group`(, `2`), lower case. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}%#]+/u)
    .filter((word) => word !== '');

/** `income_group` → `Income group`; headers that are written for people already keep their words as they are. */
export function labelOf(name: string): string {
  const written = /\s/.test(name) && !name.includes('_');
  const words = written
    ? name.trim().split(/\s+/)
    : name
        .replace(/(\p{Ll}|\d)(\p{Lu}\p{Ll})/gu, '$1 $2')
        .split(/[_\s]+/)
        .filter((word) => word !== '')
        .map((word, i) => (i > 0 && /^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word));
  const label = words.join(' ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** Other names of a column, lower case: abbreviations written out, and common words for the same thing. */
export function synonymsOf(name: string): string[] {
  const words = wordsOf(name);
  const own = words.join(' ');
  const full = words.map((word, i) => (word === 'no' && i === 0 ? word : (WRITTEN_OUT[word] ?? word))).join(' ');
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).join(' ');
  const others = (SAME_THING[WRITTEN_OUT[last] ?? last] ?? []).map((other) => `${before} ${other}`.trim());
  return [...new Set([full, ...others])].filter((synonym) => synonym !== own);
}
