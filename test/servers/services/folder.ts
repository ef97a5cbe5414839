import fs from 'node:fs';
import path from 'node:path';
import { readTree } from '../../support/tree.js';
import type { Service, View } from './service.js';

/** A folder of this machine. */
export function folderService(top: string): Service {
  return {
    name: 'filesystem',
    entry: (destination) => ({ backend: 'filesystem', options: { location: path.join(top, destination) } }),
    manyFiles: 5100,
    env: {},
    ...folderView(top),
    folders: (destination) => [path.join(top, destination)],
  };
}

/** Returns the files below a folder. */
export function folderView(top: string): View {
  return {
    async visit(destination, publicPath) {
      const file = path.join(top, destination, publicPath);
      return fs.existsSync(file) ? { bytes: fs.readFileSync(file) } : undefined;
    },
    paths: async (destination) => Object.keys(readTree(path.join(top, destination)).entries).sort(),
  };
}
