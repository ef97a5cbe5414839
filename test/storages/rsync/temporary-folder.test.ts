import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { inTemporaryFolder } from '../../../src/storages/rsync/temporary-folder.js';
import { newProject } from '../../support/project.js';

afterEach(() => vi.restoreAllMocks());

/** Returns where the folder is made, and checks that it is gone afterwards. */
async function madeIn(cacheDir: string): Promise<string> {
  let made = '';
  await inTemporaryFolder(cacheDir, async (folder) => {
    made = folder;
    fs.writeFileSync(path.join(folder, 'a.txt'), 'a');
  });
  expect(fs.existsSync(made)).toBe(false);
  return path.dirname(made);
}

it('is in the cache folder, and is gone after the step', async () => {
  const cacheDir = newProject({}).path('cache');
  expect(await madeIn(cacheDir)).toBe(path.join(cacheDir, 'rsync'));
});

it('is in the system’s folder if the cache folder cannot be written', async () => {
  const cacheDir = newProject({ cache: 'a file' }).path('cache');
  expect(await madeIn(cacheDir)).toBe(os.tmpdir());
});

it('is an error that names both if neither can be written', async () => {
  const project = newProject({ cache: 'a file' });
  vi.spyOn(os, 'tmpdir').mockReturnValue(project.path('none'));
  await expect(inTemporaryFolder(project.path('cache'), async () => {})).rejects.toMatchObject({
    code: 'target',
    message: `Cannot make a temporary folder, neither in '${project.path('cache')}' nor in '${project.path('none')}': no such file or directory. Choose another folder with --cache-dir.`,
  });
});
