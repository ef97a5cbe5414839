import fs from 'node:fs';
import path from 'node:path';
import { DESTINATION_MARKS } from '../destination.js';

/** Whether a folder below a destination is one of its own, to which other runs publish. */
export function isDestination(names: readonly string[]): boolean {
  return DESTINATION_MARKS.some((mark) => names.includes(mark));
}

/** The destinations below one, as public paths; what is below them is not looked at. */
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
