import { describe, expect, test } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { findstatic } from '../../src/findstatic.js';
import { loadSettings } from '../../src/settings/load.js';
import { newProject, SETTINGS } from '../support/project.js';

const PACKAGE = {
  'node_modules/tm/package.json': '{"name":"tm","version":"1.0.0"}',
  'node_modules/tm/README.md': 'x',
  'node_modules/tm/tinymce.js': '1',
  'node_modules/tm/tinymce.min.js': '1',
  'node_modules/tm/themes/x/index.js': '1',
  'node_modules/tm/themes/x/theme.min.js': '1',
  'node_modules/tm/node_modules/dep/index.js': '1',
};

const WANTED = ['tm/themes/x/theme.min.js', 'tm/tinymce.min.js'];
const WHOLE = { app: 'tm', dir: '.', prefix: 'tm' };

async function collected(settings: object, tree = PACKAGE as Record<string, string>) {
  const project = newProject(tree, { ...SETTINGS, staticfilesDirs: [], ...settings });
  const loaded = await loadSettings({ cwd: project.dir, env: {} });
  const { warnings } = await collectstatic(loaded);
  const names = Object.keys(project.texts())
    .filter((name) => !name.startsWith('.'))
    .sort();
  return { project, loaded, names, warnings };
}

describe('an entry of installedApps', () => {
  test.each([['include'], ['files']])('takes only what %s names', async (key) => {
    const entry = { ...WHOLE, [key]: ['tinymce.min.js', 'themes/**/theme.min.js'] };
    expect(await collected({ installedApps: [entry] })).toMatchObject({ names: WANTED, warnings: [] });
  });

  test('leaves out what its ignore names, and nothing of others', async () => {
    const entry = {
      ...WHOLE,
      ignore: ['node_modules', '*.md', 'package.json', '/themes/x/index.js', 'tinymce.js'],
    };
    const project = { ...PACKAGE, 'static/README.md': 'mine' };
    const { names } = await collected({ staticfilesDirs: ['static'], installedApps: [entry] }, project);
    expect(names).toEqual(['README.md', ...WANTED]);
  });

  test('may be given twice with other parts', async () => {
    const installedApps = [
      { ...WHOLE, include: ['tinymce.min.js'] },
      { ...WHOLE, include: ['themes/'], ignore: ['index.js'] },
    ];
    expect((await collected({ installedApps })).names).toEqual(WANTED);
  });
});

test('an entry of staticfilesDirs can take a part of its folder', async () => {
  const dirs = [{ dir: 'node_modules/tm', prefix: 'tm', include: ['*.min.js'] }];
  expect((await collected({ staticfilesDirs: dirs, installedApps: [] })).names).toEqual(WANTED);
});

test('findstatic says that include leaves a file out', async () => {
  const { loaded, project } = await collected({ installedApps: [{ ...WHOLE, include: ['tinymce.min.js'] }] });
  const [found, leftOut] = await findstatic(loaded, ['tm/tinymce.min.js', 'tm/tinymce.js']);
  expect(found?.matches).toHaveLength(1);
  expect(leftOut).toMatchObject({
    matches: [],
    hidden: {
      sourcePath: project.path('node_modules/tm/tinymce.js'),
      pattern: 'tinymce.min.js',
      by: 'include',
    },
  });
});
