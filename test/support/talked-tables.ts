import { aTable } from './turn.js';

/* Two small tables whose answers can be worked out in the head. */

const COUNTRIES = [
  ['Ayland', 'North', 10],
  ['Beland', 'North', 20],
  ['Celand', 'South', 30],
  ['Deland', 'South', 40],
  ['Eland', 'South', 40],
  ['Fland', 'South', 60],
] as const;

/** Economy grows by the country's tenth a year, education is 5 above and falls by one a year. */
export const scores = aTable(
  {
    sector: { type: 'text', role: 'dimension' },
    country: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal', decimals: 0 },
    score: { type: 'number', role: 'measure', unit: 'points', higherIsBetter: true, decimals: 1 },
  },
  ['Economy', 'Education'].flatMap((sector) =>
    COUNTRIES.flatMap(([country, region, base]) =>
      [2020, 2021, 2022].map((year) => {
        const after = year - 2020;
        return [sector, country, region, year, sector === 'Economy' ? base + (after * base) / 10 : base + 5 - after];
      }),
    ),
  ),
  { title: 'Sector scores', name: 'sector_scores' },
);

/** Sales of two years by month, none in May 2023; a shop in the east that opened in 2024. */
export const sales = aTable(
  {
    day: { type: 'date', role: 'temporal' },
    shop: { type: 'text', role: 'dimension' },
    revenue: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
  },
  [2023, 2024].flatMap((year) =>
    [...Array(12).keys()].flatMap((at) => {
      const month = String(at + 1).padStart(2, '0');
      if (year === 2023 && month === '05') return [];
      const west = [`${year}-${month}-10`, 'West', year === 2023 ? 100 + at : 150 + at];
      return year === 2023 ? [west] : [west, [`${year}-${month}-20`, 'East', 10]];
    }),
  ),
  { title: 'Shop sales', name: 'shop_sales' },
);
