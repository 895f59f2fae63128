import { LLM_VARIABLES } from './llm-settings.js';
import { flag, integer, list, oneOf, shares, text, type Variable } from './variables.js';

/** Every variable Engram reads. `.env.example` is written from this list (`npm run generate`). */
export const VARIABLES = {
  PORT: integer('Port to listen on; 0 takes a free one.', 3000, 0, 65_535),
  HOST: text('Address to listen on. 127.0.0.1 keeps it to this machine, 0.0.0.0 opens it to the network.', '127.0.0.1'),
  DATABASE_URL: text(
    'A PostgreSQL 15+ server. Empty: an embedded PostgreSQL under DATA_DIR is started and looked after.',
    '',
    { test: (value) => /^postgres(ql)?:\/\//.test(value), hint: 'postgres://user:password@host:5432/database' },
  ),
  DATABASE_SSL: oneOf(
    'TLS to the server: disable, require (encrypt, do not check the certificate) or verify (check it).',
    'disable',
    ['disable', 'require', 'verify'],
  ),
  DATABASE_SSL_CA: text('File with the certificate authority for DATABASE_SSL=verify, when it is a private one.'),
  DATABASE_POOL_SIZE: integer(
    'Connections to the database that this process may hold; analytical queries take up to a quarter more.',
    16,
    2,
    500,
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: integer('A statement is cancelled after this long.', 30_000, 100, 3_600_000),
  REDIS_URL: text(
    'A Redis that all instances on one database share: with it they answer what is read often from memory. Without it only an instance that is alone on its database does. redis:// or, with TLS, rediss://.',
    '',
    { test: isRedisUrl, hint: 'redis://user:password@host:6379/0' },
  ),
  CACHE_MB: integer('Memory for answers that are read often; 0 = each is made anew.', 16, 0, 4_096),
  DATA_DIR: text(
    'Where the embedded database and generated secrets live. Empty: ./data, or /var/lib/engram for root when the project lies where no other user can reach.',
  ),
  EMBEDDED_PG_USER: text(
    'Operating-system user that the embedded database runs as when Engram is started by root (PostgreSQL refuses root). Empty: postgres, node or nobody.',
  ),
  ADMIN_EMAIL: text('The first administrator, made at first start. Empty: admin@engram.local.', '', {
    test: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
    hint: 'an e-mail address',
  }),
  ADMIN_PASSWORD: text('Their password. Empty: one is generated and printed once, at first start.', '', {
    test: (value) => value.length >= 10 && value.length <= 200,
    hint: '10 to 200 characters',
  }),
  JWT_SECRET: text('Signs access tokens; the same on every instance. Empty: generated once and kept in DATA_DIR.', '', {
    test: (value) => value.length >= 32,
    hint: 'at least 32 characters (openssl rand -base64 48)',
  }),
  ACCESS_TOKEN_MINUTES: integer('How long an access token is good for.', 15, 1, 1_440),
  REFRESH_TOKEN_DAYS: integer('How long one may stay signed in without signing in again.', 30, 1, 365),
  REGISTRATION: oneOf('Whether anyone may make an account (open) or only admins (closed).', 'open', ['open', 'closed']),
  RATE_LIMIT_PER_MINUTE: integer('Requests a minute for one user; 0 = no limit.', 600, 0, 10_000_000),
  SIGN_IN_LIMIT_PER_MINUTE: integer(
    'Attempts to sign in or register a minute, for one account and for one address; 0 = no limit.',
    10,
    0,
    1_000_000,
  ),
  TRUST_PROXY: flag('Take the client address from X-Forwarded-For; only behind a proxy of yours that sets it.', false),
  CORS_ORIGINS: list(
    'Origins whose pages may call the API, with commas between; * for any.',
    'https://app.example.com',
  ),
  BODY_LIMIT_KB: integer('Largest JSON body.', 1_024, 16, 102_400),
  UPLOAD_LIMIT_MB: integer('Largest file to upload.', 100, 1, 10_240),
  DATASET_QUERY_TIMEOUT_MS: integer('An analytical query is cancelled after this long.', 5_000, 50, 600_000),
  DATASET_ROW_LIMIT: integer('Rows that one analytical query may return.', 1_000, 10, 10_000),
  DOCUMENT_LIMIT_MB: integer('Largest document (PDF, Word, HTML, Markdown, text) to upload.', 32, 1, 256),
  DOCUMENTS_PER_USER: integer(
    'Documents that one user may keep, those in shared collections not counted; 0 = no limit.',
    2_000,
    0,
    10_000_000,
  ),
  DOCUMENTS_MB_PER_USER: integer(
    'Room for the files of the documents that one user keeps, as uploaded; 0 = no limit.',
    1_024,
    0,
    10_485_760,
  ),
  DOCUMENT_READING: flag('Whether this instance reads uploaded documents; at least one of all has to.', true),
  DOCUMENT_PARSE_SECONDS: integer('A document that is not read after this long is given up.', 120, 1, 3_600),
  REPORTS_PER_USER: integer('Reports that one user may keep.', 200, 1, 100_000),
  REPORTS_MAKING: flag('Whether this instance makes reports; at least one of all has to.', true),
  REPORT_SECONDS: integer('A report that is not made after this long is given up.', 300, 5, 86_400),
  DATASET_VERSIONS_KEPT: integer(
    'How many versions of the rows of each data set can be read, the current one included.',
    5,
    1,
    1_000,
  ),
  DATASET_VERSIONS_MB: integer(
    'Room on disk for the versions of the rows of each data set; the current one is kept whatever it takes.',
    2_048,
    1,
    10_485_760,
  ),
  EXTERNAL_SOURCES_HOSTS: list(
    'Servers that administrators may register as sources of data, with commas between: PostgreSQL databases that are read, never written. A host, or host:port. Empty: none may be.',
    'warehouse.example.com:5432',
  ),
  EXTERNAL_SOURCES_REFRESH_MINUTES: integer(
    'What columns and values the tables of such sources have is looked at again after this long.',
    60,
    1,
    43_200,
  ),
  SECRETS_KEY: text(
    'Encrypts the passwords of such sources; the same on every instance. Empty: generated once and kept in DATA_DIR.',
    '',
    { test: (value) => value.length >= 32, hint: 'at least 32 characters (openssl rand -base64 48)' },
  ),
  ...LLM_VARIABLES,
  CONTEXT_TOKENS: integer(
    'Tokens that a language model is given for one question, with persona, memory and the conversation.',
    6_000,
    500,
    1_000_000,
  ),
  CONTEXT_SHARES: shares(
    'How they are shared out, once question, persona and the turn before have theirs: facts about the user, the conversation itself, earlier results, recalled messages, the summary. What one leaves goes to the conversation, then to recalled messages.',
    { facts: 0.1, window: 0.45, results: 0.1, recalled: 0.25, summary: 0.1 },
  ),
  MEMORY_LEARNING: flag(
    'Facts about a user are learned from what they say; each user can switch it off for themself.',
    true,
  ),
  MEMORY_SUMMARIES: flag(
    'Long conversations are summarized in the background, by the language model where one is set up.',
    true,
  ),
  CONVERSATION_TITLES: flag(
    'A conversation gets a better title after its first answer, by the language model where one is set up.',
    true,
  ),
  MEMORY_SHORT_TERM_WINDOW_HOURS: integer(
    'Short-term memory: what a user said in this many hours, in whatever conversation; 0 = none.',
    24,
    0,
    8_760,
  ),
  MEMORY_SHORT_TERM_TTL_HOURS: integer(
    'A conversation leaves short-term memory this many hours after its last message, whatever the window.',
    24,
    0,
    8_760,
  ),
  RUN_LEASE_SECONDS: integer(
    'An instance that has not been heard of for this long is taken for dead; its runs are interrupted.',
    15,
    1,
    600,
  ),
  RUN_EVENTS_KEEP_SECONDS: integer(
    'Events of a run that has ended can be read again for this long; after it, only its outcome.',
    3_600,
    0,
    31_536_000,
  ),
  MEMORY_INDEX_SECONDS: integer(
    'How often new messages are made findable in the background; 0 = only when somebody searches.',
    10,
    0,
    3_600,
  ),
  SHUTDOWN_GRACE_MS: integer(
    'How long an orderly stop waits for answers that are being worked out.',
    5_000,
    0,
    600_000,
  ),
  LOG_LEVEL: oneOf('debug also logs message text; the others never do.', 'info', [
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'silent',
  ]),
} as const satisfies Record<string, Variable<unknown>>;

function isRedisUrl(value: string): boolean {
  return /^rediss?:\/\/[^/?#]/.test(value) && URL.canParse(value) && /^(?:\/\d*)?$/.test(new URL(value).pathname);
}

/** What was read of them. */
export type Values = { readonly [K in keyof typeof VARIABLES]: (typeof VARIABLES)[K]['fallback'] };

/** The text of `.env.example`. */
export function environmentExample(): string {
  const entries = Object.entries<Variable<unknown>>(VARIABLES).map(
    ([name, { about, example }]) => `# ${about}\n# ${name}=${example}\n`,
  );
  return `# Every setting, with its default. Copy to .env and uncomment what you change.\n\n${entries.join('\n')}`;
}
