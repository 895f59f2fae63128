import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contrast, distance, standingOut } from './color.js';
import { BACKGROUND, darkOf, LEAST_CONTRAST, LEAST_DISTANCE, MUTED, paletteOf } from './palette.js';

const pairs = (colors: readonly string[]): [string, string][] =>
  colors.flatMap((a, index) => colors.slice(index + 1).map((b): [string, string] => [a, b]));

describe('contrast and distance', () => {
  it('are those of the published examples', () => {
    expect(contrast('#FFFFFF', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2);
    // OKLab of white is (1, 0, 0), of black (0, 0, 0).
    expect(distance('#FFFFFF', '#000000')).toBeCloseTo(100, 1);
  });

  it('see what people without green cones see', () => {
    // Far apart to most, nearly the same to them.
    expect(distance('#8A7A00', '#D55E00')).toBeLessThan(LEAST_DISTANCE);
    expect(distance('#0000FF', '#FFFF00')).toBeGreaterThan(50);
  });
});

describe('the palette', () => {
  const usual = paletteOf(undefined);

  it('has nine colours told apart with every kind of red-green blindness, in light and dark', () => {
    expect(usual).toHaveLength(9);
    for (const colors of [usual, usual.map(darkOf)])
      for (const [a, b] of pairs(colors)) expect([a, b, distance(a, b) >= LEAST_DISTANCE]).toEqual([a, b, true]);
  });

  it('begins with the persona’s colour where that can be seen, and with a darker one where not', () => {
    expect(paletteOf('#10B981')[0]).not.toBe('#10B981');
    expect(paletteOf('#9333EA')[0]).toBe('#9333EA');
    expect(paletteOf('green')[0]).toBe('#4F46E5');
  });

  it('stands out from its background and apart from the persona’s colour, whatever that is', () => {
    const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(color, (persona) => {
        const [lead = '', ...others] = paletteOf(persona);
        expect(others.length).toBeGreaterThanOrEqual(5);
        for (const each of [lead, ...others]) {
          expect(contrast(each, BACKGROUND.light)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
          expect(contrast(darkOf(each), BACKGROUND.dark)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        }
        for (const each of others) expect(distance(each, lead)).toBeGreaterThanOrEqual(LEAST_DISTANCE);
      }),
    );
  });

  it('has a quiet colour that is seen on either background', () => {
    expect(contrast(MUTED, BACKGROUND.light)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(contrast(darkOf(MUTED), BACKGROUND.dark)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  it('darkens and lightens no more than it has to', () => {
    expect(standingOut('#0072B2', '#FFFFFF', 3)).toBe('#0072B2');
    const yellow = standingOut('#F0E442', '#FFFFFF', 3);
    expect(contrast(yellow, '#FFFFFF')).toBeLessThan(5);
  });
});
