import { Problem } from '../../common/problem.js';
import type { SourceSsl } from './source.entity.js';

/** Where a source is and who signs in there. */
export interface SourceAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly ssl: SourceSsl;
}

const SSL_MODES: Readonly<Record<string, SourceSsl>> = {
  disable: 'disable',
  require: 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
};

/**
 * The parts of `postgres://user:password@host:port/database?sslmode=verify-full`. No other option is taken: the driver would read
 * files and sockets of this machine at a client's wish.
 * @throws {422} source_url_invalid; never with the text itself, which has a password in it
 */
export function parseAddress(url: string): SourceAddress {
  if (!/^postgres(?:ql)?:\/\//i.test(url) || !URL.canParse(url))
    throw invalid('must be like postgres://user:password@host:5432/database');
  const { hostname, port, pathname, username, password, searchParams, hash } = new URL(url);
  const others = [...searchParams.keys()].filter((name) => name !== 'sslmode');
  if (others.length > 0 || hash !== '')
    throw invalid(`the only option that is understood is sslmode${others.length > 0 ? `, not ${others[0]}` : ''}`);
  const mode = searchParams.get('sslmode') ?? 'require';
  const ssl = Object.hasOwn(SSL_MODES, mode) ? SSL_MODES[mode] : undefined;
  if (ssl === undefined) throw invalid(`sslmode must be one of ${Object.keys(SSL_MODES).join(', ')}`);
  const [host, user, database] = [decoded(hostname), decoded(username), decoded(pathname.slice(1))];
  if (host === '' || host.startsWith('/')) throw invalid('must name a host');
  if (user === '') throw invalid('must name the user to sign in as');
  if (database === '' || database.includes('/')) throw invalid('must name one database');
  return {
    host: host.toLowerCase().replace(/^\[|\]$/g, ''),
    port: port === '' ? 5432 : Number(port),
    database,
    username: user,
    password: decoded(password),
    ssl,
  };
}

/**
 * Only servers that the operator named: else whoever administers this service could reach into the network around it.
 * @throws {422} sources_off (none is named) · source_not_allowed
 */
export function requireAllowed({ host, port }: Pick<SourceAddress, 'host' | 'port'>, allowed: readonly string[]): void {
  if (allowed.length === 0) {
    throw new Problem(
      422,
      'sources_off',
      'External sources are off here: the setting EXTERNAL_SOURCES_HOSTS names no server.',
    );
  }
  const bare = host.includes(':') ? `[${host}]` : host;
  const named = allowed.some((one) => [host, bare, `${bare}:${port}`].includes(one.toLowerCase()));
  if (named) return;
  throw new Problem(
    422,
    'source_not_allowed',
    `The server ${bare}:${port} is not among those that the setting EXTERNAL_SOURCES_HOSTS names.`,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('has a % that stands for nothing; write it as %25');
  }
}

const invalid = (message: string): Problem =>
  new Problem(422, 'source_url_invalid', `The url ${message}.`, { errors: [{ path: 'url', message }] });
