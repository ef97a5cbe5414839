import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { sweepTemporaryFolders, temporaryPrefix } from '../../../src/storages/filesystem/sweep.js';
import { failCalls, systemError } from '../../support/failing-calls.js';
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

it('other names are never swept, whatever their age', () => {
  const names = [
    'a',
    'collectstatic-x',
    `x.collectstatic-${DEAD}-abc123`,
    '.collectstatic',
    '.staticfiles-lockx',
  ];
  expect(swept(names, ['', ELSEWHERE], 30).sort()).toEqual([...names].sort());
});

it('the lock itself stays, even of a dead process', () => {
  const project = newProject({ 'out/.staticfiles-lock/b7c1.json': '' });
  sweepTemporaryFolders(project.path('out'), ['']);
  expect(project.texts('out')).toEqual({ '.staticfiles-lock/b7c1.json': '' });
});

it.each([`.staticfiles-lock-${ELSEWHERE}-abc123`, '.collectstatic-'])(
  'a folder of unknown life stays for exactly a day after it was last changed: %s',
  (name) => {
    const project = newProject({ 'out/.staticfiles-lock/b7c1.json': '', [`out/${name}/0`]: '' });
    const day = 24 * 60 * 60;
    const sweepAt = (seconds: number) => {
      fs.utimesSync(project.path('out', name), 1_000_000, 1_000_000);
      fs.utimesSync(project.path('out/.staticfiles-lock'), seconds, seconds);
      sweepTemporaryFolders(project.path('out'), []);
      return fs.existsSync(project.path('out', name));
    };
    expect(sweepAt(1_000_000 + day)).toBe(true);
    expect(sweepAt(1_000_001 + day)).toBe(false);
  },
);

it('a folder of unknown life stays if there is no lock to compare it with', () => {
  const project = newProject({ [`out/.collectstatic-${ELSEWHERE}-abc123/0`]: '' });
  fs.utimesSync(project.path(`out/.collectstatic-${ELSEWHERE}-abc123`), 1, 1);
  sweepTemporaryFolders(project.path('out'), []);
  expect(fs.readdirSync(project.path('out'))).toHaveLength(1);
});

it('a file is swept like a folder', () => {
  const project = newProject({ [`out/.collectstatic-${DEAD}-abc123`]: 'a file' });
  sweepTemporaryFolders(project.path('out'), []);
  expect(fs.readdirSync(project.path('out'))).toEqual([]);
});

it('the name of a temporary folder tells whose it is', () => {
  const project = newProject({ out: { folder: true } });
  const mine = fs.mkdtempSync(`${project.path('out')}/${temporaryPrefix()}`);
  sweepTemporaryFolders(project.path('out'), []);
  expect(fs.existsSync(mine)).toBe(true);
  sweepTemporaryFolders(project.path('out'), [ownTag()]);
  expect(fs.existsSync(mine)).toBe(false);
});

it('a folder that somebody else deletes at the same time is no error', () => {
  const name = `.collectstatic-${DEAD}-abc123`;
  const project = newProject({ out: { folder: true } });
  const { readdirSync } = fs;
  const calls = fs as unknown as Record<string, unknown>;
  calls.readdirSync = () => [name];
  try {
    expect(() => sweepTemporaryFolders(project.path('out'), [])).not.toThrow();
  } finally {
    calls.readdirSync = readdirSync;
  }
});

it('a folder that cannot be deleted is named', () => {
  const name = `.collectstatic-${DEAD}-abc123`;
  const project = newProject({ [`out/${name}/0`]: '' });
  failCalls('rmSync', systemError('EACCES'));
  expect(() => sweepTemporaryFolders(project.path('out'), [])).toThrow(
    expect.objectContaining({
      code: 'target',
      message:
        `Cannot delete '${project.path('out', name)}', which a killed run left: permission denied. ` +
        'Nothing was published. Delete it by hand.',
      cause: expect.objectContaining({ code: 'EACCES' }),
    }),
  );
});
