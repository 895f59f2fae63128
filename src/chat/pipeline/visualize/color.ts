/* Arithmetic of colours written as `#rrggbb`: contrast, how far apart they look, and what colour-blind people see of them. */

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Dichromats' view of linear RGB: Machado, Oliveira & Fernandes (2009), severity 1.0. */
const SEEN: Readonly<Record<'deuteranopia' | 'protanopia', Matrix>> = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

const TO_CONE: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const line = ([x, y, z]: Triple): number => x * a + y * b + z * c;
  return [line(matrix[0]), line(matrix[1]), line(matrix[2])];
};
const each = ([a, b, c]: Triple, change: (part: number) => number): Triple => [change(a), change(b), change(c)];
const within = (part: number): number => Math.max(0, Math.min(1, part));

/** sRGB to linear light and back (IEC 61966-2-1). */
const linear = (color: string): Triple => {
  const part = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
};
const written = (light: Triple): string => {
  const part = (value: number): string => {
    const coded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.round(255 * within(coded))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${light.map(part).join('')}`.toUpperCase();
};

/** WCAG 2.2's ratio of relative luminances, 1 to 21. */
export function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = linear(color);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [left, right] = [luminance(a), luminance(b)];
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05);
}

/** OKLab (Ottosson 2020). */
const lab = (light: Triple): Triple => times(TO_LAB, each(times(TO_CONE, light), Math.cbrt));

/**
 * How far apart two colours look at the least, to common vision and to people without green or red cones: Euclidean in
 * OKLab, times 100. Neighbouring shades of one hue are some 5 apart.
 */
export function distance(a: string, b: string): number {
  const views = (color: string): Triple[] => {
    const light = linear(color);
    return [light, ...Object.values(SEEN).map((matrix) => each(times(matrix, light), within))].map(lab);
  };
  const [left, right] = [views(a), views(b)];
  return Math.min(
    ...left.map((one, view) => 100 * Math.hypot(...one.map((part, at) => part - (right[view]?.[at] ?? 0)))),
  );
}

/** The colour, mixed with black or white in steps until it stands out from the background by `least`. */
export function standingOut(color: string, background: string, least: number): string {
  const toward = contrast(background, '#000000') > contrast(background, '#FFFFFF') ? 0 : 1;
  const light = linear(color);
  for (let step = 0; step <= 20; step++) {
    const mixed = written(each(light, (part) => part + (toward - part) * (step / 20) ** 2));
    if (contrast(mixed, background) >= least) return mixed;
  }
  return toward === 0 ? '#000000' : '#FFFFFF';
}
