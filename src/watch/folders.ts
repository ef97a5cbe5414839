import fs from 'node:fs';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import { isWithin } from '../files/system-path.js';

export interface WatchFoldersOptions {
  /** A folder that stays: all folders in it are watched from here on down, however often they come and go. */
  readonly baseDir: string;
  /** Absolute folders that are passed over, with all that is in them. */
  readonly exclude: readonly string[];
  /** Looks at all files every 300 ms, where the system cannot tell of changes. */
  readonly poll: boolean;
  /** Told of each path where a file or folder may have come, gone or changed. */
  onEvent(systemPath: string): void;
  /** Told once events may have been lost, after watching had begun. */
  onError(error: unknown): void;
}

const POLL_MS = 300;

/** How long after a folder was made it is looked whether all of it is watched. */
const CHECK_MS = 300;

/**
 * Watches folders and all that is in them. A folder that is not there yet is waited for. The system is asked to watch
 * folders only, not each file (save with `poll`): it tells of a folder what happens to its files, and a project has a
 * hundred times fewer.
 *
 * @param folders absolute
 * @returns what ends it, once all is watched
 * @throws raw system errors, `ENOSPC` where the system watches as much as it can
 */
export async function watchFolders(
  folders: readonly string[],
  options: WatchFoldersOptions,
): Promise<() => Promise<void>> {
  const { poll, onEvent, onError } = options;
  const placeOf = placesIn(folders, options.exclude);
  /** The identity of each folder that is watched, by its path. */
  const watched = new Map<string, string>();
  let check: NodeJS.Timeout | undefined;
  let watcher = await start();
  let ended = false;

  async function start(): Promise<FSWatcher> {
    const { default: chokidar } = await import('chokidar');
    watched.clear();
    const started = chokidar.watch(topsOf(folders, options.baseDir), {
      ignored: (systemPath, stats) =>
        placeOf(systemPath) === 'outside' || (!poll && isTold(systemPath, stats)),
      usePolling: poll,
      interval: POLL_MS,
      binaryInterval: POLL_MS,
      atomic: false,
    });
    let isReady = false;
    started.on('all', (event, systemPath, stats) => {
      if (event === 'addDir' && stats) watched.set(systemPath, identityOf(stats));
      if (event === 'unlinkDir') watched.delete(systemPath);
      if (!isReady) return;
      onEvent(systemPath);
      if (event === 'addDir') checkSoon();
    });
    if (!poll) started.on('raw', onRaw);
    try {
      await new Promise<void>((resolve, reject) => started.once('ready', resolve).once('error', reject));
    } catch (error) {
      await started.close();
      throw error;
    }
    started.on('error', onError);
    isReady = true;
    return started;
  }

  /** What the system itself says. https://nodejs.org/api/fs.html#fswatchfilename-options-listener */
  function onRaw(event: string, name: string | null, details: unknown): void {
    const { watchedPath } = details as { readonly watchedPath: string };
    const systemPath = path.join(watchedPath, name ?? '');
    if (placeOf(systemPath) === 'outside') return;
    if (event === 'rename' && isAnotherFolder(systemPath)) restart().catch(onError);
    onEvent(systemPath);
  }

  /** chokidar would go on to watch a folder that was moved away, and not the one that took its place. */
  function isAnotherFolder(systemPath: string): boolean {
    const before = watched.get(systemPath);
    const now = before === undefined ? undefined : fs.statSync(systemPath, { throwIfNoEntry: false });
    return now?.isDirectory() === true && identityOf(now) !== before;
  }

  /** A folder is read before it is watched: of what comes in between, chokidar does not tell. */
  function checkSoon(): void {
    clearTimeout(check);
    check = setTimeout(() => {
      tellAll();
      if (hasUnwatched(folders)) restart().catch(onError);
    }, CHECK_MS);
  }

  function hasUnwatched(all: readonly string[]): boolean {
    return all.some((folder) => {
      if (placeOf(folder) !== 'inside' || !isThere(folder)) return false;
      return !watched.has(folder) || hasUnwatched(foldersIn(folder));
    });
  }

  function tellAll(): void {
    for (const folder of folders) onEvent(folder);
  }

  async function restart(): Promise<void> {
    watched.clear();
    await watcher.close();
    if (ended) return;
    watcher = await start();
    tellAll(); // of what happened meanwhile nobody was told
  }

  return async () => {
    ended = true;
    clearTimeout(check);
    await watcher.close();
  };
}

/** Some file systems give a deleted folder's number to the next one. */
function identityOf({ ino, birthtimeMs }: fs.Stats): string {
  return `${ino} ${birthtimeMs}`;
}

/** Where chokidar begins: above each folder, so that it is told when the folder itself comes or goes. */
function topsOf(folders: readonly string[], baseDir: string): string[] {
  const tops = folders.map((folder) =>
    folder !== baseDir && isWithin(folder, baseDir) ? baseDir : existingFolder(path.dirname(folder)),
  );
  return [...new Set(tops)];
}

function existingFolder(systemPath: string): string {
  return isThere(systemPath) ? systemPath : existingFolder(path.dirname(systemPath));
}

function isThere(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function foldersIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  } catch {
    return []; // gone meanwhile, which is told
  }
}

/** A file of which its folder tells. What a link leads to lies elsewhere. */
function isTold(systemPath: string, stats: fs.Stats | undefined): boolean {
  if (!stats?.isFile()) return false;
  return fs.lstatSync(systemPath, { throwIfNoEntry: false })?.isSymbolicLink() !== true;
}

type Place = 'inside' | 'on the way' | 'outside';

/** Where a path is: in one of the folders, above one, or neither. */
function placesIn(folders: readonly string[], exclude: readonly string[]): (systemPath: string) => Place {
  const inside = new Set(folders);
  const outside = new Set(exclude);
  const onTheWay = new Set(folders.flatMap(parentsOf));
  return (systemPath) => {
    for (const dir of [systemPath, ...parentsOf(systemPath)]) {
      if (outside.has(dir)) return 'outside';
      if (inside.has(dir)) return 'inside';
    }
    return onTheWay.has(systemPath) ? 'on the way' : 'outside';
  };
}

function parentsOf(systemPath: string): string[] {
  const parents: string[] = [];
  for (let dir = path.dirname(systemPath); dir !== parents.at(-1); dir = path.dirname(dir)) parents.push(dir);
  return parents;
}
