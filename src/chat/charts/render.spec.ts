import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { renderPng, renderSvg } from './render.js';
import { textWidth } from '../pipeline/visualize/text-width.js';

const spec = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  title: 'Rows by team',
  data: {
    values: [
      { team: 'Red & "blue" <i>', rows: 3 },
      { team: 'Green', rows: 5 },
    ],
  },
  mark: 'bar',
  encoding: { x: { field: 'team', type: 'nominal' }, y: { field: 'rows', type: 'quantitative' } },
  ...more,
});

describe('a picture', () => {
  it('is SVG with its texts escaped', async () => {
    const svg = await renderSvg(spec());
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('Rows by team');
    expect(svg).toContain('Red &amp;');
    expect(svg).not.toContain('<i>');
  });

  it('is the same each time', async () => {
    expect(await renderSvg(spec())).toBe(await renderSvg(spec()));
  });

  it('is PNG of the size asked for, with text in it', async () => {
    const sizes = await Promise.all([1, 2].map(async (scale) => renderPng(spec(), { scale })));
    for (const png of sizes) expect(png.subarray(1, 4).toString()).toBe('PNG');
    const [one, two] = sizes.map((png) => png.readUInt32BE(16));
    expect(Math.abs((two ?? 0) - 2 * (one ?? 0))).toBeLessThanOrEqual(2);
    const bare = await renderPng(spec({ title: '' }), { scale: 2 });
    expect(sizes[1]?.equals(bare)).toBe(false);
  });

  it('is drawn in the dark, data untouched', async () => {
    const colored = spec({
      background: '#ffffff',
      data: { values: [{ team: '#ffffff', rows: 3 }] },
      mark: { type: 'bar', color: '#4F46E5' },
    });
    const svg = await renderSvg(colored, { theme: 'dark' });
    expect(svg).toContain('fill="#111827"');
    expect(svg).toContain('fill="#818CF8"');
    expect(svg).toContain('>#ffffff<');
  });

  it('is as large as asked for', async () => {
    const sizeOf = async (options: object): Promise<string[]> =>
      /width="(\d+)" height="(\d+)"/.exec(await renderSvg(spec(), options))?.slice(1) ?? [];
    expect(await sizeOf({ width: 640, height: 360 })).toEqual(['640', '360']);
    expect((await sizeOf({ width: 500 }))[0]).toBe('500');
    expect((await sizeOf({ height: 300 }))[1]).toBe('300');
  });

  it('of a wrong specification is refused', async () => {
    await expect(renderSvg({ mark: 'nonsense', encoding: {} })).rejects.toThrow();
  });
});

it('never fetches anything', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}/data.json`;
  await renderSvg(spec({ data: { url } }));
  await renderSvg(spec({ mark: 'image', encoding: { url: { value: url } } }));
  await new Promise((resolve) => server.close(resolve));
  expect(asked).toBe(0);
});

it('interprets expressions, so that none can reach the process', async () => {
  const attack = {
    mark: 'text',
    encoding: { text: { value: { expr: "constructor.constructor('return process.pid')()" } } },
  };
  const outcome = await renderSvg(spec(attack)).catch(() => 'refused');
  expect(outcome).not.toContain(String(process.pid));
});

it('measures texts by the shipped font', () => {
  expect(textWidth('mm', 10, false)).toBeCloseTo(17.52, 5);
  expect(textWidth('mm', 10, true)).toBeGreaterThan(textWidth('mm', 10, false));
  expect(textWidth('日本', 10, false)).toBe(20);
});
