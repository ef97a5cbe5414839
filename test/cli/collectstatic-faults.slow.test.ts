import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, type Project } from '../support/project.js';

const OLD = { 'a.css': 'old a\n', 'js/b.js': 'old b\n', 'sub/c.txt': 'old c\n' };
const NEW = { 'a.css': 'new a\n', 'js/b.js': 'new b\n', 'new/d.txt': 'new d\n', 'sub/c.txt': 'new c\n' };

const below = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

/** Returns a project with old files at the destination, and new ones as sources. */
async function republishing(): Promise<Project> {
  const project = newProject(below('static', OLD));
  expect(await collect(project)).toMatchObject({ exit: 0 });
  project.write(below('static', NEW));
  return project;
}

describe.concurrent('a destination that cannot be written', () => {
  const cases = [0, 1, 2, 5, 9, 12].flatMap((after) => [
    { code: 'ENOSPC', words: 'no space left on the device', after },
    { code: 'EROFS', words: 'the file system is read-only', after },
  ]);
  test.each(cases)(
    '$code after $after writes: the file is named, nothing is torn',
    async ({ code, words, after }) => {
      const project = await republishing();
      const at = project.path('root');
      const result = await collect(project, [], { fault: { fault: 'fail', at, after, code } });
      expect(result).toMatchObject({ exit: 1, stdout: '' });
      expect(result.stderr).toContain(words);
      expect(result.stderr).toContain(`'{TMP}/root`);
      for (const [name, text] of Object.entries(project.texts())) {
        if (name.startsWith('.')) continue;
        expect([OLD[name as keyof typeof OLD], NEW[name as keyof typeof NEW]]).toContain(text);
      }
      for (const name of Object.keys(OLD)) expect(project.texts()).toHaveProperty([name]);
      expect(await collect(project)).toMatchObject({ exit: 0 });
      expect(project.texts()).toEqual(NEW);
    },
  );
});

describe.concurrent('a destination that cannot be locked', () => {
  test.each([
    ['EACCES', 'permission denied', 'Give this user write permission'],
    ['EPERM', 'operation not permitted', 'Give this user write permission'],
    ['EROFS', 'the file system is read-only', 'Choose another staticRoot'],
    ['ENOSPC', 'no space left on the device', 'Nothing was published'],
  ])('%s: the folder is named, and what to do', async (code, words, advice) => {
    const project = await republishing();
    const at = project.path('root');
    const result = await collect(project, [], { fault: { fault: 'fail', at, after: 0, code } });
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    expect(result.stderr).toContain(`Cannot write to '{TMP}/root': ${words}. Nothing was published.`);
    expect(result.stderr).toContain(advice);
    expect(project.texts()).toEqual(OLD);
  });
});

describe.concurrent('a source that changes while it is copied', () => {
  test.each(['vanish', 'grow'] as const)(
    '%s: the run says which, and publishes no torn file',
    async (fault) => {
      const project = await republishing();
      const result = await collect(project, [], { fault: { fault, at: project.path('static/js/b.js') } });
      const texts = project.texts();
      if (result.exit === 0) {
        expect(texts['js/b.js']).toBe(fs.readFileSync(project.path('static/js/b.js'), 'utf8'));
      } else {
        expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining(`'{TMP}/static/js/b.js'`) });
        expect(texts).toEqual(OLD);
      }
    },
  );
});
