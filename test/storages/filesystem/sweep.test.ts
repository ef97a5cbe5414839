import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { sweepTemporaryFolders } from '../../../src/storages/filesystem/sweep.js';
import { newProject } from '../../support/project.js';

const [machine] = ownTag().split('.');
const DEAD = `${machine}.${spawnSync(process.execPath, ['-e', '']).pid}.1`;
const ELSEWHERE = 'aaaaaaaaaaaa.4711.1';

/** Returns the temporary folders that are left after a sweep. */
function swept(names: readonly string[], robbed: readonly string[] = [], daysOld = 0): string[] {
  const tree = Object.fromEntries(names.map((name) => [`out/${name}/0`, '']));
  const project = newProject({ 'out/.staticfiles-lock/b7c1.json': '', ...tree });
  const then = new Date(Date.now() - daysOld * 24 * 60 * 60 * 1000 - 1000);
  for (const name of names) fs.utimesSync(project.path('out', name), then, then);
  sweepTemporaryFolders(project.path('out'), robbed);
  return fs.readdirSync(project.path('out')).filter((name) => name !== '.staticfiles-lock');
}

it('folders of dead processes are swept, and those of living ones are not', () => {
  const alive = `.collectstatic-${ownTag()}-abc123`;
  expect(swept([alive, `.collectstatic-${DEAD}-abc123`, `.staticfiles-lock-${DEAD}-abc123`])).toEqual([
    alive,
  ]);
  expect(swept([alive], [], 30)).toEqual([alive]);
});

it.each([`.collectstatic-${ELSEWHERE}-abc123`, '.collectstatic-abc123'])(
  'a folder whose owner is unknown is swept after a day: %s',
  (name) => {
    expect(swept([name])).toEqual([name]);
    expect(swept([name], [], 1)).toEqual([]);
  },
);

it('the folder of a process that lost its lock is swept', () => {
  const name = `.collectstatic-${ELSEWHERE}-abc123`;
  expect(swept([name, '.collectstatic-abc123'], [ELSEWHERE])).toEqual(['.collectstatic-abc123']);
});
