import { llmSettings, type LlmSettings } from './llm-settings.js';
import { type Values, VARIABLES } from './settings.js';
import type { Variable } from './variables.js';

/** The settings of one process, typed. Injected by this class; made by `loadConfig` only. */
export class Config {
  readonly port: number;
  readonly host: string;
  readonly database: {
    /** null = embedded. */
    readonly url: string | null;
    readonly ssl: 'disable' | 'require' | 'verify';
    readonly sslCa: string | null;
    readonly poolSize: number;
    readonly statementTimeoutMs: number;
  };
  readonly cache: {
    /** null = none. */
    readonly redisUrl: string | null;
    readonly bytes: number;
  };
  /** null = the default (see `dataDirectory`). */
  readonly dataDir: string | null;
  readonly embeddedUser: string | null;
  readonly admin: { readonly email: string; readonly password: string | null };
  /** null = generated once and kept in the data directory. */
  readonly jwtSecret: string | null;
  readonly tokens: { readonly accessMinutes: number; readonly refreshDays: number };
  readonly registration: 'open' | 'closed';
  /** Requests a minute; 0 = none. */
  readonly limits: { readonly perUser: number; readonly signIn: number };
  readonly trustProxy: boolean;
  readonly corsOrigins: readonly string[];
  readonly bodyLimitBytes: number;
  readonly uploadLimitBytes: number;
  readonly documents: {
    readonly limitBytes: number;
    readonly reading: boolean;
    readonly parseSeconds: number;
    /** 0 = no limit. */
    readonly perUser: { readonly count: number; readonly bytes: number };
  };
  readonly reports: { readonly perUser: number; readonly making: boolean; readonly seconds: number };
  readonly datasets: {
    readonly queryTimeoutMs: number;
    readonly rowLimit: number;
    readonly versionsKept: number;
    readonly versionsKeptBytes: number;
  };
  readonly sources: {
    readonly hosts: readonly string[];
    readonly refreshMs: number;
    /** null = generated once and kept in the data directory. */
    readonly secretsKey: string | null;
  };
  readonly llm: LlmSettings;
  /** Tokens for one question, everything included; and how the parts share what the first ones leave. */
  readonly context: { readonly tokens: number; readonly shares: Values['CONTEXT_SHARES'] };
  readonly memory: {
    /** 0 = only when somebody searches. */
    readonly indexSeconds: number;
    readonly learning: boolean;
    readonly summaries: boolean;
    readonly titles: boolean;
    readonly shortTerm: { readonly windowHours: number; readonly ttlHours: number };
  };
  readonly runs: {
    readonly leaseSeconds: number;
    readonly keepEventsSeconds: number;
    readonly shutdownGraceMs: number;
  };
  readonly logLevel: Values['LOG_LEVEL'];

  constructor(values: Values, llm: LlmSettings) {
    this.port = values.PORT;
    this.host = values.HOST ?? '127.0.0.1';
    this.database = {
      url: values.DATABASE_URL,
      ssl: values.DATABASE_SSL,
      sslCa: values.DATABASE_SSL_CA,
      poolSize: values.DATABASE_POOL_SIZE,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
    };
    this.cache = { redisUrl: values.REDIS_URL, bytes: values.CACHE_MB * 1024 * 1024 };
    this.dataDir = values.DATA_DIR;
    this.embeddedUser = values.EMBEDDED_PG_USER;
    this.admin = { email: values.ADMIN_EMAIL ?? 'admin@engram.local', password: values.ADMIN_PASSWORD };
    this.jwtSecret = values.JWT_SECRET;
    this.tokens = { accessMinutes: values.ACCESS_TOKEN_MINUTES, refreshDays: values.REFRESH_TOKEN_DAYS };
    this.registration = values.REGISTRATION;
    this.limits = { perUser: values.RATE_LIMIT_PER_MINUTE, signIn: values.SIGN_IN_LIMIT_PER_MINUTE };
    this.trustProxy = values.TRUST_PROXY;
    this.corsOrigins = values.CORS_ORIGINS;
    this.bodyLimitBytes = values.BODY_LIMIT_KB * 1024;
    this.uploadLimitBytes = values.UPLOAD_LIMIT_MB * 1024 * 1024;
    this.datasets = {
      queryTimeoutMs: values.DATASET_QUERY_TIMEOUT_MS,
      rowLimit: values.DATASET_ROW_LIMIT,
      versionsKept: values.DATASET_VERSIONS_KEPT,
      versionsKeptBytes: values.DATASET_VERSIONS_MB * 1024 * 1024,
    };
    this.documents = {
      limitBytes: values.DOCUMENT_LIMIT_MB * 1024 * 1024,
      reading: values.DOCUMENT_READING,
      parseSeconds: values.DOCUMENT_PARSE_SECONDS,
      perUser: { count: values.DOCUMENTS_PER_USER, bytes: values.DOCUMENTS_MB_PER_USER * 1024 * 1024 },
    };
    this.sources = {
      hosts: values.EXTERNAL_SOURCES_HOSTS,
      refreshMs: values.EXTERNAL_SOURCES_REFRESH_MINUTES * 60_000,
      secretsKey: values.SECRETS_KEY,
    };
    this.reports = {
      perUser: values.REPORTS_PER_USER,
      making: values.REPORTS_MAKING,
      seconds: values.REPORT_SECONDS,
    };
    this.llm = llm;
    this.context = { tokens: values.CONTEXT_TOKENS, shares: values.CONTEXT_SHARES };
    this.memory = {
      learning: values.MEMORY_LEARNING,
      summaries: values.MEMORY_SUMMARIES,
      titles: values.CONVERSATION_TITLES,
      indexSeconds: values.MEMORY_INDEX_SECONDS,
      shortTerm: {
        windowHours: values.MEMORY_SHORT_TERM_WINDOW_HOURS,
        ttlHours: values.MEMORY_SHORT_TERM_TTL_HOURS,
      },
    };
    this.runs = {
      leaseSeconds: values.RUN_LEASE_SECONDS,
      keepEventsSeconds: values.RUN_EVENTS_KEEP_SECONDS,
      shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    };
    this.logLevel = values.LOG_LEVEL;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings. Throws one error that names every bad variable and what would be right. */
export function loadConfig(env: Environment): Config {
  const bad: string[] = [];
  const values = Object.entries<Variable<unknown>>(VARIABLES).map(([name, variable]) => {
    const given = env[name]?.trim();
    if (given === undefined || given === '') return [name, variable.fallback];
    try {
      return [name, variable.parse(given)];
    } catch (error) {
      bad.push(`  ${name}: must be ${(error as Error).message}`);
      return [name, variable.fallback];
    }
  });
  const read = Object.fromEntries(values) as Values;
  const llm = llmSettings(read, env, bad);
  if (bad.length > 0) throw new Error(`These settings are not usable:\n${[...new Set(bad)].join('\n')}`);
  return new Config(read, llm);
}
