/** Writes into README what its example prints, by running it against a fresh instance; `--check` fails when it differs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { freshInstance } from './lib/instance.mjs';
import { keep } from './lib/keep.mjs';

const readme = readFileSync('README.md', 'utf8');
const [, before, script, , after] =
  /^(.*```sh\n(url=.*?)\n```\n\n)(.*?)(\n\nEach answer also carries.*)$/s.exec(readme) ?? [];
if (script === undefined) throw new Error('README has no example that begins with "url="');

const instance = await freshInstance();
try {
  const printed = execFileSync('bash', ['-c', script.replace('http://localhost:3000', instance.url)], {
    encoding: 'utf8',
  });
  await keep('README.md', `${before}\`\`\`text\n${printed.trimEnd()}\n\`\`\`${after}`);
} finally {
  await instance.stop();
}
