import fs from 'node:fs';
import path from 'node:path';

/** The nearest folder from `dir` upwards that has a `package.json`, or `undefined`. */
export function projectFolder(dir: string): string | undefined {
  if (fs.existsSync(path.join(dir, 'package.json'))) return dir;
  const parent = path.dirname(dir);
  return parent === dir ? undefined : projectFolder(parent);
}
