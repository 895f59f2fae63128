import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { keptSecret } from '../../config/data-directory.js';
import { type Owner, serverOwner } from './owner.js';
import { installRuntime } from './runtime.js';

const SUPERUSER = 'engram';
const DATABASE = 'engram';
/** Any constant: held by the process that owns the data directory, for as long as it lives. */
const OWNER_LOCK = 7_305_411;
const START_TIMEOUT_MS = 60_000;

export interface ClusterOptions {
  /** Ours alone; `postgresql-…` (the binaries) and `postgres/` (data, password, log) are made in it. */
  readonly directory: string;
  readonly user: string | null;
  /** Server settings on top of the defaults, for tests (`{ fsync: 'off' }`). */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The embedded PostgreSQL: one server process under a data directory, looked after by us.
 *
 * Our process may be killed at any moment and leave the server running; the next start adopts it. The server may be
 * killed too; it is started again on the same port, so that pools reconnect by themselves.
 */
export class EmbeddedCluster {
  private owner: Client | null = null;
  /** The server, where this process started it rather than adopted it. */
  private server: ChildProcess | null = null;
  private recovering: Promise<void> = Promise.resolve();
  private stopping = false;
  private stopped: Promise<void> | null = null;
  private port = 0;

  private constructor(
    private readonly options: ClusterOptions,
    private readonly runtime: string,
    private readonly runAs: Owner,
    private readonly password: string,
  ) {}

  /** Starts or adopts the server. Throws when another Engram already uses the directory. */
  static async open(options: ClusterOptions): Promise<EmbeddedCluster> {
    const home = path.join(options.directory, 'postgres');
    mkdirSync(home, { recursive: true, mode: 0o755 });
    const cluster = new EmbeddedCluster(
      options,
      installRuntime(options.directory),
      serverOwner(path.join(home, 'data'), options.user),
      keptSecret(home, 'password'),
    );
    await cluster.initialise();
    await cluster.ensureRunning({ movable: true });
    await cluster.own();
    return cluster;
  }

  get url(): string {
    return this.urlOf(DATABASE);
  }

  /** Orderly: open transactions are rolled back, everything committed is on disk, the process is gone. */
  async stop(): Promise<void> {
    this.stopped ??= this.end();
    await this.stopped;
  }

  private async end(): Promise<void> {
    this.stopping = true;
    await this.owner?.end().catch(() => undefined);
    await this.recovering; // else a server that is just being brought back would stay
    const pid = this.runningServer()?.pid;
    if (pid === undefined) return;
    signal(pid, 'SIGINT');
    for (const until = Date.now() + 20_000; this.isThere(pid) && Date.now() < until;) await sleep(10);
  }

  /** Not by its pid file, which the server removes a moment before it ends. */
  private isThere(pid: number): boolean {
    return this.server?.pid === pid ? !ended(this.server) : isAlive(pid);
  }

  private get home(): string {
    return path.join(this.options.directory, 'postgres');
  }

  private get data(): string {
    return path.join(this.home, 'data');
  }

  private get pidFile(): string {
    return path.join(this.data, 'postmaster.pid');
  }

  private urlOf(database: string): string {
    return `postgres://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  private async initialise(): Promise<void> {
    if (existsSync(this.data)) return;
    const fresh = path.join(this.home, 'data.new');
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    const passwordFile = path.join(this.home, 'password.init');
    writeFileSync(passwordFile, this.password, { mode: 0o600 });
    const { uid, gid } = this.runAs;
    if (uid !== undefined && gid !== undefined) {
      chownSync(fresh, uid, gid);
      chownSync(passwordFile, uid, gid);
    }
    const initdb = path.join(this.runtime, 'bin', 'initdb');
    const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin'];
    try {
      await promisify(execFile)(
        initdb,
        [
          '-D',
          fresh,
          '-U',
          SUPERUSER,
          '--pwfile',
          passwordFile,
          ...flags,
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
        ],
        { ...this.runAs, cwd: '/' },
      );
    } catch (error) {
      throw new Error(`The embedded database could not be made in ${this.home}: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      rmSync(passwordFile, { force: true });
    }
    renameSync(fresh, this.data); // a half-made cluster never gets the final name
  }

  /** Adopts the server that answers, else starts one. `movable`: at another port, where the one it had stays taken. */
  private async ensureRunning({ movable }: { movable: boolean }): Promise<void> {
    const until = Date.now() + START_TIMEOUT_MS;
    for (let attempt = 0; Date.now() < until && !this.stopping; attempt++) {
      const running = this.runningServer();
      if (running !== null) {
        this.port = running.port;
        if (await this.answers()) return;
      }
      if (this.port === 0 || (movable && attempt % 5 === 4)) this.port = await freePort();
      if (await this.start()) return;
      // The port was taken, or the shared memory of a killed server still lingers: wait a little and try again.
      await sleep(Math.min(50 * 2 ** attempt, 1_000));
    }
    throw new Error(`The embedded database did not start; its log ends:\n${this.logTail()}`);
  }

  private async start(): Promise<boolean> {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      max_connections: '200',
      ...this.options.settings,
    };
    const log = openSync(this.logFile, 'a');
    const server = spawn(
      path.join(this.runtime, 'bin', 'postgres'),
      ['-D', this.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...this.runAs, cwd: '/', detached: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    server.unref();
    this.server = server;
    for (const until = Date.now() + START_TIMEOUT_MS; !ended(server) && Date.now() < until; await sleep(10)) {
      if (await this.answers()) return true;
    }
    return false;
  }

  /** True once our database answers with our password. */
  private async answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.urlOf('postgres'), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Takes the directory for this process, and brings the server back when its end of the connection goes away. */
  private async own(): Promise<void> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SET statement_timeout = 0');
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [OWNER_LOCK]);
    if (rows[0]?.mine !== true) {
      await client.end();
      throw new Error(
        `Another Engram is already running on ${this.options.directory}. Stop it first, or give this one a DATA_DIR or a DATABASE_URL of its own.`,
      );
    }
    client.on('end', () => {
      if (!this.stopping) this.recovering = this.recover();
    });
    this.owner = client;
  }

  private async recover(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.ensureRunning({ movable: false }); // pools know this port
        await this.own();
        return;
      } catch {
        await sleep(500);
      }
    }
  }

  /** From the server's own pid file: line 1 its process, line 4 its port. */
  private runningServer(): { pid: number; port: number } | null {
    try {
      const [pid, , , port] = readFileSync(this.pidFile, 'utf8').split('\n').map(Number);
      return pid !== undefined && port !== undefined && port > 0 && isAlive(pid) ? { pid, port } : null;
    } catch {
      return null;
    }
  }

  private get logFile(): string {
    return path.join(this.home, 'postgres.log');
  }

  private logTail(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-600) : '(empty)';
  }
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** A process that has ended and that nobody waits for (its parent was killed, and none adopts) only has its number left. */
function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true; // not Linux
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
