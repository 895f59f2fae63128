import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config/config.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, Client, type Json, PASSWORD, registered } from '../support/client.js';
import { testDatabase } from '../support/database.js';
import { onServer } from '../support/server.js';

interface SignedIn {
  readonly user: { readonly id: string; readonly email: string };
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}
interface Listed {
  readonly data: readonly { readonly id: string; readonly email: string }[];
  readonly nextCursor: string | null;
}

const PROBLEM = 'application/problem+json; charset=utf-8';
const ME = '/api/v1/users/me';
const SECRET = 'a-secret-for-tests-that-is-long-enough';
const SETTINGS = { JWT_SECRET: SECRET, LOG_LEVEL: 'silent' };

let app: TestApp;
let stranger: Client;
beforeAll(async () => {
  app = await startApp();
  stranger = new Client(app.url);
});
afterAll(() => app.close());

const sql = (text: string, values: unknown[] = []) => onServer(app.database.url, text, values);
const as = (token: string): Client => new Client(app.url, token);
const signIn = (email: string, password = PASSWORD, at = stranger) =>
  at.call<SignedIn & Json>('POST', '/api/v1/auth/login', { email, password });
const refresh = (refreshToken: string) =>
  stranger.call<SignedIn & Json>('POST', '/api/v1/auth/refresh', { refreshToken });
/** Status and code: what a client decides by. */
async function outcome(answer: Promise<{ status: number; body: Json | null }>): Promise<[number, unknown]> {
  const { status, body } = await answer;
  return [status, body?.['code'] ?? null];
}

describe('registering and signing in', () => {
  it('makes an account that its owner can sign in to, however the address is typed', async () => {
    const made = await stranger.call<SignedIn>('POST', '/api/v1/auth/register', {
      email: 'Ada@Example.com',
      password: PASSWORD,
      name: 'Ada',
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      user: {
        id: expect.any(String),
        email: 'ada@example.com',
        name: 'Ada',
        role: 'user',
        preferences: {},
        createdAt: expect.any(String),
      },
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 900,
    });
    const again = await signIn(' ADA@example.COM ');
    expect([again.status, again.body.user.id]).toEqual([200, made.body.user.id]);
    expect(await as(again.body.accessToken).ok('GET', ME)).toEqual(made.body.user);
  });

  it('takes an address once', async () => {
    const { user } = await registered(app);
    const again = stranger.call('POST', '/api/v1/auth/register', {
      email: user.email.toUpperCase(),
      password: PASSWORD,
    });
    expect(await outcome(again)).toEqual([409, 'email_taken']);
  });

  it('answers the same to a wrong password and to an unknown account', async () => {
    const { user } = await registered(app);
    const wrong = await signIn(user.email, 'not the password');
    const unknown = await signIn('nobody@example.com', 'not the password');
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({ code: 'invalid_credentials' });
    expect(unknown).toMatchObject({ status: wrong.status, body: wrong.body });
  });

  it('keeps the password as an argon2id hash and tokens as hashes', async () => {
    const { user } = await registered(app);
    const { body } = await signIn(user.email);
    const [row] = await sql('SELECT password_hash FROM users WHERE id = $1', [user.id]);
    expect(row).toEqual({ password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) });
    const stored = JSON.stringify(await sql('SELECT * FROM sessions WHERE user_id = $1', [user.id]));
    expect(stored).not.toContain(Buffer.from(body.refreshToken.slice(3), 'base64url').subarray(48).toString('hex'));
  });

  it.each([
    ['a short password', { password: 'too short' }, 'password'],
    ['a password without end', { password: 'x'.repeat(201) }, 'password'],
    ['no address', { email: 'nobody' }, 'email'],
    ['a field that is not known', { role: 'admin' }, 'role'],
    ['a NUL character', { name: 'a\0b' }, 'name'],
    ['half a character', { name: 'a\ud83d' }, 'name'],
  ])('refuses %s, and says where', async (_, change, path) => {
    const input = { email: 'new@example.com', password: PASSWORD, ...change };
    const { status, body } = await stranger.call('POST', '/api/v1/auth/register', input);
    expect([status, body]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
    expect(body['errors']).toEqual([expect.objectContaining({ path })]);
  });

  it.each([
    ['what is not JSON', '{'],
    ['an array of bodies', '[{"email":"a@example.com","password":"0123456789"}]'],
    ['a body that is text', '"email"'],
    ['a body that is nothing', 'null'],
    ['a prototype', '{"__proto__":{"role":"admin"},"email":"p@example.com","password":"0123456789"}'],
    ['a constructor', '{"constructor":{"prototype":{"role":"admin"}},"email":"c@example.com","password":"0123456789"}'],
    ['nesting without end', `{"email":${'['.repeat(50_000)}${']'.repeat(50_000)},"password":"0123456789"}`],
  ])('refuses %s', async (_, body) => {
    const answer = await stranger.call('POST', '/api/v1/auth/register', body, { 'content-type': 'application/json' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, PROBLEM]);
    expect(({} as Json)['role']).toBeUndefined();
  });

  it('reads no compressed bodies', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const answer = stranger.call('POST', '/api/v1/auth/login', { email: 'a@example.com', password: PASSWORD }, headers);
    expect(await outcome(answer)).toEqual([415, 'unsupported_media_type']);
  });

  it('can be closed to all but administrators', async () => {
    const closed = await startApp({ REGISTRATION: 'closed' });
    try {
      const account = { email: 'grace@example.com', password: PASSWORD };
      const outside = new Client(closed.url);
      expect(await outcome(outside.call('POST', '/api/v1/auth/register', account))).toEqual([
        403,
        'registration_closed',
      ]);
      const admin = await administrator(closed);
      expect(await admin.ok('POST', '/api/v1/users', account)).toMatchObject({ role: 'user', disabled: false });
      expect((await signIn(account.email, PASSWORD, outside)).status).toBe(200);
    } finally {
      await closed.close();
    }
  });
});

describe('staying signed in', () => {
  it('exchanges a refresh token for new tokens, once', async () => {
    const { user } = await registered(app);
    const first = (await signIn(user.email)).body;
    const second = await refresh(first.refreshToken);
    expect(second).toMatchObject({ status: 200, body: { expiresIn: 900 } });
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    expect(await as(second.body.accessToken).ok('GET', ME)).toMatchObject({ id: user.id });
    expect((await refresh(second.body.refreshToken)).status).toBe(200);
  });

  it('gives a repeated refresh the same next token, so that a lost answer or a second tab signs nobody out', async () => {
    const { user } = await registered(app);
    const { refreshToken } = (await signIn(user.email)).body;
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect((await refresh(answers[0]?.body.refreshToken ?? '')).status).toBe(200);
  });

  it('ends the session when an old token comes back', async () => {
    const { user } = await registered(app);
    const other = (await signIn(user.email)).body;
    const first = (await signIn(user.email)).body;
    const second = (await refresh(first.refreshToken)).body;
    await sql(`UPDATE sessions SET rotated_at = now() - interval '11 seconds' WHERE user_id = $1`, [user.id]);
    expect(await outcome(refresh(first.refreshToken))).toEqual([401, 'refresh_reused']);
    expect(await outcome(refresh(second.refreshToken))).toEqual([401, 'refresh_invalid']);
    expect(await outcome(as(second.accessToken).call('GET', ME))).toEqual([401, 'invalid_token']);
    expect((await refresh(other.refreshToken)).status).toBe(200); // another device is not touched
  });

  it('ends it for a token from two exchanges ago too, at once', async () => {
    const { user } = await registered(app);
    const first = (await signIn(user.email)).body;
    const second = (await refresh(first.refreshToken)).body;
    await refresh(second.refreshToken);
    expect(await outcome(refresh(first.refreshToken))).toEqual([401, 'refresh_reused']);
  });

  it('lets nobody end a session with a token that was never its own', async () => {
    const { user } = await registered(app);
    const { refreshToken } = (await signIn(user.email)).body;
    const bytes = Buffer.from(refreshToken.slice(3), 'base64url');
    bytes.fill(7, 32); // the right user and session; family and secret made up
    expect(await outcome(refresh(`er_${bytes.toString('base64url')}`))).toEqual([401, 'refresh_invalid']);
    expect(await outcome(refresh('er_nonsense'))).toEqual([401, 'refresh_invalid']);
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('ends with the time that the settings give', async () => {
    const { user } = await registered(app);
    const { refreshToken, accessToken } = (await signIn(user.email)).body;
    await sql('UPDATE sessions SET expires_at = now() WHERE user_id = $1', [user.id]);
    expect(await outcome(refresh(refreshToken))).toEqual([401, 'refresh_invalid']);
    expect(await outcome(as(accessToken).call('GET', ME))).toEqual([401, 'invalid_token']);
    await signIn(user.email);
    expect(await sql('SELECT 1 FROM sessions WHERE user_id = $1', [user.id])).toHaveLength(1);
  });
});

describe('signing out', () => {
  it('ends this session at once, and no other', async () => {
    const { user, token } = await registered(app);
    const here = (await signIn(user.email)).body;
    await as(here.accessToken).ok('GET', ME);
    expect((await as(here.accessToken).call('POST', '/api/v1/auth/logout')).status).toBe(204);
    expect(await outcome(as(here.accessToken).call('GET', ME))).toEqual([401, 'invalid_token']);
    expect(await outcome(refresh(here.refreshToken))).toEqual([401, 'refresh_invalid']);
    await as(token ?? '').ok('GET', ME);
  });

  it('ends every session', async () => {
    const client = await registered(app);
    const other = (await signIn(client.user.email)).body;
    await client.ok('POST', '/api/v1/auth/logout-all');
    for (const token of [client.token ?? '', other.accessToken]) {
      expect(await outcome(as(token).call('GET', ME))).toEqual([401, 'invalid_token']);
    }
    expect((await signIn(client.user.email)).status).toBe(200);
  });

  it('is noticed by other instances', async () => {
    const config = loadConfig(SETTINGS);
    const other = await createApp(config, app.database.url, { docs: false });
    try {
      await other.listen(0, '127.0.0.1');
      const client = await registered(app);
      const elsewhere = new Client(await other.getUrl(), client.token);
      await elsewhere.ok('GET', ME);
      await client.ok('POST', '/api/v1/auth/logout');
      while ((await elsewhere.call('GET', ME)).status === 200) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await outcome(elsewhere.call('GET', ME))).toEqual([401, 'invalid_token']);
    } finally {
      await other.close();
    }
  });

  it('comes with a changed password, everywhere else', async () => {
    const client = await registered(app);
    const other = (await signIn(client.user.email)).body;
    const change = (currentPassword: string, newPassword: string) =>
      client.call('POST', '/api/v1/auth/change-password', { currentPassword, newPassword });
    expect(await outcome(change('not the password', 'a new password'))).toEqual([403, 'wrong_password']);
    expect(await outcome(change(PASSWORD, 'short'))).toEqual([400, 'validation_failed']);
    expect((await change(PASSWORD, 'a new password')).status).toBe(204);
    await client.ok('GET', ME);
    expect(await outcome(as(other.accessToken).call('GET', ME))).toEqual([401, 'invalid_token']);
    expect(await outcome(refresh(other.refreshToken))).toEqual([401, 'refresh_invalid']);
    expect((await signIn(client.user.email)).status).toBe(401);
    expect((await signIn(client.user.email, 'a new password')).status).toBe(200);
  });
});

describe('the guard', () => {
  const token = (claims: Json, secret: string, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(Buffer.from(secret));

  it('asks for a token', async () => {
    const { status, body, headers } = await stranger.call('GET', ME);
    expect([status, body['code'], headers.get('www-authenticate')]).toEqual([401, 'missing_token', 'Bearer']);
  });

  it('takes no token but its own, and tells one that has run out', async () => {
    const { user } = await registered(app);
    const [session] = await onServer<{ id: string }>(app.database.url, 'SELECT id FROM sessions WHERE user_id = $1', [
      user.id,
    ]);
    const claims = { sub: user.id, sid: session?.id, exp: Math.floor(Date.now() / 1000) + 600 };
    await as(await token(claims, SECRET)).ok('GET', ME);
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', '');
    for (const [bad, code] of [
      ['x', 'invalid_token'],
      [unsigned, 'invalid_token'],
      [await token(claims, 'another secret that is long enough too'), 'invalid_token'],
      [await token(claims, SECRET.padEnd(64), 'HS512'), 'invalid_token'],
      [await token({ ...claims, exp: undefined }, SECRET), 'invalid_token'],
      [await token({ ...claims, sid: user.id }, SECRET), 'invalid_token'],
      [await token({ ...claims, exp: claims.exp - 1200 }, SECRET), 'token_expired'],
      ['ek_7Hq2mZx0_h1Jm9cK2b5V8n4Qe7Rt0Yw3Ua6Sd9Fg2Hj5Kl8Zx1Cv', 'invalid_token'],
    ] as const) {
      expect(await outcome(as(bad).call('GET', ME))).toEqual([401, code]);
    }
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b'])('does not read "%s"', async (authorization) => {
    const { status, body, headers } = await stranger.call('GET', ME, undefined, { authorization });
    expect([status, body['code']]).toEqual([401, 'invalid_token']);
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });
});

describe('your own account', () => {
  it('keeps a name and preferences', async () => {
    const client = await registered(app);
    const preferences = { theme: 'dark', nested: { list: [1, null, '😀'] } };
    expect(await client.ok('PATCH', ME, { preferences })).toMatchObject({ name: null, preferences });
    expect(await client.ok('PATCH', ME, { name: 'Grace' })).toMatchObject({ name: 'Grace', preferences });
    expect(await client.ok('PATCH', ME, { preferences: {} })).toMatchObject({ name: 'Grace', preferences: {} });
    expect(await client.ok('PATCH', ME, { name: null })).toMatchObject({ name: null });
    expect(await client.ok('PATCH', ME, {})).toEqual(await client.ok('GET', ME));
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['text', 'dark'],
    ['more than 16 KB', { notes: 'ä'.repeat(8_200) }],
    ['a NUL character', { 'a\0': 1 }],
  ])('takes no preferences that are %s', async (_, preferences) => {
    const client = await registered(app);
    expect(await outcome(client.call('PATCH', ME, { preferences }))).toEqual([400, 'validation_failed']);
  });

  it('does not let its role be chosen', async () => {
    const client = await registered(app);
    expect(await outcome(client.call('PATCH', ME, { role: 'admin' }))).toEqual([400, 'validation_failed']);
  });
});

describe('API keys', () => {
  const KEYS = '/api/v1/api-keys';
  const makeKey = (owner: Client, input: Json = {}) =>
    owner.ok<{ id: string; key: string; prefix: string }>('POST', KEYS, { name: 'import', ...input });

  it('work as a bearer token or in x-api-key, and are shown once', async () => {
    const owner = await registered(app);
    const made = await makeKey(owner);
    expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
    expect(await as(made.key).ok('GET', ME)).toMatchObject({ id: owner.user.id });
    expect(await stranger.ok('GET', ME, undefined, { 'x-api-key': made.key })).toMatchObject({ id: owner.user.id });
    const { key, ...shown } = { ...made, lastUsedAt: expect.any(String) };
    const list = await owner.ok('GET', KEYS);
    expect(list).toMatchObject({ data: [shown], hasMore: false });
    expect(JSON.stringify(list)).not.toContain(key);
    expect(JSON.stringify(await sql('SELECT * FROM api_keys'))).not.toContain(key.slice(-43));
  });

  it('cannot take the account over', async () => {
    const owner = await registered(app);
    const program = as((await makeKey(owner)).key);
    for (const [path, body] of [
      [KEYS, { name: 'another' }],
      ['/api/v1/auth/change-password', { currentPassword: PASSWORD, newPassword: 'a new password' }],
      ['/api/v1/auth/logout', undefined],
      ['/api/v1/auth/logout-all', undefined],
    ] as const) {
      expect(await outcome(program.call('POST', path, body))).toEqual([403, 'needs_session']);
    }
  });

  it('stop when revoked, at once', async () => {
    const owner = await registered(app);
    const { id, key } = await makeKey(owner);
    await as(key).ok('GET', ME);
    const other = await registered(app);
    expect(await outcome(other.call('DELETE', `${KEYS}/${id}`))).toEqual([404, 'api_key_not_found']);
    expect((await owner.call('DELETE', `${KEYS}/${id}`)).status).toBe(204);
    expect(await outcome(as(key).call('GET', ME))).toEqual([401, 'invalid_token']);
    expect(await outcome(owner.call('DELETE', `${KEYS}/${id}`))).toEqual([404, 'api_key_not_found']);
  });

  it('stop when they expire', async () => {
    const owner = await registered(app);
    const made = (expiresAt: unknown) => owner.call('POST', KEYS, { name: 'short', expiresAt });
    expect(await outcome(made(new Date(Date.now() - 1000).toISOString()))).toEqual([400, 'validation_failed']);
    expect(await outcome(made('tomorrow'))).toEqual([400, 'validation_failed']);
    const { key } = await makeKey(owner, { expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await sql('UPDATE api_keys SET expires_at = now() WHERE user_id = $1', [owner.user.id]);
    expect(await outcome(as(key).call('GET', ME))).toEqual([401, 'invalid_token']);
  });

  it('outlive signing out, and are limited in number', async () => {
    const owner = await registered(app);
    const { key } = await makeKey(owner);
    for (let made = 1; made < 100; made++) await makeKey(owner);
    expect(await outcome(owner.call('POST', KEYS, { name: 'one too many' }))).toEqual([409, 'too_many_keys']);
    await owner.ok('POST', '/api/v1/auth/logout-all');
    await as(key).ok('GET', ME);
  });
});

describe('administrators', () => {
  const of = (id: string) => `/api/v1/users/${id}`;

  it('list every account once, page by page', async () => {
    const admin = await administrator(app);
    for (let made = 0; made < 5; made++) await registered(app);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Listed = await admin.ok<Listed>(
        'GET',
        `/api/v1/users?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const all = await onServer<{ id: string }>(app.database.url, 'SELECT id FROM users ORDER BY id DESC');
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(await outcome(admin.call('GET', '/api/v1/users?cursor=nonsense'))).toEqual([400, 'cursor_invalid']);
  });

  it('shut an account, at once, and open it again', async () => {
    const admin = await administrator(app);
    const client = await registered(app);
    const { refreshToken } = (await signIn(client.user.email)).body;
    await client.ok('GET', ME);
    expect(await admin.ok('PATCH', of(client.user.id), { disabled: true })).toMatchObject({ disabled: true });
    expect(await outcome(client.call('GET', ME))).toEqual([403, 'account_disabled']);
    expect(await outcome(refresh(refreshToken))).toEqual([403, 'account_disabled']);
    expect(await outcome(signIn(client.user.email))).toEqual([403, 'account_disabled']);
    expect(await outcome(signIn(client.user.email, 'not the password'))).toEqual([401, 'invalid_credentials']);
    expect(await admin.ok('PATCH', of(client.user.id), { disabled: false })).toMatchObject({ disabled: false });
    await client.ok('GET', ME);
  });

  it('promote and demote, at once', async () => {
    const admin = await administrator(app);
    const client = await registered(app);
    const list = () => outcome(client.call('GET', '/api/v1/users'));
    expect(await list()).toEqual([403, 'admin_only']);
    await admin.ok('PATCH', of(client.user.id), { role: 'admin' });
    expect(await list()).toEqual([200, null]);
    await admin.ok('PATCH', of(client.user.id), { role: 'user' });
    expect(await list()).toEqual([403, 'admin_only']);
  });

  it('do not change their own standing, nor what does not exist', async () => {
    const admin = await administrator(app);
    expect(await outcome(admin.call('PATCH', of(admin.user.id), { role: 'user' }))).toEqual([409, 'own_account']);
    const nobody = '019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d';
    expect(await outcome(admin.call('PATCH', of(nobody), { disabled: true }))).toEqual([404, 'user_not_found']);
    expect(await outcome(admin.call('GET', of(nobody)))).toEqual([404, 'user_not_found']);
    expect(await outcome(admin.call('GET', of('me%20too')))).toEqual([400, 'validation_failed']);
  });

  it('cannot demote each other until none is left', async () => {
    const admin = await administrator(app);
    const other = await registered(app);
    await admin.ok('PATCH', of(other.user.id), { role: 'admin' });
    await other.ok('GET', '/api/v1/users');
    const answers = await Promise.all([
      outcome(admin.call('PATCH', of(other.user.id), { role: 'user' })),
      outcome(other.call('PATCH', of(admin.user.id), { disabled: true })),
    ]);
    expect(answers.map(([status]) => status)).toContain(200);
    expect(await sql(`SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL`)).toHaveLength(1);
    await sql(`UPDATE users SET role = 'admin', disabled_at = NULL WHERE id = $1`, [admin.user.id]);
  });
});

describe('the first administrator', () => {
  /** The application on `url`, without a password in the settings; what it printed while starting. */
  async function started(url: string) {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const instances = await Promise.all([1, 2].map(() => createApp(loadConfig(SETTINGS), url, { docs: false })));
      return { instances, printed: write.mock.calls.map(([text]) => String(text)).join('') };
    } finally {
      write.mockRestore();
    }
  }

  it('is made once, by whichever instance starts first, with a password that is shown once', async () => {
    const database = await testDatabase();
    const { instances, printed } = await started(database.url);
    const later = await started(database.url);
    try {
      const [, email = '', password = ''] = /e-mail\s+(\S+)\n\s+password\s+(\S+)\n/.exec(printed) ?? [];
      expect(printed.match(/password/g)).toHaveLength(1);
      expect(later.printed).toBe('');
      expect(await onServer(database.url, 'SELECT email, role FROM users')).toEqual([{ email, role: 'admin' }]);
      const [instance] = instances;
      await instance?.listen(0, '127.0.0.1');
      const at = new Client((await instance?.getUrl()) ?? '');
      expect(await signIn(email, password, at)).toMatchObject({ status: 200, body: { user: { role: 'admin' } } });
    } finally {
      await Promise.all([...instances, ...later.instances].map((instance) => instance.close()));
      await database.drop();
    }
  });
});

describe('rate limits', () => {
  it('hold back guessing, by account and by address, and each user by himself', async () => {
    const limited = await startApp({ SIGN_IN_LIMIT_PER_MINUTE: '4', RATE_LIMIT_PER_MINUTE: '3', TRUST_PROXY: 'true' });
    try {
      const from = (address: string, email: string, password = 'not the password') =>
        new Client(limited.url).call<SignedIn & Json>(
          'POST',
          '/api/v1/auth/login',
          { email, password },
          { 'x-forwarded-for': address },
        );
      for (let attempt = 1; attempt <= 4; attempt++) {
        expect((await from(`10.0.0.${attempt}`, 'ada@example.com')).status).toBe(401);
      }
      const refused = await from('10.0.0.5', 'ADA@example.com');
      expect([refused.status, refused.body['code']]).toEqual([429, 'rate_limited']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);

      for (let attempt = 1; attempt <= 4; attempt++) {
        expect((await from('10.0.1.1', `someone${attempt}@example.com`)).status).toBe(401);
      }
      expect((await from('10.0.1.1', 'someone5@example.com')).status).toBe(429);

      const [one, two] = [await registered(limited), await registered(limited)];
      const statuses = [];
      for (let request = 1; request <= 4; request++) statuses.push((await one.call('GET', ME)).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect((await two.call('GET', ME)).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
