import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ADMIN } from './app.js';

const MAIN = path.resolve('dist/src/main.js');

export interface InstanceOptions {
  /** Of the embedded database and the secrets. */
  readonly directory: string;
  /** A database elsewhere; null: the embedded one. */
  readonly databaseUrl?: string | null;
  /** Further settings, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Operating-system user; the one that runs the tests when left out. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
}

/** Engram as it is started in earnest: the built program, in a process of its own. */
export class Instance {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly url: string,
    /** What it wrote to its log, so far. */
    readonly log: () => string,
  ) {}

  /** @throws an error with what it wrote, when it ends before it is ready. */
  static async start(options: InstanceOptions): Promise<Instance> {
    const child = begin(options);
    let told = '';
    const hear = (text: Buffer): void => {
      told += text.toString();
    };
    child.stderr?.on('data', hear);
    child.stdout?.on('data', hear);
    const { stdout } = child;
    if (stdout === null) throw new Error('no output to read');
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`ended with ${code}: ${told}`)));
      createInterface({ input: stdout }).on('line', (line) => {
        const [, address] = /ready: (http:\S+)/.exec(line) ?? [];
        if (address !== undefined) resolve(address);
      });
    });
    return new Instance(child, options.directory, url, () => told);
  }

  /** As `kill -9` and the kernel's out-of-memory killer do: nothing is tidied up. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }

  /** The same, with the embedded server and all of its processes, as when the machine goes down. */
  async killWithDatabase(): Promise<void> {
    const family = databaseFamilyOf(this.directory);
    this.child.kill('SIGKILL');
    for (const pid of family) signal(pid, 'SIGKILL');
    await this.ended();
  }

  /** The embedded server's first process, or all of them; this program goes on. */
  killDatabase(which: 'first' | 'all'): void {
    for (const pid of databaseFamilyOf(this.directory).slice(0, which === 'first' ? 1 : undefined)) {
      signal(pid, 'SIGKILL');
    }
  }

  /** Orderly; gives the exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    await this.ended();
    return this.child.exitCode;
  }

  private async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

function begin({ directory, databaseUrl = null, settings = {}, runAs }: InstanceOptions): ChildProcess {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there: build first (npm test does)`);
  return spawn(process.execPath, [MAIN], {
    ...runAs,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: directory,
      DATABASE_URL: databaseUrl ?? '',
      PORT: '0',
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_MINUTE: '0',
      SIGN_IN_LIMIT_PER_MINUTE: '0',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The process of the embedded server that works in the directory; null: none. */
export function postmasterOf(directory: string): number | null {
  try {
    const pid = Number(readFileSync(path.join(directory, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    return signal(pid, 0) ? pid : null;
  } catch {
    return null;
  }
}

function databaseFamilyOf(directory: string): number[] {
  const server = postmasterOf(directory);
  return server === null ? [] : [server, ...childrenOf(server)];
}

function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return child !== undefined && parent === pid ? [child] : [];
  });
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
