/** `npm run check`: every check that needs no test, in order; stops at the first that fails. */
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'prettier --check .'],
  ['lint', 'oxlint --type-aware --max-warnings 0 .'],
  ['types', 'tsc --noEmit'],
  ['layers', 'depcruise src migrations eval bench --config .dependency-cruiser.cjs'],
  ['build', 'nest build'],
  // After the build, which the scripts import.
  ['unused code', 'knip'],
  ['settings (.env.example)', 'node scripts/env-example.mjs --check'],
  ['API document', 'node scripts/openapi.mjs --check'],
  ['API document, rules', 'redocly lint test/snapshots/openapi.json'],
  ["README's example", 'node scripts/readme.mjs --check'],
  ['entities against migrations, SQL', 'node scripts/sql.mjs --check'],
];

for (const [name, command] of steps) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', ...command.split(' ')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) {
    console.log(stdout + stderr);
    process.exit(1);
  }
}
