import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const TEXT = 'a { color: red }\n'.repeat(200);

function projectOf(settings: object = { cacheDir: 'cache' }): Project {
  return newProject(
    { 'static/a.css': TEXT, 'static/tiny.css': 'a{}', 'package.json': '{}' },
    { ...SETTINGS, postProcess: ['compress'], ...settings },
  );
}

const cache = (project: Project, argv: readonly string[] = []) =>
  run(project, 'staticfiles', ['cache', ...argv]);

it('shows what the cache folder holds, and its size on the disk', async () => {
  const project = projectOf();
  expect((await cache(project)).stdout).toBe(
    "'{TMP}/cache' holds 0 compressed contents, 0 records (0 B, 0 B on the disk).\n",
  );
  await collect(project);
  project.write({ 'cache/records/a.bin.1.tmp': 'left', 'cache/theirs.txt': 'theirs' });
  expect((await cache(project)).stdout).toMatch(
    /^'{TMP}\/cache' holds 4 compressed contents in 1 file, 1 record, 1 temporary file, 1 other file \([\d.]+ kB, [\d.]+ kB on the disk\)\.\n$/,
  );
  expect(JSON.parse((await cache(project, ['--json'])).stdout)).toEqual({
    command: 'cache',
    folder: '{TMP}/cache',
    ...{ entries: 4, packs: 1, records: 1, temporaries: 1, others: 1 },
    size: expect.any(Number),
    sizeOnDisk: expect.any(Number),
    warnings: [],
  });
});

it('shows what --prune deletes', async () => {
  const project = projectOf();
  await collect(project);
  expect((await cache(project, ['--prune', '--max-size', '0'])).stdout).toMatch(
    /^Deleted 4 compressed contents, 1 record \([\d.]+ kB\)\.\n'{TMP}\/cache' holds 0 compressed contents, 0 records/,
  );
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
});

it.each(['-1', 'x', ''])('refuses --max-age %j', async (age) => {
  expect(await cache(projectOf(), ['--prune', '--max-age', age])).toMatchObject({ exit: 2 });
});

it('the default cache folder is in the project, and git ignores it', async () => {
  const project = projectOf({});
  await collect(project);
  expect(fs.readdirSync(project.path('.cache/staticfiles')).sort()).toEqual([
    '.gitignore',
    'compressed',
    'records',
  ]);
  expect(project.texts('.cache/staticfiles')['.gitignore']).toBe('*\n');
});

it('a cache folder that existed before is not hidden from git', async () => {
  const project = projectOf();
  project.write({ 'cache/theirs.txt': 'in git' });
  await collect(project);
  expect(fs.existsSync(project.path('cache/.gitignore'))).toBe(false);
});

/** The folder that a recipe in docs/cache.md keeps. */
function recipeFolder(pattern: RegExp): string {
  const text = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/cache.md'), 'utf8');
  return pattern.exec(text)![1]!;
}

it.each([
  ['GitHub', /uses: actions\/cache@.*\n +with:\n +path: (\S+)\n/],
  ['GitLab', /cache:\n(?: +.*\n)*? +paths:\n +- (\S+)\n/],
])('CI that keeps the folder of the recipe for %s compresses nothing twice', async (_, pattern) => {
  const folder = recipeFolder(pattern);
  const first = projectOf({});
  first.write({ 'node_modules/some-package/index.js': '' });
  expect(await collect(first)).toMatchObject({ exit: 0, stderr: '' });

  const next = projectOf({});
  fs.cpSync(first.path(folder), next.path(folder), { recursive: true }); // restored, with new times
  next.write({ 'node_modules/some-package/index.js': '' });
  fs.rmSync(next.path('node_modules'), { recursive: true }); // npm ci
  expect(await collect(next)).toMatchObject({ exit: 0, stderr: '' });

  const packs = (project: Project) => fs.readdirSync(project.path('.cache/staticfiles/compressed/packs'));
  expect(packs(first)).toHaveLength(1);
  expect(packs(next)).toEqual(packs(first));
  const { '.staticfiles-run.json': _note, ...published } = next.texts();
  expect(first.texts()).toMatchObject(published);
});
