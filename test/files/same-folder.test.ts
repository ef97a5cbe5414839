import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isInFolder, isSameFolder, listedPath } from '../../src/files/same-folder.js';
import { ignoreCase } from '../support/ignoring-case.js';
import { newProject } from '../support/project.js';

const TREE = { 'Static/img/a.png': '', link: { link: 'Static' }, 'static-other/b.png': '' };

describe('folders', () => {
  it('are the same by name and by link', () => {
    const project = newProject(TREE);
    const at = project.path;
    expect(isSameFolder(at('Static'), `${at('Static')}/`)).toBe(true);
    expect(isSameFolder(at('link/img'), at('Static/img'))).toBe(true);
    expect(isInFolder(at('link/img/new/deep'), at('Static'))).toBe(true);
    expect(isSameFolder(at('Static'), at('static-other'))).toBe(false);
    expect(isInFolder(at('static-other'), at('Static'))).toBe(false);
    expect(isInFolder(at('Static'), at('Static/img'))).toBe(false);
  });

  it('differ by letter case if the file system does not ignore it, even if they do not exist', () => {
    const project = newProject({ ...TREE, 'static/x': '' });
    expect(isSameFolder(project.path('Static'), project.path('static'))).toBe(false);
    expect(isSameFolder(project.path('Static'), project.path('STATIC'))).toBe(false);
    expect(isSameFolder(project.path('new'), project.path('NEW'))).toBe(false);
    expect(listedPath(project.path('STATIC/img'))).toBe(project.path('STATIC/img'));
  });

  it('are the same in any letter case if the file system ignores it', () => {
    const project = newProject(TREE);
    ignoreCase(project.dir);
    expect(isSameFolder(project.path('static'), project.path('STATIC'))).toBe(true);
    expect(isInFolder(project.path('sTATIC/IMG/New'), project.path('static'))).toBe(true);
    expect(isSameFolder(project.path('static'), project.path('static-other'))).toBe(false);
    expect(listedPath(project.path('STATIC/IMG'))).toBe(project.path('Static/img'));
  });

  it('are the same by their inode, for example if one is mounted twice', () => {
    const project = newProject({ 'a/x': '', 'b/y': '' });
    const { statSync } = fs;
    const a = statSync(project.path('a'), { bigint: true });
    const mounted = (place: string, options: fs.StatSyncOptions) =>
      place === project.path('b') ? a : statSync(place, options);
    const spy = vi.spyOn(fs, 'statSync').mockImplementation(mounted as typeof statSync);
    onTestFinished(() => spy.mockRestore());
    expect(isSameFolder(project.path('a'), project.path('b'))).toBe(true);
    expect(isInFolder(project.path('b/deep'), project.path('a'))).toBe(true);
  });
});
