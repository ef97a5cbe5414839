import { describe, expect, it } from 'vitest';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import { rsyncStorage } from '../../src/storages/rsync/rsync.js';
import type { Storage } from '../../src/storages/storage.js';
import { quoted } from '../../src/text/printable.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject } from '../support/project.js';

const options = { done() {}, signal: new AbortController().signal };
const OUTSIDE = ['', '.', '..', '../x', 'a/../../x', '/x', 'a//x', 'a/', './x', 'a/.', 'a\0b', '../root-2/x'];

describe.each(['filesystem', 'an object store', 'rsync'])('%s', (name) => {
  const project = newProject({ x: 'outside', 'root-2/x': 'outside', 'root/a.txt': 'a' });
  const context = {
    baseDir: project.dir,
    staticRoot: project.path('root'),
    staticUrl: '/static/',
    cacheDir: project.path('cache'),
  };
  const store = memoryStore();
  const storages: Record<string, () => Storage | Promise<Storage>> = {
    filesystem: () => filesystemStorage({}, context),
    'an object store': () => objectStorage(store),
    rsync: () => rsyncStorage({ hosts: [project.path('root')] }, context),
  };

  it.each(OUTSIDE)('does not write, read or delete %j', async (publicPath) => {
    const storage = await storages[name]!();
    const before = project.tree('.');
    const requestOf = (path: string) => {
      const body = { kind: 'bytes' as const, bytes: Buffer.from('new') };
      return { publicPath: path, body, link: false, output: { logicalPath: path, publicPath: path, body } };
    };
    const calls = [
      () => storage.write([requestOf('fine.txt'), requestOf(publicPath)], options),
      () => storage.remove(['a.txt', publicPath], options),
      () => storage.readText(publicPath),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'target',
        message: `The storage '${storage.name}' refuses the path ${quoted(publicPath)}: it is not a path below the destination.`,
      });
    }
    expect(project.tree('.')).toEqual(before);
    expect(store.calls).toEqual([]);
  });
});
