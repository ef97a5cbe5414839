import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openRecord } from '../../src/cache/record.js';
import { createSession } from '../../src/pipeline/session.js';
import { createChanges } from '../../src/watch/changes.js';
import { watchSources } from '../../src/watch/sources.js';
import { builtSettings, fixedFinder } from '../support/built-settings.js';
import { staticFile } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const SOURCES = { 'static/a.css': 'a' };

/** Watches a project, and notes what the session hears: `content a.css`. */
async function watched() {
  const project = newProject(SOURCES);
  const finder = fixedFinder(project, { 'a.css': 'static/a.css' });
  const root = { ...finder.roots()[0]!, dir: project.path('static') };
  const settings = builtSettings(project, {}, { finders: [{ ...finder, roots: () => [root] }] });
  const session = createSession(openRecord(project.path('cache/record.bin')));
  session.originals([staticFile('a.css', project.path('static/a.css'))]);
  const notes: string[] = [];
  vi.spyOn(session, 'note').mockImplementation((path, change) => {
    notes.push(`${change} ${path.slice(project.path('static').length + 1)}`);
  });
  const changes = createChanges();
  const kinds: string[] = [];
  vi.spyOn(changes, 'note').mockImplementation((_, kind) => void kinds.push(kind));
  onTestFinished(
    await watchSources(settings, session, { poll: false, changes, onLost: () => expect.fail() }),
  );
  const noted = (note: string) => vi.waitFor(() => expect(notes).toContain(note), 10_000);
  return { project, notes, kinds, noted };
}

it('a changed source is a change of content', async () => {
  const { project, notes, kinds, noted } = await watched();
  fs.writeFileSync(project.path('static/a.css'), 'changed');
  await noted('content a.css');
  await vi.waitFor(() => expect(kinds).toContain('edit'));
  expect(new Set(notes)).toEqual(new Set(['content a.css']));
  expect(kinds).not.toContain('loss');
});

it('a new file, and a source that is gone, change the set of files', async () => {
  const { project, kinds, noted } = await watched();
  project.write({ 'static/b.css': 'b' });
  await noted('files b.css');
  expect(kinds).not.toContain('loss');
  fs.rmSync(project.path('static/a.css'));
  await noted('files a.css');
  expect(kinds).toContain('loss');
});

it('a file that is empty may be half-written', async () => {
  const { project, kinds, noted } = await watched();
  fs.writeFileSync(project.path('static/a.css'), '');
  await noted('content a.css');
  expect(kinds).not.toContain('edit');
});

it('a temporary file is not a change', async () => {
  const { project, notes, noted } = await watched();
  fs.writeFileSync(project.path('static/temporary'), '');
  fs.rmSync(project.path('static/temporary'));
  fs.writeFileSync(project.path('static/a.css'), 'changed');
  await noted('content a.css');
  expect(notes).not.toContain('files temporary');
});

/** Makes the system refuse to watch, until the test is over. */
function failToWatch(code: string): void {
  const { watch } = fs;
  const set = (value: typeof watch) => {
    fs.watch = value;
    syncBuiltinESMExports(); // packages import it by name
  };
  set(() => {
    throw Object.assign(new Error(code), { code });
  });
  onTestFinished(() => set(watch));
}

it.each([
  ['ENOSPC', 'the system cannot watch more folders (raise fs.inotify.max_user_watches)'],
  ['EMFILE', 'the system cannot start more watchers'],
  ['EACCES', 'permission denied'],
])('%s says why, and what to do', async (code, reason) => {
  const project = newProject(SOURCES);
  const settings = builtSettings(project, {});
  const session = createSession(openRecord(project.path('cache/record.bin')));
  failToWatch(code);
  const watching = watchSources(settings, session, { poll: false, changes: createChanges(), onLost() {} });
  await expect(watching).rejects.toMatchObject({
    code: 'source',
    message: expect.stringContaining(`Cannot watch the sources: ${reason}`),
  });
});
