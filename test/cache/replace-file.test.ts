import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { replaceFile } from '../../src/cache/replace-file.js';
import { newProject } from '../support/project.js';

const HOUR_S = 60 * 60;

afterEach(() => vi.restoreAllMocks());

it('a file is replaced, its folder is made, and nothing else is left', () => {
  const project = newProject({});
  replaceFile(project.path('cache/a.bin'), [Buffer.from('one')]);
  replaceFile(project.path('cache/a.bin'), [Buffer.from('two')]);
  expect(project.texts('cache')).toEqual({ 'a.bin': 'two' });
});

it('a full disk leaves the old file, and no half-written one', () => {
  const project = newProject({ 'cache/a.bin': 'old' });
  const { writeFileSync } = fs;
  vi.spyOn(fs, 'writeFileSync').mockImplementation((file) => {
    writeFileSync(file, 'half');
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  expect(() => replaceFile(project.path('cache/a.bin'), [Buffer.from('new')])).toThrow('full');
  expect(project.texts('cache')).toEqual({ 'a.bin': 'old' });
});

it('what killed runs left beside it is deleted, and not what another run may be writing', () => {
  const now = Date.now() / 1000;
  const project = newProject({
    'cache/a.bin.1.tmp': { text: 'left', mtime: now - 2 * HOUR_S },
    'cache/a.bin.2.tmp': { text: 'being written', mtime: now },
    'cache/other.bin': { text: 'old', mtime: now - 2 * HOUR_S },
  });
  replaceFile(project.path('cache/a.bin'), [Buffer.from('new')]);
  expect(Object.keys(project.texts('cache'))).toEqual(['a.bin', 'a.bin.2.tmp', 'other.bin']);
});
