import assert from 'node:assert/strict';
import path from 'node:path';
import type { SshHosts } from '../start/sshd.js';
import { pathsBelow, visitFile } from './folder.js';
import type { Service } from './service.js';

/** Two hosts that are reached by ssh. What a visitor gets must be the same at both. */
export function rsyncService({ hosts, config }: SshHosts): Service {
  const folders = (place: string) => hosts.map(({ disk }) => path.join(disk, place));
  return {
    name: 'rsync to two hosts',
    entry: (place) => ({
      backend: 'rsync',
      options: {
        hosts: hosts.map(({ alias, disk }) => `${alias}:${path.join(disk, place)}/`),
        ssh: ['ssh', '-F', config],
      },
    }),
    manyFiles: 2100,
    env: {},
    async visit(place, publicPath) {
      const [first, second] = folders(place).map((folder) => visitFile(path.join(folder, publicPath)));
      assert.deepEqual(first, second, `'${publicPath}' is not the same at both hosts.`);
      return first;
    },
    async paths(place) {
      const [first, second] = folders(place).map(pathsBelow);
      assert.deepEqual(first, second, 'There are not the same files at both hosts.');
      return first!;
    },
  };
}
