import fs from 'node:fs';
import path from 'node:path';
import { readTree } from '../../support/tree.js';
import type { Service, View } from './service.js';

/** A folder of this machine. */
export function folderService(top: string): Service {
  return {
    name: 'filesystem',
    entry: (place) => ({ backend: 'filesystem', options: { location: path.join(top, place) } }),
    manyFiles: 5100,
    env: {},
    ...folderView(top),
    folders: (place) => [path.join(top, place)],
  };
}

/** Returns the files below a folder. */
export function folderView(top: string): View {
  return {
    async visit(place, publicPath) {
      const file = path.join(top, place, publicPath);
      return fs.existsSync(file) ? { bytes: fs.readFileSync(file) } : undefined;
    },
    paths: async (place) => Object.keys(readTree(path.join(top, place)).entries).sort(),
  };
}
