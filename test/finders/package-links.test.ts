import { describe, expect, it } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { loadSettings } from '../../src/settings/load.js';
import { newProject, type Project } from '../support/project.js';
import type { TreeInput } from '../support/tree.js';

const PACKAGE = { 'node_modules/lib/package.json': '{"name":"lib"}', 'node_modules/lib/dist/lib.js': 'lib' };
const APPS = { installedApps: [{ app: 'lib', dir: 'dist' }] };

function projectOf(tree: TreeInput, settings: object = APPS): Project {
  return newProject(
    { 'package.json': '{}', 'private/key.txt': 'key', ...tree },
    { staticRoot: 'root', ...settings },
  );
}

/** Returns the warnings of a run, with `{TMP}` for the project. */
async function warningsOf(project: Project) {
  const { warnings } = await collectstatic(await loadSettings({ cwd: project.dir, env: {} }));
  return warnings.map(({ code, message }) => [code, message.replaceAll(project.dir, '{TMP}')]);
}

const out = (link: string, target: string) => [
  'link-out-of-package',
  `'{TMP}/node_modules/lib/${link}' is a link out of the npm package '{TMP}/node_modules/lib', to '{TMP}/${target}', ` +
    "which is published. Set vendorLinks to 'error' to refuse such links, or to 'allow' if they are meant.",
];

describe('a link out of an npm package', () => {
  it.each<[what: string, tree: TreeInput, warning: readonly unknown[]]>([
    [
      'to a file',
      { 'node_modules/lib/dist/key.txt': { link: '../../../private/key.txt' } },
      out('dist/key.txt', 'private/key.txt'),
    ],
    [
      'to a folder',
      { 'node_modules/lib/dist/sub/key': { link: '../../../../private' } },
      out('dist/sub/key', 'private'),
    ],
    [
      'to another package',
      { 'node_modules/lib/dist/other': { link: '../../other' }, 'node_modules/other/key.txt': 'key' },
      out('dist/other', 'node_modules/other'),
    ],
    [
      'by a link within',
      {
        'node_modules/lib/dist/key.txt': { link: '../key.txt' },
        'node_modules/lib/key.txt': { link: '../../private/key.txt' },
      },
      out('dist/key.txt', 'private/key.txt'),
    ],
  ])('%s causes a warning', async (_, tree, warning) => {
    const project = projectOf({ ...PACKAGE, ...tree });
    expect(await warningsOf(project)).toEqual([warning]);
    expect(Object.values(project.texts())).toContain('key');
  });

  it('causes a warning if it is the static folder itself', async () => {
    const tree = {
      'node_modules/lib/package.json': '{}',
      'node_modules/lib/dist': { link: '../../private' },
    };
    const warning = out('dist', 'private');
    expect(await warningsOf(projectOf(tree))).toEqual([warning]);
    expect(await warningsOf(projectOf(tree, { staticfilesDirs: ['node_modules/lib/dist'] }))).toEqual([
      warning,
    ]);
  });

  it('fails the run if the settings say so, and nothing is published', async () => {
    const tree = { ...PACKAGE, 'node_modules/lib/dist/key.txt': { link: '../../../private/key.txt' } };
    const project = projectOf(tree, { ...APPS, vendorLinks: 'error' });
    await expect(warningsOf(project)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/key\.txt' is a link out of the npm package .* Nothing was published\./),
    });
    expect(project.tree()).toEqual({});
  });

  it.each([
    ['the settings allow it', { ...APPS, vendorLinks: 'allow' }],
    ['it is ignored', { ...APPS, ignore: ['key*'], vendorLinks: 'error' }],
  ])('causes no warning if %s', async (_, settings) => {
    const tree = { ...PACKAGE, 'node_modules/lib/dist/key.txt': { link: '../../../private/key.txt' } };
    expect(await warningsOf(projectOf(tree, settings))).toEqual([]);
  });
});

describe('allowed links', () => {
  const strict = { ...APPS, vendorLinks: 'error' };
  const STORE = 'node_modules/.pnpm/lib@1.0.0/node_modules/lib';

  it.each<[what: string, tree: TreeInput, settings: object, published: string[]]>([
    [
      'within a package',
      {
        ...PACKAGE,
        'node_modules/lib/dist/again.js': { link: 'lib.js' },
        'node_modules/lib/dist/src': { link: '../src' },
        'node_modules/lib/src/a.js': 'a',
      },
      strict,
      ['again.js', 'lib.js', 'src/a.js'],
    ],
    [
      'of pnpm',
      {
        [`${STORE}/package.json`]: '{}',
        [`${STORE}/dist/lib.js`]: 'lib',
        [`${STORE}/dist/again.js`]: { link: 'lib.js' },
        'node_modules/lib': { link: '.pnpm/lib@1.0.0/node_modules/lib' },
      },
      strict,
      ['again.js', 'lib.js'],
    ],
    [
      'of a workspace',
      {
        'packages/lib/package.json': '{}',
        'packages/lib/dist/key.txt': { link: '../../../private/key.txt' },
        'node_modules/lib': { link: '../packages/lib' },
      },
      strict,
      ['key.txt'],
    ],
    [
      'of packages in a whole node_modules',
      {
        [`${STORE}/lib.js`]: 'lib',
        'node_modules/lib': { link: '.pnpm/lib@1.0.0/node_modules/lib' },
        'node_modules/@scope/x': { link: '../.pnpm/lib@1.0.0/node_modules/lib' },
      },
      { staticfilesDirs: ['node_modules'], vendorLinks: 'error' },
      ['@scope/x/lib.js', 'lib/lib.js'],
    ],
    [
      'of the project itself',
      { 'static/key.txt': { link: '../private/key.txt' } },
      { staticfilesDirs: ['static'], vendorLinks: 'error' },
      ['key.txt'],
    ],
  ])('%s are followed without a warning', async (_, tree, settings, published) => {
    const project = projectOf(tree, settings);
    expect(await warningsOf(project)).toEqual([]);
    expect(Object.keys(project.texts())).toEqual(published);
  });

  it('out of a package in a whole node_modules cause a warning', async () => {
    const tree = { ...PACKAGE, 'node_modules/lib/dist/key.txt': { link: '../../../private/key.txt' } };
    const project = projectOf(tree, { staticfilesDirs: ['node_modules'] });
    expect(await warningsOf(project)).toEqual([out('dist/key.txt', 'private/key.txt')]);
  });
});
