import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findLock,
  freeLock,
  lockPath,
  newHolder,
  takeLock,
} from '../../../src/storages/filesystem/lock-folder.js';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { newProject } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

const LOCK = 'out/.staticfiles-lock';

function destination(tree: TreeInput = {}) {
  const project = newProject({ out: { folder: true }, ...tree });
  return { project, folder: project.path('out') };
}

describe('newHolder', () => {
  it('describes this process, with another id each time', () => {
    const holder = newHolder(true);
    expect(holder).toMatchObject({ tag: ownTag(), pid: process.pid, host: os.hostname(), watching: true });
    expect(new Date(holder.since).toISOString()).toBe(holder.since);
    expect(newHolder(false)).toMatchObject({ watching: false });
    expect(newHolder(false).id).not.toBe(holder.id);
  });
});

describe('takeLock', () => {
  it('leaves one file that names the holder, and nothing else', () => {
    const { project, folder } = destination();
    const holder = newHolder(false);
    const file = takeLock(folder, holder);
    expect(file).toBe(path.join(lockPath(folder), `${holder.id}.json`));
    expect(project.texts('out')).toEqual({
      [`.staticfiles-lock/${holder.id}.json`]: `${JSON.stringify(holder)}\n`,
    });
    expect(findLock(folder)).toMatchObject({ file, holder });
  });

  it('fails while somebody has the lock, and changes nothing', () => {
    const { project, folder } = destination({ [`${LOCK}/b7c1.json`]: 'theirs' });
    expect(takeLock(folder, newHolder(false))).toBeUndefined();
    expect(project.texts('out')).toEqual({ '.staticfiles-lock/b7c1.json': 'theirs' });
    expect(fs.readdirSync(folder)).toEqual(['.staticfiles-lock']);
  });

  it.each([[[]], [['EEXIST']], [['ENOTEMPTY']]])(
    'takes an empty lock folder, also where renames replace none: %j',
    (codes) => {
      const { folder } = destination({ [LOCK]: { folder: true } });
      for (const code of codes)
        failCalls('renameSync', systemError(code), (_, to) => fs.existsSync(String(to)));
      const file = takeLock(folder, newHolder(false));
      expect(findLock(folder)?.file).toBe(file);
      expect(fs.readdirSync(folder)).toEqual(['.staticfiles-lock']);
    },
  );

  it('fails if somebody is deleting the destination', () => {
    expect(takeLock(newProject({}).path('out'), newHolder(false))).toBeUndefined();
  });

  it.each(['mkdirSync', 'writeFileSync', 'renameSync'] as const)(
    'throws any other error of the system, and leaves nothing: %s',
    (name) => {
      const { folder } = destination();
      const error = systemError('EROFS');
      failCalls(name, error);
      expect(() => takeLock(folder, newHolder(false))).toThrow(error);
      expect(fs.readdirSync(folder)).toEqual([]);
    },
  );

  it('throws an error without a code', () => {
    const { folder } = destination();
    const error = new TypeError('a mistake');
    failCalls('renameSync', error);
    expect(() => takeLock(folder, newHolder(false))).toThrow(error);
  });
});

describe('freeLock', () => {
  it('removes the file and its folder', () => {
    const { folder } = destination();
    freeLock(takeLock(folder, newHolder(false))!);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('leaves the lock of somebody else', () => {
    const { project, folder } = destination({ [`${LOCK}/theirs.json`]: 'theirs' });
    freeLock(path.join(lockPath(folder), 'mine.json'));
    expect(project.texts('out')).toEqual({ '.staticfiles-lock/theirs.json': 'theirs' });
  });

  it('does nothing if everything is gone', () => {
    const { folder } = destination();
    expect(() => freeLock(path.join(lockPath(folder), 'mine.json'))).not.toThrow();
  });
});

describe('findLock', () => {
  it.each<[string, TreeInput]>([
    ['there is no lock', {}],
    ['the lock is half freed', { [LOCK]: { folder: true } }],
    ['NFS keeps a deleted file', { [`${LOCK}/.nfs0001`]: 'deleted' }],
  ])('finds nothing if %s', (_, tree) => {
    expect(findLock(destination(tree).folder)).toBeUndefined();
  });

  it('finds the lock beside a file that NFS keeps', () => {
    const { project, folder } = destination({ [`${LOCK}/.nfs0001`]: 'deleted', [`${LOCK}/b7c1.json`]: '{}' });
    expect(findLock(folder)?.file).toBe(project.path(LOCK, 'b7c1.json'));
  });

  it.each(['', '{"tag":', 'null', '7', '{}', '{"tag":7}', '[]'])(
    'finds a damaged lock without a holder: %j',
    (text) => {
      const { project, folder } = destination({ [`${LOCK}/b7c1.json`]: text });
      expect(findLock(folder)).toMatchObject({ file: project.path(LOCK, 'b7c1.json'), holder: undefined });
    },
  );

  it('gives a lock another mark when its file is touched or is another one, and else the same', () => {
    const { project, folder } = destination({ [`${LOCK}/b7c1.json`]: '{}' });
    const first = findLock(folder)?.mark;
    expect(findLock(folder)?.mark).toBe(first);
    fs.utimesSync(project.path(LOCK, 'b7c1.json'), 7, 7);
    const second = findLock(folder)?.mark;
    expect(second).not.toBe(first);
    fs.renameSync(project.path(LOCK, 'b7c1.json'), project.path(LOCK, 'c8d2.json'));
    expect(findLock(folder)?.mark).not.toBe(second);
  });

  it('closes the file', () => {
    const { folder } = destination({ [`${LOCK}/b7c1.json`]: '{}' });
    const closed = noteCalls('closeSync');
    findLock(folder);
    expect(closed).toHaveLength(1);
  });

  it('finds nothing if the file is deleted at that moment', () => {
    const { folder } = destination({ [`${LOCK}/b7c1.json`]: '{}' });
    failCalls('openSync', systemError('ENOENT'));
    expect(findLock(folder)).toBeUndefined();
  });

  it('throws any other error of the system', () => {
    const { folder } = destination({ [LOCK]: 'a file' });
    expect(() => findLock(folder)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });
});
