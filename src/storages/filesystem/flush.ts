import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { runAll } from '../../concurrency/run-all.js';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';

/** Up to so many files and folders, flushing each is faster than flushing all that the file system holds back. */
const FEW = 64;

export interface FlushOptions {
  /** Whether to flush the whole file system, where that can be done. */
  readonly everything?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Writes a file, or a folder with all that is in it, through to the disk. @throws StaticFilesError `target` */
export async function flushTree(top: string, { everything = false, signal }: FlushOptions): Promise<void> {
  const places = listTree(top);
  if ((everything || places.length > FEW) && (await syncFileSystem(top))) return;
  await runAll(places, { limit: FEW, signal }, flush);
}

/** Writes the names in folders through to the disk. @throws StaticFilesError `target` */
export async function flushFolders(folders: readonly string[], signal: AbortSignal): Promise<void> {
  if (folders.length > FEW && (await syncFileSystem(folders[0]!))) return;
  await runAll(folders, { limit: FEW, signal }, (folder) => flush({ place: folder, isFolder: true }));
}

interface Place {
  readonly place: string;
  readonly isFolder: boolean;
}

/** Links have no bytes of their own: the folder holds them. */
function listTree(top: string): Place[] {
  const isFolder = fs.statSync(top).isDirectory();
  if (!isFolder) return [{ place: top, isFolder }];
  const below = fs.readdirSync(top, { recursive: true, withFileTypes: true });
  const places = below
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ place: path.join(entry.parentPath, entry.name), isFolder: entry.isDirectory() }));
  return [...places, { place: top, isFolder }];
}

/** Windows flushes only what is opened for writing. */
const FLUSHABLE = process.platform === 'win32' ? 'r+' : 'r';

async function flush({ place, isFolder }: Place): Promise<void> {
  try {
    const handle = await fs.promises.open(place, isFolder ? 'r' : FLUSHABLE);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isFolder && FOLDERS_CANNOT.has(systemErrorCode(error) ?? '')) return;
    const message = `Cannot write '${place}' to the disk: ${describeSystemError(error)}.`;
    throw new StaticFilesError('target', message, { cause: error });
  }
}

/** How systems say that folders are not flushed. */
const FOLDERS_CANNOT = new Set(['EACCES', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EPERM']);

/** Flushes the file system that a path is on. Node has no call for it. Returns whether it was done. */
async function syncFileSystem(place: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const child = spawn('sync', ['-f', place], { stdio: 'ignore' });
  return once(child, 'close').then(
    ([exit]) => exit === 0,
    () => false, // there is no such program
  );
}
