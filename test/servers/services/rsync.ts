import assert from 'node:assert/strict';
import path from 'node:path';
import type { SshHosts } from '../start/sshd.js';
import { folderView } from './folder.js';
import type { Service } from './service.js';

/** Two hosts that are reached by ssh. Visitors must get the same files from both. */
export function rsyncService({ hosts, config }: SshHosts): Service {
  const folders = (destination: string) => hosts.map(({ disk }) => path.join(disk, destination));
  const views = hosts.map(({ disk }) => folderView(disk));
  return {
    name: 'rsync to two hosts',
    entry: (destination) => ({
      backend: 'rsync',
      options: {
        hosts: hosts.map(({ alias, disk }) => `${alias}:${path.join(disk, destination)}/`),
        ssh: ['ssh', '-F', config],
      },
    }),
    manyFiles: 2100,
    env: {},
    folders,
    hosts: views,
    visit: (destination, publicPath) => same(views.map((view) => view.visit(destination, publicPath))),
    paths: (destination) => same(views.map((view) => view.paths(destination))),
  };
}

/** Returns a value that must be the same at all hosts. */
async function same<T>(answers: readonly Promise<T>[]): Promise<T> {
  const [first, ...others] = await Promise.all(answers);
  for (const other of others) assert.deepEqual(other, first, 'The hosts are not the same.');
  return first!;
}
