import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';

const root = path.resolve(import.meta.dirname, '../..');
const checking = process.argv.includes('--check');

/** Writes a generated file, or with `--check` fails when what is there differs. */
export async function keep(file, content, { parser } = {}) {
  const options = await prettier.resolveConfig(path.join(root, file));
  const text = parser === undefined ? content : await prettier.format(content, { ...options, parser });
  const target = path.join(root, file);
  if (!checking) {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    console.log(`${file}: written`);
    return;
  }
  const kept = read(target);
  if (kept === text) {
    console.log(`${file}: as generated`);
    return;
  }
  const lines = text.split('\n');
  const old = kept.split('\n');
  const at = lines.findIndex((line, index) => line !== old[index]);
  console.error(
    `${file} differs from what the sources give, first at line ${at + 1}:\n- ${old[at] ?? '(end)'}\n+ ${lines[at] ?? '(end)'}\nRun \`npm run generate\` and review the difference.`,
  );
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
