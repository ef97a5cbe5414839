import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lookAtNames, probeNames } from '../../../src/storages/filesystem/name-probe.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { ignoreCase } from '../../support/ignoring-case.js';
import { newProject } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

const EXACT = { ignoresCase: false, ignoresForm: false, keepsCase: true };

describe('probeNames', () => {
  it('leaves nothing behind, also if it fails', () => {
    const project = newProject({ root: { folder: true } });
    probeNames(project.path('root'));
    expect(fs.readdirSync(project.path('root'))).toEqual([]);
    failCalls('writeFileSync', systemError('ENOSPC'));
    expect(() => probeNames(project.path('root'))).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot write '${project.path('root')}': no space left on the device.`,
      }),
    );
    expect(fs.readdirSync(project.path('root'))).toEqual([]);
  });

  it('writes in a folder that the next run sweeps if this one is killed', () => {
    const project = newProject({ root: { folder: true } });
    const written = noteCalls('writeFileSync');
    probeNames(project.path('root'));
    for (const [file] of written)
      expect(path.relative(project.path('root'), String(file))).toMatch(/^\.collectstatic-[^/]+\//);
  });

  it('takes a folder that cannot have names with an accent for one that does not ignore their form', () => {
    const project = newProject({ root: { folder: true } });
    ignoreCase(project.path('root'));
    expect(probeNames(project.path('root'))).toMatchObject({ ignoresForm: true });
    failCalls('writeFileSync', systemError('EILSEQ'), (file) => path.basename(String(file)) !== 'Aa');
    expect(probeNames(project.path('root'))).toEqual({
      ignoresCase: true,
      ignoresForm: false,
      keepsCase: true,
    });
  });

  it('tells case from form', () => {
    const project = newProject({ root: { folder: true } });
    const { existsSync } = fs;
    const calls = fs as unknown as Record<string, unknown>;
    calls.existsSync = (file: string) => existsSync(file) || existsSync(file.normalize('NFC'));
    onTestFinished(() => {
      calls.existsSync = existsSync;
    });
    expect(probeNames(project.path('root'))).toEqual({ ...EXACT, ignoresForm: true });
  });
});

describe('lookAtNames', () => {
  /** Looks at `top/root`, where everything below `top` ignores letter case. */
  function look(tree: TreeInput, keepsCase = true, folder = 'root') {
    const project = newProject({ top: { folder: true } });
    ignoreCase(project.path('top'), { keepsCase });
    project.write(Object.fromEntries(Object.entries(tree).map(([name, node]) => [`top/${name}`, node])));
    return lookAtNames(project.path('top', folder));
  }

  it('writes nothing', () => {
    const project = newProject({ 'root/a.js': '' });
    for (const name of ['writeFileSync', 'mkdirSync', 'mkdtempSync'] as const)
      failCalls(name, systemError('EROFS'));
    expect(lookAtNames(project.path('root'))).toEqual(EXACT);
  });

  it('tells from names with a capital that letter case is ignored and kept', () => {
    expect(look({ 'root/a.js': '', 'root/B.js': '' })).toEqual({ ...EXACT, ignoresCase: true });
    expect(look({ 'root/B.js': '' })).toEqual({ ...EXACT, ignoresCase: true });
  });

  it('takes the letter case for not kept if all names are in lower case', () => {
    expect(look({ 'root/a.js': '' }, false)).toMatchObject({ ignoresCase: true });
  });

  it('looks at a folder above if there are no letters in the names', () => {
    expect(look({ 'root/1': '', 'root/2-3': '', 'Other.txt': '' })).toEqual({ ...EXACT, ignoresCase: true });
  });

  it('looks at the folder above a missing one, and goes on upwards from lower case to a capital', () => {
    expect(look({ 'Other.txt': '' }, true, 'gone/deep')).toEqual({ ...EXACT, ignoresCase: true });
    expect(look({ 'root/a.js': '', 'Other.txt': '' })).toEqual({ ...EXACT, ignoresCase: true });
  });

  it('is not misled by two names that differ in letter case', () => {
    const project = newProject({ 'root/a.js': '', 'root/A.JS': '' });
    expect(lookAtNames(project.path('root'))).toEqual(EXACT);
  });

  it('looks at no folder on another device', () => {
    const project = newProject({ 'top/root/1': '', 'top/Other.txt': '' });
    const { statSync } = fs;
    const calls = fs as unknown as Record<string, unknown>;
    calls.statSync = (file: string) => ({
      ...statSync(file),
      dev: file === project.path('top/root') ? 1 : 2,
    });
    onTestFinished(() => {
      calls.statSync = statSync;
    });
    const listed = noteCalls('readdirSync');
    expect(lookAtNames(project.path('top/root'))).toEqual(EXACT);
    expect(listed.map(([dir]) => dir)).toEqual([project.path('top/root')]);
  });

  it('passes over a folder that cannot be listed or reached', () => {
    const project = newProject({ 'root/a.js': '' });
    failCalls('readdirSync', systemError('EACCES'));
    expect(lookAtNames(project.path('root'))).toEqual(EXACT);
    failCalls('statSync', systemError('EACCES'));
    expect(lookAtNames(project.path('root'))).toEqual(EXACT);
  });
});
