import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, Client, PASSWORD, registered } from '../support/client.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('registers', async () => {
  const user = await registered(app);
  expect(await user.ok('GET', '/api/v1/users/me')).toMatchObject({ id: user.user.id });
  const admin = await administrator(app);
  console.log(await admin.ok('GET', '/api/v1/users'));
  console.log(await admin.ok('POST', '/api/v1/api-keys', { name: 'x' }));
  console.log(await new Client(app.url).call('GET', '/api/v1/users'), PASSWORD);
});
