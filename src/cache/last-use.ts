import fs from 'node:fs';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Sets a file's time, which says when it was last used, if it is older than a day. Throws raw system errors. */
export function markUsed(file: string): void {
  const now = Date.now();
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (stats && stats.mtimeMs < now - DAY_MS) fs.utimesSync(file, now / 1000, now / 1000);
}
