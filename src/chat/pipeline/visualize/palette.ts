/** Told apart with every common kind of colour blindness: Okabe & Ito (2008), yellow last since it is faint on white. */
const OKABE_ITO = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#000000', '#F0E442'] as const;

/** The same hues darker, for more series than there are hues; then names in the legend have to help. */
const DARKER = ['#004C77', '#9C6A00', '#00634A', '#8E4A71', '#7A7A7A', '#8F3E00'] as const;

const DEFAULT_COLOR = '#4F46E5';

const channels = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

const distance = (a: string, b: string): number => {
  const [left, right] = [channels(a), channels(b)];
  return Math.hypot(...left.map((value, index) => value - (right[index] ?? 0)));
};

const known = new Map<string, readonly string[]>();

/** The persona's colour first, then the palette without the colour that is nearest to it. */
export function paletteOf(first: string | undefined): readonly string[] {
  const lead = first !== undefined && /^#[0-9a-f]{6}$/i.test(first) ? first.toUpperCase() : DEFAULT_COLOR;
  let palette = known.get(lead);
  if (palette === undefined) {
    const nearest = OKABE_ITO.reduce<string>(
      (best, color) => (distance(color, lead) < distance(best, lead) ? color : best),
      OKABE_ITO[0],
    );
    palette = [lead, ...OKABE_ITO.filter((color) => color !== nearest), ...DARKER];
    // Personas are few; a stream of invented colours must not grow this.
    if (known.size < 100) known.set(lead, palette);
  }
  return palette;
}
