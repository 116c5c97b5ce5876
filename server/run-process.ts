import { loadConfig, type Config } from "./config.ts";
import { stopOnSignals } from "./stop-on-signals.ts";
import { formatStartError } from "./terminal.ts";

/**
 * Runs a program of ours until a signal: reads the configuration, starts, and at SIGTERM or SIGINT stops what was
 * started, in reverse order. A start that fails says why, undoes itself and exits with 1; a signal that comes
 * during the start is obeyed once it is over, so that nothing (a database) is left behind.
 */
export async function runProcess(
  name: string,
  start: (config: Config, closers: AsyncDisposableStack) => Promise<void>,
): Promise<void> {
  const closers = new AsyncDisposableStack();
  const starting = Promise.withResolvers<void>();
  stopOnSignals(async () => {
    process.stdout.write("\nStopping …\n");
    await starting.promise;
    await closers.disposeAsync();
  });
  try {
    await start(loadConfig(process.env), closers);
    starting.resolve();
  } catch (thrown) {
    process.stderr.write(`\n${name} did not start.\n${formatStartError(thrown)}\n`);
    await closers.disposeAsync();
    process.exit(1);
  }
}
