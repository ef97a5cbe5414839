import fs from 'node:fs';
import path from 'node:path';
import { DESTINATION_MARKS } from '../destination.js';

/** Whether the names in a folder mark it as another destination. */
export function isDestination(names: readonly string[]): boolean {
  return DESTINATION_MARKS.some((mark) => names.includes(mark));
}

/** Returns the public paths of the destinations below a folder, without those below them in turn. */
export function nestedDestinations(root: string): readonly string[] {
  const found: string[] = [];
  const visit = (dir: string): void => {
    const entries = listFolder(path.join(root, dir));
    if (dir !== '' && isDestination(entries.map(({ name }) => name))) {
      found.push(dir);
      return;
    }
    for (const entry of entries) if (entry.isDirectory()) visit(path.posix.join(dir, entry.name));
  };
  visit('');
  return found;
}

function listFolder(dir: string): readonly fs.Dirent[] {
  return fs.existsSync(dir) ? fs.readdirSync(dir, { withFileTypes: true }) : [];
}
