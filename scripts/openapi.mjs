/** Writes the API document that the build makes, keys sorted, to test/snapshots; `--check` fails when it differs. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { keep } from './lib/keep.mjs';

const { AppModule } = await import('../dist/src/app.module.js');
const { loadConfig } = await import('../dist/src/config/config.js');
const { apiDocument } = await import('../dist/src/docs.js');

// Preview: the modules are read and nothing is started, so neither a database nor a secret is needed.
const app = await NestFactory.create(AppModule.with(loadConfig({}), ''), new FastifyAdapter(), {
  preview: true,
  logger: false,
  abortOnError: false,
});
await keep('test/snapshots/openapi.json', `${JSON.stringify(sorted(apiDocument(app)), null, 2)}\n`);

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
