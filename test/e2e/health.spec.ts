import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, Client, registered } from '../support/client.js';

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

it('counts requests by route template for administrators, who may come with an API key, and for nobody else', async () => {
  const admin = await administrator(app);
  const user = await registered(app);
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  await user.ok('GET', `/api/v1/conversations/${id}`);
  await user.ok('POST', '/api/v1/chat/messages', { query: 'Average score by sector in 2020' });
  expect((await new Client(app.url).call('GET', '/metrics')).status).toBe(401);
  expect((await user.call('GET', '/metrics')).status).toBe(403);

  const { key } = await admin.ok<{ key: string }>('POST', '/api/v1/api-keys', { name: 'prometheus' });
  const { status, headers, text } = await new Client(app.url, key).call('GET', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(text).toMatch(
    /^engram_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/conversations\/:id",status="200"\} 1$/m,
  );
  expect(text).not.toContain(id);
  expect(text).toMatch(/^engram_run_duration_seconds_count\{status="completed"\} 1$/m);
  expect(text).toMatch(/^engram_runs_active 0$/m);
  expect(text).toMatch(/^engram_database_connections\{state="waiting"\} 0$/m);
  expect(text).toMatch(/^process_cpu_seconds_total /m);
});
