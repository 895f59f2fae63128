import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('says that it lives and is ready', async () => {
  const live = await fetch(`${app.url}/health/live`);
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
  expect(live.headers.get('x-content-type-options')).toBe('nosniff');
  expect(live.headers.get('content-security-policy')).toMatch("default-src 'self'");
  const ready = await fetch(`${app.url}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ok' });
});

it('answers what it does not know, and what is broken, with a problem document', async () => {
  for (const [path, init, status] of [
    ['/nowhere', {}, 404],
    [`/${'x'.repeat(20_000)}`, {}, 431],
    ['/%', {}, 400],
    ['/health/live', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
  ] as const) {
    const response = await fetch(app.url + path, init);
    expect([path, response.status]).toEqual([path, status]);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    expect(response.headers.get('x-request-id')).toMatch(/\S/);
    expect(await response.json()).toMatchObject({ status, error: { message: expect.any(String) } });
  }
});
