import { readFileSync } from 'node:fs';
import { types, type CustomTypesConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/list.js';
import type { Config } from '../config/config.js';
import { PlainNames } from './naming.js';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const anyTime = types.getTypeParser(types.builtins.TIMESTAMPTZ);

/** Times in the server's usual zone, UTC, are nearly what JavaScript reads by itself, faster than the driver's parser for all forms. */
const time = (text: string): unknown =>
  /^\d{4}-.+\+00$/.test(text) ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : anyTime(text);

/** Numbers come as numbers: our bigints are counters and row numbers, our numerics are results; dates stay text, without a time zone to shift them. */
const PARSERS = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, Number],
  [types.builtins.NUMERIC, Number],
  [types.builtins.DATE, String],
  [types.builtins.TIMESTAMPTZ, time],
]);

const parsers: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => PARSERS.get(oid) ?? types.getTypeParser(oid, format),
};

/** How TypeORM and its pool reach the database at `url`. */
export function connectionOptions(url: string, config: Config['database']): PostgresOptions {
  return {
    type: 'postgres',
    url,
    ssl: sslOf(config),
    namingStrategy: new PlainNames(),
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    poolSize: config.poolSize,
    applicationName: 'engram',
    extra: {
      types: parsers,
      statement_timeout: config.statementTimeoutMs,
      // A connection that waits this long for a free place in the pool is an answer of its own: 503.
      connectionTimeoutMillis: 10_000,
    },
  };
}

function sslOf({ ssl, sslCa }: Config['database']): PostgresOptions['ssl'] {
  if (ssl === 'disable') return false;
  if (ssl === 'require') return { rejectUnauthorized: false };
  return sslCa === null ? { rejectUnauthorized: true } : { rejectUnauthorized: true, ca: readFileSync(sslCa, 'utf8') };
}
