import { once } from 'node:events';
import type { CommandContext } from '../commands/command.js';
import { orInterrupted } from '../signals.js';
import { workerStarter } from './fork-worker.js';
import { createWorkerPool } from './worker-pool.js';

/**
 * Serves by several processes, until the signal is aborted. SIGHUP replaces them by new ones.
 *
 * @param count number of processes
 * @throws the error of the workers, if they cannot be started or crash again and again
 */
export async function serveByWorkers(
  { reporter, signal, terminal: { signals } }: CommandContext,
  count: number,
): Promise<void> {
  const pool = createWorkerPool({
    count,
    start: workerStarter(count, reporter),
    onCrash: reporter.workerCrashed,
  });
  const reload = () =>
    void pool.reload().catch((error) => {
      if (!signal.aborted) reporter.failed(error);
    });
  try {
    const serving = await orInterrupted(pool.start(), signal);
    signals.on('SIGHUP', reload); // before it says that it serves: a signal may follow at once
    reporter.serving({ ...serving, workers: count });
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), pool.failed]);
  } finally {
    signals.off('SIGHUP', reload);
    await pool.stop();
  }
}
