import fs from 'node:fs';
import path from 'node:path';
import { readTree } from '../../support/tree.js';
import type { Service, Visited } from './service.js';

/** A folder of this machine. */
export function folderService(top: string): Service {
  return {
    name: 'filesystem',
    entry: (place) => ({ backend: 'filesystem', options: { location: path.join(top, place) } }),
    manyFiles: 5100,
    env: {},
    visit: async (place, publicPath) => visitFile(path.join(top, place, publicPath)),
    paths: async (place) => pathsBelow(path.join(top, place)),
  };
}

export function visitFile(file: string): Visited | undefined {
  return fs.existsSync(file) ? { bytes: fs.readFileSync(file) } : undefined;
}

export function pathsBelow(folder: string): readonly string[] {
  return Object.keys(readTree(folder).entries).sort();
}
