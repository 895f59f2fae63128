import type { ResultSet } from '../../../datasets/query/result-set.js';
import { formatNumber } from '../words/numbers.js';
import type { Channels } from './channels.js';
import type { Json } from './encode.js';

/** The picture with a line at the number asked for, when parts of an average are compared with it; a total has no such line. */
export function withReference(spec: Json, value: number, { mark, y }: Channels, primary: ResultSet | null): Json {
  const { encoding, mark: drawn, ...rest } = spec;
  if (y.additive || primary === null || (mark !== 'bar' && mark !== 'line')) return spec;
  const parts = typeof encoding === 'object' && encoding !== null ? encoding : {};
  const axis = 'x' in parts && isQuantity(parts.x) && mark === 'bar' ? 'x' : 'y';
  const label = `All: ${formatNumber(value, y.style)}`;
  const rule = { type: 'rule', color: '#111827', strokeDash: [5, 4], strokeWidth: 1.5 };
  const text =
    axis === 'x'
      ? { align: 'left', baseline: 'bottom', dx: 4, dy: -2, y: 0 }
      : { align: 'right', baseline: 'bottom', dy: -3, x: 'width' };
  // A layer without data of its own would be drawn once for each bar.
  const once = { values: [{}] };
  return {
    ...rest,
    layer: [
      { mark: drawn, encoding: parts },
      { data: once, mark: rule, encoding: { [axis]: { datum: value } } },
      {
        data: once,
        mark: { type: 'text', color: '#111827', fontWeight: 600, fontSize: 12, ...text },
        encoding: { [axis]: { datum: value }, text: { value: label } },
      },
    ],
  };
}

const isQuantity = (channel: unknown): boolean =>
  typeof channel === 'object' && channel !== null && 'type' in channel && channel.type === 'quantitative';
