import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCacheFolder, RSYNC } from '../../cache/cache-folder.js';
import { describeSystemError, StaticFilesError } from '../../errors.js';

/** What a killed run has left is removed when it is this old: no run takes so long. */
const LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder for the time that a step takes. It is removed also if the step fails.
 *
 * @param cacheDir where it is made, absolute; if that cannot be written, it is made where the system keeps such
 * @throws StaticFilesError `target` if it can be made in neither
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
