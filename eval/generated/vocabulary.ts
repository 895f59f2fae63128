/* Words that generated tables are made of: everyday things with plausible columns. Nothing of any real data set. */

/** A column of few values. `said` is how people ask for it; null: as it is named. */
export interface Pool {
  readonly name: string;
  readonly values: readonly string[];
  /** "in Oslo": the values are places. */
  readonly place?: boolean;
}

export interface Quantity {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly decimals: number;
  /** In brackets or behind the name; `$` and `%` may also stand in the cells. */
  readonly unit?: string;
  /** Sums of it make sense. */
  readonly adds: boolean;
}

export interface Theme {
  readonly row: string;
  readonly rows: string;
  /** What a row's own name is made of; null: rows have none. */
  readonly label: { readonly name: string; readonly from: 'person' | 'product' | 'place' | 'code' } | null;
  readonly pools: readonly string[];
  readonly quantities: readonly Quantity[];
  readonly flags: readonly string[];
  readonly date: string;
}

const pool = (name: string, values: string, place = false): Pool => ({ name, values: values.split(', '), place });

export const POOLS: readonly Pool[] = [
  pool('region', 'North, South, East, West, Central', true),
  pool('city', 'Oslo, Zürich, São Paulo, Łódź, Lagos, Quito, Montréal, Hanoi', true),
  pool('country', 'Chile, Kenya, Norway, Japan, Peru, Portugal', true),
  pool('category', 'Books, Garden, Toys, Music, Kitchen'),
  pool('status', 'Open, Closed, Pending, Cancelled'),
  pool('channel', 'Web, Store, Phone, Partner'),
  pool('colour', 'Red, Blue, Green, Black'),
  pool('size', 'Small, Medium, Large'),
  pool('material', 'Oak, Steel, Cotton, Glass'),
  pool('supplier', 'Acme Ltd, Borealis, Kite & Sons, Nordwind'),
  pool('department', 'Finance, Engineering, Support, Legal, Design'),
  pool('genre', 'Drama, Comedy, Thriller, Documentary'),
  pool('shift', 'Morning, Evening, Night'),
  pool('species', 'Otter, Heron, Lynx, Badger'),
  pool('vehicle type', 'Van, Truck, Tram, Bicycle'),
  pool('priority', 'Normal, Urgent, Deferred'),
  pool('ward', 'Cardiology, Oncology, Maternity, Surgery'),
  pool('payment method', 'Credit card, Cash, Bank transfer'),
  pool('membership level', 'Bronze, Silver, Gold'),
  pool('crop', 'Wheat, Barley, Maize, Rye'),
  pool('warehouse', 'Depot A, Depot B, Depot C', true),
  pool('carrier', 'Swift, Condor, Bluebird'),
  pool('plan', 'Free, Basic, Premium'),
  pool('roof', 'Flat, Gabled, Thatched'),
  pool('skill', 'Beginner, Intermediate, Expert'),
  pool('größe', 'Klein, Mittel, Groß'),
  pool('série', 'Été, Hiver, Automne'),
];

const quantity = (
  name: string,
  low: number,
  high: number,
  decimals: number,
  adds: boolean,
  unit?: string,
): Quantity => ({ name, low, high, decimals, adds, ...(unit !== undefined && { unit }) });

export const THEMES: readonly Theme[] = [
  {
    row: 'order',
    rows: 'orders',
    label: null,
    pools: ['region', 'category', 'status', 'channel', 'payment method', 'warehouse'],
    quantities: [
      quantity('quantity', 1, 40, 0, true),
      quantity('order value', 5, 900, 2, true, '$'),
      quantity('discount', 0, 40, 0, false, '%'),
      quantity('shipping cost', 2, 60, 2, true, '$'),
    ],
    flags: ['paid', 'returned'],
    date: 'order date',
  },
  {
    row: 'shipment',
    rows: 'shipments',
    label: { name: 'tracking code', from: 'code' },
    pools: ['carrier', 'warehouse', 'country', 'priority', 'vehicle type'],
    quantities: [
      quantity('weight', 1, 800, 1, true, 'kg'),
      quantity('distance', 10, 4000, 0, true, 'km'),
      quantity('parcels', 1, 90, 0, true),
      quantity('fuel', 5, 300, 1, true, 'l'),
    ],
    flags: ['insured', 'delayed'],
    date: 'sent on',
  },
  {
    row: 'patient',
    rows: 'patients',
    label: { name: 'name', from: 'person' },
    pools: ['ward', 'city', 'priority'],
    quantities: [
      quantity('age', 1, 95, 0, false),
      quantity('heart rate', 48, 130, 0, false),
      quantity('length of stay', 1, 40, 0, true),
      quantity('temperature', 35, 41, 1, false, '°C'),
    ],
    flags: ['insured', 'discharged'],
    date: 'admitted',
  },
  {
    row: 'employee',
    rows: 'employees',
    label: { name: 'name', from: 'person' },
    pools: ['department', 'city', 'skill', 'shift'],
    quantities: [
      quantity('salary', 24000, 98000, 0, true, 'EUR'),
      quantity('bonus', 0, 9000, 0, true, 'EUR'),
      quantity('overtime hours', 0, 80, 0, true),
      quantity('age', 19, 66, 0, false),
    ],
    flags: ['remote', 'certified'],
    date: 'hire date',
  },
  {
    row: 'book',
    rows: 'books',
    label: { name: 'title', from: 'product' },
    pools: ['genre', 'supplier', 'country'],
    quantities: [
      quantity('pages', 40, 900, 0, true),
      quantity('price', 4, 60, 2, false, '$'),
      quantity('copies sold', 10, 90000, 0, true),
      quantity('rating', 1, 5, 1, false),
    ],
    flags: ['translated', 'illustrated'],
    date: 'published',
  },
  {
    row: 'tree',
    rows: 'trees',
    label: null,
    pools: ['species', 'city', 'material', 'roof'],
    quantities: [
      quantity('height', 1, 40, 1, false, 'm'),
      quantity('trunk diameter', 4, 180, 0, false, 'cm'),
      quantity('fruit yield', 0, 300, 1, true, 'kg'),
    ],
    flags: ['protected', 'pruned'],
    date: 'planted on',
  },
  {
    row: 'machine',
    rows: 'machines',
    label: { name: 'serial', from: 'code' },
    pools: ['department', 'supplier', 'status', 'shift'],
    quantities: [
      quantity('output', 10, 5000, 0, true),
      quantity('downtime', 0, 200, 1, true),
      quantity('energy use', 5, 900, 1, true, 'kWh'),
      quantity('error rate', 0, 20, 1, false, '%'),
    ],
    flags: ['leased', 'automatic'],
    date: 'installed',
  },
  {
    row: 'hotel',
    rows: 'hotels',
    label: { name: 'hotel', from: 'place' },
    pools: ['city', 'country', 'roof'],
    quantities: [
      quantity('rooms', 8, 600, 0, true),
      quantity('nightly rate', 40, 700, 0, false, '$'),
      quantity('occupancy', 10, 100, 0, false, '%'),
      quantity('stars', 1, 5, 0, false),
    ],
    flags: ['renovated', 'pet friendly'],
    date: 'opened',
  },
  {
    row: 'match',
    rows: 'matches',
    label: null,
    pools: ['region', 'city', 'shift'],
    quantities: [
      quantity('attendance', 200, 60000, 0, true),
      quantity('goals', 0, 9, 0, true),
      quantity('yellow cards', 0, 8, 0, true),
      quantity('ticket price', 5, 90, 2, false, '$'),
    ],
    flags: ['televised'],
    date: 'played on',
  },
  {
    row: 'reading',
    rows: 'readings',
    label: null,
    pools: ['region', 'material', 'shift', 'série'],
    quantities: [
      quantity('humidity', 10, 99, 0, false, '%'),
      quantity('pressure', 940, 1060, 1, false, 'hPa'),
      quantity('rainfall', 0, 60, 1, true, 'mm'),
      quantity('wind speed', 0, 34, 1, false),
    ],
    flags: ['calibrated'],
    date: 'measured on',
  },
  {
    row: 'loan',
    rows: 'loans',
    label: { name: 'contract', from: 'code' },
    pools: ['region', 'plan', 'status', 'membership level'],
    quantities: [
      quantity('amount', 500, 90000, 0, true, 'EUR'),
      quantity('interest rate', 1, 14, 2, false, '%'),
      quantity('term', 6, 120, 0, false),
      quantity('fees', 0, 900, 2, true, 'EUR'),
    ],
    flags: ['approved', 'secured'],
    date: 'granted on',
  },
  {
    row: 'harvest',
    rows: 'harvests',
    label: null,
    pools: ['crop', 'region', 'country', 'größe'],
    quantities: [
      quantity('yield', 1, 900, 1, true, 't'),
      quantity('area', 1, 300, 1, true, 'ha'),
      quantity('workers', 1, 60, 0, true),
      quantity('moisture', 5, 30, 1, false, '%'),
    ],
    flags: ['organic', 'irrigated'],
    date: 'harvested',
  },
  {
    row: 'visitor',
    rows: 'visitors',
    label: { name: 'full name', from: 'person' },
    pools: ['country', 'membership level', 'channel'],
    quantities: [
      quantity('minutes', 5, 400, 0, true),
      quantity('spending', 0, 300, 2, true, '$'),
      quantity('satisfaction', 1, 10, 0, false),
      quantity('visits', 1, 30, 0, true),
    ],
    flags: ['returning', 'subscribed'],
    date: 'visit date',
  },
  {
    row: 'building',
    rows: 'buildings',
    label: { name: 'building name', from: 'place' },
    pools: ['city', 'material', 'roof', 'status'],
    quantities: [
      quantity('floors', 1, 70, 0, false),
      quantity('floor area', 80, 90000, 0, true, 'm²'),
      quantity('rent', 300, 9000, 0, true, 'EUR'),
      quantity('energy score', 1, 100, 0, false),
    ],
    flags: ['listed', 'heated'],
    date: 'built',
  },
  {
    row: 'course',
    rows: 'courses',
    label: { name: 'course', from: 'product' },
    pools: ['department', 'skill', 'channel'],
    quantities: [
      quantity('credits', 1, 12, 0, true),
      quantity('enrolled students', 4, 400, 0, true),
      quantity('pass rate', 30, 100, 0, false, '%'),
      quantity('fee', 0, 2000, 0, false, '$'),
    ],
    flags: ['mandatory', 'online'],
    date: 'start date',
  },
  {
    row: 'ticket',
    rows: 'tickets',
    label: { name: 'ticket id', from: 'code' },
    pools: ['priority', 'channel', 'plan', 'status'],
    quantities: [
      quantity('response time', 1, 900, 0, false, 'min'),
      quantity('messages', 1, 40, 0, true),
      quantity('satisfaction score', 1, 10, 0, false),
      quantity('cost', 1, 200, 2, true, '$'),
    ],
    flags: ['escalated', 'resolved'],
    date: 'created on',
  },
];

const FIRST = 'Lena Marek Aiko José Søren Ngozi Élodie Ravi Tomás Ines Yusuf Hana Björn Chloé Emeka Zoë'.split(' ');
const LAST = 'Novák Okafor Tanaka Lindqvist Moreau Silva Haddad Brandt Kowalska Iyer Castro Dubois Eze Holm'.split(' ');
const KIND = 'Amber Silent Northern Hidden Copper Velvet Distant Bright Frozen Paper Electric Wild'.split(' ');
const THING = 'Harbour Lantern Orchard Compass Meadow Engine Canyon Atlas Garden Whistle Ledger Falcon'.split(' ');
const TOWN = 'Aldmere Brixholm Carrow Dunvale Elmsford Fallow Grimstad Hollin Ivybrook Kestrel Lowick Marrow'.split(
  ' ',
);
const PART = 'House Court Tower Lodge Palace Hall Villa Annex'.split(' ');

/** The nth name of a kind, each once. */
export function labelOf(from: 'person' | 'product' | 'place' | 'code', n: number): string {
  const pair = (left: readonly string[], right: readonly string[], join = ' ') => {
    const round = Math.floor(n / (left.length * right.length));
    const [a, b] = [n % left.length, Math.floor(n / left.length) % right.length];
    return `${left[a] ?? ''}${join}${right[b] ?? ''}${round === 0 ? '' : ` ${'I'.repeat(round + 1)}`}`;
  };
  switch (from) {
    case 'person':
      return pair(FIRST, LAST);
    case 'product':
      return pair(KIND, THING);
    case 'place':
      return pair(TOWN, PART);
    case 'code':
      return `${'ABCDEFGH'[n % 8] ?? ''}${'KLMNPQRS'[Math.floor(n / 8) % 8] ?? ''}-${String(1000 + n * 37)}`;
  }
}
