import { distance, standingOut } from './color.js';

/** What charts are drawn on. */
export const BACKGROUND = { light: '#FFFFFF', dark: '#111827' } as const;

/** WCAG 2.2, 1.4.11: what graphics need to be seen against what is next to them. */
export const LEAST_CONTRAST = 3;

/** Colours nearer than this are taken for one another; see `distance`. */
export const LEAST_DISTANCE = 9;

/**
 * Told apart with and without red and green cones, and each standing out from its background: the light one from white,
 * the dark one, its counterpart, from the dark background. Hues of one family, lightness told apart first.
 */
const PAIRS = [
  ['#4F46E5', '#818CF8'],
  ['#D97706', '#FBBF24'],
  ['#0F766E', '#14B8A6'],
  ['#7C2D12', '#A16207'],
  ['#0891B2', '#BAE6FD'],
  ['#4C1D95', '#7C3AED'],
  ['#C2410C', '#CA8A04'],
  ['#0F172A', '#D9F99D'],
  ['#164E63', '#0E7490'],
] as const;

const DEFAULT_COLOR = PAIRS[0][0];

const COUNTERPARTS = new Map<string, string>([
  ...PAIRS,
  // Text, axes, tints and what lies behind them.
  ['#FFFFFF', BACKGROUND.dark],
  ['#111827', '#F9FAFB'],
  ['#374151', '#D1D5DB'],
  ['#9CA3AF', '#6B7280'],
  ['#E5E7EB', '#374151'],
  ['#F3F4F6', '#1F2937'],
]);

const known = new Map<string, readonly string[]>();

/**
 * Series colours on white. The persona's comes first, darkened where it would not be seen; then those of the palette that
 * nobody takes for it.
 */
export function paletteOf(first: string | undefined): readonly string[] {
  const asked = first !== undefined && /^#[0-9a-f]{6}$/i.test(first) ? first.toUpperCase() : DEFAULT_COLOR;
  let palette = known.get(asked);
  if (palette === undefined) {
    const lead = standingOut(asked, BACKGROUND.light, LEAST_CONTRAST);
    const others = PAIRS.map(([light]) => light).filter((color) => distance(color, lead) >= LEAST_DISTANCE);
    palette = [lead, ...others];
    // Personas are few; a stream of invented colours must not grow this.
    if (known.size < 100) known.set(asked, palette);
  }
  return palette;
}

/** The counterpart of a colour on the dark background: the palette's, else the same lightened until it is seen. */
export const darkOf = (color: string): string =>
  COUNTERPARTS.get(color.toUpperCase()) ?? standingOut(color, BACKGROUND.dark, LEAST_CONTRAST);

/** A quieter colour for what is not spoken of; it is seen on either background. */
export const MUTED = '#7A889C';
