import { ADMIN, type TestApp } from './app.js';

export type Json = Record<string, unknown>;

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else null. */
  readonly body: T;
  readonly text: string;
}

/** Speaks to the application as one user, or as a stranger without `token`. */
export class Client {
  constructor(
    readonly url: string,
    readonly token: string | null = null,
    readonly user: { readonly id: string; readonly email: string; readonly role: string } = {
      id: '',
      email: '',
      role: '',
    },
  ) {}

  /** Sends `body` as JSON, or as it is when it is text, bytes or a form. */
  async call<T = Json>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : null) as T,
      text,
    };
  }

  /** The body of an answer that must be a success. */
  async ok<T = Json>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.call<T>(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }
}

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/** A new user of their own, signed in. */
export async function registered(
  app: Pick<TestApp, 'url'>,
  email = `user${++people}-${Date.now().toString(36)}@example.com`,
): Promise<Client> {
  return signedIn(app, 'register', { email, password: PASSWORD });
}

/** The first administrator, signed in. */
export const administrator = (app: Pick<TestApp, 'url'>): Promise<Client> => signedIn(app, 'login', ADMIN);

async function signedIn(
  { url }: Pick<TestApp, 'url'>,
  how: 'register' | 'login',
  account: { email: string; password: string },
): Promise<Client> {
  const { accessToken, user } = await new Client(url).ok<{ accessToken: string; user: Client['user'] }>(
    'POST',
    `/api/v1/auth/${how}`,
    account,
  );
  return new Client(url, accessToken, user);
}
