import path from 'node:path';
import { startTimeSlice } from '../../concurrency/time-slice.js';
import { readRegularFile } from '../../files/bytes.js';
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
  /** The folder to publish to; `staticRoot` unless given. Relative to the settings' folder. */
  readonly location?: string;
  /** Mode of published files: a number or octal text (`"644"`); `null` leaves it to the umask. Default 0644. */
  readonly filePermissions?: number | string | null;
  /** Mode of new folders; left to the umask unless given. */
  readonly directoryPermissions?: number | string | null;
  /**
   * Whether a run waits until what it publishes is on the disk, so that a power cut leaves the old or the new release.
   * Unless given, it does so if it replaces a manifest, except in watch mode.
   */
  readonly durable?: boolean;
}

const DEFAULT_FILE_MODE = 0o644;

/**
 * Publishes to a folder.
 *
 * @throws StaticFilesError `settings` where an option makes no sense
 * @example
 * const storage = filesystemStorage({ filePermissions: '640' }, context);
 */
export function filesystemStorage(options: FilesystemOptions, context: PluginContext): Storage {
  const location = path.resolve(context.baseDir, options.location ?? context.staticRoot);
  const fileMode = parseMode('filePermissions', options.filePermissions, DEFAULT_FILE_MODE);
  const directoryMode = parseMode('directoryPermissions', options.directoryPermissions, undefined);
  const { durable } = options;
  let lock: FolderLock | undefined;
  /** Probed when the destination is taken; a dry run does not take it. */
  let probed: FolderNames | undefined;
  const namesThere = () => probed ?? lookAtNames(location);

  return belowDestination({
    name: 'filesystem',
    folder: location,
    canLink: true,
    inventory: async () =>
      folderInventory(location, {
        fileMode,
        names: namesThere(),
        hasRun: readRunNote(location) !== undefined,
      }),
    write: (files, writing) =>
      writeFiles(files, { location, fileMode, directoryMode, names: namesThere(), durable, lock }, writing),
    remove: (publicPaths, removing) => remove(location, publicPaths, lock, removing),
    lastRun: async () => readRunNote(location)?.run,
    readText: async (publicPath) => readText(path.join(location, publicPath)),
    async commit({ published }) {
      if (published && published.length > 0) noteUnknownRun(location);
    },
    async lock(signal, locking) {
      const taken = await lockFolder(location, signal, locking);
      const release = async () => {
        lock = undefined;
        await taken.release();
      };
      try {
        sweepTemporaryFolders(location, taken.robbed);
        probed = probeNames(location);
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
  location: string,
  publicPaths: readonly string[],
  lock: FolderLock | undefined,
  options: WriteOptions,
): Promise<void> {
  const slice = startTimeSlice(options.signal);
  for (const publicPath of publicPaths) {
    if (slice.isOver()) await slice.yield();
    lock?.assertHeld();
    removePath(location, publicPath);
    options.done({ publicPath });
  }
  removeEmptyFolders(location, publicPaths.map(posixDirname));
}

async function readText(filePath: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(filePath)).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
