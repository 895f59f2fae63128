const BLOCKS = '▁▂▃▄▅▆▇█';
const WIDTH = 36;

/** A chart as a few lines of text: bars by category, one sparkline a series over time. */
export function drawing(spec) {
  const rows = spec.data?.values ?? [];
  const unit = spec.layer?.[0] ?? spec;
  const { x, y, color, theta } = unit.encoding ?? {};
  const mark = typeof unit.mark === 'string' ? unit.mark : unit.mark?.type;
  if (rows.length === 0) return [];
  if (theta) return bars(rows, color?.field, theta.field);
  if (mark === 'line' || mark === 'area') return lines(rows, x.field, y.field, color?.field);
  const [category, value] = x?.type === 'quantitative' && y?.type !== 'quantitative' ? [y, x] : [x, y];
  if (!category || !value) return [];
  return bars(rows, category.field, value.field, color?.field === category.field ? undefined : color?.field);
}

function bars(rows, category, value, series) {
  const label = (row) => [row[category], series && row[series]].filter((part) => part !== undefined).join(' · ');
  const widest = Math.min(30, Math.max(...rows.map((row) => label(row).length)));
  const largest = Math.max(...rows.map((row) => Math.abs(row[value] ?? 0)), Number.EPSILON);
  return rows
    .slice(0, 15)
    .map(
      (row) =>
        `${label(row).slice(0, 30).padEnd(widest)} ${'█'.repeat(Math.round((Math.abs(row[value] ?? 0) / largest) * WIDTH)).padEnd(1, '▏')} ${short(row[value])}`,
    );
}

function lines(rows, time, value, series) {
  const groups = Map.groupBy?.(rows, (row) => row[series] ?? '') ?? grouped(rows, (row) => row[series] ?? '');
  return [...groups].map(([name, points]) => {
    const values = points.map((row) => row[value]).filter((number) => typeof number === 'number');
    const low = Math.min(...values);
    const span = Math.max(...values) - low || 1;
    const spark = values.map((number) => BLOCKS[Math.round(((number - low) / span) * 7)]).join('');
    return `${String(name).padEnd(14)} ${points[0][time]} ${short(values[0])} ${spark} ${short(values.at(-1))} ${points.at(-1)[time]}`;
  });
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

const short = (value) =>
  typeof value === 'number' ? Number(value.toFixed(1)).toLocaleString('en') : String(value ?? '–');
