import fs from 'node:fs';
import { expect, it } from 'vitest';
import { diffReleases } from '../../src/releases/diff.js';
import { newSite, publish, settingsOf, stylePath } from '../support/releases.js';

it('two releases differ in added, removed and changed files', async () => {
  const project = newSite();
  project.write({ 'static/old.txt': 'old' });
  await publish(project, 'v1', 'red');
  const before = stylePath(project, 'v1');
  const old = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8')).paths['old.txt'];
  fs.rmSync(project.path('static/old.txt'));
  project.write({ 'static/new.txt': 'new' });
  await publish(project, 'v2', 'green');
  const paths = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8')).paths;
  const settings = await settingsOf(project);
  expect(await diffReleases(settings, ['v1', 'v2'])).toEqual({
    changes: [
      { logicalPath: 'app.css', change: 'changed', from: before, to: paths['app.css'] },
      { logicalPath: 'new.txt', change: 'added', from: undefined, to: paths['new.txt'] },
      { logicalPath: 'old.txt', change: 'removed', from: old, to: undefined },
    ],
    same: 2,
  });
  expect(await diffReleases(settings, ['v1', 'v1'])).toEqual({ changes: [], same: 4 });
});

it('a file that keeps its name differs if its content does', async () => {
  const project = newSite();
  await publish(project, 'v1', 'red');
  project.write({ 'static/robots.txt': 'others' });
  await publish(project, 'v2', 'red');
  const { changes } = await diffReleases(await settingsOf(project), ['v1', 'v2']);
  expect(changes).toEqual([
    { logicalPath: 'robots.txt', change: 'changed', from: 'robots.txt', to: 'robots.txt' },
  ]);
});

it('an unknown id is an error, with a suggestion only if one is near', async () => {
  const project = newSite();
  await publish(project, 'release-1', 'red');
  const settings = await settingsOf(project);
  const failure = (id: string) => diffReleases(settings, [id, 'release-1']);
  await expect(failure('release-2')).rejects.toThrow(/ Did you mean 'release-1'\?$/);
  await expect(failure('x')).rejects.toThrow(/to see the releases\.$/);
  await expect(failure('x')).rejects.toMatchObject({ code: 'target' });
});
