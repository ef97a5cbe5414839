import { randomUUID } from 'node:crypto';
import { runAll } from '../../concurrency/run-all.js';
import { StaticFilesError } from '../../errors.js';
import type { PluginContext } from '../../plugins/plugin.js';
import type { WriteOptions, WriteRequest } from '../storage.js';
import { INDEX_NAME, type KnownHost, readIndex, writeAccount } from './host-state.js';
import { inTemporaryFolder } from './temporary-folder.js';
import { layOut, removeFrom, removeUnfinished, sendTo } from './transfer.js';

/** What a run does to its hosts. */
export interface Publishing {
  write(requests: readonly WriteRequest[], options: WriteOptions): Promise<void>;
  remove(publicPaths: readonly string[], options: WriteOptions): Promise<void>;
  /**
   * Closes the accounts.
   *
   * @throws StaticFilesError `overtaken` where another run has published to a host meanwhile: the accounts stay open
   */
  close(signal: AbortSignal): Promise<void>;
}

export interface PublishingOptions extends PluginContext {
  /** Whether accounts are kept. */
  readonly indexed: boolean;
}

/**
 * Starts to publish to hosts of which is known what is there. The first change opens their accounts, unless they tell
 * that another run was there meanwhile (`overtaken`).
 */
export function startPublishing(
  hosts: readonly KnownHost[],
  { indexed, ...context }: PublishingOptions,
): Publishing {
  const { cacheDir } = context;
  const run = randomUUID();
  let isOpen = false;

  const account = (open: boolean, signal: AbortSignal) =>
    runAll(hosts, { signal }, (known, either) =>
      writeAccount(known, { run, open }, { cacheDir, signal: either }),
    );

  /** What they say would no longer be true. */
  const removeAccounts = (signal: AbortSignal) =>
    runAll(hosts, { signal }, async (known, either) => {
      if (known.index) await known.host.remove([INDEX_NAME], either);
      known.index = undefined;
    });

  async function open(signal: AbortSignal): Promise<void> {
    if (isOpen) return;
    if (!(await isAlone(signal))) throw overtaken(hosts);
    await (indexed ? account(true, signal) : removeAccounts(signal));
    isOpen = true;
  }

  /** Whether the accounts are those that this run has read or written. */
  async function isAlone(signal: AbortSignal): Promise<boolean> {
    const alone = await runAll(hosts, { signal }, async (known, either) => {
      const standing = await readIndex(known.host, { cacheDir, signal: either });
      return standing?.run === known.index?.run && standing?.open === known.index?.open;
    });
    return alone.every((each) => each);
  }

  return {
    async write(requests, { done, progress, signal }) {
      if (requests.length === 0) return;
      await inTemporaryFolder(cacheDir, async (folder) => {
        const phase = await layOut(requests, folder, context, signal);
        await open(signal);
        const tell = slowest(hosts.length, progress);
        await runAll(hosts, { signal }, (known, either) =>
          sendTo(known, phase, { onSent: tell(hosts.indexOf(known)), signal: either }),
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
      if (indexed) await account(!alone, signal);
      isOpen = false;
      if (!alone) throw overtaken(hosts);
    },
  };
}

/** A phase is as far as the host that is behind all others. */
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
    `Another run has published to ${where} meanwhile. What is live there is whole. Run again when it has finished.`,
  );
}
