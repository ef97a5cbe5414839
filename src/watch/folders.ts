import fs from 'node:fs';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import { isWithin } from '../files/system-path.js';

export interface WatchFoldersOptions {
  /** A folder that is never deleted. Folders in it are watched from here down, however often they come and go. */
  readonly baseDir: string;
  /** Absolute folders that are not watched. */
  readonly exclude: readonly string[];
  /** Look at all files every 300 ms, if the system does not report changes. */
  readonly poll: boolean;
  /** Called with each path at which a file or folder may have come, gone or changed. */
  onEvent(systemPath: string): void;
  /** Called if watching fails after it has begun. Events may be missed then. */
  onError(error: unknown): void;
}

const POLL_MS = 300;

/** Wait after a folder was made, before checking that everything in it is watched. */
const CHECK_MS = 300;

/**
 * Watches folders and everything in them, also folders that do not exist yet. Unless it polls, it watches no single files:
 * the system reports changes of files with their folder, and a project has a hundred times fewer folders than files.
 *
 * @param folders absolute paths
 * @returns a function that stops watching, once everything is watched
 * @throws raw system errors, such as `ENOSPC` if the system cannot watch more folders
 */
export async function watchFolders(
  folders: readonly string[],
  options: WatchFoldersOptions,
): Promise<() => Promise<void>> {
  const { poll, onEvent, onError } = options;
  const positionOf = positionsIn(folders, options.exclude);
  /** Identities of the watched folders, by path. */
  const watched = new Map<string, string>();
  /** Folders that may not be watched yet, and when they had changed last. */
  const fresh = new Map<string, number | undefined>();
  let check: NodeJS.Timeout | undefined;
  let watcher = await start();
  let ended = false;

  async function start(): Promise<FSWatcher> {
    const { default: chokidar } = await import('chokidar');
    watched.clear();
    fresh.clear();
    const started = chokidar.watch(topsOf(folders, options.baseDir), {
      ignored: (systemPath, stats) =>
        positionOf(systemPath) === 'outside' || (!poll && isReportedByFolder(systemPath, stats)),
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
      if (event === 'addDir') {
        fresh.set(systemPath, undefined);
        checkSoon();
      }
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

  /** Events of the system itself: https://nodejs.org/api/fs.html#fswatchfilename-options-listener */
  function onRaw(event: string, name: string | null, details: unknown): void {
    const { watchedPath } = details as { readonly watchedPath: string };
    const systemPath = path.join(watchedPath, name ?? '');
    if (positionOf(systemPath) === 'outside') return;
    if (event === 'rename' && isAnotherFolder(systemPath)) restart().catch(onError);
    // chokidar ignores a folder that is made again right after it was deleted.
    else if (event === 'rename' && !watched.has(systemPath) && isThere(systemPath)) checkSoon();
    onEvent(systemPath);
  }

  /** chokidar would keep watching a folder that was moved away, and ignore the one that took its place. */
  function isAnotherFolder(systemPath: string): boolean {
    const before = watched.get(systemPath);
    const now = before === undefined ? undefined : fs.statSync(systemPath, { throwIfNoEntry: false });
    return now?.isDirectory() === true && identityOf(now) !== before;
  }

  /**
   * chokidar reads a folder before it watches it, and misses what is created in between. That can take longer than a
   * check, so a folder is checked until nothing has changed in it from one check to the next.
   */
  function checkSoon(): void {
    clearTimeout(check);
    check = setTimeout(() => {
      reportAll();
      if (hasUnwatched(folders) || folders.some(hasUnwatchedParent)) restart().catch(onError);
      else if (isAnyFresh()) checkSoon();
    }, CHECK_MS);
  }

  function isAnyFresh(): boolean {
    for (const [folder, before] of fresh) {
      const now = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
      if (now === undefined || now === before) fresh.delete(folder);
      else fresh.set(folder, now);
    }
    return fresh.size > 0;
  }

  function hasUnwatched(all: readonly string[]): boolean {
    return all.some((folder) => {
      if (positionOf(folder) !== 'inside' || !isThere(folder)) return false;
      return !watched.has(folder) || hasUnwatched(foldersIn(folder));
    });
  }

  /** Whether a folder that is not there yet would be missed when it is made. */
  function hasUnwatchedParent(folder: string): boolean {
    const existing = existingFolder(folder);
    return positionOf(existing) === 'on the way' && existing !== folder && !watched.has(existing);
  }

  function reportAll(): void {
    for (const folder of folders) onEvent(folder);
  }

  async function restart(): Promise<void> {
    watched.clear();
    await watcher.close();
    if (ended) return;
    watcher = await start();
    reportAll(); // changes during the restart were missed
  }

  return async () => {
    ended = true;
    clearTimeout(check);
    await watcher.close();
  };
}

/** Inode and time of birth: some file systems give a deleted folder's inode to the next one. */
function identityOf({ ino, birthtimeMs }: fs.Stats): string {
  return `${ino} ${birthtimeMs}`;
}

/** Where chokidar starts: above each folder, to see when the folder itself comes or goes. */
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
    return []; // gone, which is an event of its own
  }
}

/** Whether changes of a file are reported with its folder. The target of a link is in another one. */
function isReportedByFolder(systemPath: string, stats: fs.Stats | undefined): boolean {
  if (!stats?.isFile()) return false;
  return fs.lstatSync(systemPath, { throwIfNoEntry: false })?.isSymbolicLink() !== true;
}

/** Where a path is: in one of the folders, above one of them, or neither. */
type Position = 'inside' | 'on the way' | 'outside';

function positionsIn(
  folders: readonly string[],
  exclude: readonly string[],
): (systemPath: string) => Position {
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
