import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, SETTINGS } from '../support/project.js';

const TREE = { 'static/a.txt': 'a', 'apps/shop/static/s.txt': 's', 'plain.txt': 'plain' };

describe.concurrent('refused settings', () => {
  const cases: [string, unknown, string[]][] = [
    ['an unknown key', { ...SETTINGS, staticRot: 'x' }, ['staticRot', 'staticRoot']],
    ['a wrong type', { ...SETTINGS, staticRoot: 5 }, ['staticRoot', '5']],
    [
      'staticfilesDirs that is not a list',
      { ...SETTINGS, staticfilesDirs: 'static' },
      ['E001', 'staticfilesDirs'],
    ],
    [
      'a dir of a wrong form',
      { ...SETTINGS, staticfilesDirs: [['a', 'b', 'c']] },
      ['E004', 'staticfilesDirs[0]'],
    ],
    ['the destination as a source', { ...SETTINGS, staticfilesDirs: ['root'] }, ['E002']],
    [
      'the default folder of sources as destination',
      { staticRoot: 'static' },
      ['E002', "'{TMP}/static'", "such as 'staticfiles'", '"staticfilesDirs": []'],
    ],
    ['a prefix ending in a slash', { ...SETTINGS, staticfilesDirs: [['p/', 'static']] }, ['E003', "'p/'"]],
    ['an absolute prefix', { ...SETTINGS, staticfilesDirs: [['/p', 'static']] }, ["'/p'"]],
    ['a prefix that climbs', { ...SETTINGS, staticfilesDirs: [['../p', 'static']] }, ["'../p'"]],
    ['a prefix that climbs later', { ...SETTINGS, staticfilesDirs: [['p/../..', 'static']] }, ["'p/../..'"]],
    ['no storage', { ...SETTINGS, storages: {} }, ['E005']],
    [
      'an unknown storage',
      { ...SETTINGS, storages: { staticfiles: { backend: 'filesytem' } } },
      ["'filesytem'"],
    ],
    [
      'a missing storage module',
      { ...SETTINGS, storages: { staticfiles: { backend: './none.js' } } },
      ['./none.js'],
    ],
    ['an unknown processor', { ...SETTINGS, postProcess: ['./none.js'] }, ['./none.js']],
    ['a missing app', { ...SETTINGS, installedApps: ['no-such-package'] }, ['no-such-package']],
    ['the media root as destination', { ...SETTINGS, mediaRoot: 'root' }, ['mediaRoot']],
    ['a media root inside', { ...SETTINGS, mediaRoot: 'root/media' }, ['mediaRoot']],
    ['the same URL for media', { ...SETTINGS, mediaUrl: '/static/' }, ['mediaUrl']],
    ['a destination that is a file', { ...SETTINGS, staticRoot: 'plain.txt' }, ['{TMP}/plain.txt']],
    ['the root folder as destination', { ...SETTINGS, staticRoot: '/' }, ["'/'"]],
    ['a destination that is the project', { ...SETTINGS, staticRoot: '.' }, ["'{TMP}'"]],
    ['a destination that holds the project', { ...SETTINGS, staticRoot: '..' }, ['staticRoot']],
    [
      'a destination that holds a source',
      { ...SETTINGS, staticRoot: 'apps', installedApps: ['apps/*'] },
      ['{TMP}/apps'],
    ],
    [
      'two mistakes at once',
      { ...SETTINGS, staticRot: 'x', staticfilesDirs: [['p/', 'static']] },
      ['staticRot'],
    ],
  ];
  test.each(cases)('%s', async (_, settings, says) => {
    const project = newProject(TREE, settings);
    for (const argv of [[], ['--clear'], ['--clear=all']]) {
      const result = await collect(project, argv);
      expect(result).toMatchObject({ exit: 1, stdout: '' });
      for (const words of says) expect(result.stderr).toContain(words);
      expect(result.stderr).not.toMatch(/^ {4}at /m);
      expect(project.texts('static')).toEqual({ 'a.txt': 'a' });
    }
  });

  test('all failed checks are reported together', async () => {
    const dirs = [['p/', 'static'], 'root', 'nowhere'];
    const { exit, stderr } = await collect(newProject(TREE, { ...SETTINGS, staticfilesDirs: dirs }));
    expect(exit).toBe(1);
    for (const code of ['E002', 'E003', 'W004']) expect(stderr).toContain(code);
  });

  test.each<[string, string[], Record<string, string>]>([
    ['--static-root', ['--static-root', 'static'], {}],
    ['STATIC_ROOT', [], { STATIC_ROOT: 'static' }],
  ])('the default folder of sources as destination, by %s', async (_, argv, env) => {
    const project = newProject(TREE, {});
    for (const clear of [[], ['--clear'], ['--clear=all']]) {
      const result = await collect(project, [...argv, ...clear], { env });
      expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('(staticfiles.E002)') });
      expect(project.texts('static')).toEqual({ 'a.txt': 'a' });
    }
  });

  test('the home folder as destination', async () => {
    const project = newProject(TREE);
    const result = await collect(project, ['--static-root', project.home, '--clear']);
    expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining(project.home) });
    expect(fs.existsSync(project.home)).toBe(true);
  });

  test.each([
    ['{"staticRoot": "out",', 'staticfiles.config.json'],
    ['[]', 'staticfiles.config.json'],
  ])('a file that holds %s', async (text, says) => {
    const project = newProject(TREE);
    fs.writeFileSync(project.path('staticfiles.config.json'), text);
    expect(await collect(project)).toMatchObject({ exit: 1, stderr: expect.stringContaining(says) });
  });
});

describe.concurrent('settings that are found', () => {
  const forms: [string, string][] = [
    ['staticfiles.config.js', 'export default { staticRoot: "here" };'],
    ['staticfiles.config.mjs', 'export default { staticRoot: "here" };'],
    ['staticfiles.config.cjs', 'module.exports = { staticRoot: "here" };'],
    ['staticfiles.config.ts', 'const staticRoot: string = "here"; export default { staticRoot };'],
    ['staticfiles.config.mts', 'const staticRoot: string = "here"; export default { staticRoot };'],
    ['package.json', '{ "type": "module", "staticfiles": { "staticRoot": "here" } }'],
  ];
  test.each(forms)('%s, from a folder below', async (name, text) => {
    const project = newProject({ ...TREE, 'sub/deep/x': 'x', 'package.json': '{ "type": "module" }' });
    fs.rmSync(project.path('staticfiles.config.json'));
    project.write({ [name]: text });
    expect(await collect(project, [], { cwd: 'sub/deep' })).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts('here')).toEqual({ 'a.txt': 'a' });
  });

  test('without settings, workspaces are apps, static/ is a source and staticfiles/ the destination', async () => {
    const project = newProject({ ...TREE, 'package.json': '{ "name": "p", "workspaces": ["apps/*"] }' });
    project.write({ 'apps/shop/package.json': '{ "name": "shop" }' });
    fs.rmSync(project.path('staticfiles.config.json'));
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts('staticfiles')).toEqual({ 'a.txt': 'a', 's.txt': 's' });
  });

  test('npm packages are apps if they are hoisted, linked, or hide package.json by exports', async () => {
    const hidden = JSON.stringify({ name: 'lit', exports: { '.': './x.js' } });
    const project = newProject({
      'node_modules/lit/package.json': hidden,
      'node_modules/lit/static/lit.js': 'lit',
      'node_modules/@scope/boot/package.json': '{"name":"@scope/boot"}',
      'node_modules/@scope/boot/dist/b.css': 'boot',
      'work/linked/package.json': '{"name":"linked"}',
      'work/linked/static/l.txt': 'linked',
      'node_modules/linked': { link: '../work/linked' },
      'inner/package.json': '{"name":"inner"}',
    });
    const apps = ['lit', { app: '@scope/boot', dir: 'dist', prefix: 'boot' }, 'linked'];
    fs.renameSync(project.path('staticfiles.config.json'), project.path('inner/staticfiles.config.json'));
    project.write({
      'inner/staticfiles.config.json': JSON.stringify({ staticRoot: 'out', installedApps: apps }),
    });
    expect(await collect(project, [], { cwd: 'inner' })).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts(path.join('inner', 'out'))).toEqual({
      'boot/b.css': 'boot',
      'l.txt': 'linked',
      'lit.js': 'lit',
    });
  });
});
