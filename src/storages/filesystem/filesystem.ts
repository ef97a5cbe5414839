import path from 'node:path';
import { startTimeSlice } from '../../concurrency/time-slice.js';
import { readRegularFileSync } from '../../files/bytes.js';
import { posixDirname } from '../../model/public-path.js';
import type { PluginContext } from '../../plugins/plugin.js';
import { belowDestination } from '../destination.js';
import type { Storage, WriteOptions } from '../storage.js';
import { folderInventory } from './inventory.js';
import { type FolderLock, lockFolder } from './lock.js';
import { type FolderNames, lookAtNames, probeNames } from './name-probe.js';
import { parseMode } from './permissions.js';
import { removeEmptyFolders, removePath } from './remove.js';
import { noteUnknownRun, readRunNote } from './run-note.js';
import { sweepTemporaryFolders } from './sweep.js';
import { writeFiles } from './write-files.js';

export interface FilesystemOptions {
  /** The folder to publish to, relative to the settings file's. Default: `staticRoot`. */
  readonly location?: string;
  /** Mode of published files: a number or octal text (`"644"`), or `null` for the umask's. Default `"644"`. */
  readonly filePermissions?: number | string | null;
  /** Mode of new folders, in the same forms. Default: the umask's. */
  readonly directoryPermissions?: number | string | null;
  /**
   * Whether a run waits until the disk has everything that it publishes. A power cut then leaves the old or the new release.
   * Default: only if the run replaces a manifest, and not in watch mode.
   */
  readonly durable?: boolean;
}

const DEFAULT_FILE_MODE = 0o644;

/**
 * Returns a storage that publishes to a folder.
 *
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const storage = filesystemStorage({ filePermissions: '640' }, context);
 */
export function filesystemStorage(options: FilesystemOptions, context: PluginContext): Storage {
  const folder = path.resolve(context.baseDir, options.location ?? context.staticRoot);
  const fileMode = parseMode('filePermissions', options.filePermissions, DEFAULT_FILE_MODE);
  const directoryMode = parseMode('directoryPermissions', options.directoryPermissions, undefined);
  const { durable } = options;
  let lock: FolderLock | undefined;
  /** Known once the run has the lock. A dry run takes none. */
  let probed: FolderNames | undefined;
  const namesThere = () => probed ?? lookAtNames(folder);

  return belowDestination({
    name: 'filesystem',
    folder,
    canLink: true,
    inventory: async () =>
      folderInventory(folder, {
        fileMode,
        names: namesThere(),
        hasRun: readRunNote(folder) !== undefined,
      }),
    write: (files, writing) =>
      writeFiles(files, { folder, fileMode, directoryMode, names: namesThere(), durable, lock }, writing),
    remove: (publicPaths, removing) => remove(folder, publicPaths, lock, removing),
    lastRun: async () => readRunNote(folder)?.run,
    readText: async (publicPath) => readText(path.join(folder, publicPath)),
    async commit({ published }) {
      if (published && published.length > 0) noteUnknownRun(folder);
    },
    async lock(signal, locking) {
      const taken = await lockFolder(folder, signal, locking);
      const release = async () => {
        lock = undefined;
        await taken.release();
      };
      try {
        sweepTemporaryFolders(folder, taken.robbed);
        probed = probeNames(folder);
      } catch (error) {
        await release();
        throw error;
      }
      lock = taken;
      return { lost: taken.lost, release };
    },
  });
}

async function remove(
  folder: string,
  publicPaths: readonly string[],
  lock: FolderLock | undefined,
  options: WriteOptions,
): Promise<void> {
  const slice = startTimeSlice(options.signal);
  for (const publicPath of publicPaths) {
    if (slice.isOver()) await slice.yield();
    lock?.assertHeld();
    removePath(folder, publicPath);
    options.done({ publicPath });
  }
  removeEmptyFolders(folder, publicPaths.map(posixDirname));
}

/** Synchronously, since loading `fs.promises` takes longer than reading a file. */
function readText(filePath: string): string | undefined {
  try {
    return readRegularFileSync(filePath).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
