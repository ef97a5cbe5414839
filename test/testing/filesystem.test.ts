import { describe, expect, it } from 'vitest';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { newProject } from '../support/project.js';

const project = newProject({});
const context = {
  baseDir: project.dir,
  staticRoot: project.path('root'),
  staticUrl: '/static/',
  cacheDir: project.path('cache'),
};
const open = (location: string) => filesystemStorage({ location }, context);

describe('filesystem', () => {
  it.each(storageContract({ open }))('$name', async ({ name, run }) => {
    const aboutHeaders = / headers\b/.test(name);
    const aboutNoLock = /two runs at once|while files are removed|at the same time/.test(name);
    expect(await run()).toBe(aboutHeaders || aboutNoLock ? 'does not apply' : 'met');
  });
});
