import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Reading } from './probe.js';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A server in a process of its own, watched by the probe. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** `file` relative to this folder; `flags` of Node. The server prints `ready: <its URL>` once it listens. */
  static async start(
    file: string,
    environment: Readonly<Record<string, string>>,
    flags: readonly string[] = [],
  ): Promise<Server> {
    const child = fork(here(file), {
      execArgv: ['--import', new URL('./probe.js', import.meta.url).href, ...flags],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
      if (child.stdout === null) throw new Error('no output to read');
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, url] = /ready: (http:\S+)/.exec(line) ?? [];
        if (url !== undefined) resolve(url);
      });
    });
    return new Server(child, url);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async read(): Promise<Reading> {
    this.child.send('read');
    const [reading] = (await once(this.child, 'message')) as [Reading];
    return reading;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
