import 'reflect-metadata';
import { sweepTemporary } from './common/temporary.js';
import { Config, loadConfig } from './config/config.js';
import { dataDirectory } from './config/data-directory.js';
import { EmbeddedCluster } from './database/embedded/cluster.js';
import { serve, startSmall } from './heap.js';

await start().catch((error: unknown) => {
  process.stderr.write(`Engram did not start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function start(): Promise<void> {
  const config: Config = loadConfig(process.env);
  startSmall();
  const { createApp } = await import('./app.js'); // nearly all that is loaded, so only now
  const cluster =
    config.database.url === null
      ? await EmbeddedCluster.open({ directory: dataDirectory(config), user: config.embeddedUser })
      : null;
  let app;
  try {
    void sweepTemporary().catch(() => undefined); // a start does not depend on it
    app = await createApp(config, config.database.url ?? cluster?.url ?? '');
    await app.listen(config.port, config.host);
    serve();
  } catch (error) {
    await cluster?.stop();
    throw error;
  }

  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      // Requests under way get their answers; a client that never ends does not hold the shutdown up.
      setTimeout(() => process.exit(1), 25_000).unref();
      void app
        .close()
        .then(() => cluster?.stop())
        .then(() => process.exit(0));
    });
  }

  // Last: whoever waits for this line may end us the moment it comes.
  const address = await app.getUrl();
  process.stdout.write(`Engram is ready: ${address} · API under ${address}/docs\n`);
}
