import fs from 'node:fs';
import path from 'node:path';

/** What a killed run has left is removed when it is this old: no run takes so long. */
const LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder for the time that a step takes. It is removed also where the step fails.
 *
 * @param cacheDir where it is made, absolute
 */
export async function inTemporaryFolder<T>(
  cacheDir: string,
  step: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = path.join(cacheDir, 'rsync');
  fs.mkdirSync(parent, { recursive: true });
  sweep(parent);
  const folder = fs.mkdtempSync(path.join(parent, 'run-'));
  try {
    return await step(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function sweep(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    const stats = fs.statSync(folder, { throwIfNoEntry: false });
    if (stats && stats.mtimeMs < Date.now() - LEFT_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}
