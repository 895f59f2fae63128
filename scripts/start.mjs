/** `npm start`: builds when the sources are newer than the build, then runs it in this process. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const main = path.join(root, 'dist/src/main.js');

const newest = (directory) =>
  Math.max(
    ...readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
  );

const sources = ['src', 'migrations'].map((name) => path.join(root, name));
const isStale = () => sources.every(existsSync) && statSync(main).mtimeMs < Math.max(...sources.map(newest));

if (!existsSync(main) || isStale()) {
  console.log('Building…');
  execFileSync(process.execPath, [path.join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
}
await import(main);
