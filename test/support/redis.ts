import net from 'node:net';

/** A Redis for tests, in a part of its own; null where none answers. */
export async function redisForTests(): Promise<string | null> {
  const { hostname, port } = new URL(process.env['ENGRAM_TEST_REDIS'] ?? 'redis://127.0.0.1:6379');
  const answer = await new Promise<string>((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port) }, () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (text) => {
      resolve(text.toString());
      socket.destroy();
    });
    socket.once('error', () => resolve(''));
    socket.once('close', () => resolve(''));
  });
  return answer.startsWith('+PONG') ? `redis://${hostname}:${port}/14` : null;
}

/** Stands between a program and a server, and can be cut. */
export class Cable {
  private readonly pairs = new Set<readonly [net.Socket, net.Socket]>();
  private state: 'whole' | 'cut' | 'silent' = 'whole';

  private constructor(
    private readonly server: net.Server,
    readonly port: number,
  ) {}

  static async to(host: string, port: number): Promise<Cable> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cable = new Cable(server, (server.address() as net.AddressInfo).port);
    server.on('connection', (near) => cable.join(near, net.connect(port, host)));
    return cable;
  }

  /** Connections are broken, and new ones as well. */
  cut(): void {
    this.state = 'cut';
    for (const pair of this.pairs) for (const end of pair) end.destroy();
  }

  /** Nothing comes through any more, and nobody is told. */
  silence(): void {
    this.state = 'silent';
  }

  /** New connections work; those that were silenced stay so. */
  mend(): void {
    this.cut();
    this.state = 'whole';
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: net.Socket, far: net.Socket): void {
    const pair = [near, far] as const;
    if (this.state === 'cut') {
      for (const end of pair) end.destroy();
      return;
    }
    this.pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => {
        if (this.state === 'whole') to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
    }
  }
}
