import fs, { type Dirent } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import { isWithin, realPath } from '../files/system-path.js';

export interface WatchFoldersOptions {
  /** A folder that is never deleted. Folders in it are watched from here down, however often they come and go. */
  readonly baseDir: string;
  /** Absolute folders that are not watched. */
  readonly exclude: readonly string[];
  /** Called with each path at which a file or folder may have come, gone or changed. */
  onEvent(systemPath: string): void;
  /** Called if watching fails after it has begun. Events may be missed then. */
  onError(error: unknown): void;
}

/**
 * Events in a short time after which everything is compared. Linux keeps 16,384 of them, drops the next ones, and libuv
 * does not report that (https://man7.org/linux/man-pages/man7/inotify.7.html, `IN_Q_OVERFLOW`).
 */
const TOO_MANY = 8_000;
const SHORT_TIME_MS = 300;

/**
 * Watches folders and everything in them by the events of the system, also folders that do not exist yet. It watches no
 * single files: the system reports them with their folder, and a project has a hundred times fewer folders than files.
 *
 * A folder is watched before it is read. So what is created in it at the same time is found or reported, however slow
 * either side is.
 *
 * @param folders absolute paths
 * @returns a function that stops watching
 * @throws raw system errors, such as `ENOSPC` if the system cannot watch more folders
 */
export function watchFolders(
  folders: readonly string[],
  { baseDir, exclude, onEvent, onError }: WatchFoldersOptions,
): () => void {
  const positionOf = positionsIn(folders, exclude);
  const excluded = new Set(exclude.map(realPath));
  const tops = topsOf(folders, baseDir);
  const watched = new Map<string, WatchedFolder>();
  const targets = new Map<string, WatchedTarget>();
  let recentEvents = 0;
  let recent: NodeJS.Timeout | undefined;

  try {
    tops.forEach(cover);
  } catch (error) {
    stop();
    throw error;
  }
  return stop;

  function stop(): void {
    clearTimeout(recent);
    for (const { watcher } of [...watched.values(), ...targets.values()]) watcher.close();
    watched.clear();
    targets.clear();
  }

  /** Watches the folder or link at a path, and what is below it. Releases what is not there any more. */
  function cover(systemPath: string): void {
    if (positionOf(systemPath) === 'outside') return;
    const target = targetOf(systemPath);
    if (target === undefined) releaseTarget(systemPath);
    else coverTarget(systemPath, target);
    coverFolder(systemPath);
  }

  function coverFolder(folder: string): void {
    const identity = identityOf(folder);
    if (watched.get(folder)?.identity !== identity) release(folder);
    if (identity === undefined) return;
    if (!watched.has(folder)) {
      const real = realPath(folder);
      if (excluded.has(real) || isLoop(folder, real)) return;
      const watcher = open(folder, (event, name) => onFolderEvent(folder, event, name));
      if (watcher === undefined) return;
      watched.set(folder, { watcher, identity, real });
    }
    for (const entry of entriesOf(folder)) if (!entry.isFile()) cover(path.join(folder, entry.name));
  }

  function release(folder: string): void {
    if (!watched.has(folder)) return;
    for (const [other, { watcher }] of watched) {
      if (!isWithin(other, folder)) continue;
      watcher.close();
      watched.delete(other);
    }
    for (const link of targets.keys()) if (link !== folder && isWithin(link, folder)) releaseTarget(link);
  }

  /** Whether a link on the way points back to the folder. */
  function isLoop(folder: string, real: string): boolean {
    return parentsOf(folder).some((dir) => positionOf(dir) === 'inside' && watched.get(dir)?.real === real);
  }

  function onFolderEvent(folder: string, event: string, name: string | null): void {
    countEvent();
    if (name === null) {
      compareAll();
      return;
    }
    const systemPath = path.join(folder, name);
    if (event === 'rename') {
      // That a folder itself was moved or deleted is reported under its own name.
      if (name === path.basename(folder)) {
        release(folder);
        cover(folder);
        onEvent(folder);
      }
      cover(systemPath);
    }
    const position = positionOf(systemPath);
    if (position === 'inside') onEvent(systemPath);
    else if (position === 'on the way') folders.filter((each) => isWithin(each, systemPath)).forEach(onEvent);
  }

  /**
   * Watches for changes of what a link points to. The folder of the target may be deleted and made again, by a build for
   * instance, so the nearest folder that exists is watched.
   */
  function coverTarget(link: string, target: string): void {
    const folder = existingFolder(path.dirname(target));
    const known = targets.get(link);
    const identity = `${target} ${folder} ${identityOf(folder)}`;
    if (known?.identity === identity) return;
    releaseTarget(link);
    const [next] = path.relative(folder, target).split(path.sep);
    const watcher = open(folder, (event, name) => {
      countEvent();
      const isOfFolder = name === null || (event === 'rename' && name === path.basename(folder));
      if (!isOfFolder && name !== next) return;
      cover(link);
      onEvent(link);
    });
    if (watcher !== undefined) targets.set(link, { watcher, identity });
    else coverTarget(link, target); // gone in between
  }

  function releaseTarget(link: string): void {
    targets.get(link)?.watcher.close();
    targets.delete(link);
  }

  /** @returns `undefined` if the folder is gone, which is an event of the folder above */
  function open(
    folder: string,
    onSystemEvent: (event: string, name: string | null) => void,
  ): fs.FSWatcher | undefined {
    try {
      const watcher = fs.watch(folder, (event, name) => reportingErrors(() => onSystemEvent(event, name)));
      watcher.on('error', (error) => {
        if (isFolder(folder)) onError(error); // Windows reports a deleted folder as an error
      });
      return watcher;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
      throw error;
    }
  }

  function reportingErrors(step: () => void): void {
    try {
      step();
    } catch (error) {
      onError(error);
    }
  }

  function countEvent(): void {
    recentEvents += 1;
    recent ??= setTimeout(() => {
      if (recentEvents > TOO_MANY) reportingErrors(compareAll);
      recent = undefined;
      recentEvents = 0;
    }, SHORT_TIME_MS);
  }

  /** For events that the system did not report. */
  function compareAll(): void {
    for (const folder of [...watched.keys()]) if (!isFolder(folder)) release(folder);
    tops.forEach(cover);
    folders.forEach(onEvent);
  }
}

interface WatchedFolder {
  readonly watcher: fs.FSWatcher;
  readonly identity: string;
  /** Path without links. */
  readonly real: string;
}

/** What a link points to. */
interface WatchedTarget {
  readonly watcher: fs.FSWatcher;
  /** Another one if something else must be watched. */
  readonly identity: string;
}

/** Inode and time of birth: some file systems give a deleted folder's inode to the next one. */
function identityOf(folder: string): string | undefined {
  const stats = statOf(folder);
  return stats?.isDirectory() ? `${stats.ino} ${stats.birthtimeMs}` : undefined;
}

/** Where watching starts: above each folder, to see when the folder itself comes or goes. */
function topsOf(folders: readonly string[], baseDir: string): string[] {
  const tops = folders.map((folder) =>
    folder !== baseDir && isWithin(folder, baseDir) ? baseDir : existingFolder(path.dirname(folder)),
  );
  return [...new Set(tops)];
}

function existingFolder(systemPath: string): string {
  return isFolder(systemPath) ? systemPath : existingFolder(path.dirname(systemPath));
}

function isFolder(systemPath: string): boolean {
  return statOf(systemPath)?.isDirectory() === true;
}

function statOf(systemPath: string): fs.Stats | undefined {
  try {
    return fs.statSync(systemPath, { throwIfNoEntry: false });
  } catch {
    return undefined; // such as a link to itself; the finders report it
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone, which is an event of its own
  }
}

/** Resolves a link. If nothing is there, it returns the path written in the link; `undefined` for anything but a link. */
function targetOf(systemPath: string): string | undefined {
  try {
    if (!fs.lstatSync(systemPath, { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
    if (statOf(systemPath) !== undefined) return fs.realpathSync.native(systemPath);
    return path.resolve(path.dirname(systemPath), fs.readlinkSync(systemPath));
  } catch {
    return undefined; // gone, which is an event of the folder above
  }
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
