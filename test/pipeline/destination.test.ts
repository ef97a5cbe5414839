import { describe, expect, it, vi } from 'vitest';
import { confirmOverwrite, destinationKey } from '../../src/pipeline/destination.js';
import type { RunOptions } from '../../src/pipeline/options.js';
import { startRun } from '../../src/pipeline/run.js';
import type { Storage } from '../../src/storages/storage.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject, type Project } from '../support/project.js';

const full = newProject({ 'root/a.css': 'a', 'root/img/b.png': 'b' });
const empty = newProject({ 'root/img': { folder: true } });

async function ask(project: Project, options: RunOptions, storage: Partial<Storage> = {}) {
  const confirm = vi.fn(async () => true);
  const settings = builtSettings(project, {});
  const run = startRun(
    { ...settings, storage: { ...settings.storage, ...storage } },
    { confirm, ...options },
  );
  await confirmOverwrite(run);
  return confirm.mock.calls.flat();
}

describe('before a destination is overwritten, confirm', () => {
  it('is called if there are files, with their number if they are cleared', async () => {
    const folder = full.path('root');
    expect(await ask(full, {})).toEqual([{ clear: false, folder }]);
    expect(await ask(full, { clear: true })).toEqual([{ clear: true, files: 2, folder }]);
    expect(await ask(full, { clear: 'all' })).toEqual([{ clear: 'all', files: 2, folder }]);
  });

  it('is not called if there are only empty folders, or in a dry run', async () => {
    expect(await ask(empty, { clear: true })).toEqual([]);
    expect(await ask(full, { dryRun: true })).toEqual([]);
  });

  it('is called for a remote destination, without a look', async () => {
    const { folder: _, ...remote } = builtSettings(empty, {}).storage;
    const storage = { ...remote, displayUrl: 's3://b/', inventory: () => expect.fail('It looked.') };
    const confirm = vi.fn(async () => true);
    await confirmOverwrite(startRun({ ...builtSettings(empty, {}), storage }, { confirm, clear: true }));
    expect(confirm.mock.calls).toEqual([[{ clear: true, displayUrl: 's3://b/' }]]);
  });

  it('is called if the folder cannot be listed', async () => {
    const inventory = () => Promise.reject(new Error('permission denied'));
    expect(await ask(empty, { clear: true }, { inventory })).toEqual([
      { clear: true, folder: empty.path('root') },
    ]);
  });

  it('cancels the run with false', async () => {
    const confirm = async () => false;
    await expect(ask(full, { confirm })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is not called after an abort', async () => {
    const stop = new AbortController();
    const inventory = () => {
      stop.abort();
      return Promise.reject(stop.signal.reason);
    };
    await expect(ask(full, { signal: stop.signal }, { inventory })).rejects.toBe(stop.signal.reason);
  });
});

it('the key of a destination is its own, by storage and place', () => {
  const keys = [
    { name: 'filesystem', folder: '/a' },
    { name: 'filesystem', folder: '/b' },
    { name: 'other', folder: '/a' },
    { name: 's3', displayUrl: 's3://a/' },
    { name: 's3', displayUrl: 's3://b/' },
  ].map((storage) => destinationKey({ storage: storage as unknown as Storage }));
  expect(new Set(keys).size).toBe(5);
  expect(keys[0]).toMatch(/^[0-9a-f]{16}$/);
});
