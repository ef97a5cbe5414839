import fs from 'node:fs';
import { expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const CHECKOUTS = ['one', 'two'] as const;

/** Two checkouts with their own cache folders, which publish to one folder. */
function checkouts(files: (checkout: string) => Parameters<typeof newProject>[0]): Project {
  const project = newProject({});
  for (const checkout of CHECKOUTS) {
    const settings = JSON.stringify({ ...SETTINGS, staticRoot: '../root', cacheDir: 'cache' });
    project.write({ [`${checkout}/staticfiles.config.json`]: settings });
    const below = Object.entries(files(checkout)).map(([name, node]) => [`${checkout}/static/${name}`, node]);
    project.write(Object.fromEntries(below));
  }
  return project;
}

const publish = (project: Project, cwd: string, argv: readonly string[] = []) =>
  collect(project, argv, { cwd });

test('two checkouts that publish to one folder at once both publish all of their files', async () => {
  const files = (checkout: string) =>
    Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`${checkout}/${i % 30}/${i}.txt`, `${i}\n`]));
  const project = checkouts(files);
  const results = await Promise.all(CHECKOUTS.map((checkout) => publish(project, checkout)));
  for (const result of results) expect(result).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ ...files('one'), ...files('two') });
  expect(fs.readdirSync(project.path('root')).sort()).toEqual(['.staticfiles-run.json', 'one', 'two']);
});

test('a roll-back in another checkout is published, even if size and time of the files are equal', async () => {
  const mtime = Date.UTC(1985, 9, 26, 8, 15) / 1000; // as npm dates all files
  const project = checkouts((checkout) => ({ 'lib.js': { text: `"${checkout}"\n`, mtime } }));
  for (const checkout of ['one', 'two', 'one', 'two']) {
    expect(await publish(project, checkout)).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts()).toEqual({ 'lib.js': `"${checkout}"\n` });
  }
});

test('a run that publishes no file keeps the note of the last one that did', async () => {
  const project = newProject(
    { 'static/a.txt': 'a\n' },
    { ...SETTINGS, cacheDir: 'cache', postProcess: ['fingerprint'] },
  );
  for (const id of ['v1', 'v2']) {
    project.write({ 'static/b.txt': `${id}\n` });
    expect(await collect(project, ['--release', id])).toMatchObject({ exit: 0, stderr: '' });
  }
  const note = fs.readFileSync(project.path('root/.staticfiles-run.json'), 'utf8');
  expect(await collect(project, ['--release', 'v2'])).toMatchObject({ exit: 0, stderr: '' });
  expect(await run(project, 'staticfiles', ['releases', 'activate', 'v1'])).toMatchObject({ exit: 0 });
  expect(fs.readFileSync(project.path('root/.staticfiles-run.json'), 'utf8')).toBe(note);
});
