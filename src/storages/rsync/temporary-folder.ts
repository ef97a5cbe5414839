import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCacheFolder, RSYNC } from '../../cache/cache-folder.js';
import { describeSystemError, StaticFilesError } from '../../errors.js';

/** Folders that killed runs have left are removed at this age. No run takes that long. */
const LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder for a step, and removes it when the step is over, even if it fails.
 *
 * @param cacheDir absolute; if it cannot be written, the folder is made in the system's temporary folder
 * @throws StaticFilesError `target` if neither can be written
 */
export async function inTemporaryFolder<T>(
  cacheDir: string,
  step: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = makeFolder(cacheDir);
  try {
    return await step(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(cacheDir: string): string {
  try {
    makeCacheFolder(cacheDir);
    const parent = path.join(cacheDir, RSYNC);
    fs.mkdirSync(parent, { recursive: true });
    sweep(parent);
    return fs.mkdtempSync(path.join(parent, 'run-'));
  } catch {
    return makeElsewhere(cacheDir);
  }
}

function makeElsewhere(cacheDir: string): string {
  const parent = os.tmpdir();
  try {
    return fs.mkdtempSync(path.join(parent, 'staticfiles-'));
  } catch (cause) {
    throw new StaticFilesError(
      'target',
      `Cannot make a temporary folder, neither in '${cacheDir}' nor in '${parent}': ${describeSystemError(cause)}. Choose another folder with --cache-dir.`,
      { cause },
    );
  }
}

function sweep(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    const stats = fs.statSync(folder, { throwIfNoEntry: false });
    if (stats && stats.mtimeMs < Date.now() - LEFT_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}
