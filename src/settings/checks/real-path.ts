import fs from 'node:fs';
import path from 'node:path';

/** The path with its links resolved, as far as it exists; the rest of it stays as it is. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPath(parent), path.basename(file));
  }
}
