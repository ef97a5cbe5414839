import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNameCheck } from '../../../src/serve/files/folder-names.js';
import { newProject } from '../../support/project.js';

/** Longer than the time in which a folder may change twice within the same time stamp. */
const TICK = 50;

async function newTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

afterEach(() => vi.restoreAllMocks());

describe('createNameCheck', () => {
  it('knows which files exist, at the top and in folders', async () => {
    const project = newProject({ 'a.css': '', 'css/b.css': '', 'css/deep/c.css': '' });
    await pause(TICK);
    const exists = createNameCheck(project.dir);
    for (const name of ['a.css', 'css/b.css', 'css/deep/c.css'])
      expect([name, exists(name)]).toEqual([name, true]);
    for (const name of ['b.css', 'css/a.css', 'no/a.css', 'a.css/x'])
      expect([name, exists(name)]).toEqual([name, false]);
  });

  it('notices added and deleted files in the next turn of the event loop', async () => {
    const project = newProject({ 'css/a.css': '' });
    await pause(TICK);
    const exists = createNameCheck(project.dir);
    expect(exists('css/b.css')).toBe(false);
    project.write({ 'css/b.css': '' });
    await newTurn();
    expect(exists('css/b.css')).toBe(true);
    fs.rmSync(project.path('css/b.css'));
    await newTurn();
    expect(exists('css/b.css')).toBe(false);
  });

  it('checks each name in a folder that has just changed, since its time stamp proves nothing yet', async () => {
    const project = newProject({ 'css/a.css': '' });
    const exists = createNameCheck(project.dir);
    expect(exists('css/b.css')).toBe(false);
    const before = fs.statSync(project.path('css'));
    project.write({ 'css/b.css': '' });
    fs.utimesSync(project.path('css'), before.atime, before.mtime);
    await newTurn();
    expect(exists('css/b.css')).toBe(true);
  });

  it('makes one system call in a turn for many names in an unchanged folder', async () => {
    const project = newProject({ 'css/a.css': '' });
    await pause(TICK);
    const exists = createNameCheck(project.dir);
    exists('css/x.css');
    await newTurn();
    const calls = (['statSync', 'existsSync', 'readdirSync'] as const).map((name) => vi.spyOn(fs, name));
    for (let i = 0; i < 1000; i++) expect(exists(`css/${i}.css`)).toBe(false);
    expect(calls.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
  });

  it('checks each name in a folder that cannot be listed', async () => {
    const project = newProject({ 'css/a.css': '' });
    await pause(TICK);
    vi.spyOn(fs, 'readdirSync').mockImplementation(() => {
      throw Object.assign(new Error(), { code: 'EACCES' });
    });
    const exists = createNameCheck(project.dir);
    expect([exists('css/a.css'), exists('css/b.css')]).toEqual([true, false]);
  });
});
