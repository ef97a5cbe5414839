import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { createPace } from '../pace.js';
import { posixDirname } from '../paths.js';
import type { PluginContext } from '../settings/settings.js';
import { belowDestination } from './below-destination.js';
import { type FileMode, writingTarget } from './filesystem/copy-file.js';
import { folderInventory } from './filesystem/inventory.js';
import { lockFolder } from './filesystem/lock.js';
import { parseMode } from './filesystem/mode.js';
import { removeEmptyFolders, removePath } from './filesystem/remove.js';
import { openStaging, type Staging } from './filesystem/staging.js';
import { isTemporaryName } from './filesystem/temporary-names.js';
import { writeBatch } from './filesystem/write-batch.js';
import type { Storage, WriteOptions, WriteRequest } from './storage.js';

export interface FilesystemOptions {
  /** The folder to publish to; `staticRoot` unless given. Relative to the settings' folder. */
  readonly location?: string;
  /** Mode of published files: a number or octal text (`"644"`); `null` leaves it to the umask. Default 0644. */
  readonly filePermissions?: number | string | null;
  /** Mode of new folders; left to the umask unless given. */
  readonly directoryPermissions?: number | string | null;
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

  return belowDestination({
    name: 'filesystem',
    location,
    canLink: true,
    inventory: async () => folderInventory(location, fileMode),
    write: (files, writeOptions) => write(location, files, { fileMode, directoryMode }, writeOptions),
    remove: (publicPaths, removeOptions) => remove(location, publicPaths, removeOptions),
    readText: async (publicPath) => readText(path.join(location, publicPath)),
    async lock(signal) {
      const lock = await lockFolder(location, context.cacheDir, signal);
      sweepTemporaryFolders(location);
      return lock;
    },
  });
}

interface Modes {
  readonly fileMode: number | undefined;
  readonly directoryMode: number | undefined;
}

/** How many files are written at a time: it bounds the memory that their paths and results take. */
const BATCH = 25_000;

async function write(
  location: string,
  files: readonly WriteRequest[],
  modes: Modes,
  options: WriteOptions,
): Promise<void> {
  if (files.length === 0) return;
  writingTarget(location, () => fs.mkdirSync(location, { recursive: true }));
  const staging = openStaging(location, modes.directoryMode);
  try {
    const mode = effectiveMode(staging, location, modes.fileMode);
    const batches: Awaited<ReturnType<typeof writeBatch>>[] = [];
    for (let start = 0; start < files.length; start += BATCH) {
      const batch = files.slice(start, start + BATCH);
      const progress = (count: number) => options.progress?.(start + count);
      batches.push(await writeBatch(batch, { location, staging, mode, progress, signal: options.signal }));
    }
    options.signal.throwIfAborted();
    await staging.place();
    for (const tellOf of batches) tellOf(options.done);
  } finally {
    staging.discard();
  }
}

/** Finds out by a first file whether the umask takes bits away, so that most runs need no chmod for each file. */
function effectiveMode(staging: Staging, location: string, fileMode: number | undefined): FileMode {
  if (fileMode === undefined) return { mode: 0o666, chmod: false };
  return writingTarget(location, () => {
    const probe = staging.probePath();
    fs.closeSync(fs.openSync(probe, 'wx', fileMode));
    const chmod = (fs.statSync(probe).mode & 0o7777) !== fileMode;
    return { mode: fileMode, chmod };
  });
}

async function remove(
  location: string,
  publicPaths: readonly string[],
  options: WriteOptions,
): Promise<void> {
  const pace = createPace(options.signal);
  for (const publicPath of publicPaths) {
    if (pace.due()) await pace.yield();
    removePath(location, publicPath);
    options.done({ publicPath });
  }
  removeEmptyFolders(location, publicPaths.map(posixDirname));
}

async function readText(filePath: string): Promise<string | undefined> {
  try {
    return await fs.promises.readFile(filePath, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function sweepTemporaryFolders(location: string): void {
  if (!fs.existsSync(location)) return;
  if (!fs.statSync(location).isDirectory()) {
    throw new StaticFilesError(
      'target',
      `'${location}' is not a folder. Name another staticRoot, or move the file away.`,
    );
  }
  for (const name of fs.readdirSync(location)) {
    if (isTemporaryName(name)) fs.rmSync(path.join(location, name), { recursive: true, force: true });
  }
}
