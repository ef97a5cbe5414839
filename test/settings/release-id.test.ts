import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/settings/load.js';
import { RELEASE_VARIABLES } from '../../src/settings/release-id.js';
import { newFolder } from './folder.js';
import { rejection } from './rejection.js';

const TOP = path.resolve(import.meta.dirname, '../..');
const { PATH = '' } = process.env;

const AUTO = { 'staticfiles.config.json': '{"release": {"id": "auto"}}' };

async function idIn(cwd: string, env: Record<string, string> = {}, release?: string) {
  const settings = await loadSettings({ cwd, env: { PATH, ...env }, overrides: { release } });
  return settings.release?.id();
}

/** A repository with a commit, and that commit. */
function newRepository() {
  const dir = newFolder(AUTO);
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  execFileSync('git', ['init', '--quiet', dir]);
  execFileSync('git', ['-C', dir, ...author, 'commit', '--quiet', '--allow-empty', '-m', 'first']);
  const commit = execFileSync('git', ['-C', dir, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  return { dir, commit };
}

it('has no release unless one is given', async () => {
  expect(await idIn(newFolder({ 'package.json': '{}' }), { RELEASE_ID: 'v1' })).toBeUndefined();
});

it('an id that is given for a run overrides the one in the settings', async () => {
  const dir = newFolder({ 'staticfiles.config.json': '{"release": {"id": "v1"}}' });
  expect(await idIn(dir, { RELEASE_ID: 'v2' })).toBe('v1');
  expect(await idIn(dir, {}, 'v3')).toBe('v3');
  expect(await idIn(dir, { RELEASE_ID: 'v2' }, 'auto')).toBe('v2');
});

it.each(['', '.', '..', '.hidden', 'a/b', 'a\\b', 'a\0', 'a\nb'])('refuses the id %j', async (id) => {
  const error = await rejection(idIn(newFolder(AUTO), {}, id));
  expect(error).toMatchObject({
    code: 'settings',
    message: expect.stringMatching(/release\.id: expected 'auto', or a folder's name .*E007/),
  });
});

describe('auto', () => {
  it('takes the first variable that is set', async () => {
    const dir = newFolder(AUTO);
    for (const [index, name] of RELEASE_VARIABLES.entries()) {
      const later = RELEASE_VARIABLES.slice(index).map((each) => [each, `from ${each}`]);
      expect(await idIn(dir, { ...Object.fromEntries(later), HOME: '/x' })).toBe(`from ${name}`);
    }
  });

  it('takes the current commit if no variable is set', async () => {
    const { dir, commit } = newRepository();
    expect(await idIn(dir, { RELEASE_ID: '' })).toBe(commit);
  });

  it('is an error if nothing is found, but only when the id is used', async () => {
    const error = await rejection(idIn(newFolder(AUTO)));
    expect(error).toMatchObject({ code: 'settings', message: expect.stringContaining('E021') });
    const settings = await loadSettings({ cwd: newFolder(AUTO), env: {} });
    expect(settings.release).toBeDefined();
  });

  it('refuses what cannot be a folder name, and names its variable', async () => {
    const error = await rejection(idIn(newFolder(AUTO), { CI_COMMIT_SHA: '../up' }));
    expect(error).toMatchObject({
      code: 'settings',
      message: expect.stringContaining("'auto' takes CI_COMMIT_SHA, but '../up' cannot be a folder name."),
    });
  });

  it('is looked up once', async () => {
    const { dir, commit } = newRepository();
    const { release } = await loadSettings({ cwd: dir, env: { PATH } });
    expect(await release?.id()).toBe(commit);
    fs.rmSync(path.join(dir, '.git'), { recursive: true });
    expect(await release?.id()).toBe(commit);
  });
});

it('docs/releases.md lists the variables in the order in which they are looked up', () => {
  const text = fs.readFileSync(path.join(TOP, 'docs/releases.md'), 'utf8');
  const listed = Array.from(text.matchAll(/^\| `([A-Z_0-9]+)` \|/gm), ([, name]) => name);
  expect(listed).toEqual(RELEASE_VARIABLES);
});
