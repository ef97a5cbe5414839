import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { runAll } from '../../concurrency/run-all.js';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';

/** Up to this many files and folders, flushing each is faster than flushing the whole file system. */
const FEW = 64;

export interface FlushOptions {
  /** Whether to flush the whole file system, if the platform can. */
  readonly everything?: boolean | undefined;
  readonly signal: AbortSignal;
}

/**
 * Flushes a file, or a folder with everything in it, to the disk.
 *
 * @throws StaticFilesError `target`
 */
export async function flushTree(top: string, { everything = false, signal }: FlushOptions): Promise<void> {
  const entries = listTree(top);
  if ((everything || entries.length > FEW) && (await syncFileSystem(top))) return;
  await runAll(entries, { limit: FEW, signal }, flush);
}

/**
 * Flushes the names in folders to the disk.
 *
 * @throws StaticFilesError `target`
 */
export async function flushFolders(folders: readonly string[], signal: AbortSignal): Promise<void> {
  if (folders.length > FEW && (await syncFileSystem(folders[0]!))) return;
  await runAll(folders, { limit: FEW, signal }, (folder) => flush({ file: folder, isFolder: true }));
}

interface Entry {
  readonly file: string;
  readonly isFolder: boolean;
}

/** Links are left out: they have no bytes of their own, and flushing their folder flushes them. */
function listTree(top: string): Entry[] {
  const isFolder = fs.statSync(top).isDirectory();
  if (!isFolder) return [{ file: top, isFolder }];
  const below = fs.readdirSync(top, { recursive: true, withFileTypes: true });
  const entries = below
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ file: path.join(entry.parentPath, entry.name), isFolder: entry.isDirectory() }));
  return [...entries, { file: top, isFolder }];
}

/** Windows flushes only files that are open for writing. */
const FLUSHABLE = process.platform === 'win32' ? 'r+' : 'r';

async function flush({ file, isFolder }: Entry): Promise<void> {
  try {
    const handle = await fs.promises.open(file, isFolder ? 'r' : FLUSHABLE);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isFolder && FOLDERS_CANNOT.has(systemErrorCode(error) ?? '')) return;
    const message = `Cannot write '${file}' to the disk: ${describeSystemError(error)}.`;
    throw new StaticFilesError('target', message, { cause: error });
  }
}

/** The codes of systems that cannot flush folders. */
const FOLDERS_CANNOT = new Set(['EACCES', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EPERM']);

/**
 * Flushes the whole file system of a file. Node has no call for it.
 *
 * @returns whether it was done
 */
async function syncFileSystem(file: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const child = spawn('sync', ['-f', file], { stdio: 'ignore' });
  return once(child, 'close').then(
    ([exit]) => exit === 0,
    () => false, // the program is missing
  );
}
