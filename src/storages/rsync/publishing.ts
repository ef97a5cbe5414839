import { randomUUID } from 'node:crypto';
import { runAll } from '../../concurrency/run-all.js';
import { StaticFilesError } from '../../errors.js';
import type { PluginContext } from '../../plugins/plugin.js';
import { INDEX_NAME } from '../destination.js';
import type { WriteOptions, WriteRequest } from '../storage.js';
import { type KnownHost, readIndex, writeIndex } from './host-state.js';
import { inTemporaryFolder } from './temporary-folder.js';
import { layOut, removeFrom, removeUnfinished, sendTo } from './transfer.js';

/** The changes of one run at all hosts. */
export interface Publishing {
  write(requests: readonly WriteRequest[], options: WriteOptions): Promise<void>;
  remove(publicPaths: readonly string[], options: WriteOptions): Promise<void>;
  /**
   * Closes the indexes.
   *
   * @throws StaticFilesError `overtaken` if another run has published to a host at the same time. The indexes then stay open
   */
  close(signal: AbortSignal): Promise<void>;
}

export interface PublishingOptions extends PluginContext {
  /** Whether indexes are kept. */
  readonly indexed: boolean;
}

/**
 * Starts to publish to hosts after a look at them. The first change marks their indexes as open, or fails with `overtaken`
 * if another run has been there since the look.
 */
export function startPublishing(
  hosts: readonly KnownHost[],
  { indexed, ...context }: PublishingOptions,
): Publishing {
  const { cacheDir } = context;
  const run = randomUUID();
  let isOpen = false;

  const writeIndexes = (open: boolean, signal: AbortSignal) =>
    runAll(hosts, { signal }, (known, either) =>
      writeIndex(known, { run, open }, { cacheDir, signal: either }),
    );

  /** A run that keeps no indexes removes those of earlier runs, which would be out of date. */
  const removeIndexes = (signal: AbortSignal) =>
    runAll(hosts, { signal }, async (known, either) => {
      if (known.index) await known.host.remove([INDEX_NAME], either);
      known.index = undefined;
    });

  async function open(signal: AbortSignal): Promise<void> {
    if (isOpen) return;
    if (!(await isAlone(signal))) throw overtaken(hosts);
    await (indexed ? writeIndexes(true, signal) : removeIndexes(signal));
    isOpen = true;
  }

  /** Whether the indexes are still those that this run has read or written. */
  async function isAlone(signal: AbortSignal): Promise<boolean> {
    const alone = await runAll(hosts, { signal }, async (known, either) => {
      const found = await readIndex(known.host, { cacheDir, signal: either });
      return found?.run === known.index?.run && found?.open === known.index?.open;
    });
    return alone.every((each) => each);
  }

  return {
    async write(requests, { done, progress, signal }) {
      if (requests.length === 0) return;
      await inTemporaryFolder(cacheDir, async (folder) => {
        const phase = await layOut(requests, folder, context, signal);
        await open(signal);
        const report = slowest(hosts.length, progress);
        await runAll(hosts, { signal }, (known, either) =>
          sendTo(known, phase, { onSent: report(hosts.indexOf(known)), signal: either }),
        );
        phase.written.forEach(done);
      });
    },
    async remove(publicPaths, { done, signal }) {
      if (publicPaths.length === 0) return;
      await open(signal);
      await runAll(hosts, { signal }, (known, either) => removeFrom(known, publicPaths, either));
      for (const publicPath of publicPaths) done({ publicPath });
    },
    async close(signal) {
      if (!isOpen && (!indexed || hosts.every(({ indexed }) => indexed))) return;
      const alone = !isOpen || (await isAlone(signal));
      if (alone) await runAll(hosts, { signal }, removeUnfinished);
      if (indexed) await writeIndexes(!alone, signal);
      isOpen = false;
      if (!alone) throw overtaken(hosts);
    },
  };
}

/** Reports the progress of the slowest host. */
function slowest(count: number, progress: WriteOptions['progress']) {
  const sent = Array.from({ length: count }, () => ({ files: 0, bytes: 0 }));
  return (host: number) => (files: number, bytes: number) => {
    sent[host]!.files += files;
    sent[host]!.bytes += bytes;
    progress?.(Math.min(...sent.map((each) => each.files)), Math.min(...sent.map((each) => each.bytes)));
  };
}

function overtaken(hosts: readonly KnownHost[]): StaticFilesError {
  const where = hosts.map(({ host }) => `'${host.destination}'`).join(', ');
  return new StaticFilesError(
    'overtaken',
    `Another run has published to ${where} at the same time. The live manifest is complete. Run again when that run has finished.`,
  );
}
